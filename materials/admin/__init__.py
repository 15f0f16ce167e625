"""The staff screens of materials: what readers fetch, withdrawing versions, and the files."""
