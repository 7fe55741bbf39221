"""Reports stay, are edited together, are frozen when delivered and carried on to the next one."""

import dataclasses
import datetime as dt

import pytest

from portalkompass.workspace import (
    Report,
    StaleEdit,
    WorkspaceError,
    add_page,
    audit_list,
    cells_of,
    clashes_of,
    create_report,
    delete_report,
    deliver_report,
    made_pages,
    move_page,
    next_report,
    pages_of,
    remove_page,
    report_list,
    save_texts,
    settle_clash,
    show_page,
)

DAY, NEXT_DAY = dt.date(2025, 12, 15), dt.date(2026, 6, 15)
TEXT = {
    "headline": "DMS",
    "points": "Ausschreibung läuft\nEinführung 2026",
    "development": "Vergabe im März",
    "responsible": "Fachbereich 12",
    "day": DAY,
}


@pytest.fixture
def report(workspace):
    made = create_report(
        workspace,
        Report("Sachstand Dezember", committee="Digitalausschuss", session=DAY),
        ("summary", "top_pages"),
        "Ina",
    )
    add_page(workspace, made.id, "text", "dms", "Ina", TEXT)
    return report_list(workspace)[0]


def names(workspace, report):
    return [page.name for page in pages_of(workspace, report.id)]


def opened(workspace, report):
    return cells_of(report, pages_of(workspace, report.id))


def audit(workspace, lines):
    return audit_list(workspace)["detail"].head(lines).to_list()


def test_a_report_has_its_pages_in_order_and_several_stand_side_by_side(workspace, report):
    create_report(workspace, Report("Zweiter"), ("sources",), "Olaf")
    assert names(workspace, report) == ["Auf einen Blick", "Meistgeklickte Seiten", "DMS"]
    assert {one.name for one in report_list(workspace)} == {"Sachstand Dezember", "Zweiter"}
    with pytest.raises(WorkspaceError, match="gibt es schon"):
        create_report(workspace, Report("Zweiter"), (), "Ina")
    with pytest.raises(WorkspaceError, match="braucht einen Namen"):
        create_report(workspace, Report("  "), (), "Ina")


def test_pages_are_moved_hidden_and_removed_with_a_line_each(workspace, report):
    *_, text = pages_of(workspace, report.id)
    move_page(workspace, text, -1, "Ina")
    assert names(workspace, report) == ["Auf einen Blick", "DMS", "Meistgeklickte Seiten"]
    assert audit(workspace, 1) == ["Sachstand Dezember · DMS · Platz: 3 → 2"]
    last = pages_of(workspace, report.id)[-1]
    move_page(workspace, last, -2, "Ina")
    assert names(workspace, report) == ["Meistgeklickte Seiten", "Auf einen Blick", "DMS"]
    move_page(workspace, last, 1, "Ina")
    move_page(workspace, last, 7, "Ina")
    assert names(workspace, report) == ["Auf einen Blick", "Meistgeklickte Seiten", "DMS"]
    move_page(workspace, pages_of(workspace, report.id)[-1], -1, "Ina")
    first = pages_of(workspace, report.id)[0]
    move_page(workspace, first, -1, "Ina")
    assert pages_of(workspace, report.id)[0].id == first.id
    show_page(workspace, first, "Ina", shown=False)
    assert audit(workspace, 1) == ["Sachstand Dezember · Auf einen Blick: im Bericht → ausgelassen"]
    with pytest.raises(WorkspaceError, match="inzwischen geändert"):
        remove_page(workspace, first, "Olaf")
    remove_page(workspace, pages_of(workspace, report.id)[0], "Olaf")
    assert names(workspace, report) == ["DMS", "Meistgeklickte Seiten"]


def test_two_people_save_different_texts_and_both_are_kept(workspace, report):
    before = opened(workspace, report)
    row = str(pages_of(workspace, report.id)[-1].id)
    assert save_texts(workspace, report.id, before, {(row, "development"): "Vergabe im April"}, "Ina") == []
    assert save_texts(workspace, report.id, before, {("", "committee"): "Rat"}, "Olaf") == []
    now = opened(workspace, report_list(workspace)[0])
    assert (now["", "committee"], now[row, "development"]) == ("Rat", "Vergabe im April")
    assert audit(workspace, 2) == [
        "Sachstand Dezember · Gremium: Digitalausschuss → Rat",
        "Sachstand Dezember · DMS, Letzte Entwicklung: Vergabe im März → Vergabe im April",
    ]


