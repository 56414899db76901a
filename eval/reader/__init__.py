"""Training a reader: does this passage answer this question, and where? Nothing that serves comes of it so far."""
