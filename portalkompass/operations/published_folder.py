"""Writing a site into a folder: all of it or nothing, never over what somebody else put there.

A list in the folder says which files were written and with which content. Only those are replaced or removed; a file
that is not on the list, or was changed since, stops everything before anything is touched. New files are laid beside
the old ones first; a run that was cut off is taken back by the next one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from portalkompass import german
from portalkompass.warehouse.snapshots import move

LIST = "veroeffentlicht.json"
WORK = ".portalkompass"
"""Folder of a run within the folder; there only while it lasts, or after it was cut off."""
_NEW, _OLD, _JOURNAL = "new", "old", "journal.json"


class NotPublished(Exception):
    """Nothing was written; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many files are new, were replaced (with other content) and were removed."""

    new: int
    replaced: int
    removed: int


def publish(files: Mapping[str, bytes], folder: Path, last: str) -> Written:
    """Make the folder hold these files beside what others put there; ``last`` is put in its place after all others.

    The caller sees to it that nobody else publishes meanwhile.

    Raises:
        NotPublished: foreign or changed files stand in the way, or it cannot be written; the folder is as it was, or
            where not even that can be written, the sentence says so and the next run takes it back.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_odd_work(folder)
        _take_back(folder)
        own = _own(folder)
        _refuse_foreign(folder, {*files, LIST}, own)
        return _write(files, folder, last, own)
    except OSError as error:
        why = f"{folder} lässt sich nicht schreiben: {german.why_unreadable(error)}."
        try:
            _take_back(folder)
        except OSError:
            raise NotPublished(
                f"{why} Ein Teil der Dateien kann schon ersetzt sein; die bisherigen liegen in {folder / WORK}, und "
                "die nächste Veröffentlichung legt sie zurück."
            ) from None
        raise NotPublished(f"{why} Es wurde nichts veröffentlicht.") from None


