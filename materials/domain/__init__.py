"""The verbs of materials."""
