"""Applications and cases of services, as far as they may be told: the only reader of these counts.

What is hidden is decided per page and base period (a calendar month) from the portal's rows alone, once for every
question; the counts of a service in a longer period are made of these cells. See `portalkompass.suppression`.
"""

from __future__ import annotations

import math

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.periods import base_periods
from portalkompass.answers.base.question import Question
from portalkompass.metrics import services
from portalkompass.suppression import SMALLEST, hidden_name, suppress, told

COUNTS = ("applications", "cases_total")
_CELL = ["url", "first", "last"]


def service_counts(question: Question) -> pd.DataFrame:
    """One row a service with a count in the period: service, applications, applications_hidden, cases_total,
    cases_total_hidden, application_rate, digital_share.

    A count is missing where it is hidden, and its ``…_hidden`` column says what stands in its place; rates are
    missing unless all of their counts may be told. Both parts of a rate come from the same pages and base periods.
    """
    cells = base_cells(question)
    inside = (cells["first"] >= pd.Timestamp(question.now.start)) & (
        cells["last"] <= pd.Timestamp(question.now.end)
    )
    rows = cells[inside].merge(service_map(question).service_page[["url", "service", "share"]], on="url")
    rows = rows.assign(
        starts=rows["starts"] * rows["share"],
        digital=(rows["applications"] * rows["share"]).where(rows["cases_total"].notna()),
    )
    applications, cases = (told_sums(rows, name, "service") for name in COUNTS)
    sums = rows.groupby("service")[["starts", "digital"]].sum(min_count=1)
    no_starts = rows[rows["starts"].isna()]["service"]
    # the applications of those pages that know cases may be fewer than all of them
    partly = rows[rows["cases_total"].notna() & (rows["applications_state"] != "shown")]["service"]
    digital = sums["digital"].where((sums["digital"] >= SMALLEST) & ~sums.index.isin(partly))
    found = pd.concat([applications, cases], axis=1).assign(
        application_rate=applications["applications"]
        / sums["starts"].where((sums["starts"] > 0) & ~sums.index.isin(no_starts)),
        digital_share=digital / cases["cases_total"],
    )
    return found.rename_axis("service").reset_index()


def base_cells(question: Question) -> pd.DataFrame:
    """`cells` of the property's portal rows."""

    def make() -> pd.DataFrame:
        rows = question.warehouse.ask(lambda t: services.application_counts(question.own(t, "portal_page")))
        ends = question.warehouse.ask(
            lambda t: question.own(t, "portal_page").select(nw.col("period_end").max())
        )
        return cells(rows, pd.Timestamp(ends["period_end"].iloc[0]))

    return question.whole.once("small counts", make)


def cells(rows: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """One row a page and base period: url, first, last (its days), starts, applications, applications_state,
    cases_total, cases_total_state. States are those of `suppression.suppress`.

    ``rows`` are those of `metrics.services.application_counts`, ``until`` the last day of the portal's statistics.
    A base period is a calendar month that is over, or a period of the portal's own that crosses months: of a month
    that still grows, two files of different days would give the days between. Cases count where every row of the
    cell knows them. Few applications without a start are left out: the published 0 starts say what they are.
    """
    dated = base_periods(rows)
    groups = dated[dated["last"] <= until].groupby(_CELL)
    found = pd.DataFrame(
        {
            "starts": groups["service_starts"].sum(min_count=1),
            "applications": groups["applications"].sum(min_count=1),
            "cases_total": groups["cases_total"]
            .sum(min_count=1)
            .where(groups["cases_total"].count() == groups.size()),
        }
    ).astype("float64")
    found = found[(found["starts"] != 0) | (found["applications"] >= SMALLEST)]
    # withheld first are cells with few starts, which everybody may see
    ordered = found.reset_index().sort_values(["first", "last", "starts", "url"], ignore_index=True)
    states = [_states(month) for _, month in ordered.groupby(["first", "last"], sort=False)]
    columns = ["applications_state", "cases_total_state"]
    return ordered.join(pd.concat(states) if states else pd.DataFrame(columns=columns, dtype="object"))


def _states(cells: pd.DataFrame) -> pd.DataFrame:
    """What becomes of the applications and cases of one base period; its total of each may be known.

    Applications are never more than starts or cases, and who sees these knows that. Contradicting rows bound nothing.
    Few cases, whose total may be known too, are to bound nothing either: they are hidden so that each may be 4.
    """
    counts, totals = cells["applications"], cells["cases_total"]
    bounds = pd.concat([cells["starts"], totals.where(totals >= SMALLEST)], axis=1)
    applications = suppress(
        counts.tolist(), most=bounds.where(bounds.ge(counts, axis=0)).min(axis=1).fillna(math.inf).tolist()
    )
    states = pd.Series(applications, index=cells.index, dtype="object")
    # The cases that bound a withheld count have a part in its being withheld: they are to give no room themselves.
    fixed = totals.where(states == "withheld")
    cases = suppress(
        [None if pd.isna(value) else value for value in totals],
        least=fixed.fillna(counts.where((states == "shown") & (counts <= totals), 0.0)).tolist(),
        most=fixed.fillna(math.inf).tolist(),
        at_once=True,
    )
    return pd.DataFrame(
        {"applications_state": states, "cases_total_state": cases}, index=cells.index, dtype="object"
    )


def told_sums(rows: pd.DataFrame, name: str, by: str) -> pd.DataFrame:
    """By ``by``: the sum of the count where it may be told (column ``name``), and what stands in its place.

    ``rows`` are cells with ``share`` (the part of the cell that counts) and the state of the count.
    """
    known = rows[rows[name].notna()]
    weights = {
        state: known["share"].where(known[f"{name}_state"] == state, 0.0) for state in ("below", "withheld")
    }
    shown = (known[name] * known["share"]).where(known[f"{name}_state"] == "shown", 0.0)
    parts = known[[by]].assign(known=shown, **weights).groupby(by).sum()
    words = [told(*part) for part in parts[["known", "below", "withheld"]].to_numpy().tolist()]
    texts = pd.Series(words, index=parts.index, dtype="object")
    return pd.DataFrame({name: parts["known"].where(texts == "", float("nan")), hidden_name(name): texts})
