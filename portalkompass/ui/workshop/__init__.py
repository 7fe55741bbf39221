"""Parts of *Priorisierung* alone."""
