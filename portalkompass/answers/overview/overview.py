"""Überblick: how the portal is found, which pages are used, how far the OZG services are."""

from __future__ import annotations

import dataclasses

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, service_list, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.headline import (
    cards,
    days_of_queries,
    headline,
    hidden_cards,
    listed_queries,
    sentence,
)
from portalkompass.answers.base.missing_data import LOAD_SERVICES, STALE_DAYS, no_search_data
from portalkompass.answers.base.page_rows import bar_of_pages, linked, page_rows
from portalkompass.answers.base.periods import compared_with
from portalkompass.answers.base.question import Question, columns, field, in_words, short
from portalkompass.answers.base.window_rows import answering, with_same_days
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.lines import UNFINISHED, month_span, position_line
from portalkompass.answers.data import coverage
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import totals
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, Measure
from portalkompass.metrics.selection import Period
from portalkompass.schema import STAFF_PAGES

TOP_PAGES, MOVERS_SHOWN = 5, 3
WINNER, LOSER = "Gewinner", "Verlierer"


def answer(question: Question) -> Answer:
    """Position with the same month of the year before, clicks, impressions, top pages, status of services."""
    services = service_list.services(question.warehouse, question.settings)
    status = status_bars(question, services)
    question = answering(question, "search_site_day")
    if missing := no_search_data(question):
        steps = missing.next_steps if status else (*missing.next_steps, LOAD_SERVICES)
        card = _status_card(question, services)
        return question.answer(missing.message, (status,), (card,), next_steps=steps)
    of_pages = answering(question, "search_page_day")
    now, pages = headline(question, question.now), page_rows(of_pages)
    every_day = question.archive or question.now
    months = trending.trend(question, every_day, "month")
    return question.answer(
        message=f"{_message(question)}.",
        exhibits=(
            _positions(question, months, every_day),
            bar_of_pages(of_pages, pages, TOP_PAGES),
            movers(of_pages, pages),
            status,
        ),
        figures=(
            *_with_trend(cards(question, now), months),
            *_with_hidden_course(question, months, every_day),
            _status_card(question, services),
        ),
        caveats=(
            *of_pages.costs,
            *events.cautions(question, "search_page_day", "search_query_day"),
            *events.device_sentences(question),
        ),
        next_steps=(*_next_steps(question, services), *problems(question)),
    )


def _with_trend(figures: tuple[Figure, ...], months: pd.DataFrame) -> tuple[Figure, ...]:
    """The cards of sums and rates, with their whole months as a small line: up is better on every one of them,
    for the position, too."""
    whole = months[~months["partial"] & (months["days"] > 0)]
    by_label = {measure.label: measure for measure in (POSITION, CLICKS, IMPRESSIONS, CTR)}
    return tuple(
        _with_line(figure, whole, by_label[figure.label]) if figure.label in by_label else figure
        for figure in figures
    )


def _with_line(figure: Figure, whole: pd.DataFrame, measure: Measure) -> Figure:
    values = [float(value) for value in whole[measure.id].dropna()]
    if not measure.low_is_good:
        return dataclasses.replace(figure, trend=tuple(values))
    upside_down = tuple(-value for value in values)
    return dataclasses.replace(figure, trend=upside_down, help=f"{figure.help} In der Linie ist oben besser.")


def _with_hidden_course(question: Question, months: pd.DataFrame, every_day: Period) -> tuple[Figure, ...]:
    """The card of the hidden share with its course over whole months in which queries are listed."""
    own = with_same_days(question, "search_query_day")
    if not (hidden := hidden_cards(own)) or own.window:
        return hidden
    by_month = question.warehouse.ask(
        lambda t: totals.hidden_click_share_by_month(
            days_of_queries(question, t, every_day),
            listed_queries(question, t, every_day),
            t["calendar"],
        )
    )
    whole = months.loc[~months["partial"] & (months["clicks"] > 0), ["bucket"]]
    shares = whole.merge(by_month, left_on="bucket", right_on="month", how="inner")
    course = tuple(shares["hidden_click_share"].map(float))
    return tuple(dataclasses.replace(card, trend=course) for card in hidden)