def _write(files: Mapping[str, bytes], folder: Path, last: str, own: Mapping[str, str]) -> Written:
    digests = {name: _digest(content) for name, content in files.items()}
    changed = [name for name in files if own.get(name) != digests[name]]
    removed = [name for name in own if name not in files]
    listed = json.dumps({"files": digests}, indent=1, sort_keys=True).encode()
    work = folder / WORK
    for name in changed:
        _lay(work / _NEW / name, files[name])
    _lay(work / _NEW / LIST, listed)
    for name in (*changed, *removed, LIST):
        if (folder / name).exists():
            (work / _OLD / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, work / _OLD / name)
    # From here on the run can be taken back: what it replaces and removes lies there.
    _lay(
        work / _JOURNAL,
        json.dumps({"list": _digest(listed), "files": {n: digests[n] for n in changed}}).encode(),
    )
    for name in sorted(changed, key=lambda one: (one == last, one)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        move(work / _NEW / name, folder / name)
    for name in removed:
        (folder / name).unlink()
        _remove_empty(folder, name)
    move(work / _NEW / LIST, folder / LIST)
    shutil.rmtree(work)
    replaced = sum(name in own for name in changed)
    return Written(len(changed) - replaced, replaced, len(removed))


def _take_back(folder: Path) -> None:
    """Put back what a run that was cut off had replaced; one that was through is only cleared up.

    Can be repeated: what cannot be put back now stays where it lies.

    Raises:
        OSError: something could not be put back.
    """
    work = folder / WORK
    if not work.is_dir() or work.is_symlink():
        return
    journal = _journal(work)
    if journal is not None and _digest_of(folder / LIST) != journal[0]:
        for name, digest in journal[1].items():
            if not (work / _OLD / name).exists() and _digest_of(folder / name) == digest:
                (folder / name).unlink()
                _remove_empty(folder, name)
        for path in sorted((work / _OLD).rglob("*")):
            if path.is_file():
                target = folder / path.relative_to(work / _OLD)
                target.parent.mkdir(parents=True, exist_ok=True)
                move(path, target)
    shutil.rmtree(work)


def _journal(work: Path) -> tuple[str, dict[str, str]] | None:
    """Digest of the list and of the new files; None where the run was cut off before it replaced anything."""
    try:
        journal = json.loads((work / _JOURNAL).read_bytes())
        return journal["list"], journal["files"]
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _refuse_odd_work(folder: Path) -> None:
    """Let pass where what lies in the work folder leads nowhere else: it is taken back without asking further.

    Raises:
        NotPublished: somebody else has laid links or names there that lead out of the folder.
    """
    try:
        sound = _sound(folder)
    except OSError:
        sound = False
    if not sound:
        raise NotPublished(
            f"{folder / WORK} stammt nicht von hier oder enthält Verweise, die aus dem Ordner führen. Bitte prüfen und "
            "wegnehmen. Es wurde nichts veröffentlicht."
        )


def _sound(folder: Path) -> bool:
    work = folder / WORK
    if not work.is_symlink() and not work.exists():
        return True
    inside = [work, *work.rglob("*")]
    if any(path.is_symlink() or not (path.is_dir() or path.is_file()) for path in inside) or work.is_file():
        return False
    if {path.name for path in work.iterdir()} - {_NEW, _OLD, _JOURNAL}:
        return False
    old = work / _OLD
    names = [path.relative_to(old).as_posix() for path in old.rglob("*") if path.is_file()]
    # One that is missing or cut off names nothing yet: nothing was replaced then.
    with suppress(ValueError, FileNotFoundError):
        journal = json.loads((work / _JOURNAL).read_bytes())
        if not isinstance(journal, dict) or not isinstance(journal.get("files", {}), dict):
            return False
        names += journal.get("files", {})
    return not any(
        not _inside(name)
        or (folder / name).is_symlink()
        or any((folder / parent).is_symlink() for parent in PurePosixPath(name).parents)
        for name in names
    )


def _inside(name: str) -> bool:
    """Whether a name of a file stays in the folder."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _own(folder: Path) -> dict[str, str]:
    """The files that were published here, with the digest of each; none in a folder that is new."""
    path = folder / LIST
    if not path.exists():
        return {}
    try:
        files = json.loads(path.read_bytes())["files"]
        own = {str(name): str(digest) for name, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotPublished(
            f"{path} ist beschädigt oder von etwas anderem; was hier veröffentlicht wurde, ist daraus nicht zu lesen. "
            "Bitte einen leeren Ordner angeben. Es wurde nichts veröffentlicht."
        ) from None
    return {name: digest for name, digest in own.items() if _inside(name) and (folder / name).exists()}


def _refuse_foreign(folder: Path, names: set[str], own: Mapping[str, str]) -> None:
    """Let pass where every file in the way is one of our own, and as it was written.

    Raises:
        NotPublished: names the first one that is not.
    """
    foreign = sorted(name for name in names | own.keys() if name != LIST and _in_the_way(folder, name, own))
    if (folder / LIST).is_symlink():
        foreign.append(LIST)
    if not foreign:
        return
    further = f" (und {german.count(len(foreign) - 1, 'weitere', 'weitere')})" if len(foreign) > 1 else ""
    why = "wurde seit der letzten Veröffentlichung geändert" if foreign[0] in own else "stammt nicht von hier"
    raise NotPublished(
        f"{folder / foreign[0]}{further} {why} und würde überschrieben. Bitte die Datei wegnehmen oder einen anderen "
        "Ordner angeben. Es wurde nichts veröffentlicht."
    )


def _in_the_way(folder: Path, name: str, own: Mapping[str, str]) -> bool:
    path = folder / name
    for parent in path.relative_to(folder).parents:
        above = folder / parent
        if parent != Path() and (above.is_symlink() or (above.exists() and not above.is_dir())):
            return True
    if path.is_symlink():
        return True
    return path.exists() and (not path.is_file() or name not in own or _digest_of(path) != own[name])


def _lay(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove_empty(folder: Path, name: str) -> None:
    """The folders of a removed file, as far as nothing else lies in them."""
    for parent in Path(name).parents:
        if parent != Path():
            with suppress(OSError):
                (folder / parent).rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str:
    return _digest(path.read_bytes()) if path.is_file() else ""
