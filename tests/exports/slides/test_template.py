import io

import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR

from portalkompass.exports.files import deck_file
from portalkompass.exports.slides.template import NEUTRAL, Look, TemplateError
from portalkompass.slide_set import Cover, SlideSet, Words
from tests.charts.sample_exhibits import DAY

WORDS = Words("w", "Aussage", ("Ein Satz.",), "Q", DAY, sample=True)


def made(look):
    return Presentation(io.BytesIO(deck_file(SlideSet("Titel", ("Stadt",), (WORDS,), DAY), look)))


def test_a_missing_layout_is_told_with_those_there_are():
    with pytest.raises(TemplateError) as fault:
        made(Look(content_layout="Inhalt Stadt"))
    assert str(fault.value) == (
        "In der Vorlage fehlt das Layout „Inhalt Stadt“; vorhanden sind „Titelfolie“, „Titel und Inhalt“, "
        "„Nur Titel“."
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("fehlt.pptx", "lässt sich nicht öffnen"), ("vorlage.odp", "muss eine .pptx- oder")],
)
def test_a_template_that_cannot_be_used_is_told(tmp_path, name, sentence):
    with pytest.raises(TemplateError, match=sentence):
        made(Look(template=str(tmp_path / name)))


def test_a_city_template_keeps_its_colours_and_loses_its_sample_slides(tmp_path):
    own = Presentation(str(NEUTRAL))
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text_frame.text = "Muster"
    own.slide_layouts[2]._element.cSld.set("name", "Stadt: nur Titel")
    path = tmp_path / "stadt.pptx"
    own.save(str(path))
    deck = made(Look(template=str(path), content_layout="Stadt: nur Titel"))
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == ["Titel", "Aussage"]
    assert deck.slides[1].slide_layout.name == "Stadt: nur Titel"


def test_words_carry_source_date_and_the_sample_mark():
    (_, slide) = made(Look()).slides
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert "Beispieldaten · Quelle: Q · Datenstand: 15.12.2025" in texts
    assert "Ein Satz." in texts


def test_the_cover_has_a_hierarchy_in_the_colour_of_the_template():
    cover = Cover("Rat", DAY, "Stadt", "Beschluss", ("Zeitraum: 2025", "Quelle: Q"))
    slides = SlideSet("Sachstand", ("Stadt",), (WORDS,), DAY, cover=cover)
    slide = Presentation(io.BytesIO(deck_file(slides, Look()))).slides[0]
    field = next(one for one in slide.slide_layout.placeholders if one.placeholder_format.type == 3)
    assert field.fill.fore_color.theme_color == MSO_THEME_COLOR.ACCENT_1
    (below,) = [one for one in slide.placeholders if one.placeholder_format.idx == 1]
    sizes = [paragraph.runs[0].font.size.pt for paragraph in below.text_frame.paragraphs]
    assert sizes == [22, 18, 18, 14, 14]
    assert [bool(one.runs[0].font.bold) for one in below.text_frame.paragraphs] == [True] + [False] * 4
