"""`make stress`: what the service bears, measured on a real process, and a report of it that people look at."""
