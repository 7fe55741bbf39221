"""Tables of cases by service, month and channel, and of what people thought of a service."""

from __future__ import annotations

from etl.files.kinds.kind import Evidence, Kind
from etl.files.kinds.look import Look
from etl.files.kinds.portal_kinds import PAGES

SERVICE_CASES, SERVICE_FEEDBACK, DASHBOARD = "service_cases", "service_feedback", "dashboard_usage"
_SERVICE = ("service_id", "leika_name", "leika_key")
_OF_OTHERS = ("page_views", "unique_page_views", "visits", "clicks", "impressions", "position", "indexed", "crawl",
              "list", "status", "online_status", "ozg_theme", "leika_type", "search_word", "keyword")  # fmt: skip


def _cases(look: Look) -> Evidence | None:
    """Names of services are no addresses; a label of pages may be called the same."""
    names = look.heading("leika_name")
    if look.heading("service_id", "leika_key") is None and (names is None or _are_pages(look, names)):
        return None
    told = look.heading("case_channel", "channel_cases", "end_to_end", "processing_days", "backlog")
    return (
        Evidence(12.0, f"„{told}“ gibt es nur bei Fallzahlen")
        if told
        else Evidence(2.0, "Leistungen je Monat")
    )


def _are_pages(look: Look, heading: str) -> bool:
    return look.mostly(heading, lambda cell: cell.startswith("/") or "://" in cell)


CASE_KINDS: tuple[Kind, ...] = (
    Kind(
        name="service_cases",
        label="Fallzahlen je Leistung und Monat",
        reader=SERVICE_CASES,
        required=(_SERVICE, ("period",), ("cases_total", "applications", "channel_cases", "backlog")),
        optional=(*_SERVICE, "case_channel", "channel_cases", "applications", "cases_total", "end_to_end",
                  "processing_days", "backlog", "case_cost", "ars"),
        forbidden=(*_OF_OTHERS, *(name for name in PAGES if name != "label")),
        names=frozenset({"fallzahlen", "fälle", "faelle", "fachverfahren"}),
        evidence=_cases,
    ),
    Kind(
        name="service_feedback",
        label="Rückmeldungen zu Leistungen (Sterne)",
        reader=SERVICE_FEEDBACK,
        required=(_SERVICE, ("period", "feedback_date"), ("stars",)),
        optional=(*_SERVICE, "feedback_text", "answers", "ars"),
        forbidden=(*_OF_OTHERS, *(name for name in PAGES if name != "label"), "cases_total", "channel_cases"),
        names=frozenset({"rückmeldungen", "rueckmeldungen", "feedback", "bewertungen", "zufriedenheit"}),
        evidence=lambda _look: Evidence(3.0, "Sterne gibt es nur bei Rückmeldungen"),
    ),
    Kind(
        name="dashboard_usage",
        label="Nutzung laut Dashboard des Bundes",
        reader=DASHBOARD,
        required=(_SERVICE, ("period",), ("transactions",)),
        optional=(*_SERVICE, "ars"),
        forbidden=(*_OF_OTHERS, *(name for name in PAGES if name != "label"), "cases_total", "channel_cases",
                   "applications", "stars"),
        names=frozenset({"dashboard", "nutzung", "transaktionen"}),
        evidence=lambda _look: Evidence(3.0, "Transaktionen nennt nur das Dashboard des Bundes"),
    ),
)  # fmt: skip
