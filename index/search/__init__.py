"""A question → ranked passages: words, vectors, late interaction, their fusion, and how sure it all is."""
