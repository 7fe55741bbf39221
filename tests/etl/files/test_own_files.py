"""Files of every kind, language, encoding and form: loaded whole, or refused with the sentence that leads on."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from etl.errors import LoadError
from etl.files.kinds.registry import kind_named
from etl.operations.imports import import_paths
from etl.operations.inspection import inspect
from portalkompass.settings import SearchConsole, Settings
from portalkompass.ui.data import column_mapping
from tests.etl.files.kinds.sample_tables import (
    CELLS,
    FILTERS,
    KEYS,
    METRICS,
    SAMPLES,
    SITE,
    Sample,
    export_table,
)

LEADS_ON = (
    "Bitte",
    "bitte",
    "ebraucht wird",
    "zuordnen",
    "--",
    "Dateinamen stehen",
    "eladen wird",
    "gehören in die Spalte",
)
"""Every refusal holds one of these: what to do next."""
NAMES = {
    "days": {
        "de": "Diagramm",
        "en": "Chart",
        "fr": "Graphique",
        "es": "Gráfico",
        "it": "Grafico",
        "nl": "Diagram",
        "pl": "Wykres",
        "tr": "Grafik",
    },
    "pages": {
        "de": "Seiten",
        "en": "Pages",
        "fr": "Pages",
        "es": "Páginas",
        "it": "Pagine",
        "nl": "Pagina's",
        "pl": "Strony",
        "tr": "Sayfalar",
    },
    "queries": {
        "de": "Suchanfragen",
        "en": "Queries",
        "fr": "Requêtes",
        "es": "Consultas",
        "it": "Query",
        "nl": "Zoekopdrachten",
        "pl": "Zapytania",
        "tr": "Sorgular",
    },
    "countries": {
        "de": "Länder",
        "en": "Countries",
        "fr": "Pays",
        "es": "Países",
        "it": "Paesi",
        "nl": "Landen",
        "pl": "Kraje",
        "tr": "Ülkeler",
    },
    "devices": {
        "de": "Geräte",
        "en": "Devices",
        "fr": "Appareils",
        "es": "Dispositivos",
        "it": "Dispositivi",
        "nl": "Apparaten",
        "pl": "Urządzenia",
        "tr": "Cihazlar",
    },
    "filters": {
        "de": "Filter",
        "en": "Filters",
        "fr": "Filtres",
        "es": "Filtros",
        "it": "Filtri",
        "nl": "Filters",
        "pl": "Filtry",
        "tr": "Filtreler",
    },
}
FORMS = ("csv", "excel", "tabs", "workbook")
"""As exported; saved by German Excel; UTF-16 with tabs; a workbook."""


def table(text: str) -> list[list[str]]:
    first = text.split("\n", maxsplit=1)[0]
    mark = ";" if ";" in first else "\t" if "\t" in first else ","
    return list(csv.reader(io.StringIO(text), delimiter=mark))


def written(folder: Path, sample: Sample, form: str) -> Path:
    """The sample in one of the forms; where its name tells nothing, the period of the portal's figures is November."""
    stem = "Seiten 2025-11" if sample.kind == "portal_pages" else Path(sample.name).stem
    stem = "Seitenansichten 2025" if sample.kind == "portal_months" else stem
    rows = table(sample.text)
    if form == "csv":
        path = folder / f"{stem}.csv"
        path.write_text(sample.text, encoding="utf-8")
    elif form == "workbook":
        path = folder / f"{stem}.xlsx"
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        path = folder / f"{stem}.{'csv' if form == 'excel' else 'tsv'}"
        stream = io.StringIO()
        csv.writer(stream, delimiter=";" if form == "excel" else "\t", lineterminator="\r\n").writerows(rows)
        encoding = ("cp1252" if _western(sample.text) else "utf-8-sig") if form == "excel" else "utf-16"
        path.write_bytes(stream.getvalue().encode(encoding))
    return path


