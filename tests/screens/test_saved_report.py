"""A stored report as slides: everything in one order, the same after new data once it was delivered."""

import dataclasses
import datetime as dt
import io

import pandas as pd
import pytest
from pptx import Presentation

from etl.store.publish import draft
from portalkompass.answers.overview import overview
from portalkompass.answers.report.text_page import usual_texts
from portalkompass.exhibit import Exhibit
from portalkompass.exports.files import deck_file
from portalkompass.screens import saved_report
from portalkompass.slide_set import TextPage, Words
from portalkompass.workspace import (
    STANDARD_PAGES,
    Report,
    WorkspaceError,
    add_page,
    create_report,
    deliver_report,
    made_pages,
    next_report,
    pages_of,
    report_list,
    save_texts,
    show_page,
)
from portalkompass.workspace.reports.report_edits import cells_of
from tests.answers.conftest import exhibit, open_house
from tests.warehouse_fixture import SITE, publish, services, settings_for

DECEMBER, JUNE = dt.date(2025, 12, 15), dt.date(2026, 6, 15)
LISTED = services()[0]["as_of"]
"""Day of the OZG list in the published data."""
LINK = "/ueberblick?zeitraum=12-monate&vergleich=vorjahr"
MORE = "UPDATE search_site_day SET clicks = clicks * 3"


