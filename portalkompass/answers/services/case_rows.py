"""Cases of a service by month and channel, as far as they may be told: the only reader of these counts.

A cell is a service, channel and month; which cells are hidden is decided once for a month that is over, from all of its
cells, for every question alike (`portalkompass.suppression`): a reader may know the total of a service's month (the
portal's own cases are told elsewhere) or that of the city's. What a city's departments do not tell stays unknown.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa

from portalkompass import german
from portalkompass.answers.base.answer import Figure
from portalkompass.answers.base.periods import months_within
from portalkompass.answers.base.question import Question, card, columns, field
from portalkompass.answers.base.service_list import own
from portalkompass.answers.services.feedback_rows import SOURCE as FEEDBACK
from portalkompass.answers.services.feedback_rows import satisfaction_fact
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import (
    APPLICATION_RATE,
    APPLICATIONS,
    BACKLOG,
    CASES,
    COST_PER_CASE,
    END_TO_END_SHARE,
    ONLINE_SHARE,
    PROCESSING_DAYS,
    SATISFACTION,
)
from portalkompass.metrics.measures import Measure
from portalkompass.schema import ALL_CHANNELS, SERVICE_CASES, UNKNOWN_CHANNEL
from portalkompass.suppression import (
    BELOW,
    SMALLEST,
    STATES,
    WITHHELD,
    Decided,
    Numbers,
    hidden_name,
    suppress_parts,
    told,
)

SOURCE, UNKNOWN = "Fallzahlen der Fachbereiche", "unbekannt"
CHANNELS = {
    "online": "Online",
    "form": "Formular",
    "counter": "Schalter",
    "post": "Post",
    "phone": "Telefon",
    UNKNOWN_CHANNEL: "nicht genannt",
    ALL_CHANNELS: "alle Kanäle",
}
Keys: TypeAlias = "pd.Series[Any] | list[pd.Series[Any]]"
"""What cells are grouped by, one value each."""
EVER = (dt.date(1900, 1, 1), dt.date(2999, 12, 31))
"""All months; the first and the last day of Python's calendar are none that Spark compares with."""
_DAY = dt.timedelta(days=1)
_PARTS = ("applications", "end_to_end")
_COUNTS = ("cases", *_PARTS, "backlog")
HIDDEN = (
    f"Zahlen einer Leistung unter {SMALLEST} je Monat und Kanal, auch 0, stehen als „{BELOW}“, Summen mit ihnen als "
    "Spanne; Quoten, Zeiten und Kosten aus ihnen werden nicht ausgewiesen."
)
GAPS = "Was der Fachbereich nicht nennt, ist unbekannt und keine Null."


def case_cells(question: Question) -> pd.DataFrame:
    """One row a service, month and channel of the months that are over, with ``…_state`` beside each count.

    service, month, channel, cases, applications, end_to_end, processing_days, backlog, cost; states are those of
    `suppression.suppress`. Empty where no cases are loaded.
    """
    return _cells(question, *EVER)


def _cells(question: Question, start: dt.date, end: dt.date) -> pd.DataFrame:
    """`case_cells` of the months that lie between the days; what a month tells depends on no other month."""

    def make() -> pd.DataFrame:
        if not question.warehouse.holds(SERVICE_CASES.name):
            return pd.DataFrame()
        # the last day of the last month that is over by then
        until = min(end + _DAY, question.settings.current_day()).replace(day=1) - _DAY
        rows = question.warehouse.ask(
            lambda t: (
                own(t, SERVICE_CASES.name, question.settings)
                .filter(nw.col("month") >= start, nw.col("month") <= until)
                .sort("month", "service", "channel")
                .drop("municipality", "import_id")
            )
        )
        numbers = [*_COUNTS, "processing_days", "cost"]
        rows[numbers] = rows[numbers].astype("float64")
        if rows.empty:
            return rows
        return rows.join(case_states(rows))

    return question.whole.once("cases", make, start, end)


