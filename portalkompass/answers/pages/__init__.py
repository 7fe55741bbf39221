"""The answers of *Seiten*: the list, one page in full, outliers."""
