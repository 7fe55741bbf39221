"""Moved pages: what may be saved, what chains come to, and files of moves."""

import datetime as dt
from dataclasses import replace

import pytest

from portalkompass.workspace import (
    PageMove,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_moves,
    audit_list,
    delete_move,
    page_moves,
    read_moves,
    resolved,
    update_move,
)
from portalkompass.workspace.page_moves import TEMPLATE

SITE = "https://a.de/"
MARCH, APRIL, MAY = dt.date(2025, 3, 1), dt.date(2025, 4, 1), dt.date(2025, 5, 1)


def move(old: str, new: str, day: dt.date = MARCH, note: str = "") -> PageMove:
    return PageMove(SITE, f"https://a.de/{old}", f"https://a.de/{new}", day, note)


def test_a_move_is_kept_in_the_one_spelling_with_who_and_counts_as_a_change_of_links(
    workspace: Workspace,
) -> None:
    links = workspace.links_revision()
    written = PageMove(SITE, "http://www.a.de//alt/index.html", "https://a.de/neu/", MARCH, " Relaunch ")
    assert add_moves(workspace, [written], "anna") == 1
    kept = page_moves(workspace, SITE)[0]
    assert (kept.old_url, kept.new_url, kept.date, kept.note, kept.updated_by) == (
        "https://a.de/alt",
        "https://a.de/neu",
        MARCH,
        "Relaunch",
        "anna",
    )
    assert workspace.links_revision() == links + 1
    assert audit_list(workspace).iloc[0]["what"] == "Umzug eingetragen"
    assert page_moves(workspace, "https://b.de/") == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (replace(move("a", "b"), old_url="/alt"), "Die alte Adresse „/alt“ ist keine Web-Adresse"),
        (replace(move("a", "b"), new_url="https://b.de/x"), "gehört nicht zur Property https://a.de/"),
        (move("a/", "a"), "dieselbe Seite"),
        (move("x", "anders"), "gibt es schon einen Umzug (am 01.03.2025 nach https://a.de/y)"),
        (move("z", "x", APRIL), "schließt einen Kreis"),
        (move("q", "x", APRIL), "am 01.04.2025 nichts mehr umziehen"),
        (move("z", "w", dt.date(2025, 2, 1)), "selbst schon am 01.02.2025 nach https://a.de/w umgezogen"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    workspace: Workspace, wrong: PageMove, sentence: str
) -> None:
    add_moves(workspace, [move("x", "y"), move("y", "z", APRIL)], "anna")
    with pytest.raises(WorkspaceError) as fault:
        add_moves(workspace, [wrong], "anna")
    assert sentence in str(fault.value)
    assert len(page_moves(workspace, SITE)) == 2


def test_chains_are_followed_and_days_to_come_are_not() -> None:
    moves = [move("a", "b"), move("b", "c", APRIL), move("c", "d", MAY)]
    assert [(old[-1], new[-1], day) for old, new, day in resolved(moves, today=APRIL)] == [
        ("a", "c", MARCH),
        ("b", "c", APRIL),
    ]
    assert [new[-1] for _, new, _ in resolved(moves, today=MAY)] == ["d", "d", "d"]


def test_of_two_editors_the_second_save_fails_and_a_circle_is_refused_there_too(workspace: Workspace) -> None:
    add_moves(workspace, [move("a", "b"), move("c", "d")], "anna")
    first = next(one for one in page_moves(workspace, SITE) if one.old_url.endswith("/a"))
    changed = update_move(workspace, replace(first, date=APRIL), "berta")
    with pytest.raises(StaleEdit):
        update_move(workspace, replace(first, note="anders"), "anna")
    with pytest.raises(WorkspaceError, match="Kreis"):
        update_move(workspace, replace(changed, old_url="https://a.de/d", new_url="https://a.de/c"), "berta")
    delete_move(workspace, changed, "berta")
    with pytest.raises(StaleEdit):
        delete_move(workspace, changed, "anna")


def test_several_are_saved_all_or_none_and_known_ones_are_passed_over(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"Umzug 2: .*Kreis"):
        add_moves(workspace, [move("a", "b"), move("b", "a")], "anna")
    assert page_moves(workspace, SITE) == []
    assert add_moves(workspace, [move("a", "b"), move("c", "d")], "anna") == 2
    assert add_moves(workspace, [move("a", "b"), move("e", "f")], "anna") == 1


def test_a_file_is_read_with_german_days_and_without_notes() -> None:
    file = "old_url,new_url,date\nhttps://a.de/x,https://a.de/y,01.03.2025\n\n".encode("utf-8-sig")
    read = read_moves(file, SITE)[0]
    assert (read.old_url, read.new_url, read.date, read.note) == (
        "https://a.de/x",
        "https://a.de/y",
        MARCH,
        "",
    )
    example = read_moves(TEMPLATE.encode(), "https://www.stadt.example/")[0]
    assert (example.new_url, example.note) == ("https://stadt.example/leistung/hundesteuer", "Relaunch")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"alt;neu\n", "Zeile 1: die Kopfzeile muss lauten: old_url;new_url;date;note."),
        (
            b"old_url;new_url;date\nhttps://a.de/x;https://a.de/y;30.02.2025\n",
            "Zeile 2: „30.02.2025“ ist kein Tag",
        ),
        (b"old_url;new_url;date\nhttps://a.de/x;https://a.de/y\n", "Zeile 2: 3 Felder erwartet, 2 gefunden."),
        (b"old_url;new_url;date\n", "enthält keine Umzüge"),
        ("old_url;new_url;date\nhttps://a.de/ü;x;y".encode("latin-1"), "nicht in UTF-8"),
        (b"", "Zeile 1"),
    ],
)
def test_a_bad_file_gets_one_clear_sentence(file: bytes, sentence: str) -> None:
    with pytest.raises(WorkspaceError) as fault:
        read_moves(file, SITE)
    assert sentence in str(fault.value)
