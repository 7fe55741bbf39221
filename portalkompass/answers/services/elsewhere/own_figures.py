"""The city's figures that are compared with other cities and handed to them; hidden ones are not among them.

They are those of the service card, made of cells that may be told (`case_rows`, `feedback_rows`, `small_counts`), so
that no sequence of files says more than the cards do; and they are rounded, so that they say less.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.case_rows import (
    cells_of_period,
    may_be_told,
    online_shares,
    paired_cells,
    per_cases,
    split_cells,
)
from portalkompass.answers.services.feedback_rows import satisfaction
from portalkompass.answers.services.funnel_rows import funnel_rows
from portalkompass.answers.services.small_counts import base_cells
from portalkompass.exchange.benchmark_file import SCALES
from portalkompass.metrics.derived_measures import (
    APPLICATION_RATE,
    COST_PER_CASE,
    END_TO_END_SHARE,
    ONLINE_SHARE,
    SATISFACTION,
    SLOWEST_DAYS,
)
from portalkompass.metrics.measures import Measure

COMPARED: tuple[Measure, ...] = (
    *(ONLINE_SHARE, END_TO_END_SHARE, APPLICATION_RATE),
    *(SLOWEST_DAYS, COST_PER_CASE, SATISFACTION),
)
"""The figures of a card, in its order."""
DECIMALS: Mapping[str, int] = {
    ONLINE_SHARE.id: 3,
    END_TO_END_SHARE.id: 3,
    APPLICATION_RATE.id: 3,
    SLOWEST_DAYS.id: 1,
    COST_PER_CASE.id: 2,
    SATISFACTION.id: 2,
}
_COLUMNS = ["service", "measure", "value", "months", "basis"]


def own_figures(question: Question, service: str = "") -> pd.DataFrame:
    """One row a service (or the one that is named) and figure that is known and may be told: service, measure, value,
    months, basis.

    ``value`` is rounded; ``basis`` are the cases or answers behind it, missing where the figure has none to tell.
    """

    def only(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["service"] == service] if service and len(rows) else rows

    def make() -> pd.DataFrame:
        cells = cells_of_period(question)
        parts = [*_of_cases(only(cells)), only(_of_portal(question)), only(_of_people(question))]
        known = [told for part in parts if len(told := part[part["value"].notna()])]
        if not known:
            return pd.DataFrame(columns=_COLUMNS)
        rows = pd.concat(known, ignore_index=True)[_COLUMNS]
        rows["value"] = [
            round(value, DECIMALS[measure])
            for measure, value in zip(rows["measure"], rows["value"], strict=True)
        ]
        low, high = (rows["measure"].map(lambda name, end=end: SCALES[name][end]) for end in (0, 1))
        return rows[rows["value"].between(low, high)].reset_index(drop=True)

    return question.once("own figures", make, question.now, service)


def _of_cases(cells: pd.DataFrame) -> list[pd.DataFrame]:
    if cells.empty:
        return []
    by = cells["service"]
    split, whole = split_cells(cells), paired_cells(cells, "end_to_end")
    told = cells[may_be_told(cells) & cells["processing_days"].notna()]
    days = told.groupby("service")["processing_days"].max()
    return [
        _rows(ONLINE_SHARE, online_shares(cells, by), split, counted="cases"),
        _rows(END_TO_END_SHARE, per_cases(cells, "end_to_end", by), whole, counted="cases"),
        _rows(COST_PER_CASE, per_cases(cells, "cost", by), paired_cells(cells, "cost"), counted="cases"),
        _rows(SLOWEST_DAYS, days, told),
    ]


def _rows(measure: Measure, values: pd.Series[float], cells: pd.DataFrame, counted: str = "") -> pd.DataFrame:
    """The values by service with the months of the cells behind them, and the sum of what these count."""
    by = cells.groupby("service")
    found = pd.DataFrame({"value": values, "months": by["month"].nunique()})
    found["basis"] = by[counted].sum() if counted else float("nan")
    return found.rename_axis("service").reset_index().assign(measure=measure.id)


def _of_portal(question: Question) -> pd.DataFrame:
    """Applications per start, of the base periods whose counts may be told."""
    rates = funnel_rows(question).set_index("service")["application_rate"]
    cells = base_cells(question)
    inside = (cells["first"] >= pd.Timestamp(question.now.start)) & (
        cells["last"] <= pd.Timestamp(question.now.end)
    )
    linked = cells[inside].merge(service_map(question).service_page[["url", "service"]], on="url")
    return _rows(APPLICATION_RATE, rates, linked.assign(month=linked["first"]))


def _of_people(question: Question) -> pd.DataFrame:
    rated = satisfaction(question).rename(columns={SATISFACTION.id: "value", "answers": "basis"})
    return rated.rename_axis("service").reset_index().assign(measure=SATISFACTION.id)
