"""Every format is clicked in a real browser and the file on disk is opened again."""

import io
import re
import xml.etree.ElementTree as ET

import openpyxl
import pypdf
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect
from pptx import Presentation

from tests.browser.conftest import finished

pytestmark = pytest.mark.browser

HEADLINE = "Wunschkennzeichen führt"


def opened(page, name):
    """The export menu of that exhibit."""
    page.locator(f".st-key-exhibit-{name}").get_by_role("button", name="Exportieren").click()
    menu = page.get_by_role("dialog")
    expect(menu.get_by_role("button", name="CSV")).to_be_visible(timeout=30_000)
    finished(page)
    return menu


def download(page, place, name):
    """Click and take the file; a screen that was just drawn anew may swallow the first click."""
    button = place.get_by_role("button", name=name, exact=True)
    for timeout in (15_000, 30_000, 60_000):
        try:
            with page.expect_download(timeout=timeout) as file:
                button.click()
            return file.value.suggested_filename, file.value.path().read_bytes()
        except TimeoutError:
            continue
    pytest.fail(f"„{name}“ ergibt keine Datei", pytrace=False)


@pytest.fixture
def menu(app, visit):
    page = visit(f"{app.address}/ueberblick")
    menu = opened(page, "top_pages")
    box = menu.get_by_role("textbox", name="Überschrift")
    expect(box).to_have_value(re.compile(r"18\.925\sKlicks"))
    box.fill(HEADLINE)
    box.press("Control+Enter")
    finished(page)
    return menu


def test_every_format_is_a_file_with_the_written_headline(menu):
    page = menu.page
    stem = "Beispieldaten_klicks-aus-der-google-suche-je-seite_2024-12-01_bis_2025-11-30"
    name, content = download(page, menu, "PowerPoint")
    assert name == f"{stem}.pptx"
    (slide,) = Presentation(io.BytesIO(content)).slides
    assert slide.shapes.title.text_frame.text == HEADLINE
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    assert chart.plots[0].series[0].values == (18925, 17316, 15902, 14050, 13812)

    name, content = download(page, menu, "PNG")
    assert name == f"{stem}.png"
    picture = Image.open(io.BytesIO(content))
    assert (picture.size, picture.text["Title"]) == ((2666, 1500), HEADLINE)

    name, content = download(page, menu, "SVG")
    assert name == f"{stem}.svg"
    assert ET.fromstring(content).find("{http://www.w3.org/2000/svg}title").text == HEADLINE
    assert "18.925" in content.decode("utf-8")

    name, content = download(page, menu, "PDF")
    assert name == f"{stem}.pdf"
    assert pypdf.PdfReader(io.BytesIO(content)).metadata.title == HEADLINE

    name, content = download(page, menu, "Excel")
    assert name == f"{stem}.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Beispieldaten"]["B2"].value == 18925
    assert book["Hinweise"]["B2"].value == HEADLINE

    name, content = download(page, menu, "CSV")
    assert name == f"{stem}.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "Wunschkennzeichen;18925" in text
    head, *rows = text.splitlines()
    assert head.endswith(";Beispieldaten") and all(row.endswith(";ja") for row in rows)


def test_half_a_slide_without_ground(menu):
    menu.get_by_text("halbe Folie").click()
    menu.get_by_text("Hintergrund durchsichtig").click()
    finished(menu.page)
    _, content = download(menu.page, menu, "PNG")
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (1333, 1500)
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0


def test_the_picture_lies_on_the_clipboard(menu):
    menu.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu.get_by_role("button", name="Bild kopieren").click()
    expect(menu.get_by_text("Das Bild liegt in der Zwischenablage.")).to_be_visible(timeout=60_000)
    content = menu.page.evaluate(
        "async () => { const [item] = await navigator.clipboard.read();"
        " const blob = await item.getType('image/png');"
        " return Array.from(new Uint8Array(await blob.arrayBuffer())); }"
    )
    assert Image.open(io.BytesIO(bytes(content))).size == (2666, 1500)


def test_a_table_becomes_slides(app, visit):
    page = visit(f"{app.address}/priorisierung")
    menu = opened(page, "ranking_startable")
    _, content = download(page, menu, "PowerPoint")
    slide = Presentation(io.BytesIO(content)).slides[0]
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    # A hyphen that a word begins with is one at which no line ends, where one may.
    cells = [cell.text_frame.text.replace("\u2011", "-") for cell in table.rows[1].cells]
    assert "Hundesteuer und -marke" in cells


def test_the_standard_report_is_one_click(app, visit):
    page = visit(f"{app.address}/bericht")
    name, content = download(page, page, "Bericht als PowerPoint")
    assert name == "Beispieldaten_2025-12-15_sachstand-digitalisierung.pptx"
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(content)).slides]
    assert titles[0] == "Sachstand Digitalisierung"
    assert any("Ø 23,9 im Oktober 2024, Ø 8,8 im Oktober 2025" in title for title in titles)
    assert len(titles) >= 12


def test_charts_are_collected_across_screens_and_survive_a_reload(shared_copy, visit):
    page = visit(f"{shared_copy.address}/ueberblick")
    for name in ("top_pages", "service_status"):
        menu = opened(page, name)
        menu.get_by_role("button", name="In den Bericht legen").click()
        expect(menu.get_by_text("Liegt im Bericht „Sachstand Digitalisierung“.")).to_be_visible(
            timeout=30_000
        )
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    page = visit(f"{shared_copy.address}/bericht")  # a session of its own
    finished(page)
    line = page.locator("[class*=st-key-seite-]").filter(has_text="eigene Seite")
    expect(line).to_have_count(2)
    line.nth(1).get_by_role("button", name="Nach oben").click()
    finished(page)
    expect(line.nth(0)).to_contain_text("Leistungen nach Status")
    _, content = download(page, page, "Bericht als PowerPoint")
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(content)).slides]
    assert titles[0] == "Sachstand Digitalisierung"
    assert [title[:9] for title in titles[-2:]] == ["17 von 18", "„Wunschke"]
