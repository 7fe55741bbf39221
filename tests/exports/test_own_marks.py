"""A person's own remark at a chart, and the series that they want to be seen: in every file, fitting, never run."""

import dataclasses
import io
import zipfile

import pandas as pd
import pytest
from docx import Document
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR as THEME

from portalkompass import charts, exhibit
from portalkompass.charts import theme
from portalkompass.exhibit import LONGEST_REMARK, MOST_HIGHLIGHTED
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.images.composition import HALF, compose
from portalkompass.exports.slides.living import origin
from portalkompass.exports.slides.living.opening import opened
from portalkompass.exports.slides.living.origin import Origin
from portalkompass.exports.slides.living.refresh import refreshed
from portalkompass.slide_set import SlideSet
from portalkompass.workspace.reports import report_edits
from tests.charts import sample_exhibits as samples
from tests.exports.papers.pdf_structure import faults, words
from tests.exports.slides import geometry

REMARK = "Seit Oktober ist die Seite neu."
FORMS = {form.id: form for form in files.FORMATS}
ADDRESS = "bericht?bericht=1"


def trend():
    return samples.trend().marked(["Aktuell"], REMARK)


def deck_of(*pages, worker, origin=None):
    return files.deck_file(SlideSet("T", (), pages, samples.DAY), worker=worker, origin=origin)


def opened_deck(content):
    return Presentation(io.BytesIO(content))


def layers(shown, mark):
    return [layer for layer in charts.build(shown)["layer"] if layer["mark"]["type"] == mark]


