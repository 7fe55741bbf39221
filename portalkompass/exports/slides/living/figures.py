"""What a chart of an edited deck takes over from the one of today: figures and what is written at points.

Series and points are known by their names, never by their places: what a person has coloured moves with its category.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree
from pptx.chart.data import BubbleChartData, CategoryChartData, XyChartData
from pptx.oxml.ns import qn

from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.living import workbook
from portalkompass.exports.slides.living.parts import Unfit
from portalkompass.exports.slides.native.events import OWN

Name = tuple[str, int]
"""What a series or a point is called, and which of several of that name it is."""
SUM = " · "
"""Between the name of a stack and its sum."""
PRECISION = 9
"""Digits by which unnamed points of a scatter chart are known again."""
AFTER_POINTS = ("c:dLbls", "c:trendline", "c:errBars", "c:cat", "c:xVal", "c:val", "c:yVal")
AFTER_LABELS = AFTER_POINTS[1:]
"""What follows the points, and the labels, of a series in the order of the schema."""


def write_figures(old: Pptx, new: Pptx) -> list[str]:
    """Categories, series and values of today's chart, with what is written at single points; colours stay.

    A chart that a person has given another kind keeps it. Returns a sentence for all that a person may have done to a
    series or point that is not there today.

    Raises:
        Unfit: the chart of today is of another kind, or what a person wrote into its data would be lost.
    """
    plots = old._chartSpace.plotArea.xCharts
    if not plots or not plots[0].sers:
        raise Unfit("es hat keine Reihen mehr")
    workbook.check(old)
    before = {series: _point_names(series) for series in old._chartSpace.plotArea.sers}
    if new._chartSpace.find(f".//{plots[0].tag}") is None:
        return _write_values(old, new, before)
    fresh, told = _arrange(old, new)
    old.replace_data(_data(new, fresh))
    for series, today in zip(old._chartSpace.plotArea.sers, fresh, strict=True):
        names, held = _point_names(today), before.get(series, [])
        told += _sync_points(series, today, held, names)
        told += _sync_labels(series, today, held, names)
    _widen(old, new)
    _sync_events(old, new)
    return told


def _write_values(old: Pptx, new: Pptx, before: Mapping[Pptx, Sequence[Name]]) -> list[str]:
    """Today's values in a chart of another kind, with the same series: bars that somebody made a line of."""
    series, fresh = list(old._chartSpace.plotArea.sers), list(new._chartSpace.plotArea.sers)
    known = dict(zip(_told_apart(map(_name, fresh)), fresh, strict=True))
    wanted = _told_apart(map(_name, series))
    scattered = any(one.find(qn("c:xVal")) is not None for one in (*series, *fresh))
    if scattered or sorted(known) != sorted(wanted):
        raise Unfit("es ist von anderer Art als das von heute")
    old.replace_data(_data(new, [known[name] for name in wanted]))
    told = []
    for one, name in zip(series, wanted, strict=True):
        told += _follow(one, known[name], before[one], _point_names(known[name]))
    return told


def _follow(series: Pptx, fresh: Pptx, before: Sequence[Name], names: Sequence[Name]) -> list[str]:
    """What is at single points goes with them to where they stand today, and says what it says today."""
    said = {names[at]: label for at, label in _by_index(fresh, "./c:dLbls/c:dLbl").items() if at < len(names)}
    lost = []
    for path in ("./c:dPt", "./c:dLbls/c:dLbl"):
        for at, one in _by_index(series, path).items():
            name = before[at] if at < len(before) else None
            if name not in names:
                one.getparent().remove(one)
                lost.append(f"Auszeichnung von „{name[0] if name else at + 1}“ entfallen")
                continue
            one.find(qn("c:idx")).set("val", str(names.index(name)))
            if path != "./c:dPt" and name in said:
                _say(one, said[name])
    return lost


def _widen(old: Pptx, new: Pptx) -> None:
    """A scale with an end reaches at least as far as today's: nothing lies outside the chart."""
    ends = [chart._chartSpace.xpath(".//c:valAx/c:scaling/c:max") for chart in (old, new)]
    if len(ends[0]) == len(ends[1]):
        for end, today in zip(*ends, strict=True):
            if float(end.get("val")) < float(today.get("val")):
                end.set("val", today.get("val"))


