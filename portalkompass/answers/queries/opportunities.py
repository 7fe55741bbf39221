"""Chancen: which queries and pages could bring more clicks, by the site's own click rates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.grains import QUERY
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import page_table
from portalkompass.answers.base.query_groups import names_city
from portalkompass.answers.base.question import Question, columns, contained, count_card, field, measures
from portalkompass.answers.queries.contested_rows import contested_exhibit, contested_queries, pairs
from portalkompass.answers.queries.decay_rows import decay_exhibit, decay_rows
from portalkompass.answers.queries.striking_rows import striking_exhibit, striking_rows
from portalkompass.answers.queries.work_list import EXTRA, contents, losses, rivals, snippets, work_list
from portalkompass.estimates.ctr_curve import Curve
from portalkompass.estimates.potential import (
    COVERED,
    ENOUGH_ESTIMATES,
    FARTHEST_PLACE,
    expected,
    potential,
    rarely_clicked,
    standing,
    usual_error,
)
from portalkompass.exhibit import Axes, Exhibit, Field
from portalkompass.metrics.derived_measures import TARGET
from portalkompass.metrics.measures import CLICKS, CTR, EXPECTED_CTR, IMPRESSIONS, POSITION

ROWS_SHOWN = 200
FEW_DAYS = 28
"""Days with data below which it is said from how many of them a year is worked out."""
GOOD_PLACE = 10.5
NO_CURVE = (
    "Für die Klickkurve reichen die Suchanfragen nicht aus: einen längeren Zeitraum wählen oder weitere Tage "
    "laden."
)
LISTS_ONLY = (
    "Die Filter kürzen nur die Listen; Klickkurve und übliche Klickraten sind die des ganzen Portals."
)
NO_LOSSES = "Rückgänge von Seiten lassen sich nicht nach Suchanfragen filtern und stehen nicht hier."
NO_POTENTIAL = "Aus den geladenen Suchanfragen ergibt sich kein bezifferbares Klickpotenzial."
GOAL = (
    "Realistisches Ziel: fünf Plätze weiter vorn, höchstens Platz 3; wer dort schon steht oder auffällig selten "
    "geklickt wird, soll so oft geklickt werden wie dort üblich. Platz und Klickrate sind die der neuesten Monate "
    "(höchstens drei, nach der letzten Umstellung bei Google), die Impressionen im Jahr die des ganzen Zeitraums je "
    "Tag mit Daten. Eine Schätzung, keine Zusage."
)
TESTED = (
    "Spanne aus der Rückschau: {covered} von {count} früheren Schätzungen zu Suchanfragen, die seither vorrückten, "
    "lagen höchstens um den Faktor {factor} neben den Klicks, die dann kamen (bei gleich vielen Impressionen)."
)
UNTESTED = (
    "Für eine Rückschau ist der Zeitraum zu kurz oder rückten zu wenige Suchanfragen vor: Die Spanne nimmt die Hälfte "
    "bis das Doppelte der Klickrate am Ziel an."
)


@dataclass(frozen=True, slots=True)
class Estimated:
    """How this answer estimates: from which month on, by which curve, how far it goes wrong; and that in words."""

    since: pd.Timestamp
    curve: Curve
    error: float
    notes: tuple[str, ...]
    window: str


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What is worked out of all traffic, and filters only shorten."""

    by: Estimated | None
    lost: pd.DataFrame
    contested: pd.DataFrame


def answer(question: Question) -> Answer:
    """Potential of queries and pages, odd click rates at good places, pages that lost, pages in each other's way."""
    if missing := no_search_data(question, "search_query_day"):
        return missing
    whole = question.whole
    if question.scope:
        question = replace(question, costs=_lists_only(question))
    every_month, every_cell = (
        estimate_rows.query_months(whole, *keys) for keys in (("query",), ("url", "query"))
    )
    found = _found(whole, every_month, every_cell)
    by = found.by
    months, cells = _chosen(question, every_month, every_cell)
    lost = found.lost.head(0) if question.scope.by_query else question.among(found.lost)
    twins = pairs(_chosen_pairs(question, found.contested))
    tasks = (losses(lost), rivals(twins))
    without_curve = decay_exhibit(question, lost), contested_exhibit(question, twins)
    caveats = (
        *events.gaps(whole, "search_query_day", "search_page_query_day"),
        *events.gaps(whole, "search_page_day", weeks=True),
        *events.caveats(question, question.now),
    )
    if by is None:
        shown = (work_list(question, *tasks), *without_curve)
        return question.answer(NO_POTENTIAL, shown, caveats=caveats, next_steps=(NO_CURVE,))
    titles = estimate_rows.titles(question)[["url", "label"]]
    queries = _queries(whole, months, by)
    striking = striking_rows(queries, cells, titles)
    pages, odd = _pages(whole, cells, titles, by)
    exhibits = (
        work_list(question, snippets(odd), contents(striking, pages), *tasks),
        striking_exhibit(question, striking, " ".join(by.notes), by.window),
        _odd(question, odd, by),
        *without_curve,
        _potential(question, pages, "url", by),
        _potential(question, queries, "query", by),
        _curve(question, by.curve, by.window),
    )
    cautions = (*_few_days(whole), *caveats)
    return question.answer(_message(pages, odd, by), exhibits, _cards(striking, pages, odd, by), cautions)


