"""A question → an answer whose every sentence is proved, without HTTP."""
