"""A folder is published as a whole or not at all, and what others put there stays."""

import json
import shutil

import pytest

from portalkompass.operations import published_folder
from portalkompass.operations.published_folder import LIST, WORK, NotPublished, Written, publish

FILES = {"index.html": b"eins", "daten/a/a.csv": b"a", "daten/b/b.csv": b"b"}
NEXT = {"index.html": b"zwei", "daten/a/a.csv": b"a", "daten/c/c.csv": b"c"}


def held(folder):
    """All files of a folder by name, without the list of what was published."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LIST
    }


def made(folder, files):
    return publish(files, folder, "index.html")


def test_publishing_again_replaces_and_removes_its_own_and_nothing_else(tmp_path):
    assert made(tmp_path / "neu", FILES) == Written(3, 0, 0)
    folder = tmp_path / "neu"
    (folder / "robots.txt").write_bytes(b"fremd")
    (folder / "daten/b/notiz.txt").write_bytes(b"fremd")
    assert made(folder, NEXT) == Written(1, 1, 1)
    assert held(folder) == NEXT | {"robots.txt": b"fremd", "daten/b/notiz.txt": b"fremd"}
    assert made(folder, NEXT) == Written(0, 0, 0)
    assert not (folder / WORK).exists()


@pytest.mark.parametrize("what", ["foreign", "changed", "link", "folder", "changed and stale"])
def test_what_stands_in_the_way_stops_everything_before_anything_is_touched(tmp_path, what):
    if what == "foreign":
        (tmp_path / "index.html").write_bytes(b"fremd")
    elif what == "link":
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "daten").symlink_to(tmp_path / "elsewhere")
    elif what == "folder":
        (tmp_path / "index.html").mkdir()
    else:
        made(tmp_path, FILES)
        (tmp_path / ("index.html" if what == "changed" else "daten/b/b.csv")).write_bytes(b"von Hand")
    before = held(tmp_path)
    with pytest.raises(NotPublished, match="Es wurde nichts veröffentlicht"):
        made(tmp_path, NEXT)
    assert held(tmp_path) == before
    assert not (tmp_path / WORK).exists()


def test_a_damaged_list_is_refused_and_one_that_leads_outside_harms_nothing(tmp_path):
    (tmp_path / "aussen.txt").write_bytes(b"fremd")
    folder = tmp_path / "neu"
    folder.mkdir()
    (folder / LIST).write_text("[]")
    with pytest.raises(NotPublished, match="ist beschädigt"):
        made(folder, FILES)
    digest = published_folder._digest(b"fremd")
    (folder / LIST).write_text(json.dumps({"files": {"../aussen.txt": digest}}))
    made(folder, FILES)
    assert (tmp_path / "aussen.txt").read_bytes() == b"fremd"


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_disk_that_fails_on_the_way_leaves_the_folder_as_it_was(tmp_path, monkeypatch, moves):
    made(tmp_path, FILES)
    before, listed = held(tmp_path), (tmp_path / LIST).read_bytes()
    replace, done = type(tmp_path).replace, []

    def failing(path, target):
        done.append(target)
        if len(done) == moves + 1:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(type(tmp_path), "replace", failing)
    with pytest.raises(NotPublished, match="lässt sich nicht schreiben"):
        made(tmp_path, NEXT)
    assert (held(tmp_path), (tmp_path / LIST).read_bytes()) == (before, listed)


def test_what_cannot_be_put_back_is_kept_for_the_next_run(tmp_path, monkeypatch):
    made(tmp_path, FILES)
    replace, done = type(tmp_path).replace, []

    def failing(path, target):
        if len(done) == 1:
            raise OSError(5, "Input/output error")
        done.append(target)
        return replace(path, target)

    monkeypatch.setattr(type(tmp_path), "replace", failing)
    with pytest.raises(NotPublished, match="die nächste Veröffentlichung legt sie zurück"):
        made(tmp_path, NEXT)
    assert (tmp_path / WORK / "old/index.html").read_bytes() == b"eins"
    monkeypatch.undo()
    published_folder._take_back(tmp_path)
    assert held(tmp_path) == FILES
    assert not (tmp_path / WORK).exists()


@pytest.mark.parametrize("through", [False, True])
def test_a_run_that_was_cut_off_is_taken_back_by_the_next_one(tmp_path, monkeypatch, through):
    made(tmp_path, FILES)
    kept, last = tmp_path.parent / "arbeit", []

    def cut(path):
        shutil.copytree(path, kept, dirs_exist_ok=True)
        last.append(path)

    monkeypatch.setattr(published_folder.shutil, "rmtree", cut)
    made(tmp_path, NEXT)
    monkeypatch.undo()
    if not through:  # as if the list had not been put in its place any more
        shutil.copy(kept / "old" / LIST, tmp_path / LIST)
    published_folder._take_back(tmp_path)
    assert held(tmp_path) == (NEXT if through else FILES)
    assert made(tmp_path, NEXT).new == (0 if through else 1)
    assert held(tmp_path) == NEXT


@pytest.mark.parametrize("what", ["link", "foreign", "old", "journal", "absolute", "target", "file", "list"])
def test_a_work_folder_that_leads_outside_is_refused_and_harms_nothing(tmp_path, what):
    folder, outside = tmp_path / "neu", tmp_path / "aussen"
    made(folder, FILES)
    outside.mkdir()
    (outside / "x.txt").write_bytes(b"fremd")
    work, digest = folder / WORK, published_folder._digest(b"fremd")
    named = {"journal": "../aussen/x.txt", "absolute": str(outside / "x.txt")}.get(what, "index.html")
    if what == "link":
        work.symlink_to(outside)
    elif what == "file":
        work.write_bytes(b"fremd")
    else:
        (work / "old").mkdir(parents=True)
        (work / "journal.json").write_text(json.dumps({"list": "", "files": {named: digest}}))
    if what == "old":
        (work / "old/x.txt").symlink_to(outside / "x.txt")
    elif what == "list":
        (work / "journal.json").write_text('["index.html"]')
    elif what == "foreign":
        (work / "notiz.txt").write_bytes(b"fremd")
    elif what == "target":
        (work / "old/daten").mkdir()
        (work / "old/daten/x.txt").write_bytes(b"alt")
        shutil.rmtree(folder / "daten")
        (folder / "daten").symlink_to(outside)
    with pytest.raises(NotPublished, match="stammt nicht von hier oder enthält Verweise"):
        made(folder, NEXT)
    assert held(outside) == {"x.txt": b"fremd"}
    assert (folder / "index.html").read_bytes() == FILES["index.html"]
