"""Parts that at least two screens show: cards, tables, charts, export menu."""
