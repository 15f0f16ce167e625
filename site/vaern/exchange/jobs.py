"""The timed jobs of files that come in and go out."""
