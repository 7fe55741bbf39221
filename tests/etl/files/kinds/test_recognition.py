"""Every table is recognised as what it is: kinds × kinds, none taken for another."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from etl.files.archives import expand
from etl.files.kinds.registry import KINDS, recognise
from etl.files.sheets import Sheet
from etl.files.tabular import read_sheets
from tests.etl.files.kinds.sample_tables import SAMPLES, Sample


def sheet_of(sample: Sample, folder: Path, *, name: str = "", delimiter: str = "") -> Sheet:
    path = folder / (name or sample.name)
    text = sample.text
    if delimiter:
        dialect = ";" if ";" in text.split("\n")[0] else "\t" if "\t" in text.split("\n")[0] else ","
        rows = list(csv.reader(io.StringIO(text), delimiter=dialect))
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter).writerows(rows)
        text = stream.getvalue()
    path.write_text(text, encoding="utf-8")
    (sheet,) = read_sheets(expand([path])[0])
    return sheet


def test_the_confusion_table_has_nothing_beside_its_diagonal(tmp_path: Path) -> None:
    table = Counter(
        (sample.kind, recognise(sheet_of(sample, tmp_path, delimiter=delimiter)).name)
        for sample in SAMPLES
        for delimiter in ("", ",", ";", "\t")
    )
    assert {pair: count for pair, count in table.items() if pair[0] != pair[1]} == {}
    assert {kind for kind, _ in table} >= {kind.name for kind in KINDS}


@pytest.mark.parametrize(
    "misleading", ["Seiten.csv", "Diagramm.csv", "Suchanfragen.csv", "Filter.csv", "pvog.csv"]
)
def test_a_file_s_name_alone_changes_nothing(tmp_path: Path, misleading: str) -> None:
    wrong = [
        (sample.kind, found)
        for sample in SAMPLES
        if (found := recognise(sheet_of(sample, tmp_path, name=misleading)).name) != sample.kind
    ]
    assert wrong == []


def test_one_more_column_that_changes_the_meaning_is_a_veto(tmp_path: Path) -> None:
    for column in ("Seitenansichten", "Online-Status", "Bestellnummer"):
        for sample in SAMPLES:
            if sample.kind in {"days", "queries", "pages", "hours"}:
                head, *rows = sample.text.split("\n")
                more = "\n".join([f"{head},{column}", *(f"{row},7" for row in rows)])
                sheet = sheet_of(Sample(sample.kind, sample.name, more), tmp_path)
                assert recognise(sheet).name == "", (column, sample)


def test_reasons_name_columns_and_values(tmp_path: Path) -> None:
    sample = Sample(
        "pages", "x.csv", "Top pages,Clicks,Impressions,CTR,Position\nhttps://a.example/b,1,2,50%,3"
    )
    found = recognise(sheet_of(sample, tmp_path, name="Pages.csv"))
    assert found.reasons == (
        "Spalten Top pages, Clicks, Impressions, CTR, Position",
        "Name der Datei oder des Blatts",
        "Werte von „Top pages“ sind Webadressen",
    )


def test_the_first_column_of_another_language_is_told_by_its_values(tmp_path: Path) -> None:
    text = "Toppsidor,Clicks,Impressions,CTR,Position\nhttps://a.example/b,1,2,50%,3"
    assert recognise(sheet_of(Sample("pages", "a.csv", text), tmp_path)).name == "pages"


def test_a_kind_that_is_not_loaded_says_what_to_do_instead() -> None:
    for kind in KINDS:
        assert bool(kind.reader) != bool(kind.advice), kind.name
        assert not kind.advice or kind.advice.endswith((".", ")."))
