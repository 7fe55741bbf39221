"""The table of figures behind a chart: whether a person has written into it what is not drawn."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from pptx.oxml.ns import qn

from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.living.opening import too_large
from portalkompass.exports.slides.living.parts import Unfit

LINKED = "seine Daten liegen in einer verknüpften Datei"
UNREADABLE = "seine Datentabelle lässt sich nicht lesen"
OWN = "in seiner Datentabelle stehen eigene Zellen, die dabei verloren gingen"
SIZES = "Size"
"""Head of the third column of a chart of bubbles."""
Place = tuple[int, int]
"""Column and row."""


def check(chart: Pptx) -> None:
    """Nothing where the table can be written anew.

    Raises:
        Unfit: it lies elsewhere, cannot be read, or holds cells that the chart does not draw.
    """
    linked = chart._chartSpace.find(qn("c:externalData"))
    if linked is None:
        return
    relation = chart.part.rels[linked.get(qn("r:id"))]
    if relation.is_external:
        raise Unfit(LINKED)
    if (drawn := _drawn(chart)) is None:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(relation.target_part.blob)) as archive:
            bad = bool(too_large(archive.infolist()))
        own = not bad and not set(_written(relation.target_part.blob)) <= drawn
    except Exception:
        raise Unfit(UNREADABLE) from None
    if bad:
        raise Unfit(UNREADABLE)
    if own:
        raise Unfit(OWN)


def _drawn(chart: Pptx) -> set[tuple[str, Place]] | None:
    """Sheet and place of each cell that the chart shows; None where it names no places, as LibreOffice does not."""
    places = set()
    for formula in chart._chartSpace.xpath(".//c:ser//c:f/text()"):
        sheet, _, area = formula.rpartition("!")
        try:
            left, top, right, bottom = range_boundaries(area.replace("$", ""))
        except ValueError:
            return None
        if not sheet or left is None or top is None or right is None or bottom is None:
            return None
        name = sheet.strip("'")
        places |= {(name, (x, y)) for x in range(left, right + 1) for y in range(top, bottom + 1)}
    return places


def _written(blob: bytes) -> Iterator[tuple[str, Place]]:
    """Sheet and place of each cell that holds something."""
    book = load_workbook(io.BytesIO(blob), read_only=True, keep_links=False)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, "", SIZES):
                    yield sheet.title, (cell.column, cell.row)
