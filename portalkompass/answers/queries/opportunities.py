"""Chancen: which queries and pages could bring more clicks, by the site's own click rates."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import page_table
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import Question, columns, count_card, field, measures
from portalkompass.answers.queries.contested_rows import contested_exhibit, contested_queries, pairs
from portalkompass.answers.queries.decay_rows import decay_exhibit, decay_rows
from portalkompass.answers.queries.striking_rows import FARTHEST_PLACE, striking_exhibit, striking_rows
from portalkompass.answers.queries.work_list import EXTRA, contents, losses, rivals, snippets, work_list
from portalkompass.estimates.ctr_curve import Curve
from portalkompass.estimates.potential import DAYS_A_YEAR, expected, potential
from portalkompass.exhibit import Axes, Exhibit, Field
from portalkompass.metrics.derived_measures import LACKING, TARGET
from portalkompass.metrics.measures import CLICKS, CTR, EXPECTED_CTR, IMPRESSIONS, POSITION

ROWS_SHOWN = 200
GOOD_PLACE = 10.5
NO_CURVE = (
    "Für die Klickkurve reichen die Suchanfragen nicht aus: einen längeren Zeitraum wählen oder weitere Tage "
    "laden."
)
NO_POTENTIAL = "Aus den geladenen Suchanfragen ergibt sich kein bezifferbares Klickpotenzial."
EXTRA_NOTE = (
    "Realistisches Ziel: fünf Plätze weiter vorn, höchstens Platz 3; wer dort schon steht, soll so oft geklickt "
    "werden wie auf diesem Platz üblich. Die Spanne enthält, was 80 % der Impressionen an solchen Plätzen bringen. "
    "Eine Schätzung, keine Zusage."
)


def answer(question: Question) -> Answer:
    """Potential of queries and pages, odd click rates at good places, pages that lost, pages in each other's way."""
    if missing := no_search_data(question):
        return missing
    months = estimate_rows.query_months(question, "query")
    curve = estimate_rows.curve(question, months) if not months.empty else None
    cells = estimate_rows.query_months(question, "url", "query")
    lost, twins = decay_rows(question), pairs(contested_queries(question, (cells, months)))
    tasks = (losses(lost), rivals(twins))
    without_curve = decay_exhibit(question, lost), contested_exhibit(question, twins)
    caveats = events.caveats(question)
    if curve is None:
        shown = (work_list(question, *tasks), *without_curve)
        return question.answer(NO_POTENTIAL, shown, caveats=caveats, next_steps=(NO_CURVE,))
    titles = estimate_rows.titles(question)[["url", "label"]]
    queries = _queries(question, months, curve)
    striking = striking_rows(queries, cells, titles)
    pages, odd = _pages(question, cells, titles, curve)
    exhibits = (
        work_list(question, snippets(odd), contents(striking), *tasks),
        striking_exhibit(question, striking, EXTRA_NOTE),
        _odd(question, odd),
        *without_curve,
        _potential(question, pages, "url"),
        _potential(question, queries, "query"),
        _curve(question, curve),
    )
    return question.answer(_message(pages, odd), exhibits, _cards(striking, pages, odd), caveats)


def _message(pages: pd.DataFrame, odd: pd.DataFrame) -> str:
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
        f"{start}. „{first['label']}“ steht auf Platz {german.number(first['position'], 1)}, wird aber nur bei "
        f"{german.percent(first['ctr'])} der Anzeigen geklickt; üblich wären "
        f"hier {german.percent(first['expected_ctr'])}."
    )


def _about(clicks: float) -> str:
    return german.count(round(clicks, -1), "Klick", "Klicks")


def _cards(striking: pd.DataFrame, pages: pd.DataFrame, odd: pd.DataFrame) -> tuple[Figure, ...]:
    return (
        count_card(
            "Suchanfragen in Reichweite",
            len(striking),
            "Genannte Suchanfragen mit Ø Position zwischen 4 und 20: mit besserem Inhalt erreichbar.",
        ),
        count_card("Seiten mit Potenzial", len(pages), EXTRA_NOTE),
        count_card(
            "Auffällig selten geklickt",
            len(odd),
            "Seiten bis Platz 10, die seltener geklickt werden als 90 % der Impressionen an solchen Plätzen.",
        ),
    )


