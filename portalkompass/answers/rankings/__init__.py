"""The answer of *Rankings*: courses, bands, places, topics."""
