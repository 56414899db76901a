"""Paragraphs by number: looked up, cited, written in other programs' formats, linked."""