def case_states(rows: pd.DataFrame) -> pd.DataFrame:
    """What becomes of the counts of each month, whose total and those of its services somebody may know.

    Applications and end-to-end cases are parts of the cases, and who sees the cases knows that.
    """
    counts = {name: rows[name].to_numpy(dtype="float64") for name in _COUNTS}
    services, months = pd.factorize(rows["service"])[0], pd.factorize(rows["month"])[0]
    states: dict[str, Decided] = {}

    def decide(name: str, *bounds: Numbers, at_once: bool = False) -> None:
        states[name] = suppress_parts(counts[name], services, months, *bounds, at_once=at_once)

    totals = np.where(np.isnan(counts["cases"]), math.inf, counts["cases"])
    nothing = np.zeros(len(rows))
    for name in _PARTS:
        holds = (totals >= SMALLEST) & (totals >= np.nan_to_num(counts[name]))
        decide(name, nothing, np.where(holds, totals, math.inf))
    # Cases that bound a withheld part give no room themselves.
    withheld_part, shown_part = STATES.index("withheld"), STATES.index("shown")
    withheld = np.any([states[name] == withheld_part for name in _PARTS], axis=0) & (totals < math.inf)
    shown = np.max(
        [np.where(states[name] == shown_part, np.nan_to_num(counts[name]), 0.0) for name in _PARTS], axis=0
    )
    least = np.where((shown <= totals) & (totals < math.inf), shown, 0.0)
    decide("cases", np.where(withheld, totals, least), np.where(withheld, totals, math.inf), at_once=True)
    decide("backlog")
    words = pa.array(STATES)
    told = {f"{name}_state": words.take(pa.array(states[name])).to_pandas() for name in _COUNTS}
    return pd.DataFrame(told).set_axis(rows.index)


def cells_of_period(question: Question) -> pd.DataFrame:
    """`case_cells` whose month lies in the period with every day."""
    return _cells(question, question.now.start, question.now.end)


def _of_service(question: Question, service: str) -> pd.DataFrame:
    cells = cells_of_period(question)
    return cells if cells.empty else cells[cells["service"] == service]


def case_rates(question: Question) -> pd.DataFrame:
    """online_share, cost_per_case of each service (index) in the period; NaN where unknown or not to be told."""
    cells = cells_of_period(question)
    if cells.empty:
        return pd.DataFrame(columns=[ONLINE_SHARE.id, COST_PER_CASE.id], dtype="float64")
    by = cells["service"]
    return pd.DataFrame(
        {ONLINE_SHARE.id: online_shares(cells, by), COST_PER_CASE.id: per_cases(cells, "cost", by)},
        index=sorted(by.unique()),
    )


def case_cards(question: Question, service: str) -> tuple[Figure, ...]:
    """Cases, share online and cost per case of the period; nothing where no cases are known."""
    rows = _of_service(question, service)
    if rows.empty:
        return ()
    known = rows[rows["cases"].notna()]
    if known.empty:
        return ()
    words = sum_in_words(known, "cases", partly=known_months(rows) != set(known["month"]))
    number = None if words else float(known["cases"].sum())
    covered = _covered(question, rows)
    cases = Figure(
        CASES.label, words or german.number(number), CASES.definition, covered, id=CASES.id, number=number
    )
    rates = ((ONLINE_SHARE, online_share(rows)), (COST_PER_CASE, per_case(rows, "cost")))
    return (cases, *(card(measure, rate) for measure, rate in rates if rate is not None))


def known_months(rows: pd.DataFrame) -> set[pd.Timestamp]:
    """The months of which the cases of every channel that is named are known."""
    return set(rows["month"]) - set(rows.loc[rows["cases"].isna(), "month"])


def sum_in_words(known: pd.DataFrame, name: str, *, partly: bool = False) -> str:
    """What stands in the place of the sum of one service's cells that know this count; "" where it may be told.

    ``partly``: others that belong to the sum are unknown, so that it is a lower bound at best.
    """
    facts = sum_facts(known, name, known["service"]).iloc[0]
    return in_words(facts["shown"], facts["below"], facts["withheld"], partly=partly)


def sum_facts(known: pd.DataFrame, name: str, by: Keys) -> pd.DataFrame:
    """What is told of the sum of this count of each group of cells: whole, shown (its open part), below, withheld."""
    states = known[f"{name}_state"]
    parts = {
        "whole": known[name],
        "shown": known[name].where(states == "shown", 0.0),
        "below": (states == "below").astype("int64"),
        "withheld": (states == "withheld").astype("int64"),
    }
    return pd.DataFrame(parts).groupby(by, sort=True).sum()


def in_words(shown: float, below: float, withheld: float, *, partly: bool) -> str:
    """`sum_in_words` of the facts of a sum."""
    words = told(shown, below, withheld)
    if not partly or words == WITHHELD:
        return words
    least = at_least(shown, withheld)
    return f"mind. {german.number(least)}" if least else UNKNOWN


def at_least(shown: float, withheld: float) -> int:
    """What the sum is at least for whoever reads `sum_in_words`."""
    return math.floor(shown + SMALLEST * withheld) if shown else 0


