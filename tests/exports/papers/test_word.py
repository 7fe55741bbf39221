"""Word papers, opened again with a validator and a reader of Office files."""

import dataclasses
import datetime as dt
import io
import zipfile

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator
from PIL import Image

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.images import text_metrics
from portalkompass.exports.papers.content import NotOnPaper
from portalkompass.slide_set import Cover, SlideSet, TextPage, Words
from tests.charts import sample_exhibits as samples
from tests.exports.papers.pdf_structure import faults, read, tree, words
from tests.exports.papers.test_pdf import long_table

SAID = Words("w", "Was gilt", ("Erstens 12,5 %.", "Zweitens."), "Quelle W", dt.date(2025, 12, 15))


def deck(*pages):
    return SlideSet("Sachstand", ("Stadt", "Zeitraum: 2025"), pages, dt.date(2025, 12, 15), True)


def opened(content, tmp_path):
    path = tmp_path / "vorlage.docx"
    path.write_bytes(content)
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors[:3]
    return Document(str(path))


def test_a_paper_has_counted_headings_tables_with_heads_and_pictures_with_words(worker, tmp_path):
    slides = deck(samples.trend(), long_table(30), SAID)
    document = opened(files.paper_file(slides, "docx", author="Stadt Leverkusen", worker=worker), tmp_path)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:4] == ["Sachstand", "Beispieldaten", "Stadt", "Zeitraum: 2025"]
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == ["H", "H", "Was gilt", "Werte der Diagramme"]
    assert document.styles["Heading 1"].element.pPr.numPr is not None
    assert {"Erstens 12,5 %.", SAID.footer} <= set(texts)
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == ["A"]
    first, values = document.tables
    assert [cell.text for cell in first.rows[0].cells] == ["Seite", "Klicks"]
    assert [row.cells[1].text for row in first.rows][1:] == [
        f"{n:,}".replace(",", ".") for n in range(1000, 1030)
    ]
    assert [cell.text for cell in values.rows[1].cells][:3] == ["Oktober 2025", "8,8", "23,9"]
    for table in document.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
    core = document.core_properties
    assert (core.title, core.author, core.language) == ("Sachstand", "Stadt Leverkusen", "de-DE")
    assert (core.subject, core.comments) == ("Beispieldaten", "")
    with zipfile.ZipFile(tmp_path / "vorlage.docx") as archive:
        assert b"python-docx" not in b"".join(archive.read(name) for name in archive.namelist())
        assert b'w:val="de-DE"' in archive.read("word/styles.xml")


def test_a_template_of_the_city_keeps_its_words_and_its_own_counting(worker, tmp_path):
    template = Document()
    template.add_paragraph("Der Oberbürgermeister")
    template.sections[0].header.paragraphs[0].text = "Stadt Leverkusen"
    for style in ("Title", "Heading 2"):
        template.styles[style].delete()
    template.save(str(tmp_path / "stadt.docx"))
    with (
        zipfile.ZipFile(tmp_path / "stadt.docx") as old,
        zipfile.ZipFile(tmp_path / "stadt.dotx", "w") as new,
    ):
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"document.main+xml", b"template.main+xml"))
    slides, own = deck(samples.bars(), SAID), str(tmp_path / "stadt.dotx")
    document = Document(io.BytesIO(files.paper_file(slides, "docx", template=own, worker=worker)))
    assert [one.text for one in document.paragraphs[:2]] == ["Der Oberbürgermeister", "Sachstand"]
    assert document.sections[0].header.paragraphs[0].text == "Stadt Leverkusen"
    assert [one.text for one in document.paragraphs if one.style.name == "Heading 2"] == ["H"]


def test_a_template_that_cannot_be_used_is_named(worker, tmp_path):
    (tmp_path / "kaputt.docx").write_bytes(b"PK nothing")
    for name, why in (
        ("kaputt.docx", "keine unversehrte"),
        ("fehlt.dotx", "es gibt sie nicht"),
        ("x.odt", "muss eine"),
    ):
        with pytest.raises(NotOnPaper, match=why):
            files.paper_file(deck(SAID), "docx", template=str(tmp_path / name), worker=worker)


def test_a_handout_is_one_accessible_page_with_three_sentences_and_two_charts(worker):
    sentence = (
        "Dies ist ein langer Satz über Leistungen, der über mehrere Zeilen geht und Zahlen wie 1.234 nennt "
        * 3
    )
    charts = [
        dataclasses.replace(one, headline=f"{number} {sentence}".strip(), caution="Vorsicht. " * 20)
        for number, one in enumerate((samples.trend(), samples.bars(), samples.heatmap(), samples.slope()), 1)
    ]
    content = files.paper_file(deck(SAID, *charts), "handout", worker=worker)
    assert faults(content) == []
    reader = read(content)
    assert len(reader.pages) == 1
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)
    assert len(tree(reader).every("/Figure")) == 2
    assert len(tree(reader).every("/LI")) == 3
    text = words(content)[0]
    assert all(f"{number} Dies ist ein langer Satz" in text for number in (1, 2, 3))
    assert "Was gilt" not in text
    # A summary's own sentences go before the headlines, and their charts before others.
    summed = Words("summary", "Kurz", (f"{charts[1].headline}.", "Zwei 2.", "Drei 3.", "Vier 4."), "Q", None)
    content = files.paper_file(deck(summed, charts[2], charts[1], charts[3]), "handout", worker=worker)
    text = words(content)[0]
    assert all(told in text for told in ("1. 2 Dies ist", "2. Zwei 2.", "3. Drei 3."))
    assert "Vier 4." not in text
    assert len(tree(read(content)).every("/Figure")) == 2


