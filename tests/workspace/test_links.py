from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from portalkompass.workspace import (
    ServiceLink,
    Shipped,
    StaleEdit,
    Workspace,
    WorkspaceError,
    add_link,
    delete_link,
    extra_services,
    link_fault,
    links,
    open_workspace,
    read_links,
    update_link,
)
from portalkompass.workspace import opening as opening_module
from tests.workspace.conftest import LINKS

HEADER = LINKS.splitlines()[0]
WOHNGELD = ServiceLink(
    "ohne_status", "url", "regex", "(^|/)wohngeld(-|$)", service_id="wohngeld", service_name="Wohngeld"
)


def reopen(url: str, shipped: Shipped) -> Workspace:
    """As after a restart of the app."""
    opening_module._open.clear()
    return open_workspace(url, shipped)


def test_a_saved_link_is_read_back_with_who_and_version(workspace: Workspace) -> None:
    saved = add_link(workspace, replace(WOHNGELD, share=0.5, note="Seite gilt für zwei"), "anna")
    assert links(workspace)[-1] == saved
    assert (saved.updated_by, saved.version, saved.origin, saved.share) == ("anna", 1, "person", 0.5)
    assert saved.updated_at is not None
    assert saved.updated_at.tzinfo is not None


def test_of_two_editors_the_second_save_is_refused_with_both_versions(workspace: Workspace) -> None:
    read = add_link(workspace, WOHNGELD, "anna")
    stored = update_link(workspace, replace(read, share=0.5), "anna")
    draft = replace(read, share=0.25)
    before = workspace.revision()
    with pytest.raises(StaleEdit, match="von anna geändert") as caught:
        update_link(workspace, draft, "berta")
    assert (caught.value.yours, caught.value.theirs) == (draft, stored)
    assert links(workspace)[-1] == stored
    assert workspace.revision() == before


def test_editing_a_deleted_link_is_refused(workspace: Workspace) -> None:
    read = add_link(workspace, WOHNGELD, "anna")
    delete_link(workspace, read, "anna")
    with pytest.raises(StaleEdit, match="gelöscht") as caught:
        update_link(workspace, read, "berta")
    assert caught.value.theirs is None


def test_the_same_link_twice_is_refused(workspace: Workspace) -> None:
    add_link(workspace, WOHNGELD, "anna")
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        add_link(workspace, WOHNGELD, "berta")


def test_services_without_status_come_from_their_links(workspace: Workspace) -> None:
    add_link(workspace, WOHNGELD, "anna")
    add_link(workspace, replace(WOHNGELD, match="contains", pattern="mietzuschuss"), "anna")
    add_link(workspace, replace(WOHNGELD, pattern="(^|/)abc", service_id="abc", service_name="Äpfel"), "anna")
    assert extra_services(workspace).to_dict("records") == [
        {"service_id": "wohngeld", "name": "Wohngeld"},
        {"service_id": "abc", "name": "Äpfel"},
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"target": "Leistung"}, "erlaubt: leistung"),
        ({"source": "path"}, "erlaubt: url"),
        ({"match": "glob"}, "erlaubt: exact"),
        ({"service_id": ""}, "service_id"),
        ({"service_name": ""}, "Namen"),
        ({"target": "keine_leistung"}, "nicht zugleich"),
        ({"share": 0.0}, "Anteil"),
        ({"share": 1.01}, "Anteil"),
        ({"share": float("nan")}, "Anteil"),
        ({"pattern": ""}, "leer"),
        ({"pattern": " x"}, "Leerzeichen"),
        ({"pattern": "x" * 301}, "300"),
        ({"pattern": "(offen"}, "nicht zulässig"),
        ({"pattern": "(?=x)"}, "RE2"),
        ({"pattern": r"(a)\1"}, "RE2"),
        ({"pattern": "a*"}, "alles"),
        ({"match": "exact", "pattern": "leistung/x"}, "beginnt mit"),
        ({"match": "prefix", "pattern": "https://a.de/x"}, "beginnt mit"),
    ],
)
def test_what_a_link_must_not_be(workspace: Workspace, change: dict[str, str], sentence: str) -> None:
    link = replace(WOHNGELD, **change)
    assert sentence in link_fault(link)
    with pytest.raises(WorkspaceError, match=sentence):
        add_link(workspace, link, "anna")


def test_a_whole_path_loses_its_trailing_slash(workspace: Workspace) -> None:
    saved = add_link(workspace, replace(WOHNGELD, match="exact", pattern="/leistung/wohngeld/"), "anna")
    assert saved.pattern == "/leistung/wohngeld"


def test_a_new_release_renews_untouched_links_only(url: str, shipped: Shipped) -> None:
    workspace = open_workspace(url, shipped)
    edited, untouched = links(workspace)
    update_link(workspace, replace(edited, share=0.5), "anna")
    shipped.links.write_text(
        f"{HEADER}\nleistung;hundesteuer;;url;contains;hundesteuer;;neu erklärt\n"
        "keine_leistung;;;url;prefix;/amt/;;Ämter\nleistung;bauportal;;url;contains;bauportal;;\n",
        encoding="utf-8",
    )
    after = {link.pattern: link for link in links(reopen(url, shipped))}
    assert after["hundesteuer"].share == 0.5
    assert after["hundesteuer"].note == ""
    assert (after["/amt/"].note, after["/amt/"].version) == ("Ämter", untouched.version + 1)
    assert after["bauportal"].origin == "shipped"


def test_links_that_are_no_longer_shipped_go_unless_someone_edited_them(url: str, shipped: Shipped) -> None:
    workspace = open_workspace(url, shipped)
    update_link(workspace, replace(links(workspace)[0], share=0.5), "anna")
    shipped.links.write_text(f"{HEADER}\n", encoding="utf-8")
    assert [link.pattern for link in links(reopen(url, shipped))] == ["hundesteuer"]


def test_a_deleted_shipped_link_stays_deleted(url: str, shipped: Shipped) -> None:
    workspace = open_workspace(url, shipped)
    delete_link(workspace, links(workspace)[0], "anna")
    shipped.links.write_text(LINKS + "leistung;x;;url;contains;xyz;;\n", encoding="utf-8")
    assert [link.pattern for link in links(reopen(url, shipped))] == ["/amt/", "xyz"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a;b\n", "Zeile 1: die Kopfzeile"),
        (f"{HEADER}\nleistung;x\n", "Zeile 2: 8 Felder erwartet, 2 gefunden"),
        (f"{HEADER}\nleistung;x;;url;contains;x;halb;\n", "Zeile 2: share „halb“"),
        (f"{HEADER}\n\nleistung;x;;url;regex;(;;\n", "Zeile 3: Der reguläre Ausdruck"),
        (
            f"{HEADER}\nleistung;x;;url;contains;x;;\nleistung;x;;url;contains;x;;\n",
            "Zeile 3: diese Zuordnung",
        ),
    ],
)
def test_a_faulty_file_is_named_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=sentence):
        read_links(path)


def test_every_write_is_in_the_audit(workspace: Workspace) -> None:
    saved = add_link(workspace, WOHNGELD, "anna")
    delete_link(workspace, saved, "berta")
    with workspace.reading() as connection:
        rows = connection.execute(sa.text("SELECT who, what, detail FROM audit ORDER BY id")).all()
    assert [tuple(row) for row in rows[2:]] == [
        ("anna", "Zuordnung angelegt", "regex (^|/)wohngeld(-|$) → Wohngeld"),
        ("berta", "Zuordnung gelöscht", "regex (^|/)wohngeld(-|$) → Wohngeld"),
    ]
