"""Kommunen: one service in all municipalities of the archive, side by side; small counts are protected."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.link_rows import heirs_of, links_state, with_heirs
from portalkompass.answers.base.missing_data import LINK_PAGES, no_search_data
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import Question, card, columns, count_card, field, measures
from portalkompass.answers.services.small_counts import told_sums
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CTR, IMPRESSIONS, POSITION
from portalkompass.metrics.selection import Period, within
from portalkompass.metrics.services import service_by_site, service_pages_by_month
from portalkompass.schema import STAFF_PAGES
from portalkompass.suppression import SMALLEST, is_small
from portalkompass.urls import host_of
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import links, resolve_pages

ROWS_SHOWN = 1_000
LEAST_IMPRESSIONS = 100
"""With fewer impressions in the period a place is chance: the municipality is listed without rank."""
NOTES = (
    "Gemessen an denselben Seitenpfaden je Kommune, jede an ihrer eigenen Property; Klicks verschiedener Kommunen "
    "werden nicht addiert. Eine Kommune ohne solche Seite fehlt: Von ihr ist nichts bekannt.",
    f"Klicks und Klickrate zählen ganze, abgeschlossene Monate. Klicks einer Seite unter {SMALLEST} im Monat werden "
    "nicht ausgewiesen; Summen mit ihnen stehen als Spanne, ohne Klickrate.",
    f"Unter {LEAST_IMPRESSIONS} Impressionen im Zeitraum gibt es keinen Rang.",
)


def several(warehouse: Warehouse) -> bool:
    """Whether the archive holds properties of more than one municipality."""
    names = warehouse.once(
        ("municipalities",), lambda: warehouse.ask(lambda t: t["sites"].select("municipality").unique())
    )
    return len(names) > 1


def answer(question: Question, service: str = "") -> Answer:
    """Position, impressions, clicks and click rate of ``service`` in every municipality, best place first.

    Without a service the first that any page is mapped to is taken; the exhibit ``municipality_services`` lists
    what can be chosen.
    """
    if missing := no_search_data(question):
        return missing
    mapped, names = _mapped(question), _names(question)
    offered = sorted(_comparable(mapped), key=lambda id: names.get(id, id))
    if not offered:
        return Answer(
            "Noch sind keine Seiten zweier Kommunen derselben Leistung zugeordnet.", next_steps=(LINK_PAGES,)
        )
    chosen = service if service in offered else offered[0]
    rows = comparison_rows(question, mapped[mapped["service"] == chosen])
    name = names.get(chosen, chosen)
    choices = pd.DataFrame({"service": offered, "name": [names.get(id, id) for id in offered]})
    return question.answer(
        message=_message(question, rows, name),
        exhibits=(_table(question, rows, name), _choices(question, choices)),
        figures=_cards(rows),
        caveats=_missing_days(question, rows),
    )


def _missing_days(question: Question, rows: pd.DataFrame) -> tuple[str, ...]:
    """Sentence on days of the period that the pages of a municipality lack, up to the last day that any of them has."""
    lasts = [day for day in map(question.warehouse.data_date, rows["site"]) if day]
    if not lasts or max(lasts) < question.now.start:
        return ()
    asked = Period(question.now.start, min(question.now.end, max(lasts)))
    search_type = question.filters.search_type
    days = question.warehouse.ask(
        lambda t: (
            within(t["search_page_day"].filter(nw.col("search_type") == search_type), asked)
            .select("site", "date")
            .unique()
            .group_by("site")
            .agg(nw.len().alias("days"))
        )
    )
    missing = length(asked) - rows["site"].map(days.set_index("site")["days"]).fillna(0)
    named = sorted(zip(rows["municipality"], missing, strict=True))
    lacking = [f"{name} an {german.number(amount)}" for name, amount in named if amount > 0]
    if not lacking:
        return ()
    told = f"{german.listing(lacking)} von {german.number(length(asked))} Tagen"
    return (f"Die Tageswerte der Seiten fehlen: {told}. Summen daraus sind zu klein.",)


def comparison_rows(question: Question, service_page: pd.DataFrame) -> pd.DataFrame:
    """municipality, site, own, rank, position, impressions, clicks, clicks_hidden, ctr; the best place first.

    Those without a rank come last. ``clicks`` and ``ctr`` come from the whole months of the period; they are
    missing where the count is hidden, and ``clicks_hidden`` says what stands in its place.
    """
    search_type = question.filters.search_type
    linked = service_page[["url", "share"]].astype({"url": "str", "share": "float64"})
    rows = question.warehouse.ask(
        lambda t: service_by_site(t["search_page_day"], t["service_page"], question.now, search_type).join(
            t["sites"], on="site", how="inner"
        ),
        service_page=linked,
    )
    told = rows.drop(columns="clicks").merge(_clicks(question, linked), on="site", how="left")
    ranked = told.assign(
        clicks_hidden=told["clicks_hidden"].fillna(""),
        rank=told["position"].where(told["impressions"] >= LEAST_IMPRESSIONS).rank(method="min"),
        own=told["site"] == question.filters.site,
    )
    return ranked.sort_values(["rank", "municipality"], na_position="last", ignore_index=True)


def _clicks(question: Question, service_page: pd.DataFrame) -> pd.DataFrame:
    """site, clicks, clicks_hidden, ctr over the months of the period that are whole and over.

    What is hidden is decided by page and month, so that no two periods, and no two ways to map pages, say more.
    """
    search_type = question.filters.search_type
    every = question.warehouse.ask(
        lambda t: service_pages_by_month(
            t["search_page_day"], t["service_page"], t["calendar"], question.now, search_type
        ),
        service_page=service_page,
    )
    month = pd.to_datetime(every["month"])
    last = month + pd.offsets.MonthEnd(0)
    until = pd.to_datetime(
        every["site"].map({site: question.warehouse.data_date(site) for site in every["site"].unique()})
    )
    over = (
        (last <= until)
        & (last <= pd.Timestamp(question.now.end))
        & (month >= pd.Timestamp(question.now.start))
    )
    rows = every[over]
    cells = rows.assign(
        clicks_state=["below" if is_small(count) else "shown" for count in rows["clicks"]],
        shown=rows["impressions"] * rows["share"],
    )
    told = told_sums(cells, "clicks", "site")
    return told.assign(ctr=told["clicks"] / cells.groupby("site")["shown"].sum()).reset_index()


def _mapped(question: Question) -> pd.DataFrame:
    """url, service, share over the pages of all properties: links match paths, so they hold everywhere.

    Moved pages of the chosen property have the services of their old address, where the new one has none.
    """

    def resolve() -> pd.DataFrame:
        urls = question.warehouse.ask(lambda t: t["pages"].select("url").unique().sort("url"))["url"]
        pages = resolve_pages(urls[urls != STAFF_PAGES].tolist(), links(question.workspace))
        served = pages.loc[pages["service"] != "", ["url", "service", "share"]]
        return with_heirs(served, heirs_of(question, set(pages["url"])))

    return question.warehouse.once(("pages of services", *links_state(question)), resolve)


def _comparable(mapped: pd.DataFrame) -> set[str]:
    """Services that pages of more than one host serve: one alone is compared with nobody."""
    hosts = mapped.assign(host=mapped["url"].map(host_of)).groupby("service")["host"].nunique()
    return set(hosts[hosts > 1].index)


def _names(question: Question) -> dict[str, str]:
    listed = question.warehouse.ask(lambda t: t["services"].select("service", "name").sort("service"))
    linked = {link.service_id: link.service_name for link in links(question.workspace) if link.service_name}
    return linked | dict(zip(listed["service"], listed["name"], strict=True))


def _message(question: Question, rows: pd.DataFrame, name: str) -> str:
    ranked = german.count(int(rows["rank"].notna().sum()), "Kommune", "Kommunen")
    own = rows[rows["own"] & rows["rank"].notna()]
    if own.empty:
        return (
            f"„{name}“: {ranked} im Vergleich ({question.period}); die gewählte Property ist nicht darunter."
        )
    first = own.iloc[0]
    return (
        f"„{name}“: Rang {german.number(first['rank'])} von {ranked} nach Ø Position "
        f"({german.number(first['position'], 1)}), {question.period}."
    )


def _cards(rows: pd.DataFrame) -> tuple[Figure, ...]:
    own = rows[rows["own"]]
    place = own["position"].iloc[0] if len(own) else None
    return (
        count_card("Kommunen", len(rows), "Kommunen, deren Seite zur Leistung gezeigt wurde."),
        count_card(
            "Rang der gewählten Property",
            own["rank"].iloc[0] if len(own) else None,
            f"Nach Ø Position, ab {LEAST_IMPRESSIONS} Impressionen im Zeitraum.",
        ),
        card(POSITION, place),
    )


def _table(question: Question, rows: pd.DataFrame, name: str) -> Exhibit | None:
    if rows.empty:
        return None
    ranked = rows[rows["rank"].notna()]
    headline = (
        f"„{name}“ in {german.count(len(rows), 'Kommune', 'Kommunen')}"
        if ranked.empty
        else f"„{name}“: am weitesten vorn steht {ranked.iloc[0]['municipality']}"
    )
    return question.table(
        "municipality_comparison",
        rows.head(ROWS_SHOWN),
        (
            Field("rank", "Rang", "integer"),
            Field("municipality", "Kommune"),
            *measures(POSITION, IMPRESSIONS),
            Field("clicks", "Nachfrage", "integer", help=NOTES[1]),
            field(CTR),
            Field("site", "Property"),
        ),
        headline=headline,
        subtitle=f"Dieselbe Leistung in allen Kommunen, nach Ø Position · {question.period}",
        alt=f"Tabelle der Kommunen zu „{name}“, {question.period}.",
        beside=("clicks_hidden",),
        source="Google Search Console, je Kommune die eigene Property",
        period=(question.now.start, question.now.end),
        notes=NOTES,
    )


def _choices(question: Question, rows: pd.DataFrame) -> Exhibit:
    return question.table(
        "municipality_services",
        rows,
        columns(service="Kennung", name="Leistung"),
        headline=german.count(len(rows), "Leistung", "Leistungen"),
        subtitle="Leistungen mit zugeordneten Seiten",
        told="Tabelle der Leistungen, die verglichen werden können.",
        source="Zuordnungen im Arbeitsbereich",
    )
