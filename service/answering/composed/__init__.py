"""Answers composed by rule out of quotations: what a report is about, who spoke, what it recommends, a topic."""
