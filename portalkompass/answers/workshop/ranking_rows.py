"""Tables and charts of a decision: ranks by lane, contributions, rank ranges, criteria."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.criterion_values import CHANGES, TREND
from portalkompass.answers.workshop.decision import (
    CANDIDATE,
    NOTHING,
    Decision,
    known_enough,
    leading,
    rivals,
)
from portalkompass.exhibit import Exhibit, Field, Format
from portalkompass.prioritisation import Criterion, Robustness, contributions

CHAPTER = "Priorisierung"
"""Of docs/methods.md."""
METHOD = (
    "Nutzwertanalyse: Jede Leistung erhält je Kriterium einen Wert zwischen 0 und 1 (feste Anker), mal Gewicht; "
    "100 Punkte sind das Höchste."
)
INTERVAL = (
    "Fehlt ein Wert oder ist er nur als Spanne bekannt, sind auch Punkte und Rang eine Spanne; "
    "in der Punktzahl zählt ein fehlender Wert mit der Hälfte."
)
NEAR = (
    "Gewichte zufällig um die gewählten herum: Ein Drittel des Gewichts schwankt um 7 Punkte von 100 "
    "(Standardabweichung); was 0 ist, bleibt 0."
)
GATE = "Gereiht wird innerhalb der Bahn; die Bahn folgt der Bereitschaft und ist kein Teil der Punktzahl."
NO_LANE = "ohne Bahn"
CLEAR_POINTS = 1.0
"""Points by which a criterion has to set the first apart before a sentence names it."""
MOST_COLOURS, REST, MISSING = 5, "rest", "missing"
LEAST_PART = 0.05
"""Points; a smaller part of a bar is 0,0 on the screen."""
MOST_BARS = 40
"""Services of the chart of points at most; one of all 189 that a city may have would be taller than five screens."""
SCALES = {"linear": "linear", "log": "logarithmisch", "ladder": "Stufen"}
SLUGS = {
    "startbar": "startable",
    "wartet auf andere": "waiting",
    "erst klären": "unclear",
    CANDIDATE: "candidates",
}
LANE_FIELDS = ("rank", "name", "score", "score_range", "rank_range", "known", "lane_reason")
"""Columns of a ranking that a slide has room for; the criteria's values stay with the files."""
OVERALL = "ranking_overall"
"""The table of all services in one list."""
RANGES = ("score_range", "rank_range")
"""Columns that only repeat points and rank where every value is known."""


def table_ids(decision: Decision) -> dict[str, str | None]:
    """The ids of the ranking's tables with their lanes, in the order of the lanes; last all services, without one."""
    lanes = decision.by_lane
    present = [lane for lane in (*service_list.LANES, "", CANDIDATE) if lane in lanes]
    return {f"ranking_{SLUGS.get(lane, 'without_lane')}": lane for lane in present} | {OVERALL: None}


def lane_tables(
    question: Question, decision: Decision, ids: Collection[str] | None = None
) -> tuple[Exhibit, ...]:
    """One table a lane in the order of the lanes, then all services in one list; or those of these ids only."""
    ranks = decision.ranking
    return tuple(
        _overall(question, decision, _rows(decision, ranks))
        if lane is None
        else _lane(question, decision, _rows(decision, decision.by_lane[lane]), lane)
        for id, lane in table_ids(decision).items()
        if ids is None or id in ids
    )


def lane_page(ranked: Answer) -> tuple[Exhibit, ...]:
    """The ranking inside every lane as one table; the criteria's values stay with the files."""
    lanes = [table for table in ranked.exhibits if table.lane is not None and not table.frame.empty]
    if not lanes:
        return ()
    first = lanes[0]
    rows = pd.concat([table.frame.assign(lane_name=table.lane) for table in lanes], ignore_index=True)
    known = not rows["score_range"].str.contains("–").any()
    names = [name for name in LANE_FIELDS if not (known and name in RANGES)]
    page = replace(
        first,
        id="ranking_by_lane",
        frame=rows,
        fields=(Field("lane_name", "Bahn"), *(first.field(name) for name in names)),
        headline=ranked.message.rstrip("."),
        subtitle=f"Reihenfolge innerhalb der Bahnen · {first.subtitle.rpartition(' · ')[2]}",
        alt=f"Tabelle der Reihenfolge je Bahn. {ranked.message}",
        lane=None,
    )
    return (page,)


