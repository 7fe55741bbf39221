"""What a person did within a shape that is brought up to date: marked words, coloured points, effects of pictures."""

import dataclasses
import io
import random
import re

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exports import files
from portalkompass.exports.slides.living import origin
from portalkompass.exports.slides.living.figures import write_figures
from portalkompass.exports.slides.living.origin import Origin
from portalkompass.exports.slides.living.parts import Unfit
from portalkompass.exports.slides.living.refresh import refreshed
from portalkompass.exports.slides.living.words import write_lines
from portalkompass.slide_set import SlideSet
from tests.charts import sample_exhibits as samples
from tests.exports.slides.living import edits

ADDRESS, THEN, TODAY = "bericht?zeitraum=12-monate", "20251215T060000Z", "20260115T060000Z"
EFFECTS = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{BEBA8EAE-BF5A-486C-A8C5-ECC9F3942E4B}">'
    '<a14:imgProps xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"/></a:ext></a:extLst>'
)


def empty_slide():
    deck = Presentation()
    return deck.slides.add_slide(deck.slide_layouts[6])


def lines_of(*paragraphs):
    """Paragraphs whose words between stars are bold."""
    frame = empty_slide().shapes.add_textbox(0, 0, 99, 99).text_frame
    for number, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        for place, text in enumerate(words.split("*")):
            run = paragraph.add_run()
            run.text, run.font.bold = text, True if place % 2 else None
    return frame


def written(frame):
    said = ["".join(f"*{r.text}*" if r.font.bold else r.text for r in p.runs) for p in frame.paragraphs]
    return [re.sub(r"\*\*", "", line) for line in said]


@pytest.mark.parametrize(
    ("old", "today", "expected", "lost"),
    [
        (["Die *Kita* führt"], ["Die Kita führt"], ["Die *Kita* führt"], []),
        (["Die *Kita* führt mit 120"], ["Die Kita führt mit 125"], ["Die *Kita* führt mit 125"], []),
        (["Klicks 120, die *Kita* 90"], ["Klicks 125, die Kita 95"], ["Klicks 125, die *Kita* 95"], []),
        (["Es waren *1.120* Klicks"], ["Es waren 980 Klicks"], ["Es waren *980* Klicks"], []),
        (["Die *Kita* führt mit 9"], ["Der Hund führt mit 9"], ["Der Hund führt mit 9"], ["Kita"]),
        (["Erstens", "Nur *eins* gilt"], ["Neu", "Erstens", "Nur eins gilt"], None, []),
        (["Erstens", "Nur *eins* gilt"], ["Erstens", "Nur eins gilt", "Neu"], None, []),
        (["Erstens", "Nur *eins* gilt"], ["Erstens"], ["Erstens"], ["eins"]),
        (["*Alles fett*"], ["Heute anders"], ["*Heute anders*"], []),
    ],
)
def test_marked_words_stay_marked_where_they_still_stand(old, today, expected, lost):
    frame = lines_of(*old)
    assert write_lines(frame, today) == lost
    marked = expected or [line.replace("eins", "*eins*") for line in today]
    assert written(frame) == marked
    assert [paragraph.text for paragraph in frame.paragraphs] == today


@pytest.mark.parametrize(
    ("old", "today", "expected"),
    [
        (["Die Kita führt", "mit 120 Klicks"], "Die Kita führt mit 120 Klicks", None),
        (
            ["Die Kita führt", "mit 120 Klicks"],
            "Die Kita führt mit 131 Klicks",
            ["Die Kita führt", "mit 131 Klicks"],
        ),
        (["Die *Kita* führt", ""], "Die Kita liegt vorn", ["Die *Kita* liegt vorn", ""]),
        (["Alles", "anders"], "Heute neu", ["Heute", "neu"]),
    ],
)
def test_a_line_that_somebody_has_parted_stays_parted(old, today, expected):
    frame = lines_of(*old)
    assert write_lines(frame, [today], single=True) == []
    assert written(frame) == (expected or old)


def chart(kind, categories, series):
    data = CategoryChartData()
    data.categories = categories
    for name, values in series.items():
        data.add_series(name, values)
    return empty_slide().shapes.add_chart(kind, 0, 0, Pt(400), Pt(300), data).chart


def blue(chart, series, point):
    fill = chart.plots[0].series[series].points[point].format.fill
    fill.solid()
    fill.fore_color.rgb = edits.BLUE


def test_a_coloured_bar_keeps_its_colour_with_its_category_and_series():
    kind = XL_CHART_TYPE.BAR_STACKED
    old = chart(kind, ["Wohngeld · 3", "Kita · 4"], {"Klicks": [1, 2], "Trend": [2, 2]})
    blue(old, 1, 1)
    new = chart(kind, ["Kita · 9", "Neu · 2", "Wohngeld · 3"], {"Trend": [4, 1, 1], "Klicks": [5, 1, 2]})
    assert write_figures(old, new) == []
    assert edits.points(old, edits.BLUE) == {("Trend", "Kita")}
    assert origin.figures(old) == origin.figures(new)


