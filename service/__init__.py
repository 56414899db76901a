"""A question in, an answer with verified citations out: over HTTP and on the command line."""
