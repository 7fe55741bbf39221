"""Lists and catalogues of services."""

from __future__ import annotations

from etl.files.kinds.kind import Evidence, Kind
from etl.files.kinds.look import Look, is_service_key
from etl.files.kinds.portal_kinds import months_of

_FIGURES = (
    "page_views",
    "unique_page_views",
    "visits",
    "clicks",
    "impressions",
    "applications",
    "cases_total",
    "period",
)
SHIPPED = frozenset(
    {
        *(
            "service_id",
            "name",
            "list",
            "status",
            "go_live_month",
            "latest_development",
            "motion_number",
            "route",
        ),
        *(
            "route_certainty",
            "route_evidence",
            "departments",
            "other_parties",
            "next_step",
            "blocker",
            "depends_on",
        ),
        *("lane", "lane_reason", "ozg_id", "leistungsschluessel", "note", "as_of"),
    }
)
_MARKERS = frozenset({"service_id", "list", "status"})
_MOST_MISSING = 4


def _shipped_form(look: Look) -> Evidence | None:
    header = set(look.header)
    if header >= _MARKERS or len(header & SHIPPED) >= len(SHIPPED) - _MOST_MISSING:
        return Evidence(50.0, "Spalten der mitgelieferten OZG-Liste")
    return None


def _keys(look: Look) -> Evidence | None:
    if months_of(look.header):
        return None  # figures by month, not a catalogue
    heading = look.heading("leika_key")
    if heading is not None and look.mostly(heading, is_service_key):
        return Evidence(3.0, f"Werte von „{heading}“ sind Leistungsschlüssel")
    return Evidence(0, "")


LIST_KINDS: tuple[Kind, ...] = (
    Kind(name="ozg_list", label="OZG-Liste der Stadt", reader="ozg", evidence=_shipped_form),
    Kind(
        name="pvog",
        label="Open-PVOG, Online-Dienste",
        reader="pvog",
        required=(("leika_key",), ("ars",)),
        optional=("leika_name", "online_status", "active", "export_date", "ozg_id", "ozg_name", "address"),
        forbidden=(*_FIGURES, "list"),
        evidence=_keys,
    ),
    Kind(
        name="service_offers",
        label="Angebote von Onlinediensten (EfA, Marktplatz)",
        reader="service_offers",
        required=(("leika_key",), ("offer_provider",)),
        optional=("leika_name", "offer_price", "offer_contract", "offer_from", "offer_link", "address"),
        forbidden=(*_FIGURES, "ars", "list", "online_status"),
        names=frozenset({"efa", "marktplatz", "angebote", "nachnutzung"}),
        evidence=_keys,
    ),
    Kind(
        name="leika_catalogue",
        label="Leistungskatalog (LeiKa)",
        required=(("leika_key",), ("leika_name", "leika_type")),
        optional=("leika_name", "leika_type", "ozg_id", "ozg_name", "ozg_theme"),
        forbidden=(*_FIGURES, "ars", "list", "status", "online_status"),
        evidence=_keys,
        may_be="service_directory",
        advice="Das ist ein Leistungskatalog (LeiKa): Er nennt Leistungen und Schlüssel, aber weder Zahlen "
        "noch einen Stand der "
        "Umsetzung. Einzelne Schlüssel daraus gehören in die Spalte leistungsschluessel der OZG-Liste; "
        "welche Online-"
        "Dienste es gibt, sagt die Open-PVOG-Liste. Nennt die Datei genau die Leistungen in Zuständigkeit der Stadt, "
        "lässt sie sich mit einer Spaltenzuordnung als Leistungsverzeichnis laden.",
    ),
    Kind(
        name="ozg_catalogue",
        label="Katalog der OZG-Leistungen",
        required=(("ozg_id",), ("ozg_name", "ozg_theme", "leika_name")),
        optional=("ozg_name", "ozg_theme", "leika_name"),
        forbidden=(*_FIGURES, "ars", "leika_key", "list", "status", "online_status"),
        may_be="service_directory",
        advice="Das ist der bundesweite Katalog der OZG-Leistungen: Er nennt Leistungen, aber keinen Stand "
        "der Umsetzung in der "
        "Stadt. Geladen wird die OZG-Liste der Stadt (Spalten wie in data/ozg_services.csv, mindestens "
        "Leistung, Liste und "
        "Status), oder mit einer Spaltenzuordnung das Leistungsverzeichnis der Stadt.",
    ),
)
