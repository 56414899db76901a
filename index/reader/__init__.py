"""A second look: a small network reads the passages that were found, and says whether they answer, and where."""
