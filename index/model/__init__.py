"""Texts → vectors: the embedding model, the bundled one and its export, and what sits in front of it."""
