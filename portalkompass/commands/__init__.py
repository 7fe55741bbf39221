"""Results without a browser: `python -m portalkompass`."""
