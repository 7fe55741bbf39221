"""Parts that measure at the size of a city (1 million page-query rows) and of a state (24 million)."""
