"""What every import shares: archives, encodings, tables, headings, properties."""