def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeError:
        return False
    return True


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", today=dt.date(2025, 12, 17), search_console=SearchConsole(site=SITE)
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_sample_is_loaded_whole_or_refused_with_the_way_on(
    tmp_path: Path, city: Settings, form: str
) -> None:
    loaded, refused = 0, 0
    for number, sample in enumerate(SAMPLES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = written(folder, sample, form)
        kind = kind_named(sample.kind)
        try:
            (report,) = import_paths([path], city, preview=True)
        except LoadError as refusal:
            refused += 1
            sentence = str(refusal)
            assert any(words in sentence for words in LEADS_ON), sentence
            assert not kind.reader or kind.name in _INCOMPLETE, (sample, sentence)
            assert "zuordnen" not in sentence or inspect(path, city)["fields"], sentence
        else:
            loaded += 1
            assert kind.reader == report.kind, (sample, report)
            assert report.rows_in == report.rows_loaded > 0, (sample, report)
            assert report.recognised, sample
    assert loaded + refused == len(SAMPLES) >= 60
    assert loaded >= 60


_INCOMPLETE = {
    *("filters", "ozg_list", "portal_summary", "portal_without_figures"),
    *("service_cases", "service_feedback", "dashboard_usage"),
}
"""Samples that lack something which is needed; cases and feedback need the list of services, which
this city has not loaded."""


def exports(language: str) -> dict[str, str]:
    """A whole export of a language, by file name."""
    files = {NAMES[name][language]: export_table(name, language) for name in NAMES if name != "filters"}
    return {
        f"{name}.csv": text
        for name, text in (files | {NAMES["filters"][language]: FILTERS[language]}).items()
    }


@pytest.mark.parametrize(
    ("language", "form"), list(itertools.product(METRICS, ("zip", "folder", "workbook", "excel")))
)
def test_a_whole_export_in_every_language(tmp_path: Path, city: Settings, language: str, form: str) -> None:
    files = exports(language)
    path = tmp_path / f"export.{ {'zip': 'zip', 'workbook': 'xlsx'}.get(form, 'd') }"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    elif form == "workbook":
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, text in files.items():
            sheet = book.create_sheet(Path(name).stem.replace("'", ""))
            for row in table(text):
                sheet.append(row)
        book.save(path)
    else:
        path.mkdir()
        for name, text in files.items():
            body = (
                text
                if form == "folder"
                else text.replace(",", ";").replace("12%", "12,0 %").replace("4.5", "4,5")
            )
            (path / name).write_bytes(body.encode("utf-8-sig"))
    (report,) = import_paths([path], city, preview=True)
    assert (report.rows_in, report.rows_loaded, report.site) == (10, 10, SITE)
    assert (report.period_start, report.period_end) == (dt.date(2025, 11, 1), dt.date(2025, 11, 2))
    assert "(web)" in report.message
    assert report.recognised == "Export der Search Console mit 6 Tabellen"
    assert "Filter" not in " ".join(report.warnings)
    assert {row["key"] for row in report.sample if row["table"] == "devices"} == {"DESKTOP", "MOBILE"}


def odd_files() -> Iterator[tuple[str, bytes, str]]:
    """Name, content and a word of the sentence, of files that are no table of any kind here."""
    yield "anmeldung.csv", b"<!DOCTYPE html><html>403 Forbidden", "eine Webseite"
    yield "antwort.csv", b'{"result":"error","message":"x"}', "JSON"
    yield "antwort.xml.csv", b'<?xml version="1.0"?><result><error message="x"/></result>', "XML"
    yield "bild.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "keine Textdatei"
    yield "bericht.csv", b"%PDF-1.7\n", "PDF"
    yield "leer.csv", b"", "leer"
    yield "brief.txt", b"Sehr geehrte Damen und Herren\n", "nicht erkannt"
    yield "farben.csv", b"Farbe;Form\nrot;rund\n", "nicht erkannt"
    yield "alt.xls", bytes.fromhex("d0cf11e0a1b11ae1"), ".xls"
    yield "kunden.csv", b"Name;Stadt;Umsatz\nMuster;Musterstadt;12\n", "nicht erkannt"


@pytest.mark.parametrize(("name", "content", "word"), list(odd_files()))
def test_what_is_of_no_kind_is_refused_with_a_sentence(
    tmp_path: Path, city: Settings, name: str, content: bytes, word: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LoadError, match=word) as refusal:
        import_paths([path], city, preview=True)
    assert any(words in str(refusal.value) for words in LEADS_ON), refusal.value


MAPPED = {
    "unbekannt": "Strecke;Aufkommen;Wann\n/leistung/hund;12;2025-11\n/leistung/pass;7;2025-11\n",
    "ohne Zeitraum": "Seite;Besuche\n/leistung/hund;12\n/leistung/pass;7\n",
    "Monate ohne Zahl": "Seite;Okt 2025;Nov 2025\n/leistung/hund;12;3\n",
    "Liste": "Leistung;Bereich;Lage\nHund anmelden;aktuell;offen\n",
    "Liste ohne Status": "service_id;name;list;status\nhund;;aktuell;\n",
    "Suchtabelle": "Tag;Wonach gesucht;Klicks Google;Impr;Rang\n2025-11-01;hund;1;10;3\n",
}
"""Tables whose refusal speaks of mapping, by what they lack, and some that need not."""


@pytest.mark.parametrize("form", ["csv", "xlsx", "zip"])
@pytest.mark.parametrize("lacking", MAPPED)
def test_where_mapping_is_advised_there_is_one(
    tmp_path: Path, city: Settings, lacking: str, form: str
) -> None:
    """The app offers the mapping exactly where `inspect` gives one."""
    path = tmp_path / f"datei.{form}"
    if form == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(
                "bekannt.csv",
                "Monat;Seite;Besuche\n" + "".join(f"2025-10;{SITE}{page};3\n" for page in range(20)),
            )
            archive.writestr("datei.csv", MAPPED[lacking])
    elif form == "xlsx":
        book = openpyxl.Workbook()
        for row in table(MAPPED[lacking]):
            book.active.append(row)
        book.save(path)
    else:
        path.write_text(MAPPED[lacking], encoding="utf-8")
    with pytest.raises(LoadError) as refusal:
        import_paths([path], city, preview=True)
    sentence = str(refusal.value)
    assert any(words in sentence for words in LEADS_ON), sentence
    assert "datei" in sentence
    if "zuordnen" in sentence:
        look = inspect(path, city)
        assert (look["header"], list(look["mapping"])) == (table(MAPPED[lacking])[0],) * 2
        assert path.suffix in column_mapping.TABLES
    assert ("zuordnen" in sentence) == (lacking != "Liste ohne Status"), sentence


def test_the_samples_cover_every_language() -> None:
    assert all(set(words) == set(METRICS) for words in (*KEYS.values(), FILTERS, *NAMES.values()))
    assert set(KEYS) == set(CELLS)
