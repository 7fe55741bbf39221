"""Every page of the report in every template: nothing overlaps, no text leaves its shape, no letters too small."""

import dataclasses
import datetime as dt
import io
import re
import xml.etree.ElementTree as ET

import pytest
from pptx import Presentation
from pptx.util import Pt

from portalkompass import german
from portalkompass.answers.report import report
from portalkompass.answers.services import services
from portalkompass.exhibit import LONGEST_REMARK, Exhibit
from portalkompass.exports.files import deck_file
from portalkompass.exports.slides.boxes import Letters
from portalkompass.exports.slides.template import NEUTRAL, TemplateError
from portalkompass.exports.slides.template_check import check
from portalkompass.slide_set import TextPage
from tests.answers.conftest import open_house
from tests.exports.slides import geometry, templates
from tests.warehouse_fixture import publish, settings_for

LONG = (
    "Anlagengenehmigung, Abfallentsorgung, Aufenthaltstitel, Ausnahmegenehmigungen im Straßenverkehr und "
    "Meldebescheinigungen wurden im ersten Halbjahr häufiger nachgefragt als im ganzen Jahr davor, obwohl die "
    "Seiten der Ausländerbehörde und der Straßenverkehrsbehörde seltener bei Google erschienen"
)
ENDLESS = ("Verwaltungsdigitalisierung" * 40)[:1000]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The report of the small city, its widest table, and a page with a headline and words that are too long."""
    settings = settings_for(tmp_path_factory.mktemp("city"))
    publish(settings)
    house = open_house(settings)
    made = report.slides(house.question())
    table = next(one for one in house.ask(services).exhibits if one.id == "service_table")
    words = made.pages[-1]
    further = (
        dataclasses.replace(table, headline=LONG),
        dataclasses.replace(words, headline=LONG, paragraphs=words.paragraphs * 6),
    )
    cover = dataclasses.replace(
        made.cover,
        committee=LONG[:90],
        session=dt.date(2026, 6, 15),
        decision="Beschluss vom 07.07.2025, Nr. 2025/3302",
    )
    pages = [marked(page) if number % 2 else page for number, page in enumerate((*made.pages, *further))]
    return dataclasses.replace(made, pages=(*pages, *text_pages(words)), cover=cover)


def marked(page):
    """With as long a remark as there may be, and a series that stands out."""
    return page.marked(page.highlightable[:1], LONG[:LONGEST_REMARK]) if isinstance(page, Exhibit) else page


def text_pages(words):
    """What people may write: the usual, as much and as long as the workspace takes, and hardly anything."""
    facts = (("Letzte Entwicklung", "Vergabe im März"), ("Verantwortlich", "FB 12"), ("Stand", "04.05.2026"))
    usual = TextPage(
        "text_1",
        "DMS",
        ("Pilot läuft", LONG),
        words.source,
        words.data_date,
        facts=facts,
        news="Neu seit gestern",
    )
    most = (f"{LONG} {LONG} {LONG}"[:1000], ENDLESS)
    return (
        usual,
        dataclasses.replace(
            usual,
            headline=LONG,
            paragraphs=most * 20,
            facts=(("Letzte Entwicklung", ENDLESS), ("Verantwortlich", ENDLESS[:300])),
        ),
        dataclasses.replace(usual, paragraphs=(), facts=facts[:1], news=""),
    )


@pytest.fixture(scope="module", params=templates.USABLE, ids=lambda make: make.__name__)
def deck(request, pages, worker, tmp_path_factory):
    look = request.param(tmp_path_factory.mktemp("vorlage"))
    return Presentation(io.BytesIO(deck_file(pages, look, worker)))


def test_every_page_stands_in_every_template_without_a_fault(deck, pages):
    assert len(deck.slides) > len(pages.pages)
    # A word that is longer than any line can only be torn.
    torn = f"„{ENDLESS[:40]}"
    assert not [fault for fault in geometry.faults(deck) if not (torn in fault and fault.endswith("is torn"))]


def _typed(text):
    """Without the spaces at which no line ends."""
    return text.replace(german.NBSP, " ")


def test_two_charts_share_a_slide_each_under_its_headline(pages, worker, tmp_path):
    look = templates.four_to_three(tmp_path)
    deck = Presentation(io.BytesIO(deck_file(pages, look, worker, two=True)))
    assert not [fault for fault in geometry.faults(deck) if f"„{ENDLESS[:40]}" not in fault]
    charts = [page for page in pages.pages if getattr(page, "kind", "table") != "table"]
    drawn = [[s for s in slide.shapes if s.has_chart or hasattr(s, "image")] for slide in deck.slides]
    assert sum(map(len, drawn)) == len(charts)
    assert max(map(len, drawn)) == 2
    for slide, shapes in zip(deck.slides, drawn, strict=True):
        told = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert told.count("Quelle: ") >= 1 or not shapes
        if len(shapes) == 2:
            heads = [_typed(shape.text_frame.text) for shape in slide.shapes if shape.name == "Text"]
            both = [
                page for page in charts if any(head.startswith(_typed(page.headline)[:40]) for head in heads)
            ]
            assert len(heads) == len(both) == 2
            assert all(shape._element._nvXxPr.cNvPr.get("descr") for shape in shapes)
            assert all(page.headline in slide.notes_slide.notes_text_frame.text for page in both)


def test_a_long_headline_is_cut_at_a_word_and_its_slides_are_counted(deck):
    heads = [slide.shapes.title.text_frame.text for slide in deck.slides]
    cut = [head for head in heads if head.startswith("Anlagengenehmigung, Abfall")]
    assert len(cut) > 2
    for head in cut:
        told = re.sub(r" \(\d+ von \d+\)$", "", head)
        whole_words = f"{LONG} ".startswith(f"{told.removesuffix(' …')} ") or LONG[len(told) - 2] == ","
        assert told == LONG or (told.endswith(" …") and whole_words)


def test_the_check_sees_what_was_wrong():
    deck = Presentation(str(NEUTRAL))
    slide = deck.slides.add_slide(deck.slide_layouts[2])
    slide.shapes.title.text_frame.text = LONG
    box = slide.shapes.add_textbox(Pt(40), Pt(60), Pt(300), Pt(14))
    box.text_frame.text = LONG
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(9)
    told = " ".join(geometry.faults(deck))
    assert "lies over TextBox" in told
    assert "letters of 9.0 points" in told
    assert "points in" in told


def test_a_template_without_room_is_refused_before_any_slide(tmp_path, pages):
    look = templates.squeezed(tmp_path)
    with pytest.raises(TemplateError, match=r"lässt neben Titel, Fußzeile und Logo nur 880 × \d+ Punkt frei"):
        deck_file(pages, look)
    assert "nötig sind 400 × 220" in check(look).fault


def test_a_template_without_a_title_is_refused_with_its_layout(tmp_path, pages):
    look = templates.without_placeholders(tmp_path)
    told = "Das Layout „Titelfolie“ der Vorlage hat keinen Platzhalter für den Titel."
    assert check(look).fault == told
    with pytest.raises(TemplateError, match=told):
        deck_file(pages, look)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (templates.big_title, "werden von 44 auf 22 Punkt verkleinert"),
        (templates.footer_bar, "werden von 28 auf "),
        (templates.low_title, "Der Titel steht unter dem Inhalt."),
        (templates.four_to_three, "frei: 660 × "),
        (templates.odd_names, "I-02 leer"),
        (templates.dark, "Auf dem Grund kaum zu sehen: Akzentfarbe 4 (#524000)."),
    ],
)
def test_the_check_of_a_template_says_what_will_not_fit(tmp_path, make, sentence):
    checked = check(make(tmp_path))
    assert not checked.fault
    used = {layout.used_for for layout in checked.layouts}
    assert used == {"", "Titelfolie", "Inhalt"}
    told = [f"{one.name} frei: {one.room} {' '.join(one.sentences)}" for one in checked.layouts]
    for layout in checked.layouts:
        drawn = ET.fromstring(layout.sample)
        said = "".join(drawn.itertext())
        assert "Datenstand: 15.12.2025" in said
        assert ("17 von 189" in said.lower() or "17 VON 189" in said) is (
            "Kein Platzhalter" not in str(layout)
        )
    assert sentence in " ".join(told)


def test_a_hyphen_is_held_where_a_line_may_end_behind_it_and_found_by_its_key_elsewhere():
    letters, told = (
        Letters(),
        "Reitkennzeichen und -plaketten werden häufiger gesucht als Hundesteuer und -marke",
    )
    first = letters.width("Reitkennzeichen und -", 20.0) / 1.05
    assert letters.held(told, first, 20.0).startswith("Reitkennzeichen und \u2011plaketten")
    assert letters.held(told, 10 * first, 20.0) == told
    assert letters.held("Google-Umstellung", first, 20.0) == "Google-Umstellung"