def _arrange(old: Pptx, new: Pptx) -> tuple[list[Pptx], list[str]]:
    """Give the old chart a series, by name, for each of today's; those of today in the order of the old chart's.

    A new series looks as it does today, or as one of today's whose colour is still free.
    """
    area = old._chartSpace.plotArea
    series, fresh = list(area.sers), list(new._chartSpace.plotArea.sers)
    known = dict(zip(_told_apart(map(_name, series)), series, strict=True))
    wanted = _told_apart(map(_name, fresh))
    # The only series of a chart stays the same one under whatever name.
    placed = series if len(series) == len(fresh) == 1 else [known.get(name) for name in wanted]
    used = {_colour(one) for one in placed if one is not None}
    last = area.xCharts[0].sers[-1]
    for number, one in enumerate(placed):
        if one is None:
            free = (donor for donor in (fresh[number], *fresh) if _colour(donor) not in used)
            added = copy.deepcopy(next(free, fresh[number]))
            for element in added.xpath("./c:dPt | ./c:dLbls"):
                added.remove(element)
            added.idx.val = area.next_idx
            last.addnext(added)
            last = placed[number] = added
            used.add(_colour(added))
    gone = [one for one in series if one not in placed]
    for one in gone:
        plot = one.getparent()
        plot.remove(one)
        if not plot.sers:
            area.remove(plot)
    for number, one in enumerate(placed):
        one.order.val = number
        # PowerPoint reads the order, other programs the place.
        later = [
            other for other in one.getparent().sers if other.order.val < number and other in placed[:number]
        ]
        if later:
            later[-1].addnext(one)
    ordered = [fresh[placed.index(one)] for one in area.sers]
    return ordered, [f"Reihe „{_name(one)}“ entfallen" for one in gone]


def _colour(series: Pptx) -> object:
    return next((_fill(fill) for fill in series.xpath("./c:spPr//a:solidFill/*")), None)


def _data(chart: Pptx, series: Sequence[Pptx]) -> Pptx:
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
    for one in series:
        data.add_series(_name(one), _numbers(one, "val"))
    return data


def _name(series: Pptx) -> str:
    return "".join(series.xpath("./c:tx//c:v/text()"))


def _numbers(series: Pptx, part: str) -> list[float | None]:
    points = {number: float(text) for number, text in _cached(series, part).items()}
    count = int(next(iter(series.xpath(f"./c:{part}//c:ptCount/@val")), len(points)))
    return [points.get(number) for number in range(count)]


def _cached(series: Pptx, part: str) -> dict[int, str]:
    return {int(p.get("idx")): "".join(p.xpath("./c:v/text()")) for p in series.xpath(f"./c:{part}//c:pt")}


def _told_apart(names: Iterable[str]) -> list[Name]:
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        flat = " ".join(name.split())
        told.append((flat, seen[flat]))
        seen[flat] += 1
    return told


def _point_names(series: Pptx) -> list[Name]:
    """What the points are called: their categories without sums; in a scatter chart what is written at them."""
    if series.find(qn("c:xVal")) is not None:
        places = [_cached(series, part) for part in ("xVal", "yVal")]
        written = {at: _written(label) for at, label in _by_index(series, "./c:dLbls/c:dLbl").items()}
        return _told_apart(
            written.get(at) or " | ".join(f"{float(place.get(at) or 0):.{PRECISION}g}" for place in places)
            for at in range(max(places[0], default=-1) + 1)
        )
    cached = _cached(series, "cat")
    names = [cached.get(at, "") for at in range(max(cached, default=-1) + 1)]
    if series.getparent().xpath("./c:grouping[@val='stacked']") and all(SUM in name for name in names):
        names = [name.rpartition(SUM)[0] for name in names]
    return _told_apart(names)


def _by_index(series: Pptx, path: str) -> dict[int, Pptx]:
    return {int(one.find(qn("c:idx")).get("val")): one for one in series.xpath(path)}


def _sync_points(series: Pptx, fresh: Pptx, before: Sequence[Name], names: Sequence[Name]) -> list[str]:
    """Dashed and hollow points are those of today; points that a person has coloured stay so, wherever they stand."""
    points = {at: copy.deepcopy(point) for at, point in _by_index(fresh, "./c:dPt").items()}
    lost = []
    for at, point in _by_index(series, "./c:dPt").items():
        series.remove(point)
        if at < len(before) and _by_hand(series, point):
            if before[at] in names:
                points[names.index(before[at])] = point
            else:
                lost.append(f"Farbe von „{before[at][0]}“ entfallen, das heute nicht im Diagramm steht")
    for at in sorted(points):
        points[at].find(qn("c:idx")).set("val", str(at))
        _put(series, points[at], AFTER_POINTS)
    return lost


