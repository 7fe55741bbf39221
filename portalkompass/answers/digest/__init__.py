"""The digest of a finished week: its figures, what changed beyond chance, alerts, open problems of the data."""