def _rows(decision: Decision, ranks: pd.DataFrame) -> pd.DataFrame:
    """These rows of the ranking with intervals as text, the reason of the lane and the criteria's raw values."""
    known = [
        f"{known} von {asked}" if known else f"{known} von {asked}: {standing}"
        for known, asked, standing in ranks[["known_criteria", "criteria", "standing"]].itertuples(
            index=False, name=None
        )
    ]
    rows = ranks.assign(
        rank_range=_spans(ranks, "rank", 0), score_range=_spans(ranks, "score", 1), known=known
    )
    ids = rows["service_id"]
    beside = (decision.services[["lane_reason", "trend_note"]], decision.evaluation.matrix)
    return pd.concat([rows, *(frame.reindex(ids).set_axis(rows.index) for frame in beside)], axis=1)


def _spans(ranks: pd.DataFrame, name: str, decimals: int) -> list[str]:
    ends = _pairs(ranks, f"{name}_low", f"{name}_high")
    return [span(german.number(low, decimals), german.number(high, decimals)) for low, high in ends]


def _pairs(ranks: pd.DataFrame, left: str, right: str) -> Iterable[tuple[float, float]]:
    return zip(ranks[left].tolist(), ranks[right].tolist(), strict=True)


def span(low: str, high: str) -> str:
    """From the lower to the upper end; one of them where both are alike."""
    return low if low == high else f"{low}–{high}"


def quoted(names: Iterable[object]) -> str:
    """Names in quotation marks, listed."""
    return german.listing([f"„{name}“" for name in names])


def labelled(ranks: pd.DataFrame) -> pd.Series[str]:
    """The name of each ranked service with its lane in brackets, and there whether nothing of it is known."""
    blank = (ranks["known_criteria"] == 0).map({True: f"; {NOTHING}", False: ""})
    return ranks["name"] + " (" + ranks["lane"].replace("", NO_LANE) + blank + ")"


def _fields(decision: Decision, rank: str, *, lane: bool) -> tuple[Field, ...]:
    return (
        Field(rank, "Rang", "integer"),
        Field("name", "Leistung"),
        *((Field("lane", "Bahn"),) if lane else ()),
        Field("score", "Punkte", "decimal1", help=METHOD, method=CHAPTER),
        Field("score_range", "Spanne"),
        *((Field("rank_range", "Rang von–bis", help=INTERVAL),) if not lane else ()),
        Field("known", "Datenlage", help="So viele der gezählten Kriterien sind bekannt."),
        *value_fields(decision, "integer", _months(decision)),
        *note_fields(decision),
        *((Field("lane_reason", "Grund der Bahn"),) if not lane else ()),
    )


def value_fields(decision: Decision, format: Format, usual: str = "") -> tuple[Field, ...]:
    """The criteria's raw values as columns, with the months they are of; a trend is a change whatever the format.

    Months that are the ``usual`` ones are left out of the head: the subtitle names them.
    """
    return tuple(
        Field(
            item.id,
            _head(item, usual),
            "percent_change" if item.id in CHANGES else format,
            help=f"{item.help} Werte: {item.window}." if item.window else item.help,
        )
        for item in decision.criteria
    )


def _folded(decision: Decision, shown: int) -> tuple[str, ...]:
    """Columns of raw values but for the first ``shown``: with all of them a screen cuts the table."""
    fields = (*value_fields(decision, "integer")[shown:], *note_fields(decision))
    return tuple(field.name for field in fields)


def _head(criterion: Criterion, usual: str) -> str:
    if criterion.window == usual:
        return criterion.label
    return criterion.heading.partition(" gegen ")[0] if usual else criterion.heading


def _months(decision: Decision) -> str:
    """The months that most criteria of the scenario are measured over; "" without a measured one."""
    windows = [item.window for item in decision.criteria if item.window]
    return max(windows, key=windows.count, default="")


def _subtitle(decision: Decision, which: str) -> str:
    months = _months(decision)
    return " · ".join((which, *([f"Werte {months}"] if months else []), decision.title))


