"""How a numbered report is laid out: lines → title page, headings and paragraphs as they are stored."""