def _few_days(question: Question) -> tuple[str, ...]:
    """A sentence where clicks a year are worked out from less than four weeks."""
    days = question.covered(QUERY, question.now)
    if days >= FEW_DAYS:
        return ()
    return (
        f"Klicks im Jahr sind aus nur {german.count(days, 'Tag', 'Tagen')} mit Daten hochgerechnet; was an ihnen "
        "Zufall oder Jahreszeit war, geht ganz ein.",
    )


def _found(whole: Question, months: pd.DataFrame, cells: pd.DataFrame) -> Found:
    """Made once, however the lists are filtered; whoever gets it only reads it."""

    def make() -> Found:
        by = None if months.empty else _estimated(whole, months)
        return Found(by, decay_rows(whole), contested_queries(whole, (cells, months)))

    return whole.once("opportunities", make, *whole.periods, *estimate_rows.state(whole))


def _lists_only(question: Question) -> tuple[str, ...]:
    """What the filters do here, and what they do not."""
    lost = (NO_LOSSES,) if question.scope.by_query else ()
    return (LISTS_ONLY, *lost)


def _chosen(
    question: Question, months: pd.DataFrame, cells: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The monthly cells of queries, and of pages and queries, that the filters choose.

    Of pages chosen the queries are those that Google shows them for.
    """
    inside = question.among(cells)
    asked = question.among(months)
    return (asked[contained(asked["query"], inside["query"])] if question.scope.by_page else asked), inside


def _chosen_pairs(question: Question, contested: pd.DataFrame) -> pd.DataFrame:
    """The contested queries of which one page is chosen, and the query itself."""
    rivals = question.among(contested.assign(url=contested["rival"])).index
    return contested[contested.index.isin(question.among(contested).index.union(rivals))]


def _estimated(question: Question, months: pd.DataFrame) -> Estimated | None:
    """From the newest months, where they suffice for a curve: old places and old ways of counting do not bend it."""
    since, curve = estimate_rows.recent_curve(question, months)
    if curve is None:
        return None
    error, count = usual_error(months, ~names_city(months["query"], question.settings))
    told = TESTED.format(
        covered=german.percent(COVERED, 0),
        count=german.number(count),
        factor=german.number(math.exp(error), 2),
    )
    range_note = told if count >= ENOUGH_ESTIMATES else UNTESTED
    return Estimated(since, curve, error, (GOAL, range_note), _window(question, since))


def _window(question: Question, since: pd.Timestamp) -> str:
    """The days of the period from that month on, in words."""
    end = min(question.now.end, question.data_date or question.now.end)
    return german.period(max(since.date(), question.now.start), end)


def _message(pages: pd.DataFrame, odd: pd.DataFrame, by: Estimated) -> str:
    if pages.empty:
        return NO_POTENTIAL
    best = pages.iloc[0]
    start = (
        f"Das größte Klickpotenzial hat „{best['label']}“: etwa {_about(best['extra'])} mehr "
        f"im Jahr ({german.number(round(best['extra_low'], -1))} bis {german.number(round(best['extra_high'], -1))})"
    )
    if odd.empty:
        return f"{start}."
    first = odd.iloc[0]
    return (
        f"{start}. „{first['label']}“ stand auf Platz {german.number(first['position'], 1)}, wurde aber nur bei "
        f"{german.percent(first['ctr'])} der Anzeigen geklickt; üblich wären "
        f"hier {german.percent(first['expected_ctr'])} ({by.window})."
    )


def _about(clicks: float) -> str:
    return german.count(round(clicks, -1), "Klick", "Klicks")


def _cards(
    striking: pd.DataFrame, pages: pd.DataFrame, odd: pd.DataFrame, by: Estimated
) -> tuple[Figure, ...]:
    return (
        count_card(
            "Suchanfragen in Reichweite",
            len(striking),
            "Genannte Suchanfragen mit Ø Position von 4 bis gerundet 20, die weiter vorn mindestens einen Klick mehr "
            f"im Jahr brächten. Stand: {by.window}.",
        ),
        count_card("Seiten mit Potenzial", len(pages), GOAL),
        count_card(
            "Auffällig selten geklickt",
            len(odd),
            "Seiten bis Platz 10, die über den Zufall hinaus seltener geklickt werden als 90 % der Impressionen an "
            f"solchen Plätzen. Stand: {by.window}.",
        ),
    )


def _queries(question: Question, months: pd.DataFrame, by: Estimated) -> pd.DataFrame:
    """Queries in striking distance or clicked too rarely, most extra clicks first; rare ones are not listed."""
    stands = standing(
        months, ["query"], by.curve, max(question.covered("search_query_day", question.now), 1), by.since
    )
    least = question.least_impressions
    asked = stands[(stands["impressions"] >= least) & (stands["position"] < FARTHEST_PLACE)]
    rows = potential(asked, by.curve, by.error)
    return rows[rows["extra"] >= 1].sort_values(["extra", "query"], ascending=[False, True])


def _pages(
    question: Question, cells: pd.DataFrame, titles: pd.DataFrame, by: Estimated
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pages by the extra clicks of their queries, and those clicked far too rarely at a good place.

    A page has one figure of extra clicks, whichever list it stands in.
    """
    if cells.empty:
        nothing = cells.assign(extra=0.0, extra_low=0.0, extra_high=0.0, ctr=0.0, expected_ctr=0.0, label="")
        return nothing, nothing
    pages = expected(cells[cells["month"] >= by.since], "url", by.curve).merge(titles, on="url", how="inner")
    odd = pages.loc[(pages["position"] < GOOD_PLACE) & rarely_clicked(pages), "url"]
    stands = standing(
        cells,
        ["url", "query"],
        by.curve,
        max(question.covered("search_page_query_day", question.now), 1),
        by.since,
    )
    near = stands[stands["position"] < FARTHEST_PLACE]
    gains = potential(near, by.curve, by.error, near["url"].isin(odd).to_numpy())
    summed = gains.groupby("url")[["extra", "extra_low", "extra_high"]].sum().reset_index()
    gained = pages.merge(summed, on="url", how="inner")
    gained = gained[gained["extra"] >= 1].sort_values(["extra", "url"], ascending=[False, True])
    return gained, gained[gained["url"].isin(odd)]


def _potential(question: Question, rows: pd.DataFrame, key: str, by: Estimated) -> Exhibit | None:
    if rows.empty:
        return None
    queries = key == "query"
    name = "query" if queries else "label"
    first = rows.iloc[0]
    noun = ("Suchanfrage", "Suchanfragen") if queries else ("Seite", "Seiten")
    return question.table(
        "potential_queries" if queries else "potential_pages",
        rows.head(ROWS_SHOWN),
        (
            Field(name, "Suchanfrage" if queries else "Seite"),
            *EXTRA,
            field(POSITION),
            *((field(TARGET),) if queries else ()),
            *measures(IMPRESSIONS, CTR, EXPECTED_CTR),
            *(() if queries else (Field("url", "Adresse", "link"),)),
        ),
        headline=f"„{first[name]}“ könnte etwa {_about(first['extra'])} mehr im Jahr bringen",
        subtitle=f"{german.count(min(len(rows), ROWS_SHOWN), *noun)} nach erwartbaren Mehrklicks · {by.window}",
        alt=f"Tabelle der {noun[1]} nach Klickpotenzial, {by.window}.",
        notes=(*by.notes, EXPECTED_CTR.explained),
        names_queries=queries,
        row_key="" if queries else "url",
    )


def _odd(question: Question, rows: pd.DataFrame, by: Estimated) -> Exhibit | None:
    if rows.empty:
        return None
    first = rows.iloc[0]
    return page_table(
        question,
        "ctr_outliers",
        rows,
        (*measures(POSITION, CTR, EXPECTED_CTR), *EXTRA, *measures(IMPRESSIONS, CLICKS)),
        headline=f"„{first['label']}“ wurde auf Platz {german.number(first['position'], 1)} nur bei "
        f"{german.percent(first['ctr'])} der Anzeigen geklickt",
        subtitle=f"Seiten bis Platz 10, die weit seltener geklickt werden als üblich · {by.window}",
        alt=f"Tabelle der auffällig selten geklickten Seiten, {by.window}.",
        notes=(
            "Gezählt werden die genannten Suchanfragen der Seite. Oft passen Titel oder Beschreibung im Suchergebnis "
            "nicht zur Suche, oder Google beantwortet die Frage schon selbst.",
            *by.notes,
            EXPECTED_CTR.explained,
        ),
    )


def _curve(question: Question, curve: Curve, window: str) -> Exhibit:
    """Usual click rate by position, the range of 80 % of the impressions in the rows; ``window`` names the days."""
    frame = pd.DataFrame(
        {
            "position": curve.positions,
            "expected_ctr": curve.rates,
            "low": curve.low,
            "high": curve.high,
            "impressions": [round(shown) for shown in curve.impressions],
        }
    )
    place, rate = german.number(frame["position"].iloc[0], 1), german.percent(frame["expected_ctr"].iloc[0])
    tenth = german.percent(float(curve.rate(pd.Series([10.0]).to_numpy())[0]))
    headline = f"Auf Platz {place} führen {rate} der Anzeigen zu einem Klick, auf Platz 10 noch {tenth}"
    return question.exhibit(
        "ctr_curve",
        "scatter",
        frame,
        (
            *measures(POSITION, EXPECTED_CTR),
            *columns("percent", low="10 % liegen unter", high="10 % liegen über"),
            field(IMPRESSIONS),
        ),
        headline=headline,
        subtitle=f"Übliche Klickrate nach Position, Suchanfragen ohne Stadtnamen · {window}",
        alt=f"Punkte der üblichen Klickrate nach Position, {window}. {headline}.",
        x="position",
        y="expected_ctr",
        size="impressions",
        notes=(EXPECTED_CTR.definition,),
        axes=Axes(x_from=1.0),
    )