def colours(layer):
    scale = layer["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_others_step_back_in_grey_and_every_line_is_named_at_its_end():
    shown = samples.trend().marked(["Vorjahr"])
    (line,) = [one for one in layers(shown, "line") if "strokeWidth" in one["encoding"]][:1]
    assert colours(line) == {"Aktuell": theme.GREY, "Vorjahr": theme.ACTION}
    widths = line["encoding"]["strokeWidth"]["scale"]["range"]
    assert widths[1] > 2 * widths[0]
    assert line["encoding"]["color"]["legend"] is None
    ends = charts.build(shown)["datasets"]["ends"]
    assert {(row["series"], row["y"], row["front"]) for row in ends} == {
        ("Aktuell", 8.5, False),
        ("Vorjahr", 23.9, True),
    }
    assert shown.alt.endswith("Hervorgehoben: Vorjahr.")


def test_bars_and_bands_step_back_and_the_legend_names_the_others_as_one():
    (bar,) = layers(samples.bars().marked(["Wohngeld"]), "bar")
    assert bar["encoding"]["color"]["condition"]["value"] == theme.ACTION
    assert bar["encoding"]["color"]["value"] == theme.STEPPED_BACK
    (area,) = layers(samples.bands().marked(["4–10"]), "area")
    assert colours(area) == {"1–3": theme.STEPPED_BACK, "4–10": theme.ACTION, "übrige": theme.STEPPED_BACK}
    assert area["encoding"]["color"]["legend"]["values"] == ["4–10", "übrige"]


def test_only_what_the_chart_has_can_stand_out():
    assert samples.trend().highlightable == ("Aktuell", "Vorjahr")
    assert samples.trend().marked(["Aktuell", "gibt es nicht"]).highlighted == ("Aktuell",)
    alone = dataclasses.replace(samples.trend(), series="")
    assert (alone.highlightable, alone.marked(["Aktuell"]).highlighted) == ((), ())


def test_a_slide_has_the_remark_above_its_chart_and_the_others_grey(worker):
    (slide,) = opened_deck(files.make(trend(), FORMS["pptx"], worker=worker)).slides
    (remark,) = [shape for shape in slide.shapes if shape.name == exhibit.REMARK]
    assert remark.text_frame.text == f"Bemerkung: {REMARK}"
    (chart,) = [shape for shape in slide.shapes if shape.has_chart]
    assert remark.top + remark.height <= chart.top
    strong, back = chart.chart.plots[0].series
    assert strong.format.line.color.theme_color == THEME.ACCENT_1
    assert str(back.format.line.color.rgb) == theme.GREY[1:].upper()
    assert strong.format.line.width > 2 * back.format.line.width
    assert not chart.chart.has_legend
    assert "Aktuell" in chart.chart._chartSpace.xpath(".//c:dLbl//a:t/text()")


def test_a_highlighted_bar_of_a_slide_has_the_accent_and_the_others_are_pale(worker):
    content = files.make(samples.bars(), FORMS["pptx"], highlighted=["Wohngeld"], worker=worker)
    (chart,) = [shape.chart for shape in opened_deck(content).slides[0].shapes if shape.has_chart]
    (series,) = chart.plots[0].series
    assert str(series.format.fill.fore_color.rgb) == theme.STEPPED_BACK[1:].upper()
    coloured = [
        int(idx) for idx in series._element.xpath("./c:dPt[.//a:schemeClr[@val='accent1']]/c:idx/@val")
    ]
    assert coloured == [0, 2]  # both rows of that name


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_papers_and_workbooks_say_the_remark_and_stay_accessible(form, worker):
    if form == "docx":
        content = files.paper_file(SlideSet("T", (), (trend(),), samples.DAY), form, worker=worker)
        told = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
        assert f"Bemerkung: {REMARK}" in told
        return
    content = files.make(trend(), FORMS[form], worker=worker)
    if form == "pdf":
        assert faults(content) == []
        assert f"Bemerkung: {REMARK}" in words(content)[0]
    else:
        texts = zipfile.ZipFile(io.BytesIO(content)).read("xl/sharedStrings.xml").decode()
        assert "Bemerkung" in texts
        assert REMARK in texts


def test_remarks_are_text_wherever_they_stand(worker):
    hostile = f"{samples.HOSTILE} \u202e\x00 =1+1"[:LONGEST_REMARK]
    shown = samples.bars().marked([samples.HOSTILE], hostile)
    page = compose(outgoing(shown), HALF)
    assert "<img" not in page.svg
    assert "&lt;img" in page.svg
    (slide,) = opened_deck(files.make(shown, FORMS["pptx"], worker=worker)).slides
    (box,) = [shape for shape in slide.shapes if shape.name == exhibit.REMARK]
    assert box.text_frame.text == f"Bemerkung: {samples.HOSTILE}  =1+1"[: len(box.text_frame.text)]
    assert outgoing(shown).highlighted == (samples.HOSTILE,)
    assert words(files.make(shown, FORMS["pdf"], worker=worker))[0].count("#panic") == 0


def test_the_longest_remark_fits_on_every_kind_of_slide(worker):
    longest = ("Straßenverkehrsbehörde " * 20)[:LONGEST_REMARK].strip()
    pages = [one.marked(one.highlightable[:1], longest) for one in samples.EVERY_KIND]
    assert any(page.highlighted for page in pages)
    for two in (False, True):
        content = files.deck_file(SlideSet("T", (), tuple(pages), samples.DAY), worker=worker, two=two)
        assert geometry.faults(opened_deck(content)) == []
    half = files.make(pages[0], FORMS["pptx"], size=HALF, worker=worker)
    assert geometry.faults(opened_deck(half)) == []


@pytest.mark.parametrize(
    ("highlighted", "remark", "sentence"),
    [
        ((), "x" * (LONGEST_REMARK + 1), "Die Bemerkung hat 161 Zeichen; Platz ist für 160"),
        (("a", "b", "c", "d"), "", "höchstens 3 Reihen, gewählt sind 4"),
    ],
)
def test_what_a_chart_cannot_bear_is_refused_with_a_sentence(highlighted, remark, sentence):
    with pytest.raises(files.TooMuchMarked, match=sentence):
        files.make(samples.bars(), FORMS["csv"], highlighted=highlighted, remark=remark)


def test_the_workspace_takes_as_much_as_the_files():
    assert (report_edits.LONGEST["remark"], report_edits.MOST_HIGHLIGHTED) == (
        LONGEST_REMARK,
        MOST_HIGHLIGHTED,
    )


def remark_of(content):
    return [
        shape.text_frame.text
        for slide in opened_deck(content).slides
        for shape in slide.shapes
        if shape.has_text_frame and shape.name.startswith(exhibit.REMARK)
    ]


def test_a_remark_of_an_edited_deck_is_brought_up_to_date_unless_a_person_wrote_it_anew(worker):
    then = deck_of(trend(), worker=worker, origin=Origin(ADDRESS, "1"))
    later = samples.trend().marked(["Aktuell"], "Heute gilt etwas anderes.")
    today = {ADDRESS: deck_of(later, worker=worker, origin=Origin(ADDRESS, "2"))}
    made = refreshed(opened(then), today, "2")
    assert remark_of(made.content) == ["Bemerkung: Heute gilt etwas anderes."]
    deck = opened_deck(then)
    (box,) = [s for s in deck.slides[1].shapes if (tag := origin.read(s)) and tag.role == "remark"]
    box.text_frame.paragraphs[0].runs[0].text = "Von Hand."
    file = io.BytesIO()
    deck.save(file)
    kept = refreshed(opened(file.getvalue()), today, "2")
    assert remark_of(kept.content) == ["Von Hand."]
    assert any("Bemerkung von Hand geändert und belassen" in str(one) for one in kept.changes if one.kept)


def test_a_remark_that_came_or_went_is_told_and_nothing_is_drawn_or_deleted(worker):
    plain, marked = samples.trend(), trend()
    decks = [deck_of(one, worker=worker, origin=Origin(ADDRESS, "1")) for one in (plain, marked)]
    came = refreshed(opened(decks[0]), {ADDRESS: decks[1]}, "1")
    assert remark_of(came.content) == []
    assert any(f"im Bericht steht heute zusätzlich „Bemerkung: {REMARK}“" in str(one) for one in came.changes)
    went = refreshed(opened(decks[1]), {ADDRESS: decks[0]}, "1")
    assert remark_of(went.content) == [f"Bemerkung: {REMARK}"]
    assert [str(one) for one in went.changes if one.kept] == [
        "Folie 2: Bemerkung heute nicht mehr Teil des Berichts; unverändert gelassen"
    ]


def test_two_series_of_one_value_do_not_lie_over_each_other():
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-10-01", "2025-11-01"] * 3),
            "name": ["a", "a", "b", "b", "c", "c"],
            "clicks": [5, 10, 6, 10, 7, 10],
        }
    )
    fields = (
        exhibit.Field("day", "Monat", "month"),
        exhibit.Field("name", "Name"),
        exhibit.Field("clicks", "Klicks", "integer"),
    )
    line = samples.exhibit("line", frame, fields, x="day", y="clicks", series="name").marked(["b"])
    at = sorted(row["at"] for row in charts.build(line)["datasets"]["ends"])
    assert at[1] - at[0] == pytest.approx(at[2] - at[1])
    assert at[1] - at[0] == pytest.approx(10 / 320 * 16)