def test_a_handout_of_a_deck_without_charts_takes_its_first_pages(worker):
    text = words(files.paper_file(deck(SAID), "handout", worker=worker))[0]
    assert "1. Was gilt" in text
    with pytest.raises(NotOnPaper, match="keine Seiten"):
        files.paper_file(deck(), "handout", worker=worker)


def test_a_picture_in_word_is_as_wide_as_the_text_and_sharp(worker, tmp_path):
    document = opened(files.paper_file(deck(samples.bars()), "docx", worker=worker), tmp_path)
    (shape,) = document.inline_shapes
    assert round(shape.width.cm, 1) == 16.0
    (part,) = [one for one in document.part.package.iter_parts() if one.partname.startswith("/word/media/")]
    assert Image.open(io.BytesIO(part.blob)).width > 1200


def wide_table():
    names = [f"Fachverfahrensanbindung{n}" for n in range(5)]
    frame = pd.DataFrame({name: ["Personenstandsurkunden"] * 5 for name in names})
    return samples.exhibit("table", frame, tuple(Field(name, name) for name in names))


def test_a_table_whose_words_have_no_room_upright_stands_across_and_what_follows_upright_again(
    worker, tmp_path
):
    slides = deck(long_table(3), wide_table(), SAID)
    document = opened(files.paper_file(slides, "docx", worker=worker), tmp_path)
    across = [one.page_width > one.page_height for one in document.sections]
    assert across == [False, True, False]
    table = document.tables[1]
    size = table.rows[0].cells[0].paragraphs[0].runs[0].font.size.pt
    word = text_metrics.width("Fachverfahrensanbindung0", size, 600)
    assert all(column.width.pt >= word + 10.8 for column in table.columns)


def test_no_page_begins_with_a_source_alone(worker):
    noted = dataclasses.replace(samples.bars(), notes=("Eine Anmerkung.",))
    tabled = dataclasses.replace(long_table(20), notes=("Noch eine.",))
    content = files.paper_file(deck(noted, tabled, SAID), "docx", worker=worker)
    document = Document(io.BytesIO(content))
    stays = {one.text: one.paragraph_format.keep_with_next for one in document.paragraphs}
    assert stays[noted.footer] and stays["Zweitens."]
    assert not stays["Eine Anmerkung."] and not stays["Noch eine."] and not stays[SAID.footer]
    rows = document.tables[0].rows
    together = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert together == [True, *[False] * 17, *[True] * 3]


def test_points_are_a_list_and_the_cover_has_a_hierarchy(worker, tmp_path):
    page = TextPage("t", "DMS", ("Eins", "Zwei"), "Stadt", dt.date(2025, 12, 15), facts=(("Stand", "Mai"),))
    cover = Cover("Rat", dt.date(2025, 12, 15), "Stadt Leverkusen", "Beschluss", ("Zeitraum: 2025",))
    slides = dataclasses.replace(deck(page), cover=cover, sample=False)
    document = opened(files.paper_file(slides, "docx", author="Stadt", worker=worker), tmp_path)
    by_text = {paragraph.text: paragraph for paragraph in document.paragraphs}
    assert [one.text for one in document.paragraphs if one.style.name == "List Bullet"] == ["Eins", "Zwei"]
    lines = ("Rat · Sitzung am 15.12.2025", "Stadt Leverkusen", "Auftrag: Beschluss", "Zeitraum: 2025")
    sizes = [by_text[line].runs[0].font.size.pt for line in lines]
    assert sizes == [15.0, 11.0, 11.0, 9.5]
    assert [bool(by_text[line].runs[0].font.bold) for line in lines] == [True, False, False, False]
    assert by_text["Stand: Mai"].style.name == "Normal"


def test_no_status_is_parted_and_many_categories_get_a_higher_chart(worker, tmp_path):
    said = dataclasses.replace(SAID, paragraphs=("Es sind 4 In Umsetzung.",))
    many = samples.exhibit(
        "bar",
        pd.DataFrame({"page": [f"Leistung {n}" for n in range(24)], "clicks": range(24, 0, -1)}),
        (Field("page", "Leistung"), Field("clicks", "Klicks", "integer")),
        x="clicks",
        y="page",
    )
    content = files.paper_file(deck(many, samples.trend(), said), "docx", author="Stadt", worker=worker)
    document = opened(content, tmp_path)
    assert "Es sind 4\u00a0In\u00a0Umsetzung." in [paragraph.text for paragraph in document.paragraphs]
    bars, line = document.inline_shapes
    assert bars.height.pt >= 24 * 17 / 1.25 > line.height.pt
