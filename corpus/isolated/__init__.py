"""Documents read in a process of their own, with limits, so that no file can stall or end the service."""
