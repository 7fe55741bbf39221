"""One page: its trend, its queries, the portal's figures, its service, index state, and who competes with it."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import narrowed
from portalkompass.answers.base import estimate_rows, events, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.headline import cards, headline, sentence
from portalkompass.answers.base.link_rows import service_map, service_names
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import PORTAL_ONLY, page_rows
from portalkompass.answers.base.question import Question, columns, count_card, field
from portalkompass.answers.base.scope import Match
from portalkompass.answers.base.window_rows import answering, of_one
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.both_periods import MOST_ROWS, SUMS, both_periods
from portalkompass.answers.courses.course import courses
from portalkompass.answers.courses.why_rows import why_exhibits
from portalkompass.answers.data.index_state import COVERAGE, FETCHES, ROBOTS, VERDICTS, in_german
from portalkompass.answers.queries.contested_rows import NOTE as CONTESTED_NOTE
from portalkompass.answers.queries.contested_rows import contested_queries
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import CONTESTED
from portalkompass.metrics.measures import CHANGE, CLICKS, LazyFrame
from portalkompass.metrics.pages import compared
from portalkompass.warehouse.engine import Tables


def answer(question: Question, url: str = "") -> Answer:
    """All that is known of the page ``url``; a sentence where the property has no such page."""
    if (export := answering(question, "search_page_day")).window:
        return of_one(export, "search_page_day", "url", question.url_today(url))
    if missing := no_search_data(question, "search_page_day"):
        return missing
    rows = page_rows(question).set_index("url", drop=False)
    url = url if url in rows.index else question.url_today(url)
    if url not in rows.index:
        return question.answer(
            "Zu dieser Seite gibt es im Zeitraum keine Suchdaten.",
            next_steps=("Eine andere Seite oder einen anderen Zeitraum wählen.",),
        )
    page: pd.Series[float] = rows.loc[[url]].iloc[0]
    words = " · ".join(filter(None, (f"Seite „{page['label']}“", question.filtered)))
    own = replace(narrowed(question, replace(question.scope, page=Match("is", url))), filtered=words)
    start = f"„{page['label']}“, {own.period}: {CLICKS.label}"
    course_rows = trending.compared_trend(own, own.filters.grain)
    exhibits = (
        courses(own, course_rows, "page_course", url=url),
        *why_exhibits(own, question),
        _queries(question, page),
        _rivals(question, page),
        _index(question, url),
    )
    return question.answer(
        message=f"{sentence(own, CLICKS, start)}.",
        exhibits=exhibits,
        figures=(*cards(own, headline(own, own.now)), *_cards(question, page)),
        caveats=events.cautions(
            question, "search_page_day", "search_page_query_day", "search_query_day", events.PORTAL_PAGES
        ),
    )


def _cards(question: Question, page: pd.Series[float]) -> tuple[Figure, ...]:
    services = service_map(question).service_page
    own = services.loc[services["url"] == page["url"], "service"].tolist()
    names = service_names(question)
    return (
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
    part = wording.share_of_all(listed / page["clicks"], 0) if page["clicks"] and same_days else ""
    explain = "erklärt" if len(shown) == 1 else "erklären"
    explained = f"; sie {explain} {part} ihrer Klicks" if part else ""
    queries = german.count(len(shown), "genannte Suchanfrage führt", "genannte Suchanfragen führen")
    listing, fields, folded = both_periods(question, shown.head(MOST_ROWS), factor)
    days = wording.same_days(question.exposure("search_page_query_day"), SUMS)
    return question.table(
        "page_queries",
        listing,
        (Field("query", "Suchanfrage"), *fields),
        folded=folded,
        headline=f"{queries} auf die Seite{explained}",
        subtitle=f"Suchanfragen der Seite „{page['label']}“ nach Klicks · {question.period}",
        alt=f"Tabelle der Suchanfragen der Seite, {question.period}.",
        notes=("Google nennt seltene Suchanfragen nicht.", CHANGE.explained, *days),
        names_queries=True,
    )


def _rivals(question: Question, page: pd.Series[float]) -> Exhibit | None:
    contested = contested_queries(question.of(question.scope.without_pages))
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
        subtitle=f"Konkurrierende eigene Seiten nach umkämpften Impressionen · {question.period}",
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
        narrowed=False,
    )


def titles(question: Question) -> pd.DataFrame:
    """url, label of every page of the property, by label: what a reader can choose from."""
    return estimate_rows.titles(question).sort_values("label")[["url", "label"]].reset_index(drop=True)
