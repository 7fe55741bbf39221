"""Parts of *Leistungen → Zuordnung* alone."""
