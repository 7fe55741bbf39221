"""What the settings say of open data and published reports, and what they lack for it."""

from __future__ import annotations

from portalkompass.exports.public.terms import Terms
from portalkompass.settings import Settings

NEEDED = {
    "address": "die Adresse, unter der der Ordner zu erreichen ist",
    "licence": "die Lizenz der Daten",
    "contact": "eine E-Mail-Adresse für Rückfragen",
}
"""Keys of the section that a publication cannot do without, in words."""
WANTED = {
    "contributor_id": "ohne sie nimmt GovData die Einträge nicht unmittelbar an",
    "imprint": "ohne sie steht kein Impressum am Fuß der Seite",
    "privacy": "ohne sie steht kein Datenschutzhinweis am Fuß der Seite",
    "accessibility": "ohne sie steht keine Erklärung zur Barrierefreiheit am Fuß der Seite",
}
"""Keys that it can do without, and what then is missing."""


def terms_of(settings: Settings) -> Terms:
    """Publisher, licence and addresses for all that leaves for the public."""
    said = settings.publication
    return Terms(
        publisher=said.publisher or settings.city.name,
        contact=said.contact,
        address=said.address,
        licence=said.licence,
        contributor=said.contributor_id,
        region=settings.city.ars,
        themes=said.themes,
        imprint=said.imprint,
        privacy=said.privacy,
        accessibility=said.accessibility,
    )


def missing(settings: Settings) -> str:
    """Which settings have to be made before anything can be published, as a sentence; "" where none is missing."""
    lacking = [f"„publication.{key}“ ({what})" for key, what in NEEDED.items() if not _said(settings, key)]
    if not lacking:
        return ""
    return (
        f"Zum Veröffentlichen fehlt in den Einstellungen: {', '.join(lacking)}. Es wurde nichts geschrieben."
    )


def lacking(settings: Settings) -> tuple[str, ...]:
    """What a publication lacks that it can do without, a sentence each."""
    return tuple(
        f"Nicht eingestellt: „publication.{key}“; {why}."
        for key, why in WANTED.items()
        if not _said(settings, key)
    )


def _said(settings: Settings, key: str) -> bool:
    return bool(getattr(settings.publication, key))
