"""What a shape of an edited deck takes over from the one of today: words, cells, figures, pictures; never its looks."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Sequence

from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.oxml.ns import qn

from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.native.events import OWN

COUNTED = re.compile(r" \(\d+ von \d+\)$")
"""Behind the headline of a page that goes on with the next slide."""


class Unfit(Exception):
    """The shape of today is of another kind than that in the deck; the message is a German sentence."""


def write_lines(frame: Pptx, lines: Sequence[str]) -> None:
    """The lines in place of the paragraphs, each in the looks of the one that stood there (or of the last)."""
    body = frame._txBody
    paragraphs = list(body.findall(qn("a:p")))
    for number, line in enumerate(lines):
        if number >= len(paragraphs):
            paragraphs.append(copy.deepcopy(paragraphs[-1]))
            paragraphs[-2].addnext(paragraphs[-1])
        _write(frame.paragraphs[number], line)
    for surplus in paragraphs[max(len(lines), 1) :]:
        body.remove(surplus)


def _write(paragraph: Pptx, line: str) -> None:
    runs = paragraph.runs
    kept = runs[0]._r if runs else None
    for element in list(paragraph._p):
        if element.tag in (qn("a:r"), qn("a:br"), qn("a:fld")) and element is not kept:
            paragraph._p.remove(element)
    (runs[0] if runs else paragraph.add_run()).text = line


def counted_as(old: str, line: str) -> str:
    """A headline of today with the count of slides that stands behind the old one."""
    count = COUNTED.search(old)
    return COUNTED.sub("", line) + (count[0] if count else "")


Rows = dict[str, list[Pptx]]
"""Rows of a table by what their first cell says."""


def rows_by_name(table: Pptx) -> Rows:
    """The rows below the head."""
    found: Rows = defaultdict(list)
    for row in list(table.rows)[1:]:
        found[row.cells[0].text_frame.text.strip()].append(row._tr)
    return found


def write_rows(table: Pptx, rows: Sequence[Sequence[str]], elsewhere: Rows) -> None:
    """The rows below the head; a row keeps its looks where its first cell says the same as before.

    ``elsewhere`` are the rows of the same table on other slides, from where one may have moved here.

    Raises:
        Unfit: the table of today has other columns.
    """
    head, *old = list(table._tbl.tr_lst)
    if len(rows[0]) != len(head.tc_lst):
        raise Unfit("die Tabelle hat heute andere Spalten")
    own = rows_by_name(table)
    # A new row looks like the one with the fewest colours: what somebody has marked stays the only one marked.
    plain = min(old or [head], key=lambda row: len(row.xpath(".//a:solidFill")))
    for row in old:
        table._tbl.remove(row)
    for name in (row[0].strip() for row in rows[1:]):
        taken = own[name].pop(0) if own.get(name) else None
        if taken is None:
            moved = elsewhere.get(name)
            taken = copy.deepcopy(moved[0] if moved else plain)
        table._tbl.append(taken)
    for written, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(written.cells, row, strict=True):
            if cell.text_frame.text != text:
                write_lines(cell.text_frame, [text])


def write_figures(old: Pptx, new: Pptx) -> None:
    """Categories, series and values of today's chart, with what is written at single points; colours stay.

    Raises:
        Unfit: the chart of today is of another kind.
    """
    kind = next(
        element.tag
        for element in old._chartSpace.iter()
        if element.tag.endswith("Chart") and element.tag != qn("c:chart")
    )
    if new._chartSpace.find(f".//{kind}") is None:
        raise Unfit("das Diagramm ist heute von anderer Art")
    old.replace_data(_data(new))
    for series, fresh in zip(
        old._chartSpace.iter(qn("c:ser")), new._chartSpace.iter(qn("c:ser")), strict=True
    ):
        _sync_points(series, fresh)
        _sync_labels(series, fresh)
    _sync_events(old, new)


def _data(chart: Pptx) -> Pptx:
    series = list(chart._chartSpace.iter(qn("c:ser")))
    form = next(
        iter(chart._chartSpace.xpath(".//c:val//c:formatCode/text() | .//c:yVal//c:formatCode/text()")),
        "General",
    )
    if series and series[0].find(qn("c:yVal")) is not None:
        bubbles = series[0].find(qn("c:bubbleSize")) is not None
        kind: Pptx = BubbleChartData if bubbles else XyChartData
        data = kind(number_format=form)
        for one in series:
            added = data.add_series(_name(one))
            columns = [_numbers(one, part) for part in ("xVal", "yVal", *(["bubbleSize"] if bubbles else []))]
            for point in zip(*columns, strict=True):
                added.add_data_point(*point)
        return data
    data = CategoryChartData(number_format=form)
    data.categories = [str(category) for category in chart.plots[0].categories]
    for one in chart.plots[0].series:
        data.add_series(one.name, list(one.values))
    return data


def _name(series: Pptx) -> str:
    return "".join(series.xpath("./c:tx//c:v/text()"))


def _numbers(series: Pptx, part: str) -> list[float | None]:
    points = {
        int(p.get("idx")): float("".join(p.xpath("./c:v/text()"))) for p in series.xpath(f"./c:{part}//c:pt")
    }
    count = int(next(iter(series.xpath(f"./c:{part}//c:ptCount/@val")), len(points)))
    return [points.get(number) for number in range(count)]


def _by_index(series: Pptx, path: str) -> dict[int, Pptx]:
    return {int(one.find(qn("c:idx")).get("val")): one for one in series.xpath(path)}


def _sync_points(series: Pptx, fresh: Pptx) -> None:
    """Dashed and hollow points are those of today; points that a person has coloured stay."""
    old, new = _by_index(series, "./c:dPt"), _by_index(fresh, "./c:dPt")
    for number, point in old.items():
        if number not in new and not point.xpath(".//a:solidFill"):
            series.remove(point)
    for number, point in new.items():
        if number not in old:
            _put(
                series,
                copy.deepcopy(point),
                ("c:dLbls", "c:trendline", "c:errBars", "c:cat", "c:xVal", "c:val", "c:yVal"),
            )


def _sync_labels(series: Pptx, fresh: Pptx) -> None:
    """What is written at single points says what it says today, in the letters that it has."""
    labels = fresh.find(qn("c:dLbls"))
    if labels is None:
        return
    if series.find(qn("c:dLbls")) is None:
        _put(
            series, copy.deepcopy(labels), ("c:trendline", "c:errBars", "c:cat", "c:xVal", "c:val", "c:yVal")
        )
        return
    old, new = _by_index(series, "./c:dLbls/c:dLbl"), _by_index(fresh, "./c:dLbls/c:dLbl")
    for number, label in old.items():
        if number not in new and label.find(qn("c:tx")) is not None:
            label.getparent().remove(label)
    for number, label in new.items():
        if number not in old:
            later = [one for at, one in sorted(_by_index(series, "./c:dLbls/c:dLbl").items()) if at > number]
            if later:
                later[0].addprevious(copy.deepcopy(label))
            else:
                series.find(qn("c:dLbls")).insert(number if not old else len(old), copy.deepcopy(label))
            continue
        texts, said = old[number].xpath(".//a:t"), label.xpath(".//a:t")
        if texts and said:
            texts[0].text = "".join(text.text or "" for text in said)
            for surplus in texts[1:]:
                surplus.text = ""


def _put(series: Pptx, element: Pptx, before: Sequence[str]) -> None:
    """The element in front of the first of these, as the schema orders them."""
    following = next(one for name in before if (one := series.find(qn(name))) is not None)
    following.addprevious(element)


def _sync_events(old: Pptx, new: Pptx) -> None:
    """Rules, fields and names of events are those of today; what a person drew into the chart stays."""
    drawn, fresh = _drawing(old), _drawing(new)
    if drawn is None or fresh is None:
        return
    from lxml import etree

    # What comes out of the file is parsed as python-pptx does: without entities.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree, today = etree.fromstring(drawn.blob, parser), etree.fromstring(fresh.blob, parser)
    for anchor in list(tree):
        if _named(anchor).startswith(OWN):
            tree.remove(anchor)
    for anchor in list(today):
        tree.append(anchor)
    drawn._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drawing(chart: Pptx) -> Pptx | None:
    return next(
        (one.target_part for one in chart.part.rels.values() if one.reltype.endswith("/chartUserShapes")),
        None,
    )


def _named(anchor: Pptx) -> str:
    return next((str(one.get("name")) for one in anchor.iter() if one.tag.endswith("}cNvPr")), "")
