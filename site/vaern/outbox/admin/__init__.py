"""The staff screens for messages and for their texts, in Wagtail's admin. They show and ask; the verbs decide."""
