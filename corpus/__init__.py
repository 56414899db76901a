"""Documents in, reports of numbered paragraphs and their chunks out."""
