"""Damaged files of every kind: a German sentence or a load without loss, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import os
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from etl.errors import LoadError
from etl.operations.imports import import_paths
from portalkompass.settings import SHIPPED_DATA, SearchConsole, Settings
from tests.etl.files.export_files import GERMAN, SITE, zipped

PORTAL = "period;url;title;visits;leistungsschluessel\n" + "".join(
    f"2025-{month:02d};{SITE}leistung/gebühr-{page};Gebühr {page} – Portal;{page * 371};99102013002000\n"
    for month in (9, 10)
    for page in range(4)
)
PVOG = "leika_key;ars;url;online_status;aktiv;export_datum\n" + "".join(
    f"9910201300200{n};053160000000;https://service.nrw.example/{n};ok;ja;2025-12-01\n" for n in range(6)
)
MATOMO = "Bezeichnung\tEindeutige Seitenansichten\tSeitenansichten\tAbsprungsrate\n" + "".join(
    f"{SITE}leistung/{n}\t{n}.200\t{n}.400\t66,67\u00a0%\n" for n in range(1, 7)
)
GA4 = (
    "# Seiten und Bildschirme\n# Startdatum: 20251101\n# Enddatum: 20251130\n"
    "Seitenstandort,Aufrufe,Aktive Nutzer\n"
) + "".join(f"{SITE}leistung/{n},{n}000,{n}\n" for n in range(1, 7))
TITLED = "Kommunalportal, FB 04;;\nNovember 2025;;\n;;\nSeite;Besuche;Anträge\n" + "".join(
    f"{SITE}leistung/{n};{n};-\n" for n in range(1, 7)
)
ROWS = "date,page,query,clicks,impressions,ctr,position\n" + "".join(
    f"2025-11-0{day},{SITE}leistung/{day},hund {day},{day % 2},{day * 9},0.1,{day}.5\n" for day in range(1, 9)
)
MONTHS = "Seite;Titel;Jan;Feb;Mär;Summe\n" + "".join(
    f"{SITE}l/{n};T{n};{n};{n};{n};{3 * n}\n" for n in range(1, 9)
)
TWO_ROWS = "Seite;Anträge;;Besuche;\n;Okt 2025;Nov 2025;Okt 2025;Nov 2025\n" + "".join(
    f"{SITE}l/{n};{n};{n};{n}0;{n}0\n" for n in range(1, 9)
)
HOURS = "Zeit,Klicks,Impressionen,CTR,Position\n" + "".join(
    f"2025-11-01T{hour:02d}:00:00-07:00,1,10,10%,3\n" for hour in range(12)
)
PIECES = st.sampled_from(
    [
        b'"',
        b";",
        b",",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"-",
        b"9" * 25,
        b"\t",
        b"%",
        b"E+13",
        b"'",
        b"#",
        b"//",
    ]
)
CUTS = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 25), PIECES | st.binary(max_size=4)), max_size=6
)


EXAMPLES = int(os.environ.get("MUTATED_FILES", "150"))
"""Damaged files over all kinds; ``make faults`` tries 10,000."""


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in PORTAL.splitlines():
        book.active.append(row.split(";"))
    book.create_sheet("Notizen").append(["Stand", None, "Dezember"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def contents() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        archive = zipped(Path(folder), GERMAN).read_bytes()
    return {
        "export.zip": archive,
        "Diagramm.csv": GERMAN["Diagramm.csv"].encode(),
        "ozg.csv": (SHIPPED_DATA / "ozg_services.csv").read_bytes(),
        "portal.csv": PORTAL.encode(),
        "portal-utf16.csv": PORTAL.encode("utf-16"),
        "portal-cp1252.csv": PORTAL.encode("cp1252", "replace"),
        "portal.xlsx": workbook(),
        "pvog.csv": PVOG.encode(),
        "ga4.csv": GA4.encode(),
        "auswertung.csv": TITLED.encode("cp1252"),
        "seiten November 2025.tsv": MATOMO.encode("utf-16"),
        "abzug.csv": ROWS.encode(),
        "Aufrufe 2025.csv": MONTHS.encode(),
        "Diagramm (1).csv": HOURS.encode(),
        "zweizeilig.csv": TWO_ROWS.encode("cp1252"),
    }


CONTENTS = contents()


@pytest.mark.parametrize("name", sorted(CONTENTS))
@examples(
    max_examples=max(EXAMPLES // len(CONTENTS), 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=CUTS)
def test_no_traceback_and_no_silent_loss(
    tmp_path: Path, name: str, cuts: list[tuple[int, int, bytes]]
) -> None:
    content = CONTENTS[name]
    for place, removed, added in cuts:
        at = place % (len(content) + 1)
        content = content[:at] + added + content[at + removed :]
    path = tmp_path / name
    path.write_bytes(content)
    settings = Settings(
        data_dir=tmp_path / "data", today=dt.date(2025, 12, 17), search_console=SearchConsole(site="")
    )
    try:
        reports = import_paths([path], settings, preview=True)
    except LoadError as refusal:
        assert str(refusal).endswith((".", "“"))
    else:
        assert all(report.rows_in == report.rows_loaded + report.rows_rejected for report in reports)
