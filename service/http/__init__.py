"""What stands between a socket and an answer: guards, errors, the work queue, logs and metrics."""
