"""What an operator does besides serving: look what is wrong, keep what cannot be made again, go back to an index."""