def test_two_people_who_change_the_same_text_get_both_values(workspace, report):
    before, pages = opened(workspace, report), pages_of(workspace, report.id)
    cell = ("", "session")
    save_texts(workspace, report.id, before, {cell: NEXT_DAY}, "Ina")
    (clash,) = save_texts(workspace, report.id, before, {cell: dt.date(2026, 6, 22)}, "Olaf")
    assert (clash.label, clash.theirs, clash.mine, clash.who) == (
        "Sitzung am",
        NEXT_DAY,
        dt.date(2026, 6, 22),
        "Ina",
    )
    assert opened(workspace, report_list(workspace)[0])[cell] == NEXT_DAY
    # Nothing but the clash: what was not saved waits for a choice, whoever opens the report next, and is no page.
    (stored,) = report_list(workspace)
    (waiting,) = clashes_of(workspace, stored)
    assert waiting == clash
    assert len(pages_of(workspace, report.id)) == len(pages)
    assert audit(workspace, 1) == [
        "Sachstand Dezember · Sitzung am: 22.06.2026; gespeichert bleibt: 15.06.2026"
    ]
    assert settle_clash(workspace, report.id, clash, "Olaf", mine=True) == []
    assert audit(workspace, 1) == ["Sachstand Dezember · Sitzung am: 15.06.2026 → 22.06.2026"]
    assert clashes_of(workspace, report_list(workspace)[0]) == []


def test_a_choice_of_texts_ends_with_the_stored_one_or_begins_anew_with_a_third(workspace, report):
    before, row = opened(workspace, report), str(pages_of(workspace, report.id)[-1].id)
    cell = (row, "points")
    save_texts(workspace, report.id, before, {cell: "eins"}, "Ina")
    for text in ("zwei", "drei\nund mehr"):  # the second takes the place of the first
        (clash,) = save_texts(workspace, report.id, before, {cell: text}, "Olaf")
    now = opened(workspace, report_list(workspace)[0])
    save_texts(workspace, report.id, now, {cell: "vier"}, "Ina")
    (anew,) = settle_clash(workspace, report.id, clash, "Olaf", mine=True)
    assert (anew.theirs, anew.mine, anew.writer) == ("vier", "drei\nund mehr", "Olaf")
    assert clashes_of(workspace, report_list(workspace)[0]) == [anew]
    # Neither the next report nor a delivered one asks.
    stored = report_list(workspace)[0]
    other = next_report(workspace, stored, dataclasses.replace(stored, name="Juni"), "Ina")
    assert (clashes_of(workspace, other), len(pages_of(workspace, other.id))) == ([], 3)
    assert settle_clash(workspace, report.id, anew, "Ina", mine=False) == []
    assert clashes_of(workspace, stored) == []
    assert opened(workspace, stored)[cell] == "vier"
    assert audit(workspace, 1) == ["Sachstand Dezember · DMS, Punkte: drei / und mehr; es bleibt: vier"]


def test_pasted_text_is_freed_of_what_nobody_sees_and_of_bullets(workspace, report):
    before, row = opened(workspace, report), str(pages_of(workspace, report.id)[-1].id)
    pasted = "• =1+1\r\n\t– <b>fett</b>\u202e\x07\n\n*  zweite\u2028dritte"
    save_texts(
        workspace, report.id, before, {(row, "points"): pasted, (row, "headline"): "DMS\nneu\x00"}, "Ina"
    )
    page = pages_of(workspace, report.id)[-1]
    assert page.bullets == ("=1+1", "<b>fett</b>", "zweite", "dritte")
    assert page.headline == "DMS neu"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("points", "x" * 1001, "Eine Zeile in „Punkte“ hat 1.001 Zeichen; Platz ist für 1.000"),
        ("points", "x\n" * 41, "„Punkte“ hat 41 Zeilen"),
        ("development", "x" * 1001, "Der Text in „Letzte Entwicklung“ hat 1.001 Zeichen"),
        ("remark", "x" * 161, "Der Text in „Bemerkung“ hat 161 Zeichen; Platz ist für 160"),
        ("highlighted", "a\nb\nc\nd", "höchstens 3 Reihen, gewählt sind 4"),
    ],
)
def test_what_no_slide_can_bear_is_refused_with_its_length(workspace, report, name, text, sentence):
    before, row = opened(workspace, report), str(pages_of(workspace, report.id)[-1].id)
    with pytest.raises(WorkspaceError, match=sentence):
        save_texts(workspace, report.id, before, {(row, name): text}, "Ina")
    assert opened(workspace, report_list(workspace)[0]) == before


