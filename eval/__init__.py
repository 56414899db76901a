"""Reference questions in, measurements out."""