def note_fields(decision: Decision) -> tuple[Field, ...]:
    """A column that says how sure each trend is or why it is unknown, where the scenario has one."""
    has_trend = any(criterion.id == TREND for criterion in decision.criteria)
    return (Field("trend_note", "Entwicklung: wie sicher"),) if has_trend else ()


def _lane(question: Question, decision: Decision, rows: pd.DataFrame, lane: str) -> Exhibit:
    name = lane or NO_LANE
    headline = f"{name[:1].upper()}{name[1:]}: {_first_of_lane(rows)}"
    return decision.exhibit(
        question,
        f"ranking_{SLUGS.get(lane, 'without_lane')}",
        rows,
        _fields(decision, "rank", lane=False),
        headline=headline,
        subtitle=_subtitle(decision, f"Bahn „{name}“, {german.count(len(rows), 'Leistung', 'Leistungen')}"),
        alt=f"Tabelle der Reihenfolge in der Bahn „{name}“. {headline}.",
        notes=(METHOD, INTERVAL, GATE),
        lane=name,
        folded=_folded(decision, 0),
    )


def _first_of_lane(rows: pd.DataFrame) -> str:
    """Who has rank 1, if there is anybody to be ahead of and enough is known."""
    if len(rows) == 1:
        return f"nur {quoted(rows['told'])}"
    names, remark = leading(rows)
    if not names:
        return remark
    return f"{quoted(names)}{' gleichauf' if len(names) > 1 else ''} auf Rang 1" + (
        f", {remark}" if remark else ""
    )


def _overall(question: Question, decision: Decision, rows: pd.DataFrame) -> Exhibit:
    ordered = rows.sort_values(["rank_overall", "service_id"], kind="stable")
    listed = ordered[ordered["list"] != CANDIDATE]
    names, remark = leading(listed, "rank_overall")
    first = f"{quoted(names)} mit den meisten Punkten" if names else ""
    if names and len(listed) == 1:
        first = f"nur {quoted(names)}"
    said = ", ".join(part for part in (first, remark) if part)
    return decision.exhibit(
        question,
        OVERALL,
        ordered,
        _fields(decision, "rank_overall", lane=True),
        headline=f"Über alle Bahnen: {said}",
        subtitle=_subtitle(decision, "Alle Bahnen in einer Liste"),
        alt="Tabelle der Reihenfolge über alle Bahnen.",
        notes=(
            METHOD,
            INTERVAL,
            "Die Liste sagt nichts darüber, welche Leistung schon begonnen werden kann.",
        ),
        folded=_folded(decision, 1),
    )


def contribution_chart(question: Question, decision: Decision) -> Exhibit:
    """Points by criterion and service; what is unknown counts half, in a part of its own; a bar is the score.

    Of a long list the best ``MOST_BARS``: the tables of the lanes have them all.
    """
    points = contributions(decision.evaluation)
    labels = {**decision.labels, REST: "Übrige Kriterien", MISSING: "Fehlende Angaben (zählen halb)"}
    order = decision.ranking.sort_values(["rank_overall", "service_id"], kind="stable")["service_id"].tolist()
    shown = (
        f", die ersten {MOST_BARS} von {german.number(len(order))} Leistungen"
        if len(order) > MOST_BARS
        else ""
    )
    order = order[:MOST_BARS]
    parts = _parts(
        points.loc[order, decision.evaluation.weights > 0], decision.evaluation.score.reindex(order)
    )
    long = pd.DataFrame(
        [(decision.told[service], labels[part], value) for service, part, value in parts],
        columns=["name", "label", "points"],
    ).astype({"points": "float64"})
    lengths: dict[str, float] = {}
    for service, _, value in parts:
        lengths[decision.told[service]] = lengths.get(decision.told[service], 0.0) + value
    sums = wording.listed(lengths, lengths.values(), lambda points: german.number(points, 1))
    headline = _stands_out(decision, points)
    return decision.exhibit(
        question,
        "contributions",
        long,
        (*columns(name="Leistung", label="Kriterium"), Field("points", "Punkte", "decimal1")),
        kind="stacked_bar",
        headline=headline,
        subtitle=f"Punkte je Kriterium (Wert mal Gewicht), höchstens 100{shown} · {decision.title}",
        alt=f"Gestapelte Balken der Punkte je Leistung und Kriterium: {sums}. {headline}.",
        x="points",
        y="name",
        series="label",
        notes=(
            METHOD,
            "Jeder Balken ist so lang wie die Punktzahl: Unbekanntes zählt mit der Hälfte, für sich gezeigt.",
        ),
        height=80 + 36 * len(order),
    )


