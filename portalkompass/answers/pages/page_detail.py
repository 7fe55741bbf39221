"""One page: its trend, its queries, the portal's figures, its service, index state, and who competes with it."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, trending
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.headline import compared_sums, joined
from portalkompass.answers.base.lines import WEEK, line
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import PORTAL_ONLY, page_rows
from portalkompass.answers.base.question import Question, card, columns, count_card, field, known, measures
from portalkompass.answers.data.index_state import COVERAGE, FETCHES, ROBOTS, VERDICTS, in_german
from portalkompass.answers.queries.contested_rows import NOTE as CONTESTED_NOTE
from portalkompass.answers.queries.contested_rows import contested_queries
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import trends
from portalkompass.metrics.derived_measures import CONTESTED
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, LazyFrame, Measure
from portalkompass.metrics.pages import compared
from portalkompass.warehouse.engine import Tables

QUERIES_SHOWN = 100
RECENT_WEEKS, WEEK_DAYS = 4, 7
_MEASURES = (CLICKS, CHANGE, IMPRESSIONS, CTR, POSITION)


def answer(question: Question, url: str = "") -> Answer:
    """All that is known of the page ``url``; a sentence where the property has no such page."""
    if missing := no_search_data(question):
        return missing
    rows = page_rows(question).set_index("url", drop=False)
    url = url if url in rows.index else question.url_today(url)
    if url not in rows.index:
        return question.answer(
            "Zu dieser Seite gibt es im Zeitraum keine Suchdaten.",
            next_steps=("Eine andere Seite oder einen anderen Zeitraum wählen.",),
        )
    page: pd.Series[float] = rows.loc[[url]].iloc[0]
    exhibits = (
        *_trend(question, page),
        _queries(question, page),
        _rivals(question, page),
        _index(question, url),
    )
    return question.answer(
        message=_message(question, page),
        exhibits=exhibits,
        figures=_cards(question, page),
        caveats=events.cautions(question, "search_page_day", "search_page_query_day"),
    )


def _message(question: Question, page: pd.Series[float]) -> str:
    start = (
        f"„{page['label']}“: {german.count(page['clicks'], 'Klick', 'Klicks')} im Zeitraum {question.period}"
    )
    like, before = known(page["clicks_like"]), known(page["clicks_before"])
    words = compared_sums(question, like, before, "search_page_day").words
    return f"{joined(question, start, words)}."


def _cards(question: Question, page: pd.Series[float]) -> tuple[Figure, ...]:
    services = service_map(question).service_page
    own = services.loc[services["url"] == page["url"], "service"].tolist()
    names = _service_names(question)
    return (
        *(card(measure, page[measure.id]) for measure in (CLICKS, POSITION, CTR)),
        count_card(
            "Seitenansichten",
            page["unique_page_views"],
            f"Eindeutige Seitenansichten. {PORTAL_ONLY}",
            question.portal_words,
        ),
        count_card("Starts des Online-Dienstes", page["service_starts"], PORTAL_ONLY, question.portal_words),
        count_card(
            "Zugeordnete Leistungen",
            len(own),
            "Leistungen, denen die Seite zugeordnet ist.",
            german.listing([names.get(service, service) for service in own]),
        ),
    )


def _service_names(question: Question) -> dict[str, str]:
    listed = question.warehouse.ask(lambda t: t["services"].select("service", "name").sort("service"))
    extra = service_map(question).extra
    return dict(zip(extra["service_id"], extra["name"], strict=True)) | dict(
        zip(listed["service"], listed["name"], strict=True)
    )


def _trend(question: Question, page: pd.Series[float]) -> tuple[Exhibit, ...]:
    """Weekly clicks and positions of the whole archive up to the end of the period."""
    period = question.history or question.now

    def build(tables: Tables) -> LazyFrame:
        own = question.rows(tables, "search_page_day").filter(nw.col("url") == page["url"])
        return trends.trend(own, tables["calendar"], period, "week")

    rows = question.warehouse.ask(build)
    # A day on which Google did not show the page has no row: its clicks are none, unless no page has any that day.
    days = question.days_with_data("search_page_day")
    inside = days[days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    known_days = rows["bucket"].map(estimate_rows.days_by_week(inside)).fillna(0)
    counts = {name: rows[name].fillna(0).where(known_days > 0) for name in ("clicks", "impressions")}
    weeks = rows.assign(**counts, series=trending.NOW, partial=known_days < WEEK_DAYS)
    return tuple(_line(question, page, weeks, measure) for measure in (CLICKS, POSITION))


def _line(question: Question, page: pd.Series[float], rows: pd.DataFrame, measure: Measure) -> Exhibit:
    name = measure.id
    whole = rows[~rows["partial"] & rows[name].notna()].tail(RECENT_WEEKS)
    headline = f"{measure.label}: noch keine volle Woche"
    if len(whole):
        shown = (
            whole["impressions"] if measure is POSITION else None
        )  # a mean position is weighted, never averaged
        recent = german.number(float(np.average(whole[name], weights=shown)), 1 if measure is POSITION else 0)
        weeks = german.count(len(whole), "vollen Woche", "vollen Wochen")
        headline = f"{measure.label} der letzten {weeks} im Mittel {recent}"
    first, last = rows["bucket"].min().date(), rows["bucket"].max().date()
    return line(
        question,
        f"page_{name}",
        rows,
        (WEEK, field(measure)),
        headline=headline,
        subtitle=f"{measure.label} je Woche · „{page['label']}“ · {german.period(first, question.now.end)}",
        alt=f"Linie: {measure.label} je Woche auf „{page['label']}“. {headline}.",
        reverse_y=measure.low_is_good,
        marks=events.marks_of_page(question, str(page["url"]), first, last, (measure.id,)),
        notes=(measure.definition,),
        height=260,
    )


def _queries(question: Question, page: pd.Series[float]) -> Exhibit | None:
    factor = question.factor("search_page_query_day")

    def build(tables: Tables) -> LazyFrame:
        days = question.sums(tables, "search_page_query_day", *question.periods)
        own = days.filter(nw.col("url") == page["url"], nw.col("query") != "")
        queries = compared(own, "query", *question.periods, factor)
        return queries.sort("clicks", "impressions", "query", descending=[True, True, False])

    rows = question.warehouse.ask(build)
    shown = rows[rows["impressions"] >= question.least_impressions]
    if shown.empty:
        return None
    listed = shown["clicks"].sum()
    grains = ("search_page_query_day", "search_page_day")
    same_days = len({question.covered(grain, question.now) for grain in grains}) == 1
    part = german.percent(listed / page["clicks"], 0) if page["clicks"] and same_days else german.MISSING
    explained = f"; sie erklären {part} ihrer Klicks" if part != german.MISSING else ""
    queries = german.count(len(shown), "genannte Suchanfrage führt", "genannte Suchanfragen führen")
    return question.table(
        "page_queries",
        shown.head(QUERIES_SHOWN),
        (Field("query", "Suchanfrage"), *measures(*_MEASURES)),
        headline=f"{queries} auf die Seite{explained}",
        subtitle=f"Suchanfragen der Seite nach Klicks · {question.period}",
        alt=f"Tabelle der Suchanfragen der Seite, {question.period}.",
        notes=("Google nennt seltene Suchanfragen nicht.", CHANGE.explained),
        names_queries=True,
    )


def _rivals(question: Question, page: pd.Series[float]) -> Exhibit | None:
    contested = contested_queries(question)
    own = contested[(contested["url"] == page["url"]) | (contested["rival"] == page["url"])]
    if own.empty:
        return None
    leads = own["url"] == page["url"]
    other = own["rival_label"].where(leads, own["label"])
    rows = own.assign(
        other=other,
        own_impressions=own["impressions"].where(leads, own["rival_impressions"]),
        other_impressions=own["rival_impressions"].where(leads, own["impressions"]),
    )
    most = rows.groupby("other")["other_impressions"].sum().sort_values(ascending=False).index[0]
    return question.table(
        "page_rivals",
        rows,
        (
            *columns(query="Suchanfrage", other="Andere Seite"),
            *columns("integer", own_impressions="Impressionen hier", other_impressions="Impressionen dort"),
            field(CONTESTED),
        ),
        headline=f"Für dieselben Suchanfragen erscheint auch „{most}“",
        subtitle="Konkurrierende eigene Seiten nach umkämpften Impressionen",
        alt="Tabelle konkurrierender Seiten.",
        notes=(CONTESTED_NOTE,),
        names_queries=True,
    )


def _index(question: Question, url: str) -> Exhibit | None:
    rows = question.warehouse.ask(lambda t: question.own(t, "url_inspection").filter(nw.col("url") == url))
    if rows.empty:
        return None
    state = rows.iloc[0]
    verdict = VERDICTS.get(str(state["verdict"]), str(state["verdict"]))
    facts = [
        ("Zustand", verdict),
        ("Google sagt", in_german(state["coverage_state"], COVERAGE)),
        ("Abruf", in_german(state["page_fetch_state"], FETCHES)),
        ("robots.txt", in_german(state["robots_state"], ROBOTS)),
        ("Kanonische Adresse laut Google", state["google_canonical"]),
        ("Kanonische Adresse laut Seite", state["user_canonical"]),
        ("Zuletzt gelesen", german.local_time(state["last_crawl"])),
        ("Zuletzt geprüft", german.local_time(state["checked_at"])),
    ]
    texts = [(name, german.value(value, "text")) for name, value in facts]
    return question.table(
        "page_index",
        pd.DataFrame(texts, columns=["fact", "value"]),
        columns(fact="Merkmal", value="Wert"),
        headline=f"Die Seite ist laut Google {verdict}",
        subtitle="Indexprüfung der Search Console",
        told=f"Tabelle der Indexprüfung: {verdict}.",
    )


def titles(question: Question) -> pd.DataFrame:
    """url, label of every page of the property, by label: what a reader can choose from."""
    return estimate_rows.titles(question).sort_values("label")[["url", "label"]].reset_index(drop=True)
