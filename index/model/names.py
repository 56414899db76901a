"""Names that the command line needs before any model is loaded."""

DEFAULT_MODEL = "multilingual-e5-small"
