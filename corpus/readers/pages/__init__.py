"""What stands on a printed page: rows of letters, their order, columns, tables, and what is no text."""
