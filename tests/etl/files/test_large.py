"""Files that are too large or too well packed are refused with a sentence, quickly and before they are read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from etl.errors import LoadError
from etl.files import archives
from etl.operations.imports import import_paths
from portalkompass.settings import Settings
from tests.etl.conftest import SITE

MEGABYTE = 1024**2


def test_sixty_megabytes_of_something_else_end_in_a_sentence(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "protokoll.csv"
    with path.open("wb") as file:
        for _ in range(60):
            file.write(b"eine Zeile ohne jede Bedeutung\n" * (MEGABYTE // 31))
    with pytest.raises(LoadError, match=r"protokoll\.csv: Die Datei wird nicht erkannt"):
        import_paths([path], settings)
    assert not settings.warehouse_dir.exists()


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 2 * MEGABYTE)
    path = tmp_path / "gross.csv"
    path.write_bytes(b"period;url;visits\n" + b"x" * 3 * MEGABYTE)
    with pytest.raises(LoadError, match=r"gross\.csv: Die Datei ist größer als 2 MB\."):
        import_paths([path], settings)


@pytest.mark.parametrize("ending", ["zip", "xlsx"])
def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, settings: Settings, ending: str) -> None:
    path = tmp_path / f"bombe.{ending}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if ending == "xlsx":
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("daten.csv", b"\0" * (60 * MEGABYTE))
    assert path.stat().st_size < MEGABYTE
    with pytest.raises(LoadError, match="auffällig stark gepackt"):
        import_paths([path], settings)


def test_half_a_file_loads_its_whole_rows_and_names_the_torn_one(tmp_path: Path, settings: Settings) -> None:
    text = "period;url;visits\n" + "".join(f"2025-11;{SITE}leistung/{n};{n}\n" for n in range(1, 30))
    path = tmp_path / "halb.csv"
    path.write_text(text[: text.rindex(";")], encoding="utf-8")
    (report,) = import_paths([path], settings)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (29, 28, 1)
    assert any("Zeile 30" in warning for warning in report.warnings)
