"""Rows of pages for tables and bars: Google's figures, and the portal's beside them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Part, Question, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import pages
from portalkompass.metrics.measures import CHANGE, CLICKS, SHARE, LazyFrame
from portalkompass.schema import STAFF_PAGES
from portalkompass.warehouse.engine import Tables

TITLE, ADDRESS = Field("label", "Seite"), Field("url", "Adresse", "link")
BY_PAGE = "Google zählt je Seite; die Summe der Seiten kann von den Klicks der Property leicht abweichen."
PORTAL_ONLY = "Portalstatistik, nur ganze Berichtszeiträume; wird nie zu Google-Klicks addiert."


def page_rows(question: Question) -> pd.DataFrame:
    """All pages of the period and the one before, most clicks first, with ``label``, unique per page.

    The portal's counts stand in own columns (missing where it has none) and are added to nothing. Made once; whoever
    gets the rows only reads them.
    """
    return question.once("page rows", lambda: _page_rows(question), *question.periods)


def _page_rows(question: Question) -> pd.DataFrame:
    factor = question.factor("search_page_day")

    def build(tables: Tables) -> LazyFrame:
        rows = question.sums(tables, "search_page_day", *question.periods)
        portal = pages.portal_views(question.portal_rows(tables), question.now)
        top = pages.top_pages(rows, question.own(tables, "pages"), *question.periods, factor)
        return top.join(portal, on="url", how="left").sort("clicks", "url", descending=[True, False])

    rows = question.warehouse.ask(build)
    return rows.assign(label=labels(rows))


def portal_views(question: Question) -> pd.DataFrame:
    """`metrics.pages.portal_views` of the period."""
    return question.ask_once(
        "portal views",
        lambda t: pages.portal_views(question.portal_rows(t), question.now),
        question.now,
    )


def linked(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are shown: the folded staff pages have no address to go to."""
    return rows.assign(url=rows["url"].where(rows["url"] != STAFF_PAGES))


def labels(rows: pd.DataFrame) -> pd.Series[str]:
    """The title; the address where there is none, and behind it where two pages share a title."""
    titles = rows["title"].where(rows["title"].notna() & (rows["title"] != ""), rows["url"])
    twins = titles.duplicated(keep=False) & (titles != rows["url"])
    return titles.where(~twins, titles + " (" + rows["url"] + ")").astype("str")


def bar_of_pages(question: Question, rows: pd.DataFrame, amount: int) -> Exhibit | None:
    """The most clicked pages as bars; nothing without a click."""
    top = rows[rows["clicks"] > 0].head(amount)
    if top.empty:
        return None
    first, share = top.iloc[0], top["share"].sum()
    amount_of_first = german.count(first["clicks"], "Klick", "Klicks") + wording.tied(rows["clicks"])
    headline = f"„{first['label']}“ ist die meistgeklickte Seite ({amount_of_first})"
    if len(top) > 1:
        which = "der gefilterten" if question.scope else "aller"
        headline += (
            f"; die ersten {german.number(len(top))} holen {german.percent(share, 0)} {which} Seitenklicks"
        )
    listed = wording.listed(top["label"], top["clicks"])
    return question.bars(
        "top_pages",
        linked(top),
        (TITLE, *measures(CLICKS, SHARE, CHANGE), ADDRESS),
        headline=headline,
        subtitle=f"Klicks aus der Google-Suche je Seite · {question.period}",
        alt=f"Balken der meistgeklickten Seiten, {question.period}: {listed}.",
        notes=(SHARE.explained, BY_PAGE),
        height=60 + 40 * len(top),
    )


def page_table(
    question: Question, id: str, rows: pd.DataFrame, fields: tuple[Field, ...], **parts: Part
) -> Exhibit:
    """A table of pages: titles before the ``fields``, addresses behind them; a chosen row opens its page."""
    return question.table(id, rows, (TITLE, *fields, ADDRESS), row_key="url", **parts)
