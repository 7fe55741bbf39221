"""Every text through every kind of file, read again by independent readers."""

import csv
import io
import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator
from pptx import Presentation
from pypdf import PdfReader

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import clean
from tests.charts.sample_exhibits import exhibit
from tests.exports.conftest import worker
from tests.hostile.texts import OUTSIDE, TEXTS, WITNESS

__all__ = ["worker"]
FORMATS = {form.id: form for form in files.FORMATS}
ACTIVE = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/OpenAction", "/AA"}


def table(texts):
    frame = pd.DataFrame({"title": list(texts), "clicks": range(len(texts))})
    return _with(frame, "table")


def chart(texts):
    frame = pd.DataFrame({"title": list(texts), "clicks": range(1, len(texts) + 1)})
    return _with(frame, "bar", x="clicks", y="title")


def _with(frame, kind, **parts):
    fields = (Field("title", frame["title"].iloc[0]), Field("clicks", "Klicks", "integer"))
    texts = frame["title"].iloc[0]
    return exhibit(kind, frame, fields, headline=texts, subtitle=texts, source=texts, alt=texts, **parts)


def faults(content, folder):
    """What an independent validator of Office files has to say."""
    path = folder / ("x.pptx" if b"ppt/" in content else "x.xlsx")
    path.write_bytes(content)
    return OpenXmlValidator().validate(path).errors


def portions(size):
    return [TEXTS[start : start + size] for start in range(0, len(TEXTS), size)]


def test_there_are_five_hundred_different_ones():
    assert len(TEXTS) == len(set(TEXTS)) == 500


def test_a_workbook_holds_them_as_text_and_no_formula(tmp_path):
    content = files.make(table(TEXTS), FORMATS["xlsx"])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Daten"]
    found = [row[0] for row in sheet.iter_rows(min_row=2, max_row=len(TEXTS) + 1)]
    assert {cell.data_type for cell in found if cell.value is not None} == {"s"}
    assert [cell.value or "" for cell in found] == [clean(text) for text in TEXTS]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"<f " in part]
    assert not [name for name, part in parts.items() if name.endswith(".rels") and OUTSIDE.encode() in part]
    assert faults(content, tmp_path) == []


def test_no_cell_of_a_csv_file_begins_like_a_formula():
    content = files.make(table(TEXTS), FORMATS["csv"]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1 : len(TEXTS) + 1]
    assert [row[1] for row in rows] == [str(number) for number in range(len(TEXTS))]
    assert not [row[0] for row in rows if row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert [row[0].removeprefix("'") for row in rows] == [clean(text).removeprefix("'") for text in TEXTS]


def test_slides_hold_them_as_text_without_links(tmp_path):
    for texts in portions(40):  # a slide shows no more rows of a table
        content = files.make(table(texts), FORMATS["pptx"])
        deck = Presentation(io.BytesIO(content))
        cells = [
            row.cells[0].text_frame.text
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_table
            for row in list(shape.table.rows)[1:]
        ]
        assert cells == [clean(text) for text in texts]
        assert faults(content, tmp_path) == []
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            relations = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))
        assert b'TargetMode="External"' not in relations


@pytest.mark.parametrize("texts", portions(25), ids=lambda texts: clean(texts[0])[:12])
def test_native_charts_stay_readable(texts, tmp_path):
    content = files.make(chart(texts), FORMATS["pptx"])
    assert faults(content, tmp_path) == []
    assert Presentation(io.BytesIO(content)).slides[0].shapes.title.text_frame.text == clean(texts[0])


def test_pictures_run_nothing_and_ask_for_nothing(worker):
    for texts in portions(25):
        drawn = files.make(chart(texts), FORMATS["svg"], worker=worker)
        for element in ElementTree.fromstring(drawn).iter():
            assert element.tag.rpartition("}")[2] not in {
                "script",
                "foreignObject",
                "iframe",
                "a",
                "image",
                "style",
            }
            names = [name.rpartition("}")[2] for name in element.attrib]
            assert not [name for name in names if name.startswith("on") or name == "href"]


def test_documents_hold_nothing_active(worker):
    for texts in portions(125):
        content = files.make(chart(texts[:25]), FORMATS["pdf"], worker=worker)
        names, links = entries(PdfReader(io.BytesIO(content)))
        assert not names & ACTIVE
        assert "/StructTreeRoot" in names
        assert all(link.startswith(("http://", "https://")) for link in links)
        assert files.make(chart(texts[:25]), FORMATS["png"], worker=worker).startswith(b"\x89PNG")


def entries(reader):
    """Every name that stands as a key in the file, and every address that a click opens."""
    numbers = range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1)
    open_ones, names, links = [reader.get_object(number) for number in numbers], set(), []
    while open_ones:
        one = open_ones.pop()
        if isinstance(one, dict):
            names |= one.keys()
            links += [str(one["/URI"])] if isinstance(one.get("/URI"), str) else []
            open_ones += [value for value in one.values() if isinstance(value, dict | list)]
        elif isinstance(one, list):
            open_ones += [value for value in one if isinstance(value, dict | list)]
    return names, links


def test_the_witness_stands_in_the_texts_at_all():
    assert sum(WITNESS in text for text in TEXTS) > 20
