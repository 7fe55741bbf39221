"""Which column of a portal export is which: settings first, then the names in common use."""

from __future__ import annotations

from collections.abc import Mapping

from etl.errors import LoadError

MEASURES = (
    "unique_page_views",
    "page_views",
    "visits",
    "service_starts",
    "applications",
    "cases_total",
)
CANONICAL = ("period", "url", "title", "leistungsschluessel", *MEASURES)

_COMMON = {
    "zeitraum": "period",
    "monat": "period",
    "tag": "period",
    "datum": "period",
    "date": "period",
    "month": "period",
    "day": "period",
    "seite": "url",
    "seiten-url": "url",
    "label": "url",
    "bezeichnung": "url",
    "seitenpfad": "url",
    "page path": "url",
    "seitenpfad und bildschirmklasse": "url",
    "page path and screen class": "url",
    "adresse": "url",
    "metadaten: url": "url",
    "metadata: url": "url",
    "metadata_url": "url",
    "seitenstandort": "url",
    "page location": "url",
    "page": "url",
    "page url": "url",
    "titel": "title",
    "seitentitel": "title",
    "page title": "title",
    "leistungsschlüssel": "leistungsschluessel",
    "leika-schlüssel": "leistungsschluessel",
    "besuche": "visits",
    "nb_visits": "unique_page_views",
    "nb_hits": "page_views",
    "eindeutige seitenansichten": "unique_page_views",
    "einmalige seitenansichten": "unique_page_views",
    "unique pageviews": "unique_page_views",
    "seitenansichten": "page_views",
    "seitenaufrufe": "page_views",
    "pageviews": "page_views",
    "views": "page_views",
    "aufrufe": "page_views",
    "starts": "service_starts",
    "anträge": "applications",
    "fälle": "cases_total",
    "fälle gesamt": "cases_total",
}

LABELS = ("label", "bezeichnung")
"""Matomo's headings of what a row is about: only the path, where another column holds the whole address."""


def map_columns(header: tuple[str, ...], configured: Mapping[str, str]) -> dict[str, str]:
    """Canonical name → heading of the file, for every heading that is known; others are left out.

    ``configured`` (heading → canonical name, "" to leave a column out) wins over the common names. Case
    does not matter. Matomo's label gives way to a column with the whole address.

    Raises:
        LoadError: the settings name something that is not canonical, or two headings mean the same.
    """
    wrong = sorted(set(configured.values()) - {*CANONICAL, ""})
    if wrong:
        raise LoadError(
            f"Die Einstellung portal.columns nennt „{wrong[0]}“; erlaubt sind {', '.join(CANONICAL)}."
        )
    own = {heading.strip().lower(): name for heading, name in configured.items()}
    meanings = {name: name for name in CANONICAL} | _COMMON | own
    found: dict[str, str] = {}
    for heading in header:
        name = meanings.get(heading.lower())
        if not name:
            continue
        if name in found and _is_label(found[name], own):
            found[name] = heading
            continue
        if name in found and _is_label(heading, own):
            continue
        if name in found:
            raise LoadError(f"Die Spalten „{found[name]}“ und „{heading}“ bedeuten beide {name}.")
        found[name] = heading
    return found


def _is_label(heading: str, own: Mapping[str, str]) -> bool:
    """Whether a heading gives way to another of the same meaning; one that a person named does not."""
    return heading.lower() in LABELS and heading.lower() not in own
