"""Portalkompass: analytics for the digitalisation team of a German city."""

__version__ = "0.1.0"
