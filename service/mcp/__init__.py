"""fiqra as an MCP server: read-only tools, paragraphs as resources, and a prompt that teaches to cite."""
