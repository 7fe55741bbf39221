"""The slides of *Bericht*."""
