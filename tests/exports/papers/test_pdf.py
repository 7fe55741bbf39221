"""Accessible PDF: every kind of exhibit and a whole deck, structure and text read with a reader that is not ours."""

import dataclasses
import datetime as dt
import io
import re

import pandas as pd
import pypdf
import pytest
from page import validate_pdf_bytes

from portalkompass import german
from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.images.image_child import without_glyph
from portalkompass.exports.papers.content import NotOnPaper
from portalkompass.exports.papers.values import grid_of
from portalkompass.slide_set import SlideSet, Words
from tests.charts import sample_exhibits as samples
from tests.exports.papers.pdf_structure import faults, read, tree, words

HEADLINE = "Ø Position 8,8 & #panic[besser] $x$ *fett*"
PDF = next(form for form in files.FORMATS if form.id == "pdf")
EXHIBITS = tuple(
    dataclasses.replace(one, headline=HEADLINE, subtitle="Ø Position nach Monaten", alt="Linie: 23,9 bis 8,8")
    for one in samples.EVERY_KIND
)
BY_KIND = pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.kind)


def joined(text):
    """The text without what a line break may have put into it or taken from it."""
    return re.sub(r"[\s\u00ad\u200b-]", "", text)


def long_table(rows=60):
    frame = pd.DataFrame({"title": [f"Seite {n}" for n in range(rows)], "clicks": range(1000, 1000 + rows)})
    fields = (Field("title", "Seite"), Field("clicks", "Klicks", "integer"))
    return samples.exhibit("table", frame, fields)


@BY_KIND
def test_an_exhibit_is_tagged_and_every_value_of_its_chart_is_text(exhibit, worker):
    content = files.make(exhibit, PDF, worker=worker)
    assert faults(content) == []
    structure = tree(read(content))
    assert [figure.alt for figure in structure.every("/Figure")] == ["Linie: 23,9 bis 8,8"]
    assert {head.scope for head in structure.every("/TH")} == {"/Column"}
    text = joined(words(content)[0])
    told = [HEADLINE, "Ø Position nach Monaten", exhibit.footer]
    names = [exhibit.x, exhibit.y, exhibit.size, *exhibit.panels]
    told += [
        german.value(value, exhibit.field(name).format)
        for name in names
        if name
        for value in exhibit.frame[name]
    ]
    assert [one for one in told if joined(one) not in text] == []
    assert read(content).metadata.title == HEADLINE


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("/MarkInfo", "PDFUA1-TAGGED-DOCUMENT-001"),
        ("/Lang", "PDFUA1-ALT-TEXT-LANGUAGE-001"),
        ("/StructTreeRoot", "PDFUA1-STRUCT-TREE-ROOT-001"),
    ],
)
def test_the_checker_finds_what_is_taken_out_of_a_file(entry, rule, worker):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(files.make(samples.bars(), PDF, worker=worker)))
    del writer.root_object[entry]
    content = io.BytesIO()
    writer.write(content)
    found = validate_pdf_bytes(content.getvalue(), profile="ua1")
    assert rule in {one.rule_id for one in found.failures}


def test_heads_of_a_long_table_stand_on_every_page_once_for_screen_readers(worker):
    slides = SlideSet("Titel", ("Stadt",), (dataclasses.replace(long_table(40)),), dt.date(2025, 12, 15))
    content = files.paper_file(slides, worker=worker)
    assert faults(content) == []
    pages = [page for page in words(content)[1] if "Seite 1" in page or "Seite 39" in page]
    assert len(pages) == 2
    assert all("Seite Klicks" in page for page in pages)
    assert len(tree(read(content)).every("/THead")) == 1


@pytest.mark.parametrize("rows", [24, 26, 28, 30])
def test_no_page_holds_the_notes_of_a_table_alone(rows, worker):
    notes = tuple(f"Anmerkung {n} zu den Zahlen." for n in range(8))
    slides = SlideSet("T", (), (dataclasses.replace(long_table(rows), notes=notes),), dt.date(2025, 12, 15))
    pages = words(files.paper_file(slides, worker=worker))[1][2:]
    assert f"Seite {rows - 1}" in pages[-1] and notes[-1] in pages[-1]
    assert all("Seite Klicks" in page for page in pages)


