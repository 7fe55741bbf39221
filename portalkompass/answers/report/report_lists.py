"""The OZG list on slides: both tables with all texts, what changed since an earlier state, decisions."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question, columns
from portalkompass.exhibit import Exhibit, Field
from portalkompass.slide_set import Words
from portalkompass.workspace import decisions, scenario_list

NO_EARLIER = "noch kein früherer Stand"
TEXTS = (
    Field("name", "OZG-Leistung"),
    Field("status", "Status"),
    Field("latest_development", "Letzte Entwicklung"),
    Field("motion_number", "Antrag Nr."),
)


def status_tables(question: Question, listed: pd.DataFrame) -> tuple[Exhibit, ...]:
    """Current and pending services with status, latest development and motion, verbatim.

    Behind the status stands what its go-live is by the list's date.
    """
    return tuple(
        _status_table(question, listed, name, word)
        for name, word in (("aktuell", "aktuelle"), (service_list.PENDING, "anstehende"))
        if (listed["list"] == name).any()
    )


def _status_table(question: Question, listed: pd.DataFrame, name: str, word: str) -> Exhibit:
    order = {status: number for number, status in enumerate(service_list.PROGRESS_ORDER)}
    rows = listed[listed["list"] == name]
    rows = rows.assign(order=rows["progress"].map(order)).sort_values(
        ["order", "go_live_month", "name"], na_position="last", kind="stable"
    )
    dated = bool(rows["go_live"].notna().any())
    statuses = zip(rows["status"], rows["go_live"], strict=True)
    told = [service_list.status_told(status, go_live) for status, go_live in statuses]
    rows = rows.assign(status=pd.Series(told, index=rows.index, dtype="object").replace("", None))
    return question.table(
        f"ozg_{name}",
        rows,
        TEXTS,
        headline=f"OZG-Leistungen: {len(rows)} {word} – {service_list.told(rows)}",
        subtitle=f"Liste „{name}“ im Wortlaut · Stand {service_list.list_date(rows)}",
        told=f"Tabelle, {german.count(len(rows), 'Leistung', 'Leistungen')} der Liste „{name}“ mit Status, "
        "Entwicklung und Antrag.",
        source=service_list.source(rows),
        data_date=rows["as_of"].max().date(),
        notes=(
            "„–“: Die Liste nennt dazu nichts.",
            *((service_list.GO_LIVE_MEANING,) if dated else ()),
        ),
    )


def status_changes(question: Question, now: pd.DataFrame, since: dt.date | None) -> Exhibit | Words:
    """What changed in the list since that day (since the state before, without one).

    With one state only there is nothing to compare with, and the slide says so.
    """
    current = now["as_of"].max().date() if len(now) else None
    earlier = [
        day
        for day in service_list.days(question.warehouse, question.settings)
        if current is not None and day < current and (since is None or day <= since)
    ]
    if not earlier or current is None:
        return _no_earlier(question, now)
    before = service_list.services(question.warehouse.listed_on(earlier[-1]), question.settings)
    rows = _changed(before, now)
    if rows.empty:
        return question.words(
            "status_changes",
            f"Seit dem {german.date(earlier[-1])} hat sich kein Status geändert",
            (f"Verglichen wurden die Stände vom {german.date(earlier[-1])} und {german.date(current)}.",),
            service_list.source(now),
            current,
        )
    changed = german.count(len(rows), "Leistung hat", "Leistungen haben")
    return question.table(
        "status_changes",
        rows,
        (
            Field("name", "OZG-Leistung"),
            Field("before", f"Stand {german.date(earlier[-1])}"),
            Field("after", f"Stand {german.date(current)}"),
        ),
        headline=f"{changed} seit dem letzten Bericht einen anderen Status",
        subtitle=f"Vergleich der Stände vom {german.date(earlier[-1])} und {german.date(current)}",
        told=f"Tabelle der {len(rows)} Statusänderungen.",
        source=service_list.SOURCE,
        data_date=current,
    )


def _no_earlier(question: Question, now: pd.DataFrame) -> Words:
    stand = service_list.list_date(now)
    return Words(
        "status_changes",
        f"Veränderungen seit dem letzten Bericht: {NO_EARLIER}",
        (
            f"Bekannt ist nur der Stand vom {stand}." if stand else "Noch ist keine OZG-Liste geladen.",
            "Sobald ein weiterer Stand der Liste geladen ist, stehen hier die Statusänderungen.",
        ),
        service_list.source(now),
        now["as_of"].max().date() if len(now) else None,
        sample=question.warehouse.sample,
    )


def _changed(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    names = ["service", "name", "list", "status", "go_live"]
    both = (
        before[names]
        .merge(now[names], on="service", how="outer", suffixes=("_old", ""))
        .sort_values("service")
    )
    rows = pd.DataFrame(
        {
            "name": both["name"].where(both["name"].notna(), both["name_old"]),
            "before": _words(both["list_old"], both["status_old"], both["go_live_old"], "neu in der Liste"),
            "after": _words(both["list"], both["status"], both["go_live"], "nicht mehr in der Liste"),
        }
    )
    return rows[rows["before"] != rows["after"]].reset_index(drop=True)


def _words(lists: pd.Series, statuses: pd.Series, go_lives: pd.Series, missing: str) -> list[str]:
    return [
        missing
        if german.is_missing(name)
        else f"{service_list.status_told(status, go_live) or german.MISSING} ({name})"
        for name, status, go_live in zip(lists, statuses, go_lives, strict=True)
    ]


def decision_page(question: Question, names: dict[str, str]) -> Exhibit | Words:
    """What was decided up to the day of the list, by day; words where nothing was decided yet."""
    as_of = question.filters.as_of
    decided = [row for row in decisions(question.workspace) if as_of is None or row.decided_on <= as_of]
    if not decided:
        return question.words(
            "decisions",
            "Noch ist keine Entscheidung festgehalten",
            (
                "Entscheidungen je Leistung werden unter „Priorisierung“ mit Tag und Grund festgehalten.",
                "Die Reihenfolge auf den vorigen Folien ist ein Vorschlag, kein Beschluss.",
            ),
            "Portalkompass, Entscheidungen",
        )
    scenarios = scenario_list(question.workspace).set_index("id")["name"].to_dict()
    rows = pd.DataFrame(
        {
            "name": [names.get(row.service_id, row.service_id) for row in decided],
            "decision": [row.decision for row in decided],
            "decided_on": [row.decided_on for row in decided],
            "reason": [row.reason or None for row in decided],
            "scenario": [scenarios.get(row.scenario_id, german.MISSING) for row in decided],
        }
    )
    counts = rows["decision"].value_counts()
    return question.table(
        "decisions",
        rows,
        (
            *columns(name="OZG-Leistung", decision="Entscheidung"),
            Field("decided_on", "Am", "date"),
            *columns(reason="Grund", scenario="Szenario"),
        ),
        headline=f"Entscheidungen: {german.listing([f'{n} {word}' for word, n in counts.items()])}",
        subtitle="Festgehaltene Entscheidungen je Leistung mit dem Szenario, auf dem sie beruhen",
        told=f"Tabelle der {len(rows)} Entscheidungen.",
        source="Portalkompass, Entscheidungen",
    )
