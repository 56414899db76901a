"""Chunks in, a sealed index on disk and ranked passages out."""
