"""Whoever hears a slide or a page instead of seeing it misses no number: read without the pictures of the charts."""

import io
import itertools
import re
import shutil

import pypdf
import pytest
from lxml import etree
from pptx import Presentation

from tests.conftest import command

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def made(demo_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gelesen") / "data"
    shutil.copytree(demo_data, folder)
    files = [folder / f"bericht.{ending}" for ending in ("pptx", "pdf")]
    for file in files:
        done = command(folder, "portalkompass", "deck", "--demo", str(file))
        assert done.returncode == 0, done.stderr
    return {file.suffix[1:]: file.read_bytes() for file in files}


def missing(seen, heard, values=()):
    """Numbers that are seen and not heard; ``values`` are figures of a chart, read as rounded as they are seen."""
    told = set(NUMBER.findall(" ".join(heard)))
    return sorted(
        number
        for number in set(NUMBER.findall(" ".join(seen))) - told
        if not any(_written(number, value) for value in values)
    )


def _written(number, value):
    decimals = len(number.partition(",")[2])
    figure = float(number.replace(".", "").replace(",", "."))
    return any(abs(one - figure) <= 0.5 * 10**-decimals + 1e-9 for one in (value, abs(value) * 100))


def heard(slide):
    """What a screen reader has of a slide, without its notes; and the figures of its charts."""
    texts, values = [], []
    for shape in slide.shapes:
        texts.append(shape._element._nvXxPr.cNvPr.get("descr", ""))
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            texts += shape.chart._chartSpace.xpath(".//c:cat//c:v/text() | .//c:tx//c:v/text()")
            values += map(
                float, shape.chart._chartSpace.xpath(".//c:val//c:v/text() | .//c:xVal//c:v/text()")
            )
    return texts, values


def drawn(slide):
    """What is written into its charts and pictures."""
    texts = []
    for shape in slide.shapes:
        if shape.has_chart:
            texts += shape.chart._chartSpace.xpath(".//a:t/text()")
            for relation in shape.chart.part.rels.values():
                if relation.reltype.endswith("/chartUserShapes"):
                    texts += etree.fromstring(relation.target_part.blob).xpath("//*[local-name()='t']/text()")
        elif hasattr(shape, "image"):
            (picture,) = shape._element.xpath(".//*[local-name()='svgBlip']/@*")
            root = etree.fromstring(shape.part.related_part(picture).blob)
            texts += ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    return texts


def test_every_number_of_a_slides_charts_and_pictures_is_heard_without_its_notes(made):
    slides = list(Presentation(io.BytesIO(made["pptx"])).slides)
    told = {number: missing(drawn(slide), *heard(slide)) for number, slide in enumerate(slides, start=1)}
    assert {number: numbers for number, numbers in told.items() if numbers} == {}
    everything = " ".join(text for slide in slides for text in drawn(slide))
    assert {"23,9", "2025"} <= set(NUMBER.findall(everything)) | {
        f"{value:.1f}".replace(".", ",") for slide in slides for value in heard(slide)[1]
    }


def parted(page):
    """The text of a page without its figures, and that of its figures alone."""
    texts, inside = ([], []), []

    def before(operator, operands, *_):
        if operator in (b"BDC", b"BMC"):
            inside.append(len(operands) > 1 and "/Alt" in operands[1])
        elif operator == b"EMC":
            inside.pop()

    def found(text, *_):
        texts[any(inside)].append(text.replace("\xa0", " "))

    page.extract_text(visitor_operand_before=before, visitor_text=found)
    return [" ".join("".join(parts).split()) for parts in texts]


def without_ticks(text):
    """The text of a chart without the numbers of an axis, which are no figures: evenly apart, from 0 on or down to it.

    Places begin with 1 in the place of 0.
    """
    kept = []
    for plain, run in itertools.groupby(text.split(), key=lambda word: not NUMBER.fullmatch(word)):
        words = list(run)
        kept += words if plain else _labels(words)
    return " ".join(kept)


def _labels(words):
    """The numbers that stand behind those of an axis; all of them where there is none."""
    numbers = [float(word.replace(".", "").replace(",", ".")) for word in words]
    numbers = [0.0 if number == 1 and max(numbers) >= 10 else number for number in numbers]
    apart = [after - before for before, after in itertools.pairwise(numbers)]
    even = 1 + len(list(itertools.takewhile(lambda one: abs(one - apart[0]) < 1e-6, apart)))
    return words[even:] if even >= 3 and 0.0 in numbers[:even] else words


def test_every_number_of_a_papers_charts_is_heard_in_its_section(made):
    reader = pypdf.PdfReader(io.BytesIO(made["pdf"]))
    starts = [reader.get_destination_page_number(one) for one in reader.outline if not isinstance(one, list)]
    sections = list(itertools.pairwise([*starts, len(reader.pages)]))
    assert len(sections) > 10
    charts = 0
    for first, end in sections:
        pages = [parted(page) for page in reader.pages[first:end]]
        seen = [without_ticks(figures) for _, figures in pages]
        charts += any(seen)
        assert missing(seen, [text for text, _ in pages]) == [], pages
    assert charts == 7


def test_a_number_that_is_only_drawn_is_found():
    assert missing(["17 live, 8,8 und 1.234"], ["17", "9"], [8.83]) == ["1.234"]
    assert missing(["7,2 %"], [], [0.0718]) == []
    assert without_ticks("Okt 30 20 10 1 Mai 0 5.000 10.000 offen 2 3 4 6") == "Okt Mai offen 2 3 4 6"
