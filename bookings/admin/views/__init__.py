"""Views of the staff screens. Thin: the verbs are in `domain`."""
