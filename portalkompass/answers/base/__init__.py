"""What the answers of at least two screens use: question, periods, events, rows of pages and queries."""
