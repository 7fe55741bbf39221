"""Addresses in lists that others wrote: people click them, so they must be what they look like."""

from __future__ import annotations

from urllib.parse import urlsplit

from portalkompass.urls import host_of

_LONGEST = 2000
"""Characters that every browser and server takes."""


def link_fault(text: str) -> str:
    """Why the text is no address to show as a link, in German; "" for one that is."""
    if not host_of(text):
        return "keine Web-Adresse"
    if len(text) > _LONGEST:
        return f"die Adresse ist länger als {_LONGEST} Zeichen"
    if "@" in urlsplit(text).netloc:
        return "die Adresse enthält einen Benutzernamen"
    return ""
