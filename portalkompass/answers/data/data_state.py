"""Daten: which data are there, how current and how complete they are."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import LOAD_PORTAL, LOAD_SEARCH, LOAD_SERVICES, STALE_DAYS
from portalkompass.answers.base.question import Question, columns, count_card
from portalkompass.answers.data.address_match import address_match
from portalkompass.answers.data.coverage import GRAINS, SOURCES, gaps, holdings, incomplete, provisional
from portalkompass.answers.data.index_state import index_exhibits
from portalkompass.exhibit import Exhibit, Field

RUNS_SHOWN, REJECTED_SHOWN, GAPS_SHOWN, SOURCES_SHOWN = 20, 200, 200, 200
STATES = {
    "done": "fertig",
    "partial": "unvollständig",
    "failed": "fehlgeschlagen",
    "undone": "zurückgenommen",
}
MISSING_DAYS = "Tage ohne Daten zwischen dem ersten und dem letzten"
OWN = "Portalkompass, Protokoll der Ladevorgänge"


def answer(question: Question) -> Answer:
    """Sources with their days, gaps, index state, the last runs, rejected rows; all properties."""
    covered = holdings(question.warehouse)
    missing = gaps(incomplete(question.warehouse, covered))
    parts = (
        _sources(question, covered),
        _gaps(question, missing),
        _provisional(question, provisional(question.warehouse)),
        address_match(question),
        *index_exhibits(question),
        _runs(question),
        _rejected(question),
    )
    return question.answer(
        message=_message(question, covered),
        exhibits=(part for part in parts if part is not None and not part.frame.empty),
        figures=_cards(question, covered, missing),
        next_steps=_steps(question, covered, missing),
    )


def _message(question: Question, covered: pd.DataFrame) -> str:
    if covered.empty:
        return "Noch sind keine Daten geladen."
    if question.data_date is None:
        return "Es gibt noch keine Suchdaten der Property; andere Quellen sind geladen."
    late = question.warehouse.provisional_days(question.filters.site)
    more = f"; {german.count(len(late), 'Tag ist', 'Tage sind')} noch vorläufig" if late else ""
    return (
        f"Die Suchdaten reichen bis {german.date(question.data_date)} "
        f"(vor {german.count(question.age, 'Tag', 'Tagen')}){more}."
    )


def _cards(question: Question, covered: pd.DataFrame, missing: pd.DataFrame) -> tuple[Figure, ...]:
    search = missing[missing["grain"] == "search_site_day"] if len(missing) else missing
    return (
        Figure("Datenstand", german.date(question.data_date), "Letzter endgültiger Tag der Property."),
        Figure(
            "Erster Tag",
            german.date(question.first_day),
            "Erster Tag mit Suchdaten. Google hält 16 Monate vor; was geladen ist, bleibt.",
        ),
        count_card(
            "Fehlende Tage",
            int(search["days"].sum()) if len(search) else 0,
            "Tage zwischen dem ersten und letzten Tag, die nicht geladen sind (Property je Tag).",
        ),
        count_card("Quellen", covered["source"].nunique(), "Quellen, aus denen etwas geladen ist."),
    )


def _sources(question: Question, covered: pd.DataFrame) -> Exhibit:
    listed = _first_of(covered, question.filters.site)
    rows = _named(listed).assign(fetched=[german.local_time(moment) for moment in listed["fetched_at"]])
    left_out = german.count(len(covered) - len(listed), "Zeile", "Zeilen")
    cut = f"{left_out} weiterer Properties ohne fehlende Tage stehen nicht in der Tabelle."
    return question.table(
        "sources",
        rows,
        (
            *columns(source_name="Quelle", grain_name="Ebene"),
            *columns("date", first="Von", last="Bis"),
            Field("missing_days", "Fehlend", "integer", help=MISSING_DAYS),
            Field("provisional_days", "Vorläufig", "integer", help="Tage, die sich noch ändern können"),
            Field("capped_days", "Gekappt", "integer", help="Tage, die Google bei 50.000 Zeilen abschnitt"),
            Field("rows", "Zeilen", "integer"),
            *columns(fetched="Zuletzt geladen", search_type="Suchart", site="Property"),
        ),
        headline=f"{german.count(covered['source'].nunique(), 'Quelle ist', 'Quellen sind')} geladen",
        subtitle="Je Quelle und Ebene: erster und letzter Tag, Zeilen, Lücken",
        source=OWN,
        notes=(
            "Gekappt: Google liefert höchstens 50.000 Zeilen je Tag; Zeilen ohne Klicks fehlen dann zuerst.",
            "Zeiträume der Portalstatistik und Stände der Liste stehen mit ihrem ersten Tag.",
            *((cut,) if len(listed) < len(covered) else ()),
        ),
    )


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with German names of their source, grain and state; unknown ones as they are."""
    words = {"source": SOURCES, "grain": GRAINS, "state": STATES}
    return rows.assign(
        **{f"{column}_name": rows[column].replace(words[column]) for column in words if column in rows}
    )


