"""Parts of *Wirkung* alone."""
