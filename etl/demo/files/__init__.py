"""What the invented city hands in as files, beside what Google counts."""
