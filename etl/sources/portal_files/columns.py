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

_COMMON: Mapping[str, tuple[str, ...]] = {
    "period": ("zeitraum", "monat", "tag", "datum", "date", "month", "day"),
    "url": (
        "seite",
        "seiten-url",
        "label",
        "bezeichnung",
        "seitenpfad",
        "page path",
        "seitenpfad und bildschirmklasse",
        "page path and screen class",
        "adresse",
        "metadaten: url",
        "metadata: url",
        "metadata_url",
        "seitenstandort",
        "page location",
        "page",
        "page url",
    ),
    "title": ("titel", "seitentitel", "page title"),
    "leistungsschluessel": ("leistungsschlüssel", "leika-schlüssel"),
    "visits": ("besuche",),
    "unique_page_views": (
        "nb_visits",
        "eindeutige seitenansichten",
        "einmalige seitenansichten",
        "unique pageviews",
    ),
    "page_views": ("nb_hits", "seitenansichten", "seitenaufrufe", "pageviews", "views", "aufrufe"),
    "service_starts": ("starts",),
    "applications": ("anträge",),
    "cases_total": ("fälle", "fälle gesamt"),
}
"""Headings of exports in circulation, by what they mean."""

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
    common = {heading: name for name, headings in _COMMON.items() for heading in headings}
    meanings = {name: name for name in CANONICAL} | common | own
    chosen: dict[str, str] = {}
    for heading in header:
        name = meanings.get(heading.lower())
        if not name:
            continue
        if name in chosen and _is_label(chosen[name], own):
            chosen[name] = heading
            continue
        if name in chosen and _is_label(heading, own):
            continue
        if name in chosen:
            raise LoadError(f"Die Spalten „{chosen[name]}“ und „{heading}“ bedeuten beide {name}.")
        chosen[name] = heading
    return chosen


def _is_label(heading: str, own: Mapping[str, str]) -> bool:
    """Whether a heading gives way to another of the same meaning; one that a person named does not."""
    return heading.lower() in LABELS and heading.lower() not in own
