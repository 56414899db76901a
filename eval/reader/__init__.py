"""Training a reader: does this passage answer this question, and where? What serves of it is `index.reader`."""
