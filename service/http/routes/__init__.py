"""The calls of the HTTP contract: asking, reading, operating."""