def _first_of(covered: pd.DataFrame, site: str) -> pd.DataFrame:
    """At most SOURCES_SHOWN rows, in their order, and every one with missing days: a state has thousands.

    Those of the property and those without any come before those of others.
    """
    if len(covered) <= SOURCES_SHOWN:
        return covered
    others = ~covered["site"].isin(["", site])
    whole = ~(covered["missing_days"] > 0)
    ordered = covered.assign(others=others, whole=whole).sort_values(["others", "whole"], kind="stable")
    count = max(SOURCES_SHOWN, int((~others | ~whole).sum()))
    return covered.loc[ordered.index[:count]].sort_index()


def _gaps(question: Question, missing: pd.DataFrame) -> Exhibit:
    return question.table(
        "gaps",
        _named(missing.head(GAPS_SHOWN)),
        (
            Field("grain_name", "Ebene"),
            *columns("date", first="Von", last="Bis"),
            Field("days", "Tage", "integer"),
            Field("site", "Property"),
        ),
        headline=f"{german.count(len(missing), 'Lücke', 'Lücken')} in den Suchdaten",
        subtitle=f"Tage, die zwischen dem ersten und letzten geladenen Tag fehlen; die {GAPS_SHOWN} längsten",
        source=OWN,
        notes=("Der nächste Ladevorgang holt fehlende Tage nach, solange Google sie noch hat.",),
    )


def _provisional(question: Question, late: pd.DataFrame) -> Exhibit:
    """Days that a source may still change, one row a source, property and day."""
    rows = (
        _named(late)
        .groupby(["source", "source_name", "site", "date"], sort=True)
        .agg(levels=("grain_name", lambda names: german.listing(sorted(set(names)))))
        .reset_index()
    )
    return question.table(
        "provisional",
        rows.sort_values(["date", "source", "site"], ascending=[False, True, True]),
        (Field("date", "Tag", "date"), *columns(source_name="Quelle", levels="Ebenen", site="Property")),
        headline=f"{german.count(rows['date'].nunique(), 'Tag ist', 'Tage sind')} noch vorläufig",
        subtitle="Tage, deren Zahlen die Quelle noch ändern kann; jeder Lauf holt sie neu",
        source=OWN,
    )


def _runs(question: Question) -> Exhibit:
    runs = question.warehouse.ask(
        lambda t: t["ingest_runs"].sort("started_at", "run_id", descending=True).head(RUNS_SHOWN)
    )
    return question.table(
        "runs",
        _named(runs).assign(started=[german.local_time(moment) for moment in runs["started_at"]]),
        (
            *columns(started="Beginn", state_name="Ergebnis"),
            Field("rows_loaded", "Geladen", "integer", help="Zeilen, die geladen wurden"),
            Field("rows_rejected", "Abgewiesen", "integer", help="Zeilen, die zurückgewiesen wurden"),
            *columns(source_name="Quelle", file_name="Datei", message="Was geschah"),
        ),
        beside=("run_id", "state"),
        headline="Die letzten Ladevorgänge",
        subtitle=f"Höchstens {RUNS_SHOWN}, der neueste zuerst",
        source=OWN,
    )


def _rejected(question: Question) -> Exhibit:
    rows = question.warehouse.ask(
        lambda t: t["rejected_rows"].sort("run_id", "row", descending=[True, False]).head(REJECTED_SHOWN)
    )
    return question.table(
        "rejected",
        rows,
        (
            Field("reason", "Grund"),
            Field("line", "Zeile", "integer"),
            *columns(column_name="Spalte", value="Wert", file_name="Datei"),
        ),
        headline=f"{german.count(len(rows), 'Zeile wurde', 'Zeilen wurden')} zurückgewiesen",
        subtitle=f"Höchstens {REJECTED_SHOWN}, der neueste Ladevorgang zuerst",
        source=OWN,
        notes=("Zurückgewiesene Zeilen zählen in keiner Kennzahl.",),
    )


def _steps(question: Question, covered: pd.DataFrame, missing: pd.DataFrame) -> tuple[str, ...]:
    sources = set(covered["source"])
    steps = (
        ("search_console" not in sources, LOAD_SEARCH),
        ("ozg" not in sources, LOAD_SERVICES),
        (not sources & {"portal", "matomo"}, LOAD_PORTAL),
        (not missing.empty, "Die Betreuung der Anwendung kann die Lücken nachladen."),
        (question.age > STALE_DAYS, "Die Betreuung der Anwendung kann neue Tage laden."),
    )
    return tuple(step for applies, step in steps if applies)
