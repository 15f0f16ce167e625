"""Public pages kept in memory for anonymous readers, and never shown when they are out of date."""
