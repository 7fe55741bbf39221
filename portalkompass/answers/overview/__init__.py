"""The answer of *Überblick* and the figures of `python -m portalkompass figures`."""