def problems(question: Question) -> tuple[str, ...]:
    """Open problems of the loaded data: missing days, failed slices, rows put aside."""
    own = coverage.ledger(question.warehouse, question.filters.site)
    missing, failed = len(coverage.gaps(own)), int((own["state"] == "failed").sum())
    rejected = question.warehouse.ask(lambda t: t["rejected_rows"].select(rows=nw.len()))
    counts = (
        (missing, "Lücke", "Lücken"),
        (failed, "fehlgeschlagener Abruf", "fehlgeschlagene Abrufe"),
        (int(rejected["rows"].iloc[0]), "abgewiesene Zeile", "abgewiesene Zeilen"),
    )
    problems = [german.count(amount, one, many) for amount, one, many in counts if amount]
    return (f"Unter „Daten“ ansehen: {german.listing(problems)}.",) if problems else ()


def _message(question: Question) -> str:
    start = "" if question.scope else f"{question.period}: Das Portal stand bei Google im Mittel auf Platz"
    return sentence(question, POSITION, start)


def _positions(question: Question, months: pd.DataFrame, every_day: Period) -> Exhibit | None:
    with_data = months[(months["days"] > 0) & months["position"].notna()]
    if with_data.empty:
        return None
    headline = _message(question)
    whole = with_data[~with_data["partial"]]
    best = (with_data if whole.empty else whole).sort_values("position", kind="stable").iloc[0]
    return position_line(
        question,
        "position_by_month",
        with_data,
        every_day,
        UNFINISHED,
        headline=headline,
        alt=f"Linie der mittleren Google-Position von {month_span(with_data)}. {headline}. "
        f"Bester Monat: {german.month(best['bucket'])} mit {german.number(best['position'], 1)}.",
    )


def status_bars(question: Question, services: pd.DataFrame) -> Exhibit | None:
    """How many services of this state of the list stand where, go-lives by whether they have happened."""
    counts = service_list.progress_counts(services) if len(services) else {}
    if not counts:
        return None
    total = sum(counts.values())
    responsible = service_list.responsible(question.warehouse, question.settings)
    listed, have = service_list.told(services), "hat" if total == 1 else "haben"
    return question.bars(
        "service_status",
        pd.DataFrame({"status": list(counts), "services": list(counts.values())}),
        (Field("status", "Status"), Field("services", "Leistungen", "integer")),
        headline=f"{total} von {responsible.count} OZG-Leistungen {have} einen Status: {listed}",
        subtitle=f"Leistungen nach Status · Nenner: {responsible.count} Leistungen in Zuständigkeit der "
        f"Stadt ({responsible.source})",
        alt=f"Balken: {listed}. Insgesamt {total} von {responsible.count} mit Status.",
        source=service_list.source(services),
        data_date=services["as_of"].max().date(),
        notes=(
            service_list.GO_LIVE_MEANING,
            "Für die übrigen Leistungen nennt der Bericht keinen Status; das sagt nichts über ihren Stand.",
        ),
        height=220,
    )


def _status_card(question: Question, services: pd.DataFrame) -> Figure:
    counts = service_list.status_counts(question.warehouse, question.settings)
    responsible = service_list.responsible(question.warehouse, question.settings)
    stand = service_list.list_date(services)
    course = service_list.status_course(question.warehouse, question.settings)
    return Figure(
        "OZG-Leistungen mit Status",
        f"{sum(counts.values())} von {responsible.count}" if counts else german.MISSING,
        f"Leistungen der Liste mit Status{f' (Stand {stand})' if stand else ''}; {responsible.count} Leistungen liegen "
        f"in der Zuständigkeit der Stadt ({responsible.source}). Kein Anteil erledigter Leistungen.",
        _status_change(course) if counts else "",
        trend=tuple(float(amount) for amount in course["services"]) if len(course) > 1 else (),
    )