def _stands_out(decision: Decision, points: pd.DataFrame) -> str:
    """By which criterion the first of the list is most ahead of the middle of the others; none, if by no clear one."""
    listed = decision.ranking[decision.ranking["list"] != CANDIDATE]
    if listed.empty:
        return "Punkte je Kriterium"
    names, remark = leading(listed, "rank_overall")
    if not names:
        return f"Über alle Bahnen: {remark}"
    first = listed.loc[listed["rank_overall"] == 1, "service_id"].tolist()
    if len(first) > 1:
        return f"{quoted(names)} haben gleich viele Punkte"
    if len(listed) == 1:
        return f"Punkte je Kriterium; gereiht ist nur „{names[0]}“"
    first_of_all = f"Über alle Bahnen liegt „{names[0]}“ vorn{f' ({remark})' if remark else ''}"
    rest = points.loc[[service for service in listed["service_id"] if service != first[0]]]
    ahead = (points.loc[first[0]] - rest.median()).dropna()
    if ahead.empty or float(ahead.max()) < CLEAR_POINTS:
        return f"{first_of_all}, ohne dass ein einzelnes Kriterium den Ausschlag gibt"
    most = ahead.index[ahead >= ahead.max() - LEAST_PART]
    if len(most) > 1:
        tied = quoted(decision.labels[str(name)] for name in most)
        return f"{first_of_all}, mit gleich großem Vorsprung bei {tied}"
    return f"{first_of_all}, mit dem größten Vorsprung bei „{decision.labels[str(most[0])]}“"


def _parts(points: pd.DataFrame, scores: pd.Series[float]) -> list[tuple[str, str, float]]:
    """Service, criterion and points of each part of the bars, one bar after the other.

    Colours can tell only a few criteria apart: those with the most points have a part of their own, the others share
    one. What a score has beyond its known points is what is unknown. ``points``: services × criteria, NaN unknown;
    plain lists, because a moved slider waits for this.
    """
    names = [str(name) for name in points.columns]
    rows = points.to_numpy(dtype="float64").tolist()
    known = [
        [(name, value) for name, value in zip(names, row, strict=True) if not math.isnan(value)]
        for row in rows
    ]
    lacking = [
        score - sum(value for _, value in row) for score, row in zip(scores.tolist(), known, strict=True)
    ]
    named = _most_points(known, MOST_COLOURS - any(gap > LEAST_PART for gap in lacking))
    found: list[tuple[str, str, float]] = []
    for service, row, gap in zip(points.index, known, lacking, strict=True):
        found += [(service, name, value) for name, value in row if name in named]
        if rest := [value for name, value in row if name not in named]:
            found.append((service, REST, sum(rest)))
        if gap > LEAST_PART:
            found.append((service, MISSING, gap))
    return found


def _most_points(known: list[list[tuple[str, float]]], most: int) -> set[str]:
    """All criteria, if there are at most ``most``; else those with the most points, one less: the rest is one, too."""
    sums: dict[str, float] = {}
    for row in known:
        for name, value in row:
            sums[name] = sums.get(name, 0.0) + value
    ordered = sorted(sums, key=lambda name: -sums[name])
    return set(ordered if len(ordered) <= most else ordered[: most - 1])


