"""The answers of *Suchanfragen*: queries, topics, unmet demand, and the work list of *Chancen*."""
