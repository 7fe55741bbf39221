"""Exhibit -> Vega-Lite, for the screen and for picture files.

``build(exhibit)`` returns a complete specification (theme, German locale and data included); the same
exhibit always gives the same dict, so it may be cached.
"""

from collections.abc import Iterable
from typing import Any

from portalkompass.charts.columns import shows_a_part
from portalkompass.exhibit import Exhibit

FROM_ONE = ("line", "slope", "scatter")
"""Kinds whose position axis begins with 1 unless the values lie far from it."""


class ChartError(Exception):
    """The exhibit cannot be drawn as a chart: it is a table, or has no rows."""


def build(exhibit: Exhibit) -> dict[str, Any]:
    """A Vega-Lite v6 specification of the exhibit; width follows the container, heights are in pixels.

    Texts from data (titles, queries) reach the chart as data only, never as expression, link or HTML.

    Raises:
        ChartError: the exhibit is a table or has no rows.
    """
    if exhibit.kind == "table":
        raise ChartError(f"{exhibit.id} is a table, not a chart")
    if exhibit.frame.empty:
        raise ChartError(f"{exhibit.id} has no rows")
    # Altair takes a fifth of a second to import; the first screen after a start shows charts that were drawn before.
    from portalkompass.charts.specification import specification

    return specification(exhibit)


def build_all(exhibits: Iterable[Exhibit]) -> dict[str, dict[str, Any]]:
    """The specifications of those that can be drawn, by exhibit id: tables and exhibits without rows have none."""
    drawn = (exhibit for exhibit in exhibits if exhibit.kind != "table" and not exhibit.frame.empty)
    return {exhibit.id: build(exhibit) for exhibit in drawn}


def reading_help(exhibit: Exhibit, *, whole_axes: bool = False) -> tuple[str, ...]:
    """German sentences on how to read dashes, hollow points and bands, only where the chart has them.

    ``whole_axes``: the chart is drawn where position axes always begin with 1, as PowerPoint's own.
    """
    sentences = []
    if _flagged(exhibit, "provisional"):
        sentences.append("Gestrichelt: vorläufige Tage, die Google noch nachträgt.")
    if _flagged(exhibit, "partial"):
        sentences.append("Hohler Punkt: Zeitraum mit unvollständigen Tagen, nur eingeschränkt vergleichbar.")
    if (
        not whole_axes
        and exhibit.kind in FROM_ONE
        and exhibit.reverse_y
        and shows_a_part(exhibit.frame[exhibit.y])
    ):
        sentences.append("Die Achse zeigt einen Ausschnitt und beginnt nicht mit Platz 1.")
    for field in map(exhibit.field, exhibit.panels):
        if not whole_axes and field.low_is_good and shows_a_part(exhibit.frame[field.name]):
            sentences.append(
                f"{field.label}: Die Achse zeigt einen Ausschnitt und beginnt nicht mit Platz 1."
            )
    if exhibit.kind == "timeline" and exhibit.data_date:
        sentences.append("Heller Streifen: der Monat des Datenstands.")
    if exhibit.kind == "timeline" and exhibit.interval and _reaches_on(exhibit):
        sentences.append("Langer Balken: vom genannten Monat an überfällig.")
    if exhibit.band:
        low, high = exhibit.band
        sentences.append(f"Graue Fläche: zwischen „{low}“ und „{high}“.")
    return tuple(sentences)


def _reaches_on(exhibit: Exhibit) -> bool:
    """Whether a bar of the timeline is longer than its month."""
    first, last = exhibit.interval or ("", "")
    return bool((exhibit.frame[first] < exhibit.frame[last]).any())


def _flagged(exhibit: Exhibit, flag: str) -> bool:
    """Whether the line has such days."""
    frame = exhibit.frame
    return exhibit.kind in ("line", "panels") and flag in frame and bool(frame[flag].fillna(False).any())