@pytest.fixture
def house(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    return open_house(settings)


@pytest.fixture
def report(house):
    head = Report(
        "Sachstand Dezember", house.filters.site, "Digitalausschuss", DECEMBER, "Beschluss 2025/3302"
    )
    made = create_report(house.workspace, head, tuple(STANDARD_PAGES), "Ina")
    shown = exhibit(house.ask(overview), "top_pages")
    collected = {
        "link": LINK,
        "site": house.filters.site,
        "snapshot": house.warehouse.snapshot,
        "made": saved_report.packed_text(shown),
    }
    add_page(
        house.workspace, made.id, "own", "top_pages", "Ina", {"headline": "Beliebte Seiten", **collected}
    )
    text = {
        "headline": "DMS",
        "points": "Pilot läuft",
        "development": "Vergabe im März",
        "responsible": "FB 12",
    }
    add_page(house.workspace, made.id, "text", "dms", "Ina", text)
    return report_list(house.workspace)[0]


def made(house, report):
    return saved_report.made(report, house.warehouse, house.workspace, house.settings)


def newer(house):
    """The house after the next load, which brought three times the clicks."""
    with draft(house.settings) as connection:
        connection.execute(MORE)
    return open_house(house.settings)


def delivered(house, report):
    pages, kept = saved_report.frozen(made(house, report))
    return deliver_report(house.workspace, report, pages, kept, "Ina")


def texts(slides):
    """All that can be read in the presentation, notes included."""
    deck = Presentation(io.BytesIO(deck_file(slides)))
    return [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        + [
            cell.text
            for shape in slide.shapes
            if shape.has_table
            for row in shape.table.rows
            for cell in row.cells
        ]
        + [
            str(series.values)
            for shape in slide.shapes
            if shape.has_chart
            for series in shape.chart.plots[0].series
        ]
        + [slide.notes_slide.notes_text_frame.text]
        for slide in deck.slides
    ]


def clicks(page):
    return int(page.frame["clicks"].sum())


def test_standard_own_and_text_pages_stand_in_one_deck_in_their_order(house, report):
    slides = made(house, report).slides
    assert [page.headline for page in slides.pages][-2:] == ["Beliebte Seiten", "DMS"]
    assert [slides.pages[0].id, type(slides.pages[-1])] == ["summary", TextPage]
    assert slides.cover.occasion == "Digitalausschuss · Sitzung am 15.12.2025"
    assert slides.left_out == (
        "Fälle je Leistung und Jahr: noch ohne Inhalt",
        "Entscheidungen: Noch ist keine Entscheidung festgehalten",
        "Veränderungen der OZG-Liste: Veränderungen seit dem letzten Bericht: noch kein früherer Stand",
        "Zahlen seit dem letzten Bericht: noch ohne Inhalt",
    )
    first = texts(slides)[0]
    assert first[0] == "Sachstand Dezember"
    assert first[1].startswith("Digitalausschuss · Sitzung am 15.12.2025\n")
    assert "Auftrag: Beschluss 2025/3302" in first[1]


def test_hidden_pages_become_no_slides_and_own_headlines_and_notes_do(house, report):
    pages = pages_of(house.workspace, report.id)
    show_page(house.workspace, pages[0], "Ina", shown=False)
    row = str(pages[1].id)
    opened = cells_of(report, pages)
    save_texts(
        house.workspace,
        report.id,
        opened,
        {(row, "headline"): "Neun laufen", (row, "note"): "Bitte kurz"},
        "Ina",
    )
    slides = made(house, report_list(house.workspace)[0]).slides
    assert (slides.pages[0].headline, slides.pages[0].notes[0]) == ("Neun laufen", "Bitte kurz")


def test_a_draft_follows_the_data_and_a_delivered_report_stays(house, report):
    before = made(house, report)
    done = delivered(house, report)
    deck = texts(before.slides)
    later = newer(house)
    assert texts(made(later, done).slides) == deck
    copy = next_report(later.workspace, done, dataclasses.replace(done, name="Entwurf"), "Ina")
    drafted = {page.place.key: page.page for page in made(later, copy).pages}
    shown = {page.place.key: page.page for page in before.pages}
    assert clicks(drafted["clicks_trend"]) == 3 * clicks(shown["clicks_trend"])


def test_what_is_kept_of_a_page_is_the_page(house, report):
    for page in (one.page for one in made(house, report).pages if one.page is not None):
        again = saved_report.unpacked(saved_report.packed_text(page))
        if isinstance(page, Words):
            assert again == page
        else:
            bare = {"frame": pd.DataFrame()}
            pd.testing.assert_frame_equal(again.frame, page.frame, check_dtype=False, check_freq=False)
            assert (
                dataclasses.asdict(dataclasses.replace(again, **bare)).keys()
                == dataclasses.asdict(page).keys()
            )
            assert (again.headline, again.fields, again.marks, again.notes) == (
                page.headline,
                page.fields,
                page.marks,
                page.notes,
            )
    assert saved_report.unpacked("bm9wZQ==") is None


def test_a_page_that_was_kept_before_pages_said_so_is_not_published_where_it_names_a_chosen_query(
    house, report
):
    (own,) = (page for page in pages_of(house.workspace, report.id) if page.kind == "own")
    packed = made_pages(house.workspace, report)[own.id]
    rest = {"site": house.filters.site, "snapshot": house.warehouse.snapshot, "made": packed}
    for key, link in (("top_pages", "/seiten?anfrage-enthaelt=wohngeld"), ("tracked_queries", "/rankings")):
        add_page(house.workspace, report.id, "own", key, "Ina", {**rest, "link": link})
    now = report_list(house.workspace)[0]
    for make in (lambda: now, lambda: delivered(house, now)):
        one = make()
        pages = [page.page for page in made(house, one).pages if page.place.kind == "own"]
        assert [page.unpublished for page in pages] == [False, True, True]


def test_the_next_report_words_the_collected_page_and_not_the_delivered_one(house, report):
    pages = pages_of(house.workspace, report.id)
    row = next(str(page.id) for page in pages if page.kind == "own")
    texts = {(row, "headline"): "1.234 Klicks", (row, "note"): "Bitte kurz"}
    save_texts(house.workspace, report.id, cells_of(report, pages), texts, "Ina")
    done = delivered(house, report_list(house.workspace)[0])
    new = next_report(house.workspace, done, dataclasses.replace(done, name="Sachstand Juni"), "Ina")
    last, own = (
        next(page.page for page in made(house, one).pages if page.place.kind == "own") for one in (done, new)
    )
    plain = exhibit(house.ask(overview), "top_pages")
    assert (last.headline, last.notes) == ("1.234 Klicks", ("Bitte kurz", *plain.notes))
    assert (own.headline, own.notes) == (plain.headline, last.notes)


def test_an_own_page_is_made_anew_with_new_data_or_says_that_it_could_not(house, report):
    later = newer(house)
    (own,) = [one for one in made(later, report).pages if one.place.kind == "own"]
    assert (own.page.headline, own.why) == ("Beliebte Seiten", "")
    assert isinstance(own.page, Exhibit)
    keys = made(later, report).slides.keys
    assert [key.startswith("top_pages-") for key in keys].count(True) == 1
    assert keys == made(house, report).slides.keys  # the same with other data
    lost = {"headline": "Verloren", "made": saved_report.packed_text(own.page), "snapshot": "früher"}
    add_page(house.workspace, report.id, "own", "gibt-es-nicht", "Ina", {"link": LINK, **lost})
    last = made(later, report).pages[-1]
    assert last.page.headline == "Verloren"
    assert (
        last.why
        == "Stand wie gesammelt (15.12.2025): Die Seite ließ sich mit den heutigen Daten nicht neu rechnen."
    )


def test_the_next_report_moves_on_and_says_what_changed_in_its_texts(house, report):
    free = {("", "period"): "frei", ("", "start"): dt.date(2024, 11, 1), ("", "end"): dt.date(2025, 10, 31)}
    save_texts(
        house.workspace, report.id, cells_of(report, pages_of(house.workspace, report.id)), free, "Ina"
    )
    done = delivered(house, report_list(house.workspace)[0])
    head = saved_report.following(done, "Sachstand Juni", JUNE, house.warehouse, house.settings)
    assert (head.session, head.since, head.since_state, head.start, head.end) == (
        JUNE,
        DECEMBER,
        LISTED,
        dt.date(2024, 12, 1),
        dt.date(2025, 11, 30),
    )
    new = next_report(house.workspace, done, head, "Ina")
    pages = pages_of(house.workspace, new.id)
    assert made(house, new).pages[-1].page.news == "Unverändert seit dem 15.12.2025"
    cell = (str(pages[-1].id), "development")
    save_texts(house.workspace, new.id, cells_of(new, pages), {cell: "Vertrag unterschrieben"}, "Ina")
    add_page(house.workspace, new.id, "text", "llm", "Ina", {"headline": "LLM", "points": "Testbetrieb"})
    *_, changed, added = made(house, report_list(house.workspace)[0]).pages
    assert changed.page.news == "Geändert seit dem 15.12.2025: Letzte Entwicklung"
    assert added.page.news == "Neu seit dem 15.12.2025"
    assert changed.page.lines[-1] == changed.page.news


def test_a_remark_and_what_is_highlighted_go_with_the_page_into_delivery_and_the_next_report(house, report):
    pages = pages_of(house.workspace, report.id)
    place = next(page for page in pages if page.key == "top_pages" and page.kind == "own")
    summary = next(page for page in pages if page.key == "summary")
    names = saved_report.series_of(place, report, house.warehouse, house.workspace, house.settings)
    shown = exhibit(house.ask(overview), "top_pages")
    assert names == tuple(shown.frame[shown.y])
    assert len(names) > 1
    texts = {
        (str(place.id), "highlighted"): f"{names[1]}\nSeite von früher",
        (str(place.id), "remark"): "Der Antrag ist jetzt digital.",
        (str(summary.id), "remark"): "Seit Mai 3 mehr.",
    }
    save_texts(house.workspace, report.id, cells_of(report, pages), texts, "Ina")
    drawn = made(house, report_list(house.workspace)[0])
    (own,) = [page for page in drawn.pages if page.place.id == place.id]
    assert (own.page.highlighted, own.page.remark) == ((names[1],), "Der Antrag ist jetzt digital.")
    assert own.why == "Nicht hervorgehoben, weil nicht im Diagramm: „Seite von früher“."
    (first,) = [page for page in drawn.pages if page.place.id == summary.id]
    assert first.page.paragraphs[-1] == "Bemerkung: Seit Mai 3 mehr."
    done = delivered(house, report_list(house.workspace)[0])
    frozen = next(page for page in made(newer(house), done).pages if page.place.id == place.id)
    assert (frozen.page.highlighted, frozen.page.remark) == (own.page.highlighted, own.page.remark)
    head = saved_report.following(done, "Sachstand Juni", JUNE, house.warehouse, house.settings)
    carried = {
        page.key: page
        for page in pages_of(house.workspace, next_report(house.workspace, done, head, "Ina").id)
    }
    assert (carried["top_pages"].remark, carried["top_pages"].series) == (
        own.page.remark,
        (names[1], "Seite von früher"),
    )
    # A figure of last time is not carried, but shown to whoever writes.
    assert (carried["summary"].remark, carried["summary"].before) == ("", {"remark": "Seit Mai 3 mehr."})


def test_a_free_comparison_is_asked_and_moves_on_with_a_free_period(house):
    quarter, days = (dt.date(2025, 7, 1), dt.date(2025, 9, 30)), (dt.date(2025, 10, 2), dt.date(2025, 11, 1))
    last = house.warehouse.data_date(SITE)
    later = last - days[1]
    for (start, end), against, ends, moved in (
        (quarter, "2024-01-01/2024-06-30", dt.date(2025, 11, 30), "2024-03-01/2024-08-31"),
        (
            days,
            "2024-10-01/2024-10-20",
            last,
            f"{dt.date(2024, 10, 1) + later}/{dt.date(2024, 10, 20) + later}",
        ),
        (quarter, "vorjahr", dt.date(2025, 11, 30), "vorjahr"),
    ):
        report = Report("R", SITE, period="frei", start=start, end=end, compare=against)
        asked = saved_report.filters_of(report, house.warehouse, house.settings)
        free = report.compare_days
        assert (asked.compare, asked.compare_from, asked.compare_to) == (
            ("free", *free) if free else ("previous_year", None, None)
        )
        head = saved_report.following(report, "Nächster", None, house.warehouse, house.settings)
        assert (head.end, head.compare) == (ends, moved)
        named = dataclasses.replace(report, period="12-monate")
        kept = saved_report.following(named, "Nächster", None, house.warehouse, house.settings)
        assert kept.compare == against


def test_figures_go_on_from_the_month_that_the_last_report_showed(house, report):
    """The list is of 15 December, the data of that report, too; a comparison set by hand counts as it stands."""
    done = delivered(house, report)
    head = saved_report.following(done, "Sachstand Juni", JUNE, house.warehouse, house.settings)
    new = next_report(house.workspace, done, head, "Ina")
    assert saved_report.data_then(new, house.workspace) == house.warehouse.data_date(SITE)
    by_hand = dataclasses.replace(new, since_state=dt.date(2025, 6, 30))
    assert saved_report.data_then(by_hand, house.workspace) is None
    assert saved_report.data_then(report, house.workspace) is None


def test_what_changed_between_delivery_and_session_is_in_the_next_report(house, report):
    """Delivered of one list; a second one before the session reports a go-live, a third one after it nothing new."""
    session = dt.date(2026, 1, 12)
    cells = cells_of(report, pages_of(house.workspace, report.id))
    save_texts(house.workspace, report.id, cells, {("", "session"): session}, "Ina")
    done = delivered(house, report_list(house.workspace)[0])
    assert LISTED < dt.date(2026, 1, 8) < session
    columns = (
        "municipality, service, name, list, status, status_group, go_live_month, latest_development, motion_number, "
        "departments"
    )
    kept = f"INSERT INTO service_status_history ({columns}, as_of) SELECT {columns}, as_of FROM services"
    with draft(house.settings) as connection:
        connection.execute("DELETE FROM service_status_history")
        connection.execute(kept)
        connection.execute(
            "UPDATE services SET status = 'Go-Live', status_group = 'Go-Live', go_live_month = DATE '2025-12-01' "
            "WHERE service = 'bauportal'"
        )
        for day in ("2026-01-08", "2026-01-20"):
            connection.execute(f"UPDATE services SET as_of = DATE '{day}'")
            connection.execute(kept)
    later = open_house(house.settings)
    head = saved_report.following(done, "Sachstand Juni", JUNE, later.warehouse, later.settings)
    new = next_report(later.workspace, done, head, "Ina")
    (changes,) = [page.page for page in made(later, new).pages if page.place.key == "status_changes"]
    assert "Bauportal" in set(changes.frame["name"])
    assert (new.since, new.since_state) == (session, LISTED)


def test_a_page_of_a_property_that_is_not_open_to_somebody_is_not_shown(house, report):
    limited = house.warehouse.limited_to(frozenset())
    done = delivered(house, report)
    for one in (done, report):
        (own,) = [
            page
            for page in saved_report.made(
                dataclasses.replace(one, site=""), limited, house.workspace, house.settings
            ).pages
            if page.place.kind == "own"
        ]
        assert (own.page, own.why) == (None, saved_report.ELSEWHERE)
        assert (own.place.name, own.place.note) == (saved_report.UNSEEN, "")


def test_nobody_delivers_a_shown_page_of_a_property_that_is_not_open_to_them(house, report):
    pages = pages_of(house.workspace, report.id)
    foreign = {"site": "https://andere.example/", "made": made_pages(house.workspace, report)[pages[-2].id]}
    own = add_page(
        house.workspace, report.id, "own", "top_pages", "Olaf", {"headline": "5.678 Klicks", **foreign}
    )
    limited = house.warehouse.limited_to(frozenset({house.filters.site}))

    def seen_by(warehouse):
        head = next(one for one in report_list(house.workspace) if one.id == report.id)
        return saved_report.made(head, warehouse, house.workspace, house.settings)

    assert "5.678" not in repr(seen_by(limited).slides)
    with pytest.raises(WorkspaceError, match=f"Seite {len(pages) + 1} gehört zu einer Property, für die Ihr"):
        saved_report.frozen(seen_by(limited))
    show_page(house.workspace, own, "Ina", shown=False)
    draft = seen_by(limited)
    packed, kept = saved_report.frozen(draft)
    done = deliver_report(house.workspace, draft.report, packed, kept, "Ina")
    assert saved_report.ELSEWHERE not in str(kept)
    assert seen_by(house.warehouse).pages[-1].why == ""
    head = dataclasses.replace(done, name="Sachstand Juni")
    new = next_report(house.workspace, done, head, "Olaf")
    last = made(house, new).pages[-1]
    assert (last.place.site, last.page is None) == (foreign["site"], False)


def test_a_new_report_begins_with_the_usual_texts_and_unwritten_ones_are_no_slides(house):
    texts = usual_texts(house.settings)
    head = Report("Neu", house.filters.site)
    new = create_report(house.workspace, head, ("top_pages", "sources"), "Ina", texts)
    places = pages_of(house.workspace, new.id)
    names = [
        "Umsetzungswege der OZG-Leistungen",
        "DMS",
        "Fusion der ivl mit der regio iT",
        "LLM",
        "PDF",
        "Kontakt",
    ]
    assert [place.name for place in places][1:-1] == names
    slides = made(house, new).slides
    assert [page.headline for page in slides.pages if isinstance(page, TextPage)] == names[:1]
    assert slides.left_out == tuple(f"{name}: noch ohne Text" for name in names[1:])
    told = saved_report.left_out(new, places, house.question())
    assert told == ("Textseiten DMS, Fusion der ivl mit der regio iT, LLM, PDF und Kontakt",)


def test_a_report_is_found_by_its_name(house, report):
    assert saved_report.named(house.workspace, "sachstand dezember").id == report.id
    with pytest.raises(WorkspaceError, match=r"gibt es nicht\. Gespeichert: „Sachstand Dezember“"):
        saved_report.named(house.workspace, "Sachstand Juli")


def test_a_report_as_of_a_day_is_of_that_day(house, report):
    asked = saved_report.filters_of(
        dataclasses.replace(report, as_of=dt.date(2025, 9, 20)), house.warehouse, house.settings
    )
    assert (asked.start, asked.end) == (dt.date(2024, 9, 1), dt.date(2025, 8, 31))