def test_a_delivered_report_holds_its_pages_and_cannot_be_changed(workspace, report):
    pages = pages_of(workspace, report.id)
    done = deliver_report(workspace, report, {pages[1].id: "Zahlen"}, {"title": "Sachstand"}, "Ina")
    assert (done.delivered, done.delivered_by, done.frozen) == (True, "Ina", {"title": "Sachstand"})
    assert made_pages(workspace, done) == {pages[1].id: "Zahlen"}
    for change in (
        lambda: save_texts(workspace, report.id, opened(workspace, done), {("", "name"): "Neu"}, "Ina"),
        lambda: move_page(workspace, pages[0], 1, "Ina"),
        lambda: add_page(workspace, report.id, "standard", "sources", "Ina", {}),
        lambda: deliver_report(workspace, done, {}, {}, "Ina"),
    ):
        with pytest.raises(WorkspaceError, match="übergeben und bleibt"):
            change()
    assert [one.version for one in report_list(workspace)] == [done.version]


def test_nobody_delivers_what_somebody_changed_meanwhile(workspace, report):
    first, *_ = pages_of(workspace, report.id)
    move_page(workspace, first, 1, "Olaf")
    before = audit(workspace, 50)
    with pytest.raises(StaleEdit, match="von Olaf geändert"):
        deliver_report(workspace, report, {first.id: "Zahlen"}, {"title": "Sachstand"}, "Ina")
    (stored,) = report_list(workspace)
    assert (stored.delivered, stored.frozen, audit(workspace, 50)) == (False, None, before)
    assert made_pages(workspace, dataclasses.replace(stored, delivered_at=stored.updated_at)) == {}
    with pytest.raises(StaleEdit):
        delete_report(workspace, report, "Ina")


def test_the_next_report_carries_texts_with_what_they_said_and_no_figures_of_last_time(workspace, report):
    pages = pages_of(workspace, report.id)
    own = add_page(
        workspace, report.id, "own", "weekday", "Ina", {"headline": "Montags am meisten", "made": "gepackt"}
    )
    texts = {
        (str(pages[0].id), "headline"): "17 von 189",
        (str(pages[1].id), "headline"): "Gut gefunden",
    }
    stored = report_list(workspace)[0]
    save_texts(workspace, report.id, opened(workspace, stored), texts, "Ina")
    old = deliver_report(
        workspace,
        report_list(workspace)[0],
        {page.id: "fest" for page in (*pages, own)},
        {"title": "Sachstand"},
        "Ina",
    )
    new = next_report(
        workspace, old, dataclasses.replace(old, name="Sachstand Juni", session=NEXT_DAY), "Ina"
    )
    assert (new.previous, new.session, new.delivered, new.frozen) == (old.id, NEXT_DAY, False, None)
    carried = pages_of(workspace, new.id)
    assert [page.headline for page in carried] == ["", "Gut gefunden", "DMS", "Montags am meisten"]
    assert carried[0].before == {"headline": "17 von 189"}
    assert carried[2].before == {**TEXT, "day": "2025-12-15"}
    assert carried[2].bullets == ("Ausschreibung läuft", "Einführung 2026")
    # of an own page goes along what was collected, not what was delivered
    assert made_pages(workspace, new) == {carried[-1].id: "gepackt"}
    assert made_pages(workspace, old)[own.id] == "fest"


def test_a_deleted_report_takes_its_pages_along(workspace, report):
    delete_report(workspace, report, "Ina")
    assert (report_list(workspace), pages_of(workspace, report.id)) == ([], [])
    assert audit(workspace, 1) == ["Sachstand Dezember"]
