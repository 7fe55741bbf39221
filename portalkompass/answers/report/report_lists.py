"""The OZG list on slides: both tables with all texts, what changed since an earlier state, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question, columns
from portalkompass.exhibit import Exhibit, Field
from portalkompass.slide_set import Words
from portalkompass.workspace import decisions, scenario_list

NO_EARLIER = "noch kein früherer Stand"
NEWS = ("NEU", "fertig", "Termin verschoben", "geändert")
"""What can be new of a service, in the order in which it is told: new in the list, live, another month, any text."""
NEWS_MEANING = (
    "NEU: steht neu in der Liste. fertig: seitdem live. Termin verschoben: die Liste nennt einen anderen Monat. "
    "geändert: Status, Entwicklung, Antrag oder Fachbereiche sind andere."
)
COMPARED_TEXTS = {
    "latest_development": "Letzte Entwicklung",
    "motion_number": "Antrag Nr.",
    "departments": "Fachbereiche",
}
COMPARED = ("list", "status", *COMPARED_TEXTS)
"""Columns of the list whose change is worth a word to the committee."""
MOST_GO_LIVES = 20
"""Rows that a slide has room for in the timeline."""
UNTIL_MEANING = (
    "Der Balken einer überfälligen Leistung reicht vom genannten Monat bis zum Monat des Stands, jeder andere ist der "
    "Monat des Go-Live."
)
TEXTS = (
    Field("name", "OZG-Leistung"),
    Field("status", "Status"),
    Field("latest_development", "Letzte Entwicklung"),
    Field("motion_number", "Antrag Nr."),
)


def status_tables(
    question: Question, listed: pd.DataFrame, since: dt.date | None = None
) -> tuple[Exhibit, ...]:
    """Current and pending services with status, latest development and motion, verbatim.

    Behind the status stands what its go-live is by the list's date, and in front of it what is new since the last
    report (the state before, without its day); without an earlier state there is no such column.
    """
    earlier = earlier_state(question, listed, since)
    if earlier is not None:
        before = service_list.services(question.warehouse.listed_on(earlier), question.settings)
        listed = listed.assign(news=news(before, listed))
    return tuple(
        _status_table(question, listed, name, word, earlier)
        for name, word in (("aktuell", "aktuelle"), (service_list.PENDING, "anstehende"))
        if (listed["list"] == name).any()
    )


def _status_table(
    question: Question, listed: pd.DataFrame, name: str, word: str, earlier: dt.date | None
) -> Exhibit:
    order = {status: number for number, status in enumerate(service_list.PROGRESS_ORDER)}
    rows = listed[listed["list"] == name]
    rows = rows.assign(order=rows["progress"].map(order)).sort_values(
        ["order", "go_live_month", "name"], na_position="last", kind="stable"
    )
    dated = bool(rows["go_live"].notna().any())
    statuses = zip(rows["status"], rows["go_live"], strict=True)
    told = [service_list.status_told(status, go_live) for status, go_live in statuses]
    rows = rows.assign(status=pd.Series(told, index=rows.index, dtype="object").replace("", None))
    fields: tuple[Field, ...] = TEXTS
    if earlier is not None:
        fields = (TEXTS[0], Field("news", f"Neu seit {german.date(earlier)}", help=NEWS_MEANING), *TEXTS[1:])
    return question.table(
        f"ozg_{name}",
        rows,
        fields,
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


def go_lives(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """When each service went or goes live by the list, the earliest first; None where it names no month.

    The bar of one that is overdue reaches from the month that was promised to that of the list, or of the day that is
    asked for. Of more than ``MOST_GO_LIVES`` the newest are shown.
    """
    rows = listed[(listed["list"] != service_list.WITHOUT_STATUS) & listed["go_live"].notna()]
    if rows.empty:
        return None
    stand = rows["as_of"].max()
    late = bool((rows["go_live"] == service_list.OVERDUE).any())
    known = max(stand, pd.Timestamp(question.warehouse.list_day or stand))
    rows = rows.assign(until=rows["due"].where(rows["go_live"] != service_list.OVERDUE, known.replace(day=1)))
    headline, total = f"Go-Lives: {service_list.told(rows)}", len(rows)
    newest = rows.sort_values(["until", "due", "name"], kind="stable").tail(MOST_GO_LIVES)
    rows = newest.sort_values(["due", "name"], kind="stable")
    part = f" · die {len(rows)} spätesten von {total}" if len(rows) < total else ""
    return question.exhibit(
        "go_lives",
        "timeline",
        rows[["name", "due", "go_live", "until"]],
        (
            Field("name", "OZG-Leistung"),
            Field("due", "Monat", "month"),
            Field("go_live", "Go-Live"),
            Field("until", "Balken bis", "month", help=UNTIL_MEANING),
        ),
        headline=headline,
        subtitle=f"Monat des Go-Live je Leistung{part} · Stand {service_list.list_date(rows)}",
        alt=f"Zeitleiste: je Leistung der Monat des Go-Live. {headline}.",
        source=service_list.source(rows),
        data_date=rows["as_of"].max().date(),
        x="due",
        y="name",
        series="go_live",
        interval=("due", "until"),
        notes=(service_list.GO_LIVE_MEANING, *((UNTIL_MEANING,) if late else ())),
    )


def earlier_state(question: Question, now: pd.DataFrame, since: dt.date | None) -> dt.date | None:
    """Day of the state that is compared with: the last one up to ``since``, or the one before; None without one."""
    if now.empty:
        return None
    current = now["as_of"].max().date()
    days = service_list.days(question.warehouse, question.settings)
    return max((day for day in days if day < current and (since is None or day <= since)), default=None)


def news(before: pd.DataFrame, now: pd.DataFrame) -> pd.Series[Any]:
    """Per row of ``now`` what is new of it against the earlier state, in one of ``NEWS``; None where nothing is."""
    old = before.set_index("service")
    return pd.Series(
        [
            _news(old.loc[row["service"]] if row["service"] in old.index else None, row)
            for _, row in now.iterrows()
        ],
        index=now.index,
        dtype="object",
    )


def _news(old: pd.Series[Any] | None, new: pd.Series[Any]) -> str | None:
    if old is None:
        return NEWS[0]
    if new["go_live"] == service_list.LIVE and old["go_live"] != service_list.LIVE:
        return NEWS[1]
    months = (old["go_live_month"], new["go_live_month"])
    if not any(map(german.is_missing, months)) and months[0] != months[1]:
        return NEWS[2]
    return NEWS[3] if any(_text(old[name]) != _text(new[name]) for name in COMPARED) else None


def _text(value: object) -> str:
    return "" if german.is_missing(value) else str(value)


def status_changes(question: Question, now: pd.DataFrame, since: dt.date | None) -> Exhibit | Words:
    """What changed in the list since that day (since the state before, without one): one row a service and field.

    With one state only there is nothing to compare with, and the slide says so.
    """
    earlier = earlier_state(question, now, since)
    if earlier is None:
        return _no_earlier(question, now)
    current = now["as_of"].max().date()
    rows = _changed(service_list.services(question.warehouse.listed_on(earlier), question.settings), now)
    days = f"{german.date(earlier)} und {german.date(current)}"
    if rows.empty:
        return question.words(
            "status_changes",
            f"Seit dem {german.date(earlier)} hat sich nichts geändert",
            (f"Verglichen wurden die Stände vom {days}: Status, Entwicklung, Antrag und Fachbereiche.",),
            service_list.source(now),
            current,
        )
    services = rows["name"].nunique()
    changed = german.count(services, "Leistung hat sich", "Leistungen haben sich")
    return question.table(
        "status_changes",
        rows,
        (
            Field("name", "OZG-Leistung"),
            Field("what", "Geändert"),
            Field("before", f"Stand {german.date(earlier)}"),
            Field("after", f"Stand {german.date(current)}"),
        ),
        headline=f"{changed} seit dem letzten Bericht geändert",
        subtitle=f"Vergleich der Stände vom {days}",
        told=f"Tabelle der {len(rows)} Änderungen an {german.count(services, 'Leistung', 'Leistungen')}.",
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
        empty=True,
    )


def _changed(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """name, what, before, after: every field of every service that changed; new and gone services have one row."""
    names = ["service", "name", "list", "status", "go_live", *COMPARED_TEXTS]
    both = (
        before[names]
        .merge(now[names], on="service", how="outer", suffixes=("_old", ""))
        .sort_values("service", kind="stable")
        .reset_index(drop=True)
    )
    name = both["name"].where(both["name"].notna(), both["name_old"])
    known = both["name"].notna() & both["name_old"].notna()
    fields = [
        (
            "Status",
            _words(both["list_old"], both["status_old"], both["go_live_old"], "neu in der Liste"),
            _words(both["list"], both["status"], both["go_live"], "nicht mehr in der Liste"),
        )
    ]
    for column, label in COMPARED_TEXTS.items():
        old, new = (
            [text or german.MISSING for text in both[name].where(known).map(_text)]
            for name in (f"{column}_old", column)
        )
        fields.append((label, old, new))
    parts = [
        pd.DataFrame({"order": both.index, "name": name, "what": label, "before": old, "after": new})
        for label, old, new in fields
    ]
    rows = pd.concat(parts).sort_values("order", kind="stable")
    return rows[rows["before"] != rows["after"]].drop(columns="order").reset_index(drop=True)


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
            empty=True,
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
