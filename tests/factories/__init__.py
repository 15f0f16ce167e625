"""Things to test with: each function makes one, valid and plain; pass what the test is about."""
