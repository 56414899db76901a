"""Checks a draft: what it quotes and cites, against what the report says."""
