"""Files in, numbered lines out: one module a format."""
