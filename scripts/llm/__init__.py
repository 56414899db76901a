"""A small instruct model, to try the mode with a language model: fetched, checked, and served on the loopback."""
