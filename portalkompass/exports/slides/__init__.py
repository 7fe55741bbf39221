"""PowerPoint: decks, native charts, tables, templates."""
