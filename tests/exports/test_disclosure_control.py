import dataclasses
import io
import math
import zipfile

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation

from portalkompass.exhibit import Field
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import NOTE, clean, on_screen, outgoing
from portalkompass.suppression import BELOW, WITHHELD
from tests.charts import sample_exhibits as samples

FORMATS = {form.id: form for form in files.FORMATS}


def counted(applications, kind="table", **parts):
    frame = pd.DataFrame(
        {
            "name": [f"Leistung {number}" for number in range(len(applications))],
            "applications": applications,
            "application_rate": [0.1] * len(applications),
            "clicks": [3] * len(applications),
        }
    )
    fields = (
        Field("name", "Leistung"),
        Field("applications", "Anträge", "integer"),
        Field("application_rate", "Anteil Anträge", "percent"),
        Field("clicks", "Klicks", "integer"),
    )
    return samples.exhibit(kind, frame, fields, **parts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\x00b\x1fc", "abc"),
        ("zwei\nZeilen\tund\rmehr", "zwei Zeilen und mehr"),
        ("\u202efdp.exe", "fdp.exe"),
        ("\ud800x\ufffe", "x"),
        ("Straße – „gut“", "Straße – „gut“"),
    ],
)
def test_control_characters_are_removed(before, after):
    assert clean(before) == after


def test_small_counts_are_hidden_and_one_more_where_the_total_would_tell():
    shown = outgoing(counted([3, 8, 40])).frame
    assert list(shown["applications"]) == [BELOW, WITHHELD, 40]
    assert list(shown["clicks"]) == [3, 3, 3]


def test_three_hidden_counts_protect_each_other():
    assert list(outgoing(counted([3, 2, 1, 40])).frame["applications"]) == [BELOW, BELOW, BELOW, 40]


def told(kind="table", **parts):
    """Counts that were hidden by page and month, as answers give them."""
    exhibit = counted([math.nan, 7.0, math.nan], kind, **parts)
    words = ["40 bis 44", "", "mind. 45"]
    return dataclasses.replace(exhibit, frame=exhibit.frame.assign(applications_hidden=words))


def test_what_an_answer_has_hidden_is_written_as_it_says_and_nothing_else_is_hidden():
    passed = outgoing(told())
    assert list(passed.frame["applications"]) == ["40 bis 44", 7.0, "mind. 45"]
    assert list(passed.frame["application_rate"]) == [0.1, 0.1, 0.1]
    assert passed.notes == (*told().notes, NOTE)
    again = outgoing(passed)
    assert (again.frame.equals(passed.frame), again.notes) == (True, passed.notes)
    rows = files.make(told(), FORMATS["csv"]).decode("utf-8-sig").split("\r\n")
    assert [row.split(";")[1] for row in rows[1:4]] == ["40 bis 44", "7", "mind. 45"]


def test_the_screen_writes_the_same_words_and_is_sent_no_count():
    exhibit = told()
    assert on_screen(exhibit.frame, exhibit.field("applications")) == ["40 bis 44", "7", "mind. 45"]
    assert on_screen(exhibit.frame, exhibit.field("clicks")) == ["3", "3", "3"]


def test_a_chart_of_hidden_counts_has_no_value_and_no_word():
    passed = outgoing(told("bar", x="applications", y="name", alt="Balken: 42; 7; 50"))
    assert passed.frame["applications"].isna().tolist() == [True, False, True]
    assert passed.alt == "S. Kleine Werte sind verdeckt."


def test_rates_made_of_hidden_counts_are_hidden_too():
    assert outgoing(counted([3, 8, 40])).frame["application_rate"].isna().tolist() == [True, True, False]


def test_counts_from_five_on_are_shown_and_nothing_is_noted():
    exhibit = counted([5, 8])
    shown = outgoing(exhibit)
    assert list(shown.frame["applications"]) == [5, 8]
    assert shown.notes == exhibit.notes


def test_a_chart_loses_the_value_and_its_alternative_text_does_not_tell_it():
    shown = outgoing(counted([3, 8, 40], "bar", x="applications", y="name", alt="Balken: 3; 8; 40"))
    assert shown.frame["applications"].isna().tolist() == [True, True, False]
    assert shown.alt == "S. Kleine Werte sind verdeckt."


def test_hiding_twice_changes_nothing():
    once = outgoing(counted([3, 8, 40]))
    assert outgoing(once).frame.equals(once.frame)
    assert outgoing(once).notes == once.notes


def test_hidden_counts_stand_in_no_file(worker):
    exhibit = counted([3, 8, 4711])
    rows = files.make(exhibit, FORMATS["csv"]).decode("utf-8-sig").split("\r\n")
    assert rows[1:4] == ["Leistung 0;< 5;;3", "Leistung 1;geheim;;3", "Leistung 2;4711;10;3"]
    sheet = openpyxl.load_workbook(io.BytesIO(files.make(exhibit, FORMATS["xlsx"])))["Daten"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [BELOW, WITHHELD, 4711]
    (slide,) = Presentation(io.BytesIO(files.make(exhibit, FORMATS["pptx"], worker=worker))).slides
    table = next(shape.table for shape in slide.shapes if shape.has_table)
    assert [row.cells[1].text_frame.text for row in table.rows] == ["Anträge", BELOW, WITHHELD, "4.711"]
    chart = counted([3, 8, 4711], "bar", x="applications", y="name")
    assert b">8<" not in files.make(chart, FORMATS["svg"], worker=worker)


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "\u202e=1")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_spreadsheet_runs_a_text(text):
    exhibit = dataclasses.replace(counted([9]), frame=counted([9]).frame.assign(name=[text]))
    cell = files.make(exhibit, FORMATS["csv"]).decode("utf-8-sig").split("\r\n")[1].split(";")[0]
    assert cell.startswith("'")
    content = files.make(exhibit, FORMATS["xlsx"])
    assert openpyxl.load_workbook(io.BytesIO(content))["Daten"]["A2"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", ["svg", "pptx"])
def test_markup_in_titles_stays_text(worker, name):
    content = files.make(samples.bars(), FORMATS[name], headline="<script>alert(1)</script>", worker=worker)
    if name == "pptx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(part) for part in archive.namelist() if part.endswith(".xml"))
    assert b"<script" not in content
    assert b"&lt;script&gt;" in content