def range_chart(
    question: Question, decision: Decision, robustness: Robustness, near: Robustness | None = None
) -> Exhibit:
    """Rank inside the lane with the 5–95 % range over all weightings: how sure the order is.

    ``near``: draws around the chosen weights; their share of rank 1 stands beside that of all weightings.
    """
    ranges = robustness.ranges.set_index("service_id")[["rank_p5", "rank_p95", "first_share"]]
    ranges["first_near"] = (near or robustness).ranges.set_index("service_id")["first_share"]
    rows = decision.ranking.join(ranges, on="service_id")
    rows = rows.assign(label=labelled(rows))
    spans = zip(rows["label"], rows["rank_p5"], rows["rank_p95"], strict=True)
    bounds = "; ".join(f"{name} {german.number(low)} bis {german.number(high)}" for name, low, high in spans)
    enough = pd.Series([known_enough(row) for row in rows.to_dict("records")], index=rows.index, dtype="bool")
    compared = rivals(rows)
    first = compared & enough & (rows["rank_p5"] == 1) & (rows["rank_p95"] == 1)
    sure = _sure(rows[first])
    headline = (
        f"In mindestens 95{german.NBSP}% aller Gewichtungen vorn in ihrer Bahn: {german.listing(sure)}"
        if sure
        else "Jede Leistung steht allein in ihrer Bahn: Ein Rang dort sagt nichts"
        if not compared.any()
        else "In jeder Bahn hängt der erste Rang von den Gewichten oder von fehlenden Angaben ab"
    )
    return decision.exhibit(
        question,
        "rank_ranges",
        rows[["label", "rank", "rank_p5", "rank_p95", "first_share", "first_near"]],
        (
            Field("label", "Leistung"),
            Field("rank", "Rang in der Bahn", "integer", low_is_good=True),
            *columns("integer", rank_p5="bestenfalls (5 %)", rank_p95="schlechtestenfalls (95 %)"),
            Field("first_share", "Anteil Rang 1, alle Gewichte", "percent"),
            Field("first_near", "Anteil Rang 1, nahe den gewählten", "percent", help=NEAR),
        ),
        kind="dots",
        headline=headline,
        subtitle=f"Rang in der Bahn und Spanne über {german.number(robustness.draws)} zufällige Gewichtungen",
        alt=f"Punkte mit Spannen je Leistung. {headline}. Rang von bis: {bounds}.",
        x="rank",
        y="label",
        notes=(
            f"Sensitivitätsanalyse: {german.number(robustness.draws)} Gewichtungen, jede gleich wahrscheinlich; "
            "gezeigt sind 5 % bis 95 % der Ränge. Fehlende Werte und solche mit Spanne werden darin zufällig "
            "angenommen.",
        ),
        interval=("rank_p5", "rank_p95"),
    )


def _sure(rows: pd.DataFrame) -> list[str]:
    """Who is first whatever the weights, and which of them are level with another one of their lane."""
    level = rows.groupby("lane")["told"].transform("size") > 1
    return [
        f"„{name}“{' (gleichauf)' if tied else ''}" for name, tied in zip(rows["told"], level, strict=True)
    ]


def criteria_table(question: Question, decision: Decision) -> Exhibit:
    """The criteria with weight (sum 1), anchors and how many services have a value."""
    evaluation = decision.evaluation
    rows = pd.DataFrame(
        [
            {
                "id": criterion.id,
                "label": criterion.label,
                "weight": float(evaluation.weights[criterion.id]),
                "unit": criterion.unit,
                "window": criterion.window,
                "lower": criterion.lower,
                "upper": criterion.upper,
                "scale": SCALES[criterion.scale],
                "known": f"{int(evaluation.matrix[criterion.id].notna().sum())} von {len(evaluation.matrix)}",
                "help": criterion.help,
            }
            for criterion in decision.criteria
        ]
    )
    return decision.exhibit(
        question,
        "criteria",
        rows,
        (
            Field("label", "Kriterium"),
            Field("weight", "Gewicht", "percent"),
            Field("unit", "Einheit"),
            Field("window", "Zeitraum der Werte"),
            *columns("decimal1", lower="Wert 0 bei", upper="Wert 1 bei"),
            *columns(scale="Skala", known="Bekannt", help="Bedeutung und Quelle"),
        ),
        headline=f"{german.count(len(rows), 'Kriterium', 'Kriterien')} im Szenario „{decision.scenario}“",
        subtitle="Gewichte, Anker und Quellen der Kriterien"
        + (f" · geändert: {decision.changed_weights}" if decision.changed_weights else ""),
        alt="Tabelle der Kriterien mit Gewicht und Ankern.",
        notes=(METHOD, "Gleiche Gewichte sind Startwerte, keine Empfehlung."),
    )
