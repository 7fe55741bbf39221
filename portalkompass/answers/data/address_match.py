"""Do the addresses of Google and of the portal meet? What of each side has no counterpart on the other."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Question, columns, in_words
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.pages import portal_views
from portalkompass.metrics.selection import Period, whole_periods, within

VIEWS = {"unique_page_views": "Eindeutige Seitenansichten", "page_views": "Seitenansichten"}
"""What the portal counts, the better measure first; sources have one of them or both."""
COLUMNS = ("side", "measure", "pages", "unmatched_pages", "amount", "unmatched", "unmatched_share")


def address_match(question: Question) -> Exhibit | None:
    """One row a side over all whole portal periods that lie within Google's final days; nothing without both."""
    period = common_period(question)
    if period is None:
        return None
    portal = question.warehouse.ask(lambda t: portal_views(question.own(t, "portal_page"), period))
    google = question.warehouse.ask(
        lambda t: (
            within(question.rows(t, "search_page_day"), period)
            .group_by("url")
            .agg(nw.col("clicks").sum().cast(nw.Int64))
        )
    )
    views = next((name for name in VIEWS if portal[name].notna().any()), None)
    if views is None or google.empty:
        return None
    rows = pd.DataFrame(
        [
            ("Portalstatistik", VIEWS[views], *unmatched(portal, views, google["url"])),
            ("Google", "Klicks", *unmatched(google, "clicks", portal["url"])),
        ],
        columns=COLUMNS,
    )
    shares = [
        "ein unbekannter Teil" if pd.isna(value) else wording.share_of_all(value)
        for value in rows["unmatched_share"]
    ]
    return question.table(
        "address_match",
        rows,
        (
            *columns(side="Quelle", measure="Gezählt"),
            Field("pages", "Seiten", "integer"),
            Field("unmatched_pages", "ohne Gegenstück", "integer"),
            Field("amount", "Anzahl", "integer"),
            Field("unmatched", "davon ohne", "integer"),
            Field("unmatched_share", "Anteil ohne", "percent"),
        ),
        headline=f"{wording.begins(shares[0])} der Portalzahlen und {shares[1]} der Google-Klicks haben kein "
        "Gegenstück",
        subtitle=f"Seiten, deren Adresse nur eine der beiden Quellen nennt · {in_words(period)}",
        source=f"{question.google}; {question.portal}",
        notes=(
            "Verglichen werden vereinheitlichte Adressen. Ein kleiner Teil ist üblich: Google nennt nur Seiten mit "
            "Impressionen, das Portal nur aufgerufene. Ein großer Teil weist auf andere Schreibweisen hin.",
            "Klicks und Seitenansichten stammen aus zwei Quellen und werden nie addiert.",
        ),
    )


def unmatched(rows: pd.DataFrame, amount: str, others: pd.Series[str]) -> tuple[int, int, int, int, float]:
    """Pages, those whose URL is not among the others, the amount of all and of those, and its share.

    The share of nothing is unknown.
    """
    alone = rows[~rows["url"].isin(others)]
    total, left = int(rows[amount].fillna(0).sum()), int(alone[amount].fillna(0).sum())
    return len(rows), len(alone), total, left, left / total if total else float("nan")


def common_period(question: Question) -> Period | None:
    """From the first to the last portal period that lies wholly within Google's final days."""
    final = question.archive
    if final is None:
        return None
    spans = question.warehouse.ask(
        lambda t: whole_periods(question.own(t, "portal_page"), final).select(
            nw.col("period_start").min().alias("start"), nw.col("period_end").max().alias("end")
        )
    )
    if spans.empty or spans["start"].isna().any():
        return None
    return Period(spans["start"].iloc[0].date(), spans["end"].iloc[0].date())
