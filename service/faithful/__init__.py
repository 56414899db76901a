"""Whether a sentence says what a paragraph says, in fewer of its words: a set of named moves, and no score."""
