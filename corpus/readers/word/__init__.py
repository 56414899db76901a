"""What a Word file says beside its words: numbers, styles, revisions, symbols."""
