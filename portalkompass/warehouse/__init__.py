"""The published facts: the only room that reads a snapshot."""
