"""The verbs: each is keyword-only, one transaction, and the only way to its change."""
