import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.exports import files, tables
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.tables import safe_text


def to_csv(exhibit):
    return tables.to_csv(outgoing(exhibit))


def to_xlsx(exhibit):
    return tables.to_xlsx(outgoing(exhibit))


def exhibit(**changes):
    frame = pd.DataFrame(
        {
            "label": ["Hundesteuer", '=HYPERLINK("http://x")', "a;b"],
            "clicks": [18925, 0, 3],
            "position": [23.94, None, 1.0],
            "share": [0.0719, None, 0.5],
            "month": pd.to_datetime(["2025-10-01", "2025-11-01", None]),
            "hidden": ["x", "y", "z"],
        }
    )
    parts = {
        "id": "top_pages",
        "kind": "table",
        "frame": frame,
        "fields": (
            Field("label", "Seite"),
            Field("clicks", "Klicks", "integer", "Klicks", help="Klicks auf ein Ergebnis."),
            Field("position", "Ø Position", "decimal1", "Platz"),
            Field("share", "Anteil", "percent"),
            Field("month", "Monat", "month"),
        ),
        "headline": "Hundesteuer führt",
        "subtitle": "Klicks je Seite",
        "source": "Google Search Console, https://x.example/",
        "data_date": dt.date(2025, 12, 15),
        "alt": "Tabelle",
        "notes": ("Google zählt je Seite.",),
        "marks": (Mark(dt.date(2025, 9, 10), "num=100", "Google strich num=100."),),
    }
    return Exhibit(**{**parts, **changes})


def test_csv_is_what_german_excel_opens():
    raw = to_csv(exhibit())
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").split("\r\n")
    assert lines == [
        "Seite;Klicks;Ø Position (Platz);Anteil (%);Monat",
        "Hundesteuer;18925;23,94;7,19;01.10.2025",
        '"\'=HYPERLINK(""http://x"")";0;;;01.11.2025',
        '"a;b";3;1;50;',
        "",
    ]


def test_a_csv_file_of_sample_data_says_so_in_every_row_and_has_its_notes_in_front_on_request():
    made = outgoing(exhibit(sample=True))
    lines = tables.to_csv(made).decode("utf-8-sig").splitlines()
    assert [line.rpartition(";")[2] for line in lines] == ["Beispieldaten", "ja", "ja", "ja"]
    told = tables.to_csv(made, notes=True).decode("utf-8-sig").splitlines()
    assert told[:4] == [
        "Hinweis;Beispieldaten: keine echten Zahlen.",
        "Aussage;Hundesteuer führt",
        "Inhalt;Klicks je Seite",
        '"Quelle";"Google Search Console, https://x.example/"'.replace('"', ""),
    ]
    assert told[told.index("") + 1 :] == lines


def test_a_workbook_names_its_maker_and_prints_on_one_page_across():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(exhibit())))
    assert book.properties.creator == "Portalkompass"
    assert dt.datetime.now(dt.UTC).replace(tzinfo=None) - book.properties.created < dt.timedelta(hours=1)
    sheet = book["Daten"]
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+49",
        "-2",
        "@x",
        "\tx",
        "\rx",
        "＝1+1",
        "＋49",
        "－2",
        "＠x",
        "﹢1",
        "\u200b=1+1",
        "\u2060＝1",
        "\ufeff@x",
        " =1",
    ],
)
def test_text_that_looks_like_a_formula_is_defused(text):
    assert safe_text(text) == f"'{text}"


def test_plain_text_stays_as_it_is():
    assert safe_text("a=b") == "a=b"


def test_negative_numbers_are_numbers_not_formulas():
    frame = pd.DataFrame({"change": [-0.125]})
    fields = (Field("change", "Veränderung", "percent_change"),)
    lines = to_csv(exhibit(frame=frame, fields=fields)).decode("utf-8-sig").split("\r\n")
    assert lines[1] == "-12,5"


def test_xlsx_holds_numbers_days_and_text_that_never_runs():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(exhibit())))
    assert book.sheetnames == ["Daten", "Hinweise"]
    rows = list(book["Daten"].iter_rows(values_only=True))
    assert rows[0] == ("Seite", "Klicks", "Ø Position (Platz)", "Anteil", "Monat")
    assert rows[1] == ("Hundesteuer", 18925, 23.94, 0.0719, dt.datetime(2025, 10, 1))
    assert rows[2][2:4] == (None, None)
    cell = book["Daten"]["A3"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x")', "s")
    with zipfile.ZipFile(io.BytesIO(to_xlsx(exhibit()))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_notes_sheet_names_source_date_notes_events_and_definitions():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(exhibit())))
    assert list(book["Hinweise"].iter_rows(values_only=True)) == [
        ("Aussage", "Hundesteuer führt"),
        ("Inhalt", "Klicks je Seite"),
        ("Quelle", "Google Search Console, https://x.example/"),
        ("Datenstand", "15.12.2025"),
        ("Anmerkung", "Google zählt je Seite."),
        ("Ereignis 10.09.2025", "Google strich num=100."),
        ("Klicks", "Klicks auf ein Ergebnis."),
    ]


def test_sample_data_say_so_in_every_file():
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(exhibit(sample=True))))
    assert book.sheetnames == ["Beispieldaten", "Hinweise"]
    assert book["Hinweise"]["B1"].value == "Beispieldaten: keine echten Zahlen."


def test_a_workbook_has_a_sheet_an_exhibit_and_their_notes_behind_them():
    content = files.workbook_file({"Reihenfolge": exhibit(), "Eingaben": exhibit(headline="Zweite")})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Reihenfolge", "Eingaben", "Hinweise Reihenfolge", "Hinweise Eingaben"]
    assert book["Eingaben"]["A2"].value == "Hundesteuer"
    assert book["Hinweise Eingaben"]["B1"].value == "Zweite"