def test_a_deck_has_a_cover_headings_in_order_and_each_page_its_numbers(worker):
    said = Words("w", "Was gilt", ("Erstens 12,5 %.", "Zweitens 1.234."), "Q", dt.date(2025, 12, 15))
    slides = SlideSet(
        "Sachstand", ("Stadt", "Stand"), (*samples.EVERY_KIND, said), dt.date(2025, 12, 15), True
    )
    content = files.paper_file(slides, author="Stadt Leverkusen", worker=worker)
    assert faults(content) == []
    reader = read(content)
    assert (reader.metadata.title, reader.metadata.author) == ("Sachstand", "Stadt Leverkusen")
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (842, 595)
    everything, pages = words(content)
    assert pages[0].startswith("Sachstand Beispieldaten Stadt Stand")
    assert "Erstens 12,5 %. Zweitens 1.234." in everything
    assert len(tree(reader).every("/H1")) == len(slides.pages) + 1  # the contents have a heading, too
    headings = [one.title for one in reader.outline if not isinstance(one, list)]
    assert headings == [page.headline for page in slides.pages]


def test_small_counts_do_not_leave_on_paper_either(worker):
    frame = pd.DataFrame({"title": ["A", "B", "C"], "applications": [3, 17, 40]})
    fields = (Field("title", "Seite"), Field("applications", "Anträge", "integer"))
    text = words(files.make(samples.exhibit("table", frame, fields), PDF, worker=worker))[0]
    assert "< 5" in text
    assert re.search(r"\b3\b", text) is None


def test_lists_of_single_queries_and_empty_exhibits_are_refused(worker):
    queries = dataclasses.replace(long_table(3), names_queries=True)
    for exhibit, why in ((queries, "nur als Excel und CSV"), (long_table(0), "hat keine Zeilen")):
        with pytest.raises(NotOnPaper, match=why):
            files.paper_file(SlideSet("T", (), (exhibit,), None), worker=worker)


def test_letters_that_no_font_has_become_question_marks_others_stay(worker):
    frame = pd.DataFrame({"title": ["Ёлка \U0001fab9\ue000", "Äpfel"], "clicks": [1, 2]})
    fields = (Field("title", "Seite"), Field("clicks", "Klicks", "integer"))
    content = files.make(samples.exhibit("table", frame, fields), PDF, worker=worker)
    assert faults(content) == []
    text = words(content)[0]
    assert "Ёлка" in text
    assert "?" in text
    assert "\ue000" not in text


def test_the_letters_that_typst_names_are_read():
    told = 'error: the text `"漢\\u{1f600}a"` could not be displayed with font `"Fira Sans"`\n = hint: `"ü"`'
    assert without_glyph(told) == {"漢", "\U0001f600"}


def test_series_stand_beside_each_other_where_nothing_is_lost():
    grid = grid_of(outgoing(samples.trend()))
    assert grid.head == ("Monat", "Aktuell", "Vorjahr", "Hinweis")
    assert grid.rows == (
        ("Oktober 2025", "8,8", "23,9", ""),
        ("November 2025", "8,5", "–", "unvollständig; vorläufig"),
    )
    assert grid.right == (False, True, True, False)
    assert grid_of(outgoing(samples.bars())).head == ("Seite", "Klicks")


def test_addresses_are_links_where_a_column_holds_them_and_nowhere_else(worker):
    address = "https://portal.leverkusen.example/hundesteuer"
    frame = pd.DataFrame({"url": [address], "title": ["https://evil.example/ jetzt"]})
    fields = (Field("url", "Adresse", "link"), Field("title", "Seite"))
    content = files.make(
        samples.exhibit("table", frame, fields, source=f"GSC, {address}"), PDF, worker=worker
    )
    assert faults(content) == []
    assert len(tree(read(content)).every("/Link")) == 2
    notes = [note.get_object() for page in read(content).pages for note in page.get("/Annots", [])]
    assert [note["/A"]["/URI"] for note in notes] == [address, address]
