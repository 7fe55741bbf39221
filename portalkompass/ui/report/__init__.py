"""Parts of *Bericht* alone."""