def _by_hand(series: Pptx, point: Pptx) -> bool:
    """Whether the point has a colour that neither its series has nor the hollow points that are drawn here."""
    own = {_fill(fill) for fill in series.xpath("./c:spPr//a:solidFill/* | ./c:marker//a:solidFill/*")}
    hollow = {_fill(fill) for fill in point.xpath("./c:marker//a:schemeClr[@val='bg1']")}
    coloured = {_fill(fill) for fill in point.xpath(".//a:solidFill/*")}
    other = point.xpath(".//a:gradFill | .//a:pattFill | .//a:blipFill | ./c:spPr/a:noFill")
    return bool(coloured - own - hollow or other)


def _fill(colour: Pptx) -> tuple[str, ...]:
    steps = (f"{step.tag} {step.get('val')}" for step in colour)
    return (colour.tag, (colour.get("val") or "").lower(), *steps)


def _sync_labels(series: Pptx, fresh: Pptx, before: Sequence[Name], names: Sequence[Name]) -> list[str]:
    """What is written at single points says what it says today, in the letters that it has."""
    today, own = fresh.find(qn("c:dLbls")), series.find(qn("c:dLbls"))
    if own is None:
        if today is not None:
            _put(series, copy.deepcopy(today), AFTER_LABELS)
        return []
    held = {}
    for at, label in _by_index(series, "./c:dLbls/c:dLbl").items():
        own.remove(label)
        if at < len(before):
            held[before[at]] = at, label
    labels = {}
    for at, label in _by_index(fresh, "./c:dLbls/c:dLbl").items():
        was, labels[at] = held.pop(names[at], (at, None)) if at < len(names) else (at, None)
        if labels[at] is None:
            labels[at] = copy.deepcopy(label)
            continue
        _say(labels[at], label)
        if was != at and series.find(qn("c:xVal")) is None:
            _place(labels[at], label)
    lost = _keep_own(held, labels, names, written=bool(fresh.xpath("./c:dLbls/c:dLbl/c:tx")))
    for place, at in enumerate(sorted(labels)):
        labels[at].find(qn("c:idx")).set("val", str(at))
        own.insert(place, labels[at])
    return lost


def _keep_own(
    held: Mapping[Name, tuple[int, Pptx]], labels: dict[int, Pptx], names: Sequence[Name], *, written: bool
) -> list[str]:
    """Labels that a person wrote go with their points; where texts are ``written`` today, others are old ones."""
    lost = []
    for name, (_, label) in held.items():
        own_text = label.find(qn("c:tx")) is not None
        if own_text and written:
            continue
        if name in names:
            labels.setdefault(names.index(name), label)
        elif own_text:
            lost.append(
                f"Beschriftung „{_written(label)}“ entfallen, da „{name[0]}“ heute nicht im Diagramm steht"
            )
    return lost


def _written(label: Pptx) -> str:
    return "".join(label.xpath("./c:tx//a:t/text()"))


def _say(label: Pptx, today: Pptx) -> None:
    texts, said = label.xpath("./c:tx//a:t"), _written(today)
    if texts and said and _written(label) != said:
        texts[0].text = said
        for surplus in texts[1:]:
            surplus.text = ""


def _place(label: Pptx, today: Pptx) -> None:
    """The side of the point on which today's label stands: at the other end of a line it is another."""
    old, new = label.find(qn("c:dLblPos")), today.find(qn("c:dLblPos"))
    if old is not None and new is not None:
        old.set("val", new.get("val"))


def _put(series: Pptx, element: Pptx, before: Sequence[str]) -> None:
    """The element in front of the first of these, as the schema orders them."""
    following = next(one for name in before if (one := series.find(qn(name))) is not None)
    following.addprevious(element)


def _sync_events(old: Pptx, new: Pptx) -> None:
    """Rules, fields and names of events are those of today; what a person drew into the chart stays."""
    drawn, fresh = _drawing(old), _drawing(new)
    if drawn is None:
        return
    # What comes out of the file is parsed as python-pptx does: without entities.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(drawn.blob, parser)
    for anchor in list(tree):
        if _named(anchor).startswith(OWN):
            tree.remove(anchor)
    if fresh is not None:
        for anchor in etree.fromstring(fresh.blob, parser):
            tree.append(anchor)
    drawn._blob = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drawing(chart: Pptx) -> Pptx | None:
    return next(
        (one.target_part for one in chart.part.rels.values() if one.reltype.endswith("/chartUserShapes")),
        None,
    )


def _named(anchor: Pptx) -> str:
    return next((str(one.get("name")) for one in anchor.iter() if one.tag.endswith("}cNvPr")), "")