def _queries(question: Question, months: pd.DataFrame, curve: Curve) -> pd.DataFrame:
    """Queries in striking distance or clicked too rarely, most extra clicks first; rare ones are not listed."""
    summed = expected(months, "query", curve)
    least = question.least_impressions
    asked = summed[(summed["impressions"] >= least) & (summed["position"] < FARTHEST_PLACE)]
    rows = potential(asked, curve, length(question.now))
    return rows[rows["extra"] >= 1].sort_values(["extra", "query"], ascending=[False, True])


def _pages(
    question: Question, cells: pd.DataFrame, titles: pd.DataFrame, curve: Curve
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pages by the extra clicks of their queries, and those clicked far too rarely at a good place."""
    if cells.empty:
        nothing = cells.assign(extra=0.0, extra_low=0.0, extra_high=0.0, ctr=0.0, expected_ctr=0.0, label="")
        return nothing, nothing
    days = length(question.now)
    near = potential(cells[cells["position"] < FARTHEST_PLACE], curve, days)
    gains = near.groupby("url")[["extra", "extra_low", "extra_high"]].sum().reset_index()
    pages = expected(cells, "url", curve).merge(titles, on="url", how="inner")
    gained = pages.merge(gains, on="url", how="inner")
    gained = gained[gained["extra"] >= 1].sort_values(["extra", "url"], ascending=[False, True])
    odd = pages[(pages["position"] < GOOD_PLACE) & (pages["clicks"] < pages["expected_low"])]
    scale = DAYS_A_YEAR / days
    yearly = odd.assign(
        extra=odd["lacking"] * scale,
        extra_low=(odd["expected_low"] - odd["clicks"]) * scale,
        extra_high=(odd["expected_high"] - odd["clicks"]) * scale,
    )
    return gained, yearly.sort_values(["lacking", "url"], ascending=[False, True])


def _potential(question: Question, rows: pd.DataFrame, key: str) -> Exhibit | None:
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
        subtitle=f"{german.count(min(len(rows), ROWS_SHOWN), *noun)} nach erwartbaren Mehrklicks · {question.period}",
        alt=f"Tabelle der {noun[1]} nach Klickpotenzial, {question.period}.",
        notes=(EXTRA_NOTE, EXPECTED_CTR.explained),
        names_queries=queries,
        row_key="" if queries else "url",
    )


def _odd(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    if rows.empty:
        return None
    first = rows.iloc[0]
    return page_table(
        question,
        "ctr_outliers",
        rows,
        (
            *measures(POSITION, CTR, EXPECTED_CTR),
            field(LACKING, "extra"),
            *EXTRA[1:],
            *measures(IMPRESSIONS, CLICKS),
        ),
        headline=f"„{first['label']}“ wird auf Platz {german.number(first['position'], 1)} nur bei "
        f"{german.percent(first['ctr'])} der Anzeigen geklickt",
        subtitle=f"Seiten bis Platz 10, die weit seltener geklickt werden als üblich · {question.period}",
        alt=f"Tabelle der auffällig selten geklickten Seiten, {question.period}.",
        notes=(
            "Gezählt werden die genannten Suchanfragen der Seite. Oft passen Titel oder Beschreibung im Suchergebnis "
            "nicht zur Suche, oder Google beantwortet die Frage schon selbst.",
            EXPECTED_CTR.explained,
        ),
    )


def _curve(question: Question, curve: Curve) -> Exhibit:
    """Usual click rate by position, with the range of 80 % of the impressions in the rows."""
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
        subtitle=f"Übliche Klickrate nach Position, Suchanfragen ohne Stadtnamen · {question.period}",
        alt=f"Punkte der üblichen Klickrate nach Position, {question.period}. {headline}.",
        x="position",
        y="expected_ctr",
        size="impressions",
        notes=(EXPECTED_CTR.definition,),
        axes=Axes(x_from=1.0),
    )