def service_card(question: Question, row: pd.Series[Any], completed: float | None) -> Exhibit:
    """The figures by which a service is judged, each with period, source, what is missing and who has it.

    ``row`` is the service's of the list, or its id and name alone; ``completed`` are its applications per start
    (`small_counts.service_counts`), missing where they are unknown or hidden.
    """
    rows = _of_service(question, str(row["service"]))
    named = row.get("departments")
    owner = "Fachbereich der Leistung" if german.is_missing(named) or not named else str(named)
    covered = "" if rows.empty else _covered(question, rows)
    completed = None if german.is_missing(completed) else completed
    online, end_to_end, cost = (
        (None,) * 3
        if rows.empty
        else (online_share(rows), per_case(rows, "end_to_end"), per_case(rows, "cost"))
    )
    digital = "Fälle, die bis zum Bescheid digital bleiben"
    portal = (question.portal_words or str(question.period), question.portal)
    facts = pd.DataFrame(
        [
            _fact(ONLINE_SHARE, online, (covered, SOURCE), f"Fälle je Kanal: {owner}"),
            _fact(END_TO_END_SHARE, end_to_end, (covered, SOURCE), f"{digital}: {owner}"),
            _fact(APPLICATION_RATE, completed, portal, "Starts und Anträge: Betreiber des Portals"),
            _fact(COST_PER_CASE, cost, (covered, SOURCE), f"Kosten: {owner}"),
            _of_people(question, str(row["service"])),
        ],
        columns=["measure", "value", "period", "source", "missing"],
    )
    known = int((facts["value"] != UNKNOWN).sum())
    headline = f"{known} von {len(facts)} Kennzahlen der Leistung {'ist' if known == 1 else 'sind'} bekannt"
    return question.table(
        "service_card",
        facts,
        columns(
            measure="Kennzahl",
            value="Wert",
            period="Zeitraum",
            source="Quelle",
            missing="Was fehlt, und wer es hat",
        ),
        headline=headline if known else "Noch ist keine Kennzahl der Leistung bekannt",
        subtitle=f"Nutzung, Abschluss, Kosten und Zufriedenheit: „{row['name']}“ · {question.period}",
        alt=f"Tabelle der Kennzahlen von „{row['name']}“.",
        source="; ".join(dict.fromkeys(filter(None, facts["source"]))) or SOURCE,
        notes=tuple(
            one.explained
            for one in (ONLINE_SHARE, END_TO_END_SHARE, APPLICATION_RATE, COST_PER_CASE, SATISFACTION)
        ),
    )


def _of_people(question: Question, service: str) -> tuple[str, ...]:
    """The row of the satisfaction, which is told with its interval and count."""
    told = satisfaction_fact(question, service)
    if told is None:
        return (
            SATISFACTION.label,
            UNKNOWN,
            "",
            "",
            "Sterne zur Leistung: Betreiber von Portal oder Onlinedienst",
        )
    return (SATISFACTION.label, *told, FEEDBACK, "")


def _fact(measure: Measure, value: float | None, basis: tuple[str, str], missing: str) -> tuple[str, ...]:
    """One row of the card; ``basis`` are period and source, an unknown figure says what would make it known."""
    if value is None:
        return (measure.label, UNKNOWN, "", "", missing)
    unit = f" {measure.unit}" if measure.unit else ""
    return (measure.label, f"{german.value(value, measure.format)}{unit}", *basis, "")


def online_share(rows: pd.DataFrame) -> float | None:
    """`online_shares` of the cells of one service; None where it is unknown or not to be told."""
    return _only(online_shares(rows, rows["service"]))


def online_shares(rows: pd.DataFrame, by: Keys) -> pd.Series[float]:
    """Share of the cases of each group that began online; NaN unless every count of it may be told.

    Only months that tell online and something beside it count, and none with a channel whose cases are unknown: what is
    left of such a month is not its whole.
    """
    split = split_cells(rows)
    online = split["cases"].where(split["channel"] == "online", 0.0)
    return _ratios(online, split["cases"], split["cases_state"] == "shown", by)


def split_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """The cells that `online_shares` are of."""
    split = rows[rows["channel"] != ALL_CHANNELS]
    online = split["channel"] == "online"
    facts = pd.DataFrame({"online": online, "other": ~online, "known": split["cases"].notna()})
    months = facts.groupby([split["service"], split["month"]])
    usable = months[["online", "other"]].transform("any").all(axis=1)
    return split[usable & months["known"].transform("all")]


