"""The slides of the council report of 15 December 2025, made again from the demo data and read from the file."""

import csv
import datetime as dt
import io
import shutil
import zipfile

import pytest
from lxml import etree
from openxml_audit import validate_pptx
from pptx import Presentation

from portalkompass.settings import SHIPPED_DATA
from tests.conftest import command


@pytest.fixture(scope="module")
def deck(demo_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("deck") / "data"
    shutil.copytree(demo_data, folder)
    made = command(folder, "portalkompass", "deck", "--demo", str(folder / "bericht.pptx"))
    assert made.returncode == 0, made.stderr
    return folder / "bericht.pptx"


@pytest.fixture(scope="module")
def slides(deck):
    return list(Presentation(str(deck)).slides)


def titled(slides, start):
    return [slide for slide in slides if slide.shapes.title.text_frame.text.startswith(start)]


def rows(slides):
    return [
        tuple(cell.text_frame.text for cell in row.cells)
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]


def chart(slide):
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def listed(name):
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["name"], row["status"], row["latest_development"], row["motion_number"] or "–")
            for row in csv.DictReader(file, delimiter=";")
            if row["list"] == name
        }


@pytest.mark.parametrize(("name", "amount"), [("aktuell", 9), ("anstehend", 8)])
def test_both_lists_stand_in_the_tables_with_every_text(slides, name, amount):
    found = rows(titled(slides, f"OZG-Leistungen: {amount}"))
    assert len(found) == amount
    told = [status.partition(", ") for _, status, _, _ in found]
    verbatim = {(row[0], status, *row[2:]) for row, (status, _, _) in zip(found, told, strict=True)}
    assert verbatim == listed(name)
    # as of 15.12.2025 December's go-lives have happened, those of January and February are to come
    go_lives = sorted(note for _, _, note in told if note)
    assert go_lives == (["geplant"] * 3 + ["live"] * 2 if name == "aktuell" else [])


def test_the_position_goes_from_23_9_to_8_8_october_to_october(slides):
    (slide,) = titled(slides, "Google-Position")
    assert "Ø 23,9 im Oktober 2024, Ø 8,8 im Oktober 2025" in slide.shapes.title.text_frame.text
    plot = chart(slide).plots[0]
    values = dict(zip(plot.categories, plot.series[0].values, strict=True))
    assert (round(values["Okt. 2024"], 1), round(values["Okt. 2025"], 1)) == (23.9, 8.8)
    assert chart(slide).value_axis.reverse_order
    caution = "Ein Teil der Veränderung kann auf Googles Umstellung vom September 2025 zurückgehen."
    on_slide = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert caution in on_slide
    assert caution in slide.notes_slide.notes_text_frame.text


def test_the_five_pages_have_their_clicks(slides):
    (slide,) = titled(slides, "„Wunschkennzeichen“")
    plot = chart(slide).plots[0]
    assert dict(zip(plot.categories, plot.series[0].values, strict=True)) == {
        "Wunschkennzeichen": 18925,
        "Anmeldung oder Ummeldung Ihres Wohnsitzes": 17316,
        "Bewohnerparkausweis": 15902,
        "Wohngeld": 14050,
        "Ausländerwesen – Abteilung 333": 13812,
    }


def test_coverage_is_17_of_189_and_one_state_has_nothing_to_compare_with(slides):
    assert len(titled(slides, "17 von 189 OZG-Leistungen")) == 1
    assert not titled(slides, "Veränderungen seit dem letzten Bericht")
    assert not titled(slides, "Noch ist keine Entscheidung festgehalten")


def test_events_stand_in_the_chart_and_places_begin_with_1(slides):
    (slide,) = titled(slides, "Google-Position")
    drawn = chart(slide)
    assert (drawn.value_axis.minimum_scale, drawn.value_axis.major_unit) == (1, 10)
    (part,) = [
        rel.target_part for rel in drawn.part.rels.values() if rel.reltype.endswith("/chartUserShapes")
    ]
    shapes = etree.fromstring(part.blob)
    names = shapes.xpath("//*[local-name()='cNvPr']/@name")
    assert "Ereignis: Google-Umstellung" in names and "Name: Google-Umstellung" in names
    # September 2025 is month 14 of 16 (August 2024 first): its 10th to 14th day lie in the cell from 13/16 on.
    frame = drawn._chartSpace.xpath(".//c:plotArea/c:layout/c:manualLayout")[0]
    left, width = (float(frame.xpath(f"c:{name}/@val")[0]) for name in ("x", "w"))
    (event,) = shapes.xpath("//*[local-name()='cNvPr'][@name='Ereignis: Google-Umstellung']/ancestor::*[3]")
    at = [float(x) for x in event.xpath(".//*[local-name()='x']/text()")]
    expected = [left + width * (13 + day / 30) / 16 for day in (9, 13)]
    assert at == pytest.approx(expected, abs=2e-4)
    # An arrow leads from the one October to the other, with the difference of what is written at both.
    (arrow,) = shapes.xpath("//*[local-name()='cNvPr'][@name='Ereignis: Vergleich']/ancestor::*[3]")
    at = [float(x) for x in arrow.xpath(".//*[local-name()='x']/text()")]
    assert at == pytest.approx([left + width * (month + 0.5) / 16 for month in (2, 14)], abs=2e-4)
    assert "15,1 besser →" in shapes.xpath("//*[local-name()='t']/text()")


def test_every_slide_says_sample_source_date_and_has_number_notes_and_alt_text(slides):
    for slide in slides[1:]:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        (source,) = [text for text in texts if text.startswith("Beispieldaten · Quelle: ")]
        cases = "Quelle: Fallzahlen der Fachbereiche" in source  # known to the end of their last month
        assert f"Datenstand: {'30.11.2025' if cases else '15.12.2025'}" in source
        assert slide.notes_slide.notes_text_frame.text
        assert slide.shapes[0] == slide.shapes.title
        assert slide.placeholders[12].placeholder_format.type == 13
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.shape_type == 13:
                assert shape._element.xpath(".//p:cNvPr/@descr")[0]
    assert "Beispieldaten" in slides[0].placeholders[1].text_frame.text


def test_timeline_and_robustness_are_pictures_with_their_drawing_beside_them(slides):
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.image.content_type == "image/png"
        assert picture.image.dpi == (200, 200)
        (relation,) = picture._element.xpath(".//*[local-name()='svgBlip']")
        key = next(value for name, value in relation.attrib.items() if name.endswith("embed"))
        assert b"<svg" in picture.part.related_part(key).blob


def test_texts_are_marked_as_german_and_the_file_is_valid_open_xml(deck, slides):
    languages = {value for slide in slides for value in slide._element.xpath(".//a:r/a:rPr/@lang")}
    assert languages == {"de-DE"}
    core = Presentation(io.BytesIO(deck.read_bytes())).core_properties
    assert (core.language, core.author, core.last_modified_by) == ("de-DE", "Portalkompass", "Portalkompass")
    assert (dt.datetime.now(dt.UTC).replace(tzinfo=None) - core.created) < dt.timedelta(days=1)
    assert "docProps/app.xml" not in zipfile.ZipFile(deck).namelist()
    result = validate_pptx(deck)
    assert result.is_valid, result.errors[:5]
