"""Faults that end a run: each carries one German sentence for the person at the keyboard."""

from __future__ import annotations


class LoadError(Exception):
    """Data or source cannot be used; the command prints the sentence and exits with 1."""
