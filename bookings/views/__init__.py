"""The public doors and the facilitator's."""
