"""Parts of *Suchanfragen* alone."""
