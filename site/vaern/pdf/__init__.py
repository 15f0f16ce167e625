"""HTML to tagged PDF (PDF/UA-1), made in a process of its own."""
