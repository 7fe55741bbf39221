"""Figures of other cities, from the files that these have signed."""
