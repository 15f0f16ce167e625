"""Verbs on certificates."""
