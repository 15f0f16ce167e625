"""The public doors of the charter."""
