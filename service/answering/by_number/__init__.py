"""What a question that names paragraphs by number asks of them: a part, one after the other, or what they say of it."""
