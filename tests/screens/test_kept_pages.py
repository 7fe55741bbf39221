"""What an earlier release froze is read by this one, with nothing of it lost: pages of every kind, and the cover.

``kept_pages.json`` was written by `packed_text` when reports could first be delivered and is not written again: such
pages lie in workspaces. A field that is added needs a default; one that is renamed or dropped, a way to read the old.
In the pages ``full``, ``words`` and ``text`` no field has its default, so that none can go unnoticed.
"""

import base64
import dataclasses
import json
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from portalkompass.exhibit import Exhibit
from portalkompass.packing import DIGEST_BYTES
from portalkompass.screens.saved_report import kept_cover, packed_text, unpacked
from portalkompass.slide_set import TextPage, Words
from portalkompass.workspace import Report, WorkspaceError

KEPT = json.loads((Path(__file__).parent / "kept_pages.json").read_text(encoding="utf-8"))
PAGES = KEPT["pages"]


def plain(text):
    """What stands in a packed page, whatever this release makes of it."""
    return msgspec.msgpack.decode(base64.b64decode(text)[DIGEST_BYTES:])


def lost(before, after, place=""):
    """Where ``after`` lacks something of ``before`` or has another value."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [one for key in before for one in lost(before[key], after.get(key), f"{place}.{key}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            one
            for at, pair in enumerate(zip(before, after, strict=True))
            for one in lost(*pair, f"{place}.{at}")
        ]
    if isinstance(before, bytes) and isinstance(after, bytes):  # a table: pyarrow may write it otherwise
        old, new = (pa.ipc.open_stream(one).read_all() for one in (before, after))
        return [] if old.equals(new) else [place]
    return [] if before == after else [place]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_an_earlier_release_is_read_with_nothing_lost(name):
    page = unpacked(PAGES[name])
    assert type(page) is {"words": Words, "text": TextPage}.get(name, Exhibit)
    assert page.headline == "Klicks steigen um 12 %: Bürgerbüro"
    assert lost(plain(PAGES[name]), plain(packed_text(page))) == []


def test_what_is_lost_is_seen():
    page = unpacked(PAGES["full"])
    shorter = dataclasses.replace(page, frame=page.frame.head(1), notes=(), lane=None)
    assert lost(plain(PAGES["full"]), plain(packed_text(shorter))) == [
        ".exhibit.frame",
        ".exhibit.notes",
        ".exhibit.lane",
    ]


def test_a_cover_of_an_earlier_release_is_read_and_a_damaged_one_is_a_sentence():
    told = kept_cover(Report("Mai", frozen={"cover": KEPT["cover"]}))
    assert lost(KEPT["cover"], msgspec.json.decode(msgspec.json.encode(told))) == []
    assert [rank for rank, _ in told.ranked] == [1, 2, 2, 3, 3]
    for damaged in ({"session": "gestern"}, {"basis": 7}, "Deckblatt"):
        with pytest.raises(WorkspaceError, match="Deckblatt des übergebenen Berichts „Mai“ ist beschädigt"):
            kept_cover(Report("Mai", frozen={"cover": damaged}))
