"""What a question says in so many words, and what a passage holds of it: kinds of things, countries, numbers, words."""
