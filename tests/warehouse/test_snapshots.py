"""Putting a file in its place: at once, and on Windows as soon as nobody has the place open."""

from __future__ import annotations

from pathlib import Path

import pytest

from portalkompass.warehouse import snapshots


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[PermissionError]:
    """What Windows answers while the place is open, one for each try."""
    left: list[PermissionError] = []
    replace = Path.replace

    def refused_first(source: Path, target: Path) -> Path:
        if left:
            raise left.pop()
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refused_first)
    return left


def test_a_place_that_is_open_on_windows_is_tried_again(
    tmp_path: Path, refusals: list[PermissionError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_WINDOWS", True)
    refusals += [PermissionError(13, "belegt"), PermissionError(13, "belegt")]
    (tmp_path / "current").write_bytes(b"alt")
    snapshots.replace_whole(tmp_path / "current", b"neu")
    assert refusals == []
    assert (tmp_path / "current").read_bytes() == b"neu"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_a_place_that_stays_open_and_one_without_rights_elsewhere_are_faults(
    tmp_path: Path, refusals: list[PermissionError], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "current").write_bytes(b"alt")
    monkeypatch.setattr(snapshots, "_OPEN_SECONDS", 0.1)
    for windows in (True, False):
        monkeypatch.setattr(snapshots, "_WINDOWS", windows)
        refusals[:] = [PermissionError(13, "belegt")] * 100
        with pytest.raises(PermissionError):
            snapshots.replace_whole(tmp_path / "current", b"neu")
        assert (len(refusals) == 99) is not windows  # only Windows is asked more than once
        assert (tmp_path / "current").read_bytes() == b"alt"
        assert [path.name for path in tmp_path.iterdir()] == ["current"]
