"""Reports taken in and out, and the index that follows them."""
