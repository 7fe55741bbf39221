"""Reports for a committee, with pages in order."""
