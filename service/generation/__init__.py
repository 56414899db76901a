"""Answers in a language model's words, and the proof without which none of them is shown."""
