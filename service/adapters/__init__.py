"""Retrievers for other frameworks; each needs the extra of its name."""
