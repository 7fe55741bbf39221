"""An update and the way back, between this release and an earlier one of this repository, with writes in between."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portalkompass.settings import ROOT
from tests.operations.versions import FIFTH_FORM, Release, before, unpacked

pytestmark = pytest.mark.timeout(1200)
"""Each step is a command of its own; on a busy machine they take their time."""
PORTAL = "period;url;title;visits\n2025-11;https://{name}.stadt.example/leistung/a;X;{visits}\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The earlier release with a load, a note and a backup of both beside its data."""
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "data").mkdir()
    release = unpacked(before(FIFTH_FORM), folder / "old", folder / "data")
    load(release, folder, "frueh")
    release.write("Vor dem Update")
    release.must("-m", "portalkompass", "backup", str(folder / "vorher.zip"))
    return release


@pytest.fixture
def old(begun: Release, tmp_path: Path) -> Release:
    """It again, on a copy."""
    shutil.copytree(begun.data, tmp_path / "data")
    shutil.copy(begun.data.parent / "vorher.zip", tmp_path)
    return Release(begun.root, tmp_path / "data")


@pytest.fixture
def new(old: Release) -> Release:
    return Release(ROOT, old.data)


def load(release: Release, folder: Path, name: str) -> None:
    file = folder / f"{name}.csv"
    file.write_text(PORTAL.format(name=name, visits=len(name)), encoding="utf-8")
    release.must("-m", "etl", "import", str(file), "--site", f"https://{name}.stadt.example/")


def sites(release: Release) -> set[str]:
    held = release.must("-m", "etl", "status")
    return {line.split("https://")[1].split(".")[0] for line in held.splitlines() if "https://" in line}


def form(data: Path) -> str:
    with closing(sqlite3.connect(data / "workspace.db")) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def kept_labels(data: Path) -> set[str]:
    """Annotations in every workspace that was laid aside."""
    found: set[str] = set()
    for file in data.glob("vor-rueckspielung-*/*workspace.db"):
        with closing(sqlite3.connect(file)) as connection:
            found |= {str(label) for (label,) in connection.execute("SELECT label FROM annotations")}
    return found


def test_update_write_way_back_and_forward_again(old: Release, new: Release, tmp_path: Path) -> None:
    new.write("Nach dem Update")
    load(new, tmp_path, "spaet")
    assert new.labels() >= {"Vor dem Update", "Nach dem Update"}
    assert sites(new) == {"frueh", "spaet"}
    assert form(new.data) != "0004"
    new.must("-m", "portalkompass", "backup", str(tmp_path / "danach.zip"))

    # The way back as docs/operations.md has it: the newer release puts the earlier one's state in place.
    new.must("-m", "portalkompass", "restore", str(tmp_path / "vorher.zip"), "--as-saved")
    assert form(old.data) == "0004"
    assert "Vor dem Update" in old.labels()
    assert "Nach dem Update" not in old.labels()
    assert sites(old) == {"frueh"}
    assert "Nach dem Update" in kept_labels(old.data)

    old.write("Wieder alt")
    load(old, tmp_path, "zwischendurch")
    assert new.labels() >= {"Vor dem Update", "Wieder alt"}
    assert sites(new) == {"frueh", "zwischendurch"}
    new.must("-m", "portalkompass", "restore", str(tmp_path / "danach.zip"))
    assert new.labels() >= {"Vor dem Update", "Nach dem Update"}
    assert sites(new) == {"frueh", "spaet"}
    assert "Wieder alt" in kept_labels(new.data)


def test_a_plan_that_the_earlier_release_could_not_finish_does_not_undo_what_came_after(
    old: Release, new: Release, tmp_path: Path
) -> None:
    """The earlier release plans first and only then finds the workspace newer than itself; this one goes on."""
    new.write("Nach dem Update")

    refused = old.run("-m", "portalkompass", "restore", str(tmp_path / "vorher.zip"))
    assert refused.returncode == 1
    assert (old.data / ".restore" / "plan.json").exists()

    new.write("Später")
    told = new.run("-m", "portalkompass", "retention")
    assert told.returncode == 0, told.stderr
    load(new, tmp_path, "spaet")
    assert new.labels() >= {"Vor dem Update", "Nach dem Update", "Später"}
    assert sites(new) == {"frueh", "spaet"}
    assert not (old.data / ".restore").exists()
    assert list(old.data.glob("vor-rueckspielung-*/nicht-zurueckgespielt/plan.json"))


def test_an_archive_of_the_newer_release_is_refused_by_this_one_in_a_sentence(
    old: Release, new: Release, tmp_path: Path
) -> None:
    """The newer one is this release one migration ahead."""
    new.write("Heute")
    new.must("-m", "portalkompass", "backup", str(tmp_path / "heute.zip"))
    with closing(sqlite3.connect(new.data / "workspace.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
    for arguments in (
        ("backup", str(tmp_path / "morgen.zip")),
        ("retention",),
        ("ranking",),
        ("prepare",),
    ):
        refused = new.run("-m", "portalkompass", *arguments)
        assert refused.returncode == 1, arguments
        assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
        assert "neueren Version" in refused.stderr
    new.must("-m", "portalkompass", "restore", str(tmp_path / "heute.zip"))
    assert "Heute" in new.labels()
