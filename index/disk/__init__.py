"""An index on disk: sealed, shared, written so that a crash leaves the old one or the new one."""
