"""A question that asks several things: its parts, what each takes from the one before, and their answers joined."""