def paired_cells(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The cells that `per_cases` are of."""
    return rows[rows[name].notna() & rows["cases"].notna()]


def per_case(rows: pd.DataFrame, name: str) -> float | None:
    """`per_cases` of the cells of one service; None where it is unknown or not to be told."""
    return _only(per_cases(rows, name, rows["service"]))


def per_cases(rows: pd.DataFrame, name: str, by: Keys) -> pd.Series[float]:
    """The figure per case of the cells of each group that know both; NaN where a count is hidden or there is none."""
    both = paired_cells(rows, name)
    open_ = both["cases_state"] == "shown"
    if f"{name}_state" in both:
        open_ &= both[f"{name}_state"] == "shown"
    return _ratios(both[name], both["cases"], open_, by)


def _ratios(
    parts: pd.Series[float], wholes: pd.Series[float], open_: pd.Series[bool], by: Keys
) -> pd.Series[float]:
    """Sum of the parts over that of the wholes of each group; NaN with a cell that is not open, or a sum of 0."""
    facts = pd.DataFrame({"part": parts, "whole": wholes, "hidden": (~open_).astype("int64")})
    sums = facts.groupby(by, sort=True).sum()
    return sums["part"] / sums["whole"].where((sums["hidden"] == 0) & (sums["whole"] != 0))


def _only(shares: pd.Series[float]) -> float | None:
    return None if shares.empty or pd.isna(shares.iloc[0]) else float(shares.iloc[0])


def _covered(question: Question, rows: pd.DataFrame) -> str:
    """Of how many whole months of the period the cases are known."""
    whole = months_within(question.now, None)
    return f"{len(known_months(rows))} von {german.count(len(whole), 'Monat', 'Monaten')} gemeldet"


def case_table(question: Question, service: str, name: str) -> Exhibit | None:
    """Cases by month and channel, the newest month first; None where none are known."""
    rows = _of_service(question, service)
    if rows.empty:
        return None
    shown = rows.sort_values(["month", "channel"], ascending=[False, True]).assign(
        channel_name=rows["channel"].map(CHANNELS)
    )
    visible = may_be_told(shown)
    for count in _COUNTS:
        state = shown[f"{count}_state"]
        words = state.map({"below": BELOW, "withheld": WITHHELD}).fillna("").where(shown[count].notna(), "")
        shown[hidden_name(count)] = words
        shown[count] = shown[count].where(words == "")
    shown["processing_days"] = shown["processing_days"].where(visible)
    shown["cost_per_case"] = (shown["cost"] / shown["cases"].where(shown["cases"] > 0)).where(visible)
    counts = (field(CASES), field(APPLICATIONS), Field("end_to_end", "Ende-zu-Ende", "integer"))
    further = (field(PROCESSING_DAYS), field(BACKLOG), field(COST_PER_CASE))
    fields = [one for one in (*counts, *further) if rows[_source_of(one.name)].notna().any()]
    hidden = tuple(hidden_name(one.name) for one in fields if one.name in _COUNTS)
    missing = [first for first in months_within(question.now, None) if first not in set(rows["month"])]
    end = (rows["month"].max() + pd.offsets.MonthEnd(0)).date()
    gaps = f"Ohne Angabe: {', '.join(german.month(month) for month in missing)}." if missing else ""
    return question.table(
        "service_cases",
        shown,
        (Field("month", "Monat", "month"), Field("channel_name", "Kanal"), *fields),
        headline=_headline(rows, name),
        subtitle=f"Fälle je Monat und Kanal · „{name}“ · {question.period}",
        alt=f"Tabelle der Fälle von „{name}“, {question.period}.",
        beside=hidden,
        source=SOURCE,
        data_date=end,
        period=(rows["month"].min().date(), end),
        notes=tuple(filter(None, (gaps, GAPS, HIDDEN))),
    )


def may_be_told(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether times and costs of the cells may be told: those of few people are theirs.

    Some count of the cell must be known, and none of it be hidden.
    """
    parts = [(rows[count].notna(), rows[f"{count}_state"] == "shown") for count in ("cases", *_PARTS)]
    visible = pd.concat([known & open_ for known, open_ in parts[:2]], axis=1).any(axis=1)
    return visible & ~pd.concat([known & ~open_ for known, open_ in parts], axis=1).any(axis=1)


def _source_of(name: str) -> str:
    return "cost" if name == "cost_per_case" else name


def _headline(rows: pd.DataFrame, name: str) -> str:
    """The share that began online where it may be told, else the newest month that has cases."""
    online = online_share(rows)
    if online is not None:
        return f"{german.percent(online, 0)} der Fälle von „{name}“ begannen online"
    newest = german.month(rows["month"].max())
    return f"Fallzahlen von „{name}“ bis {newest}"
