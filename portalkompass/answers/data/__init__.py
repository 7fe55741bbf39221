"""The answer of *Daten*: sources, coverage, gaps, index state; and the glossary."""
