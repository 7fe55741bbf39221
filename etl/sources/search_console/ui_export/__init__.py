"""The export of Search Console's own pages."""
