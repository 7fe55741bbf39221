"""What the reader chooses and the URL keeps: property, period, view, page, service."""
