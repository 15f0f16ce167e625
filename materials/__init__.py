"""Teaching materials, their versions and pilots (domain.md §2). Beside `courses`; empty so far."""
