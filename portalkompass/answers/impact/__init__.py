"""The answer of *Wirkung*: what an event did to a page."""