def test_the_colour_of_a_bar_that_is_gone_goes_too_and_is_named():
    old = chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A", "Kita"], {"Klicks": [1, 2]})
    blue(old, 0, 1)
    told = write_figures(old, chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A", "B"], {"Klicks": [1, 2]}))
    assert told == ["Farbe von „Kita“ entfallen, das heute nicht im Diagramm steht"]
    assert edits.points(old, edits.BLUE) == set()


def test_bars_that_somebody_made_a_line_of_take_todays_values_and_keep_what_is_at_single_points():
    old = chart(XL_CHART_TYPE.LINE_MARKERS, ["Wohngeld", "Kita"], {"Klicks": [1, 2]})
    blue(old, 0, 1)
    old.plots[0].series[0].points[0].data_label.text_frame.text = "Spitze"
    new = chart(XL_CHART_TYPE.BAR_CLUSTERED, ["Kita", "Neu"], {"Klicks": [5, 1]})
    assert write_figures(old, new) == ["Auszeichnung von „Wohngeld“ entfallen"]
    assert old.chart_type == XL_CHART_TYPE.LINE_MARKERS
    assert origin.figures(old) == origin.figures(new)
    assert edits.points(old, edits.BLUE) == {("Klicks", "Kita")}
    more = chart(XL_CHART_TYPE.BAR_CLUSTERED, ["Kita"], {"Klicks": [5], "Trend": [1]})
    with pytest.raises(Unfit, match="anderer Art"):
        write_figures(old, more)


def test_a_chart_is_left_alone_where_what_lies_behind_it_would_be_lost():
    def fresh():
        return chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A", "B"], {"Klicks": [1, 2]})

    own, linked, broken = fresh(), fresh(), fresh()
    book = load_workbook(io.BytesIO(own.part.chart_workbook.xlsx_part.blob))
    book.active["H2"] = "Meine Nebenrechnung"
    file = io.BytesIO()
    book.save(file)
    own.part.chart_workbook.xlsx_part._blob = file.getvalue()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"
    address = linked.part.relate_to("file:///C:/x.xlsx", kind, is_external=True)
    linked._chartSpace.find(qn("c:externalData")).set(qn("r:id"), address)
    broken.part.chart_workbook.xlsx_part._blob = b"nothing"
    for old, why in ((own, "eigene Zellen"), (linked, "verknüpften Datei"), (broken, "nicht lesen")):
        before = origin.figures(old)
        with pytest.raises(Unfit, match=why):
            write_figures(old, chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A"], {"Klicks": [9]}))
        assert origin.figures(old) == before
    assert write_figures(fresh(), fresh()) == []


def test_a_scale_reaches_as_far_as_todays():
    old, new = (chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A"], {"Klicks": [n]}) for n in (1, 90))
    old.value_axis.maximum_scale, new.value_axis.maximum_scale = 10, 100
    write_figures(old, new)
    assert old.value_axis.maximum_scale == 100
    old.value_axis.maximum_scale = 400
    write_figures(old, new)
    assert old.value_axis.maximum_scale == 400


def test_a_series_keeps_its_looks_with_its_name():
    old = chart(XL_CHART_TYPE.LINE_MARKERS, ["2024", "2025"], {"A": [1, 2], "B": [3, 4], "C": [5, 6]})
    old.plots[0].series[1].format.line.color.rgb = edits.RED
    new = chart(XL_CHART_TYPE.LINE_MARKERS, ["2024", "2025"], {"B": [4, 3], "Neu": [0, 0], "A": [2, 1]})
    assert write_figures(old, new) == ["Reihe „C“ entfallen"]
    assert origin.figures(old) == origin.figures(new)
    red = [
        s.name for s in old.plots[0].series if s._element.xpath(f"./c:spPr//a:srgbClr[@val='{edits.RED}']")
    ]
    assert red == ["B"]


def test_a_label_written_by_hand_goes_with_its_category():
    old = chart(XL_CHART_TYPE.BAR_CLUSTERED, ["A", "Kita", "Weg"], {"Klicks": [1, 2, 3]})
    for point, words in ((1, "Rekord"), (2, "Ausreißer")):
        old.plots[0].series[0].points[point].data_label.text_frame.text = words
    told = write_figures(old, chart(XL_CHART_TYPE.BAR_CLUSTERED, ["Kita", "A"], {"Klicks": [2, 1]}))
    assert told == ["Beschriftung „Ausreißer“ entfallen, da „Weg“ heute nicht im Diagramm steht"]
    assert old._chartSpace.xpath(".//c:dLbl/c:idx/@val | .//c:dLbl//a:t/text()") == ["0", "Rekord"]


def test_points_of_a_scatter_chart_are_known_by_what_is_written_at_them():
    def scatter(points):
        data = XyChartData()
        series = data.add_series("Seiten")
        for x, y in points.values():
            series.add_data_point(x, y)
        made = empty_slide().shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Pt(400), Pt(300), data).chart
        for number, name in enumerate(points):
            made.plots[0].series[0].points[number].data_label.text_frame.text = name
        return made

    old = scatter({"Kita": (1, 2), "Hund": (3, 4)})
    marker = old.plots[0].series[0].points[0].marker.format.fill
    marker.solid()
    marker.fore_color.rgb = edits.BLUE
    assert write_figures(old, scatter({"Neu": (9, 9), "Hund": (3, 5), "Kita": (1, 3)})) == []
    assert old._chartSpace.xpath(".//c:dPt/c:idx/@val") == ["2"]
    assert old._chartSpace.xpath(".//c:dLbl//a:t/text()") == ["Neu", "Hund", "Kita"]


def test_a_point_that_is_complete_today_is_no_longer_hollow(worker):
    complete = samples.trend().frame.assign(partial=False, provisional=False)
    then, today = (
        deck_of(worker, one)
        for one in (samples.trend(), dataclasses.replace(samples.trend(), frame=complete))
    )
    made = refreshed(Presentation(io.BytesIO(then)), {ADDRESS: today}, TODAY)
    ((_, shape),) = edits.shapes(made.deck, "chart")
    assert shape.chart._chartSpace.xpath(".//c:dPt") == []


def deck_of(worker, exhibit, snapshot=TODAY):
    pages = SlideSet("Sachstand", ("Stadt",), (exhibit,), samples.DAY)
    return files.deck_file(pages, worker=worker, origin=Origin(ADDRESS, snapshot))


def test_a_chart_edited_by_hand_keeps_the_words_that_describe_it(worker):
    then, today = (
        deck_of(worker, dataclasses.replace(samples.bars(), alt=f"Beschreibung {word}"))
        for word in ("alt", "neu")
    )
    deck = Presentation(io.BytesIO(then))
    edits.edit_figures(deck, random.Random(1))
    made = refreshed(deck, {ADDRESS: today}, TODAY)
    assert [origin.alt(shape) for _, shape in edits.shapes(made.deck, "chart")] == ["Beschreibung alt"]
    made = refreshed(Presentation(io.BytesIO(then)), {ADDRESS: today}, TODAY)
    assert [origin.alt(shape) for _, shape in edits.shapes(made.deck, "chart")] == ["Beschreibung neu"]


def test_an_alternative_text_by_hand_stays_and_is_named_every_time(worker):
    then, today, later = (
        deck_of(worker, dataclasses.replace(samples.bars(), alt=f"Beschreibung {word}"))
        for word in ("alt", "neu", "später")
    )
    deck = Presentation(io.BytesIO(then))
    ((_, shape),) = edits.shapes(deck, "chart")
    shape._element._nvXxPr.cNvPr.set("descr", "Von Hand")
    for other in (today, later):
        made = refreshed(deck, {ADDRESS: other}, TODAY)
        deck = Presentation(io.BytesIO(made.content))
        ((_, shape),) = edits.shapes(deck, "chart")
        assert origin.alt(shape) == "Von Hand"
        told = [change.sentence for change in made.changes if change.kept]
        assert len(told) == 1 and told[0].startswith(
            "Diagramm: Alternativtext von Hand geändert und belassen; heute"
        )


def test_effects_of_a_picture_stay_and_what_shows_the_old_one_goes(worker):
    then = deck_of(worker, samples.heatmap())
    frame = samples.heatmap().frame.assign(clicks=[9, 10])
    today = deck_of(worker, dataclasses.replace(samples.heatmap(), frame=frame))
    deck = Presentation(io.BytesIO(then))
    ((_, picture),) = edits.shapes(deck, "picture")
    blip = picture._element.blipFill.blip
    blip.insert(0, parse_xml(edits.HALF))
    blip.xpath("./a:extLst")[0].append(parse_xml(EFFECTS)[0])
    made = refreshed(deck, {ADDRESS: today}, TODAY)
    assert "Bild: künstlerischer Effekt entfallen, er zeigte das alte Bild" in [
        c.sentence for c in made.changes
    ]
    ((_, picture),) = edits.shapes(made.deck, "picture")
    assert [child.tag.rpartition("}")[2] for child in picture._element.blipFill.blip] == ["alphaModFix"]


def test_events_that_are_not_known_today_are_no_longer_drawn(worker):
    mark = (samples.trend().frame["bucket"].max().date(), "Relaunch", "Am 1. November war der Relaunch.")
    then, today = deck_of(worker, samples.annotated(mark)), deck_of(worker, samples.trend())
    deck = Presentation(io.BytesIO(then))
    assert "Relaunch" in drawings(deck)
    assert "Relaunch" not in drawings(refreshed(deck, {ADDRESS: today}, TODAY).deck)


def drawings(deck):
    parts = [part for part in deck.part.package.iter_parts() if "/drawings/" in str(part.partname)]
    return "".join(part.blob.decode() for part in parts)
