"""The voting page of a workshop: plain HTML beside the app."""
