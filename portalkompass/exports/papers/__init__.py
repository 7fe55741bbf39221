"""Exhibits and decks on paper: accessible PDF, Word, handout."""
