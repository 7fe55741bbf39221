"""One page: its trend, its queries, the portal's figures, its service, index state, and who competes with it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, trending, wording
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import page_rows
from portalkompass.answers.base.periods import compared_with
from portalkompass.answers.base.question import Question, ask, field
from portalkompass.answers.data.index_state import COVERAGE, FETCHES, ROBOTS, VERDICTS, in_german
from portalkompass.answers.queries.contested_rows import NOTE as CONTESTED
from portalkompass.answers.queries.contested_rows import contested_queries
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.metrics import trends
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, LazyFrame
from portalkompass.metrics.pages import compared
from portalkompass.metrics.selection import Period
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace
from portalkompass.workspace import annotations as noted

QUERIES = 100
_MEASURES = (CLICKS, CHANGE, IMPRESSIONS, CTR, POSITION)


def answer(
    warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings, url: str = ""
) -> Answer:
    """All that is known of the page ``url``; a sentence where the property has no such page."""
    question = ask(warehouse, workspace, filters, settings)
    if missing := no_search_data(question):
        return missing
    rows = page_rows(question).set_index("url", drop=False)
    if url not in rows.index:
        return Answer(
            "Zu dieser Seite gibt es im Zeitraum keine Suchdaten.",
            next_steps=("Eine andere Seite oder einen anderen Zeitraum wählen.",),
            data_date=question.data_date,
            sample=warehouse.sample,
        )
    page: pd.Series[float] = rows.loc[[url]].iloc[0]
    exhibits = (
        *_trend(question, page),
        *_queries(question, page),
        *_rivals(question, page),
        *_index(question, url),
    )
    return Answer(
        message=_message(question, page),
        exhibits=exhibits,
        figures=_cards(question, page),
        caveats=(*events.cut_comparison(question), *events.caveats(question)),
        data_date=question.data_date,
        sample=warehouse.sample,
    )


def _message(question: Question, page: pd.Series[float]) -> str:
    period = german.period(question.now.start, question.now.end)
    start = f"„{page['label']}“: {german.count(page['clicks'], 'Klick', 'Klicks')} im Zeitraum {period}"
    than = compared_with(question.filters.compare)
    change, _ = wording.amount_change(page["clicks_like"], page["clicks_before"], than)
    return f"{start}, {change}." if change else f"{start}."


def _cards(question: Question, page: pd.Series[float]) -> tuple[Figure, ...]:
    services = service_map(question).service_page
    own = services.loc[services["url"] == page["url"], "service"].tolist()
    names = _service_names(question)
    portal = "Portalstatistik, nur ganze Berichtszeiträume; wird nie zu Google-Klicks addiert."
    return (
        Figure(CLICKS.label, german.number(page["clicks"]), CLICKS.definition),
        Figure(POSITION.label, german.number(page["position"], 1), POSITION.definition),
        Figure(CTR.label, german.percent(page["ctr"]), CTR.definition),
        Figure(
            "Seitenansichten",
            german.number(page["unique_page_views"]),
            f"Eindeutige Seitenansichten. {portal}",
        ),
        Figure("Starts des Online-Dienstes", german.number(page["service_starts"]), portal),
        Figure(
            "Zugeordnete Leistungen",
            german.number(len(own)),
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
    first, last = question.warehouse.first_day(question.filters.site), question.data_date
    assert first is not None
    assert last is not None
    period = Period(first, max(min(last, question.now.end), first))

    def build(tables: Tables) -> LazyFrame:
        own = question.rows(tables, "search_page_day").filter(nw.col("url") == page["url"])
        return trends.trend(own, tables["calendar"], period, "week")

    rows = question.warehouse.ask(build)
    # A day on which Google did not show the page has no row: its clicks are none, not unknown.
    known = rows.assign(
        clicks=rows["clicks"].fillna(0), impressions=rows["impressions"].fillna(0), series=trending.NOW
    )
    edge = rows["bucket"].isin([rows["bucket"].min(), rows["bucket"].max()])
    known = known.assign(partial=edge & rows["partial"])
    return tuple(_line(question, page, known, measure.id) for measure in (CLICKS, POSITION))


def _line(question: Question, page: pd.Series[float], rows: pd.DataFrame, name: str) -> Exhibit:
    measure = CLICKS if name == "clicks" else POSITION
    whole = rows[~rows["partial"] & rows[name].notna()]
    recent, decimals = whole[name].tail(4).mean(), 0 if name == "clicks" else 1
    headline = f"{measure.label} der letzten vier vollen Wochen im Mittel {german.number(recent, decimals)}"
    first, last = rows["bucket"].min().date(), rows["bucket"].max().date()
    own = [
        Mark(event.date, event.label, event.sentence or event.label, event.end_date)
        for event in noted(
            question.workspace, first=first, last=last, site=question.filters.site, url=str(page["url"])
        )
    ]
    return question.exhibit(
        f"page_{name}",
        "line",
        rows[["bucket", name, "partial", "provisional"]],
        (
            Field("bucket", "Woche ab", "date"),
            field(measure),
            Field("partial", "Unvollständig", "bool"),
            Field("provisional", "Vorläufig", "bool"),
        ),
        headline=headline,
        subtitle=f"{measure.label} je Woche · „{page['label']}“ · {german.period(first, question.now.end)}",
        alt=f"Linie: {measure.label} je Woche auf „{page['label']}“. {headline}.",
        x="bucket",
        y=name,
        reverse_y=measure.low_is_good,
        marks=tuple(own),
        notes=(measure.definition,),
        height=260,
    )


def _queries(question: Question, page: pd.Series[float]) -> tuple[Exhibit, ...]:
    def build(tables: Tables) -> LazyFrame:
        days = question.sums(tables, "search_page_query_day", question.now, question.before, question.like)
        own = days.filter(nw.col("url") == page["url"], nw.col("query") != "")
        found = compared(own, "query", question.now, question.before, question.like)
        return found.sort("clicks", "impressions", "query", descending=[True, True, False])

    rows = question.warehouse.ask(build)
    shown = rows[rows["impressions"] >= question.settings.privacy.min_query_impressions]
    if shown.empty:
        return ()
    listed, period = shown["clicks"].sum(), german.period(question.now.start, question.now.end)
    part = german.percent(listed / page["clicks"], 0) if page["clicks"] else german.MISSING
    headline = (
        f"{german.count(len(shown), 'genannte Suchanfrage führt', 'genannte Suchanfragen führen')} auf die Seite; "
        f"sie erklären {part} ihrer Klicks"
    )
    exhibit = question.exhibit(
        "page_queries",
        "table",
        shown.head(QUERIES)[["query", *(measure.id for measure in _MEASURES)]],
        (Field("query", "Suchanfrage"), *(field(measure) for measure in _MEASURES)),
        headline=headline,
        subtitle=f"Suchanfragen der Seite nach Klicks · {period}",
        alt=f"Tabelle der Suchanfragen der Seite, {period}. {headline}.",
        notes=("Google nennt seltene Suchanfragen nicht.", f"{CHANGE.label}: {CHANGE.definition}"),
        names_queries=True,
    )
    return (exhibit,)


def _rivals(question: Question, page: pd.Series[float]) -> tuple[Exhibit, ...]:
    found = contested_queries(question)
    own = found[(found["url"] == page["url"]) | (found["rival"] == page["url"])]
    if own.empty:
        return ()
    leads = own["url"] == page["url"]
    other = own["rival_label"].where(leads, own["label"])
    rows = own.assign(
        other=other,
        own_impressions=own["impressions"].where(leads, own["rival_impressions"]),
        other_impressions=own["rival_impressions"].where(leads, own["impressions"]),
    )
    most = rows.groupby("other")["other_impressions"].sum().sort_values(ascending=False).index[0]
    headline = f"Für dieselben Suchanfragen erscheint auch „{most}“"
    exhibit = question.exhibit(
        "page_rivals",
        "table",
        rows[["query", "other", "own_impressions", "other_impressions"]],
        (
            Field("query", "Suchanfrage"),
            Field("other", "Andere Seite"),
            Field("own_impressions", "Impressionen hier", "integer"),
            Field("other_impressions", "Impressionen dort", "integer"),
        ),
        headline=headline,
        subtitle="Konkurrierende eigene Seiten nach umkämpften Impressionen",
        alt=f"Tabelle konkurrierender Seiten. {headline}.",
        notes=(CONTESTED,),
        names_queries=True,
    )
    return (exhibit,)


def _index(question: Question, url: str) -> tuple[Exhibit, ...]:
    def build(tables: Tables) -> LazyFrame:
        own = (nw.col("site") == question.filters.site) & (nw.col("url") == url)
        return tables["url_inspection"].filter(own)

    rows = question.warehouse.ask(build)
    if rows.empty:
        return ()
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
    frame = pd.DataFrame(
        [(name, german.value(value, "text")) for name, value in facts], columns=["fact", "value"]
    )
    exhibit = question.exhibit(
        "page_index",
        "table",
        frame,
        (Field("fact", "Merkmal"), Field("value", "Wert")),
        headline=f"Die Seite ist laut Google {verdict}",
        subtitle="Indexprüfung der Search Console",
        alt=f"Tabelle der Indexprüfung: {verdict}.",
    )
    return (exhibit,)


def titles(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> pd.DataFrame:
    """url, label of every page of the property, by label: what a reader can choose from."""
    question = ask(warehouse, workspace, filters, settings)
    return estimate_rows.titles(question).sort_values("label")[["url", "label"]].reset_index(drop=True)
