"""Parts of *Seiten* alone."""
