"""The report as of a day: with a later list loaded, every slide is the one that was made before it came."""

import csv
import io
import json
import shutil

import pytest
from pptx import Presentation

from portalkompass.settings import SHIPPED_DATA
from tests.conftest import command

THEN, LATER = "2025-12-15", "2025-12-17"


def later_list():
    """The shipped list two days later: one service more, one live, one in another lane, a new development."""
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        row["as_of"] = LATER
        if row["service_id"] == "fuehrerschein":
            row |= {"status": "Go-Live Dezember 2025", "go_live_month": "2025-12"}
        if row["service_id"] == "hundesteuer":
            row |= {"lane": "wartet auf andere", "latest_development": "Wartet auf den Ratsbeschluss."}
    new = rows[-1] | {"service_id": "bewohnerparken", "name": "Bewohnerparkausweis", "lane": "startbar"}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, new])
    return text.getvalue()


def told(path):
    """Every text and every value on each slide, and in its notes."""
    return [
        [_told(shape) for shape in slide.shapes] + [slide.notes_slide.notes_text_frame.text]
        for slide in Presentation(str(path)).slides
    ]


def _told(shape):
    if shape.has_table:
        return [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
    if shape.has_chart:
        plot = shape.chart.plots[0]
        return [list(plot.categories), [list(series.values) for series in plot.series]]
    return shape.text_frame.text if shape.has_text_frame else shape._element.xpath(".//p:cNvPr/@descr")


def made(folder, name, *options):
    result = command(folder, "portalkompass", "deck", "--demo", str(folder / name), *options)
    assert result.returncode == 0, result.stderr
    return told(folder / name)


@pytest.fixture(scope="module")
def folder(demo_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("as-of") / "data"
    shutil.copytree(demo_data, path)
    return path


@pytest.fixture(scope="module")
def decks(folder):
    """Of before the later list, of after it as of the day before, and of today."""
    before = made(folder, "before.pptx")
    (folder / "later.csv").write_text(later_list(), encoding="utf-8")
    loaded = command(folder, "etl", "import", "--demo", "--confirm", str(folder / "later.csv"))
    assert loaded.returncode == 0, loaded.stderr
    return before, made(folder, "then.pptx", "--as-of", THEN), made(folder, "now.pptx")


def test_a_deck_as_of_a_day_is_the_one_made_before_the_later_list_came(decks):
    before, then, _ = decks
    line = "OZG-Liste und Entscheidungen: Stand 15.12.2025\n"
    assert sum(line in text for text in then[0]) == 2  # on the slide and in its notes
    assert [text.replace(line, "") for text in then[0]] == before[0]
    assert then[1:] == before[1:]


def test_the_newest_deck_tells_the_later_list_everywhere(decks):
    before, _, now = decks
    assert "17 von 189" in str(before) and "18 von 189" not in str(before)
    assert "18 von 189" in str(now) and "17 von 189" not in str(now)
    assert "2 live" in str(before) and "3 live" in str(now)


def test_what_lies_outside_the_data_is_refused_with_a_sentence(folder, decks):
    out = str(folder / "none.pptx")
    for options, sentence in (
        (["--as-of", "2025-01-31"], "Der früheste geladene Stand ist vom 15.12.2025."),
        (["--from", "2019-01-01", "--to", "2019-12-31"], "2019 gibt es keine Suchdaten. Einen Zeitraum"),
    ):
        result = command(folder, "portalkompass", "deck", "--demo", out, *options)
        assert (result.returncode, result.stdout) == (1, "")
        assert sentence in result.stderr and "Traceback" not in result.stderr
    assert not (folder / "none.pptx").exists()


def test_the_same_report_is_asked_as_of_a_day(folder, decks):
    def bars(*options):
        result = command(folder, "portalkompass", "ask", "bericht", "--demo", *options)
        assert result.returncode == 0, result.stderr
        exhibits = {one["id"]: one for one in json.loads(result.stdout)["exhibits"]}
        return exhibits["service_status"]["headline"]

    assert bars("--as-of", THEN).startswith("17 von 189")
    assert bars().startswith("18 von 189")
