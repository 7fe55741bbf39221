"""The work list: every chance as a task on a page, the most extra clicks first, to be taken along and ticked off."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import EXTRA_CLICKS

SNIPPET, CONTENT, LOSS, RIVALS = (
    "Titel und Beschreibung",
    "Inhalt ausbauen",
    "Rückgang klären",
    "Zusammenlegen oder trennen",
)
ROWS_SHOWN = 200
COLUMNS = ("task", "label", "reason", "extra", "extra_low", "extra_high", "url")
BLANK = ("responsible", "until", "done")
"""Columns that only files have, empty, for the team to fill in."""
EXTRA = (field(EXTRA_CLICKS, "extra"), *columns("integer", extra_low="mindestens", extra_high="höchstens"))
"""Clicks that could be gained a year, with their range."""
MORE = "Mehrklicks"
BRING = ("Suchanfrage auf Platz 4 bis 20 brächte", "Suchanfragen auf Platz 4 bis 20 brächten")
"""One or several queries in reach: only those that would bring more are listed and counted."""
NOTE = (
    f"Geordnet nach den erwartbaren Mehrklicks im Jahr: bei „{LOSS}“ so viele, wie die Seite mit ihrem früheren "
    "Anteil am Portal mehr hätte, sonst das Klickpotenzial der Seite. Mehrere Aufgaben einer Seite können dieselben "
    "Klicks meinen: Die Schätzungen werden nicht addiert. Ohne Zahl heißt nicht bezifferbar. Excel und CSV haben "
    "zusätzlich leere Spalten für Zuständigkeit, Termin und Stand."
)


def snippets(odd: pd.DataFrame) -> pd.DataFrame:
    """Tasks for pages clicked too rarely at a good place (``odd`` with the page's extra, extra_low, extra_high)."""
    reasons = [
        f"Platz {german.number(row['position'], 1)}, Klickrate {german.percent(row['ctr'])} statt "
        f"{german.percent(row['expected_ctr'])}"
        for row in odd.to_dict("records")
    ]
    return _tasks(odd.assign(reason=reasons), SNIPPET)


def contents(striking: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """One task a page with queries in striking distance; what it could bring is the figure of the page (``pages``)."""
    with_page = striking.dropna(subset=["url"])
    counted = with_page.groupby(["url", "label"], sort=True)["query"].agg(["size", "first"]).reset_index()
    named = counted.merge(pages[["url", "extra", "extra_low", "extra_high"]], on="url", how="left")
    reasons = [
        f"{german.count(row['size'], *BRING)} weiter vorn mehr Klicks, vor allem „{row['first']}“"
        for row in named.to_dict("records")
    ]
    return _tasks(named.assign(reason=reasons), CONTENT)


def losses(decayed: pd.DataFrame) -> pd.DataFrame:
    """Tasks for pages that lost share of the portal for good; with their former share they had so many clicks more."""
    if decayed.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    reasons = [
        f"Anteil am Portal seit der Woche ab {german.date(row['since'])} um "
        f"{german.percent(-row['lasting'], 0)} kleiner"
        for row in decayed.to_dict("records")
    ]
    named = decayed.rename(
        columns={"missing": "extra", "missing_low": "extra_low", "missing_high": "extra_high"}
    )
    return _tasks(named.assign(reason=reasons), LOSS)


def rivals(contested: pd.DataFrame) -> pd.DataFrame:
    """Tasks for pairs of pages; what a decision between them would bring is not known."""
    reasons = [
        f"„{row['rival_label']}“ erscheint bei {german.count(row['queries'], 'Suchanfrage', 'Suchanfragen')} im Wechsel"
        for row in contested.to_dict("records")
    ]
    unknown = dict.fromkeys(("extra", "extra_low", "extra_high"), float("nan"))
    return _tasks(contested.assign(reason=reasons, **unknown), RIVALS)


def _tasks(rows: pd.DataFrame, task: str) -> pd.DataFrame:
    return rows.assign(task=task)[list(COLUMNS)]


def work_list(question: Question, *parts: pd.DataFrame) -> Exhibit | None:
    """All tasks in one list; tasks without an estimate stand last. Nothing without a task."""
    tasks = [part for part in parts if not part.empty]
    if not tasks:
        return None
    rows = pd.concat(tasks, ignore_index=True).sort_values(
        ["extra", "task", "url"], ascending=[False, True, True], na_position="last"
    )
    first = rows.iloc[0]
    amount = german.count(len(rows), "Aufgabe", "Aufgaben")
    return question.table(
        "work_list",
        rows.head(ROWS_SHOWN).assign(**dict.fromkeys(BLANK, "")),
        (
            *columns(label="Seite", task="Aufgabe"),
            field(EXTRA_CLICKS, "extra", MORE),
            *EXTRA[1:],
            Field("reason", "Anlass"),
            Field("url", "Adresse", "link"),
            *columns(responsible="Zuständig", until="Bis", done="Stand"),
        ),
        headline=f"{amount}, zuerst „{first['label']}“ ({first['task']})",
        subtitle=f"Arbeitsliste nach erwartbaren Mehrklicks im Jahr · {question.period}",
        alt=f"Arbeitsliste, {question.period}.",
        notes=(NOTE,),
        names_queries=True,
        row_key="url",
        only_in_files=BLANK,
    )
