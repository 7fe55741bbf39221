"""The table of *Leistungen*: one row a service with everything that is known of it."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question, field
from portalkompass.answers.services.funnel_rows import HIDDEN
from portalkompass.answers.services.service_rows import RECENT_MONTHS
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import APPLICATIONS, DIGITAL_SHARE, DROP_OUT, STARTS
from portalkompass.metrics.measures import CHANGE, DEMAND, PORTAL_VIEWS, POSITION, UNMET
from portalkompass.suppression import hidden_name

LISTS = ("aktuell", service_list.PENDING, service_list.WITHOUT_STATUS)
_PORTAL = ("unique_page_views", "service_starts", "applications", "application_drop_out", "digital_share")
_FIELDS = (
    Field("name", "Leistung"),
    field(DEMAND, "clicks", "Nachfrage"),
    field(CHANGE),
    Field(
        "recent",
        f"Letzte {RECENT_MONTHS} Monate",
        "percent_change",
        help=f"Klicks der letzten {RECENT_MONTHS} vollen Monate des Zeitraums gegenüber den {RECENT_MONTHS} davor.",
    ),
    Field("status", "Status"),
    field(UNMET, label="Ungedeckt"),
    field(PORTAL_VIEWS, label="Ansichten"),
    *(field(measure) for measure in (STARTS, APPLICATIONS, DROP_OUT, DIGITAL_SHARE)),
    Field("offered", "Onlinedienst"),
    Field("route", "Umsetzungsweg"),
    Field("lane", "Bahn"),
    Field("list", "Liste"),
    field(POSITION),
    Field("departments", "Fachbereiche"),
    Field("latest_development", "Letzte Entwicklung"),
    Field("lane_reason", "Grund der Bahn"),
)


def service_table(question: Question, rows: pd.DataFrame) -> Exhibit:
    """Listed services by list and progress, then those without status, the most sought first.

    Columns of the portal and of Open-PVOG are left out while nothing at all is known of them.
    """
    optional = (*_PORTAL, "offered", "recent")
    fields = tuple(f for f in _FIELDS if f.name not in optional or _known(rows, f.name))
    has_portal = any(f.name in _PORTAL for f in fields)
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    further = len(rows) - len(listed)
    headline = f"{german.count(len(listed), 'Leistung', 'Leistungen')} mit Status"
    if further:
        headline += f", {german.number(further)} ohne Status"
    return question.exhibit(
        "service_table",
        "table",
        _sorted(rows)[["service", "status_group", hidden_name("applications"), *(f.name for f in fields)]],
        fields,
        headline=f"{headline}, und ihre Nachfrage",
        subtitle=f"Status der Liste vom {service_list.list_date(listed)} · Nachfrage {question.period}",
        alt=f"Tabelle: {headline}; je Leistung Nachfrage, Status und Weg zum Antrag, {question.period}.",
        source=f"{service_list.source(listed)}; {question.google}{f'; {question.portal}' if has_portal else ''}",
        notes=_notes(has_portal),
        row_key="service",
    )


def _known(rows: pd.DataFrame, name: str) -> bool:
    """Whether anything is known of the column, be it hidden."""
    hidden = rows.get(hidden_name(name))
    return bool(rows[name].notna().any()) or (hidden is not None and bool((hidden != "").any()))


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    progress = {name: number for number, name in enumerate(service_list.STATUS_ORDER)}
    lists = {name: number for number, name in enumerate(LISTS)}
    without = rows["list"] == service_list.WITHOUT_STATUS
    ranked = rows.assign(
        listed=rows["list"].map(lists),
        progress=rows["status_group"].map(progress),
        sought=-rows["clicks"].fillna(0).where(without, 0),
    )
    return ranked.sort_values(["listed", "progress", "sought", "name"], kind="stable")


def _notes(has_portal: bool) -> tuple[str, ...]:
    portal = (
        "Ansichten, Starts und Anträge: Portalstatistik, nur ganze Berichtszeiträume; nie zu Google-Klicks addiert. "
        "Abbruch: Anteil der Starts ohne Antrag.",
        HIDDEN,
    )
    return (
        *(m.explained for m in (DEMAND, UNMET, CHANGE)),
        *(portal if has_portal else ()),
        "Leer heißt unbekannt, etwa weil keine zugeordnete Seite in der Suche erschien.",
    )
