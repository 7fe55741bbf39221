"""Line charts by day, week or month: what all of them have in common."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events
from portalkompass.answers.base.question import Part, Question, columns, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import POSITION, Measure
from portalkompass.metrics.selection import Period
from portalkompass.metrics.trends import Grain

DAY = Field("bucket", "Tag", "date")
WEEK = Field("bucket", "Woche ab", "date")
MONTH = Field("bucket", "Monat", "month")
BUCKETS: dict[Grain, Field] = {"day": DAY, "week": WEEK, "month": MONTH}
UNFINISHED = columns("bool", partial="Unvollständig", provisional="Vorläufig")


def line(
    question: Question,
    id: str,
    rows: pd.DataFrame,
    fields: tuple[Field, ...],
    further: tuple[Field, ...] = (),
    **parts: Part,
) -> Exhibit:
    """A line of the second field over the first one, a day, week or month.

    ``rows`` have the columns of the fields, partial and provisional; ``further`` stand behind these two.
    """
    fields = (*fields, *UNFINISHED, *further)
    shown = rows[[f.name for f in fields]]
    if fields[0] == MONTH:
        shown = with_empty_months(shown, parts.get("series", ""))
    return question.exhibit(id, "line", shown, fields, x="bucket", y=fields[1].name, **parts)


def empty_months(months: pd.Series[pd.Timestamp]) -> list[pd.Timestamp]:
    """The months between the first and the last of these (first days) that are not among them."""
    every: list[pd.Timestamp] = (
        pd.date_range(months.min(), months.max(), freq="MS").tolist() if len(months) else []
    )
    return sorted(set(every) - set(months))


def with_empty_months(rows: pd.DataFrame, series: str = "") -> pd.DataFrame:
    """The rows by ``bucket`` and, where one is told, series, with a row without values for each month that none has:
    a line does not cross what is not loaded.
    """
    lacking = empty_months(rows["bucket"])
    if not lacking:
        return rows
    names = rows[series].unique().tolist() if series else [None]
    told = [{"bucket": month, **({series: name} if series else {})} for name in names for month in lacking]
    both = pd.concat([rows, pd.DataFrame(told)], ignore_index=True)
    flags = [name for name in ("partial", "provisional") if name in rows]
    both[flags] = both[flags].fillna(False).astype("bool")
    return both.sort_values([*([series] if series else []), "bucket"], kind="stable", ignore_index=True)


def position_line(
    question: Question,
    id: str,
    months: pd.DataFrame,
    period: Period,
    fields: tuple[Field, ...] = (),
    **parts: Part,
) -> Exhibit:
    """The position month by month, place 1 on top; ``period`` is the one whose events are drawn and told.

    The headline says the change between the question's periods, unless ``sides`` names others. ``fields`` come after
    those of month, position and impressions.
    """
    return question.exhibit(
        id,
        "line",
        with_empty_months(months[["bucket", "position", "impressions", "partial", "provisional"]]),
        (MONTH, field(POSITION), Field("impressions", "Impressionen", "integer"), *fields),
        subtitle=f"{POSITION.label} je Monat, gewichtet mit Impressionen · {month_span(months)} · Platz 1 oben",
        x="bucket",
        y="position",
        reverse_y=True,
        marks=events.marks(question, period.start, period.end, (POSITION.id,)),
        over=(period,),
        measures=(POSITION.id,),
        changed=(POSITION.id,),
        notes=(POSITION.definition,),
        **parts,
    )


def month_span(months: pd.DataFrame) -> str:
    """Oktober 2024 bis November 2025: the first and the last bucket; one month alone by its name."""
    first, last = german.month(months["bucket"].min()), german.month(months["bucket"].max())
    return first if first == last else f"{first} bis {last}"


def weekly_course(
    question: Question,
    id: str,
    course: pd.DataFrame,
    names: dict[str, str],
    *,
    headline: str,
    estimate: Measure,
    details: str = "",
    **parts: Part,
) -> Exhibit:
    """Clicks by week, one line for each column of ``course`` (week, …) that ``names`` gives a name.

    ``estimate`` is the measure whose method says what was expected.

    ``details`` stand behind the headline where the picture is told in words.
    """
    rows = pd.concat(
        [
            pd.DataFrame({"bucket": course["week"], "clicks": course[column], "series": name})
            for column, name in names.items()
        ],
        ignore_index=True,
    ).assign(partial=False, provisional=False)
    fields = (
        WEEK,
        Field("clicks", "Klicks", "integer", "Klicks je Woche", method=estimate.method),
        Field("series", "Verlauf"),
    )
    alt = f"Linien der Klicks je Woche, tatsächlich und erwartet. {headline}{details}."
    return line(question, id, rows, fields, headline=headline, alt=alt, series="series", **parts)


def partial_months(question: Question, months: pd.Series[pd.Timestamp], table: str) -> pd.Series[bool]:
    """Which months (first days) lack a day: cut by the period or the final data, or not loaded in this grain."""
    until = min(question.now.end, question.data_date or question.now.end)
    days = question.days_with_data(table)
    inside = days[days.between(pd.Timestamp(question.now.start), pd.Timestamp(until))]
    held = months.map(inside.dt.to_period("M").dt.start_time.value_counts()).fillna(0)
    return held < months.dt.days_in_month
