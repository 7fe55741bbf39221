"""Parts of *Leistungen* alone."""
