"""Parts of *Daten* alone."""
