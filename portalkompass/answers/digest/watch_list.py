"""What the team keeps an eye on from week to week: the one place where rows of the watch list come in."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.link_rows import service_names
from portalkompass.answers.base.page_rows import bar_of_pages, page_rows
from portalkompass.answers.base.question import Question, field, in_words, short
from portalkompass.answers.overview.overview import movers
from portalkompass.answers.rankings.tracked import table as tracked_table
from portalkompass.answers.rankings.tracked import tracked_rows
from portalkompass.answers.services.demand_rows import click_rows
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, DEMAND

PAGES_SHOWN, SERVICES_SHOWN = 5, 5


def watch_list(question: Question) -> tuple[Exhibit | None, ...]:
    """The tracked queries, gains and losses of pages and services against the week before, most clicked pages."""
    pages = page_rows(question)
    tracked = tracked_table(question, tracked_rows(question), "week_queries")
    return tracked, movers(question, pages), _services(question), bar_of_pages(question, pages, PAGES_SHOWN)


def _services(question: Question) -> Exhibit | None:
    """The services whose demand changed most, in clicks; nothing without a comparison."""
    factor, like, before = question.factor("search_page_day"), question.like, question.before
    if factor is None or like is None or before is None:
        return None
    rows = click_rows(question)
    rows = rows.assign(
        name=rows["service"].map(service_names(question)).fillna(rows["service"]),
        gain=(rows["clicks_like"] - rows["clicks_before"] * factor).round(),
    )
    changed = rows[rows["gain"] != 0].assign(size=rows["gain"].abs())
    if changed.empty:
        return None
    shown = changed.sort_values(["size", "name"], ascending=[False, True]).head(SERVICES_SHOWN)
    first = shown.iloc[0]
    word = "gewinnt" if first["gain"] > 0 else "verliert"
    exposure = question.exposure("search_page_day")
    amount = wording.on_equal_days(german.count(abs(first["gain"]), "Klick", "Klicks"), exposure)
    return question.table(
        "service_movers",
        shown,
        (
            Field("name", "Leistung"),
            Field("gain", "Unterschied", "integer"),
            field(CHANGE),
            Field("clicks_like", f"Klicks {short(like)}", "integer"),
            Field("clicks_before", f"Klicks {short(before)}", "integer"),
        ),
        headline=f"Leistungen: „{first['name']}“ {word} am meisten ({german.signed(first['gain'])[:1]}{amount})",
        subtitle=f"Nachfrage, {in_words(like)} gegenüber {in_words(before)}",
        notes=(DEMAND.explained, *wording.same_days(exposure)),
        over=(like, before),
    )
