"""What runs over all sources: run, import, status, verify, notify, undo, lake."""
