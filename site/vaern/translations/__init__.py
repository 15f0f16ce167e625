"""Languages: whether a translation follows its Danish page, and how pages tell of each other."""