def _status_change(course: pd.DataFrame) -> str:
    """Against the state before, in words; a list that was loaded once has no course."""
    if len(course) <= 1:
        return "Kein früherer Stand gespeichert"
    before, now = course.iloc[-2], course.iloc[-1]
    change = int(now["services"] - before["services"])
    then = f"{before['as_of']:%d.%m.%Y}"
    if not change:
        return f"unverändert gegenüber dem {then}"
    return f"{abs(change)} {'mehr' if change > 0 else 'weniger'} als am {then}"


def _next_steps(question: Question, services: pd.DataFrame) -> tuple[str, ...]:
    steps = []
    if services.empty:
        steps.append(LOAD_SERVICES)
    startable = (
        services[(services["lane"] == service_list.LANES[0]) & (services["go_live"] != service_list.LIVE)][
            "name"
        ].tolist()
        if not services.empty
        else []
    )
    if startable:
        are = "ist" if len(startable) == 1 else "sind"
        steps.append(
            f"Startbar {are} {german.listing(startable)}: unter „Priorisierung“ die Reihenfolge prüfen."
        )
    if question.age > STALE_DAYS:
        age = german.count(question.age, "Tag", "Tage")
        steps.append(f"Die Suchdaten sind {age} alt; die Betreuung der Anwendung kann neue laden.")
    return tuple(steps)


def movers(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """The three pages that gained and the three that lost most clicks; nothing without a comparison.

    ``rows`` are those of ``page_rows``. Clicks compare ``like`` with ``before``, which may be less than the
    period; the subtitle names the days.
    """
    if question.like is None or question.before is None:
        return None
    factor = question.factor("search_page_day")
    if factor is None:
        return None
    pages = rows[rows["url"] != STAFF_PAGES].assign(
        gain=lambda r: (r["clicks_like"] - r["clicks_before"] * factor).round()
    )
    ordered = pages.sort_values(["gain", "url"], ascending=[False, True])
    best = ordered[ordered["gain"] > 0].head(MOVERS_SHOWN).assign(kind=WINNER)
    worst = ordered[ordered["gain"] < 0].tail(MOVERS_SHOWN).iloc[::-1].assign(kind=LOSER)
    shown = pd.concat([best, worst])
    if shown.empty:
        return None
    sentences = [
        _sentence(part, word, ordered["gain"])
        for part, word in ((best, "gewinnt"), (worst, "verliert"))
        if len(part)
    ]
    if worst.empty:
        sentences.append("keine Seite verliert Klicks")
    return question.table(
        "movers",
        linked(shown),
        (
            *columns(kind="Richtung", label="Seite"),
            Field("gain", "Unterschied", "integer"),
            field(CHANGE),
            Field("clicks_like", f"Klicks {short(question.like)}", "integer"),
            Field("clicks_before", f"Klicks {short(question.before)}", "integer"),
            Field("url", "Adresse", "link"),
        ),
        headline=wording.on_equal_days("; ".join(sentences), question.exposure("search_page_day")),
        subtitle=f"{in_words(question.like)} gegenüber {in_words(question.before)}",
        alt=f"Tabelle der Gewinner und Verlierer als {compared_with(question.filters.compare)}:",
        notes=(
            "Geordnet nach der Zahl der Klicks, nicht nach Prozenten: kleine Seiten schwanken stark.",
            *wording.same_days(question.exposure("search_page_day")),
        ),
        over=(question.like, question.before),
        row_key="url",
    )


def _sentence(part: pd.DataFrame, word: str, gains: pd.Series[float]) -> str:
    """The first of the ``part`` that is shown; ``gains`` are those of all pages."""
    first = part.iloc[0]
    amount = german.count(abs(first["gain"]), "Klick", "Klicks")
    amount += wording.tied(gains[gains == first["gain"]])
    return f"„{first['label']}“ {word} am meisten ({german.signed(first['gain'])[:1]}{amount})"
