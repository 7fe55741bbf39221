"""A Search Console API that answers from the invented world."""
