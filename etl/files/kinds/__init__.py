"""Which kind of file a table is: one registry, judged by all columns, by names, comments and values."""
