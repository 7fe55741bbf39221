"""Parts of *Rankings* alone."""
