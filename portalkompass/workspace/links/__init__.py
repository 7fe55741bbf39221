"""Links between pages, queries and services, and how they are resolved."""
