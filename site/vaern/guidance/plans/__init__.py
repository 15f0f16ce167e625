"""The preparedness plan in versions: how it is numbered, adopted, frozen, compared, printed and packed."""
