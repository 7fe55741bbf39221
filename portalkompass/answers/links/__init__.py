"""The answer of *Zuordnung*: which pages and queries belong to which service."""
