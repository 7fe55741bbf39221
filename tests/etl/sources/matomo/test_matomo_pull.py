"""Matomo over real HTTP: exact totals, nothing lost or double, whatever the days look like."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.run import run_all
from etl.operations.verify import verify
from etl.sources.matomo.describe import describe
from etl.sources.matomo.pull import plan_run, pull_matomo
from portalkompass.schema import PERSONAL_SEARCH, STAFF_PAGES
from portalkompass.settings import Matomo, SearchConsole, Settings
from portalkompass.warehouse.snapshots import history
from tests.etl.sources.matomo.small_matomo import (
    FIRST,
    HOST,
    SITE,
    TODAY,
    asked_days,
    changed,
    days_from,
    ledger,
    loaded_pages,
    loaded_site_days,
    matomo,
    on,
    page,
    rows_of,
    small_website,
    usual_day,
    usual_pages,
    usual_site_days,
    with_day,
)
from tests.matomo_server.matomo_reports import Action, MatomoWebsite, WebsiteDay

YESTERDAY = TODAY - dt.timedelta(days=1)
ONE_DAY = MatomoWebsite(days={YESTERDAY: WebsiteDay()}, created=f"{YESTERDAY} 00:00:00")


def one_day(**figures: object) -> MatomoWebsite:
    """A website with nothing but yesterday."""
    return replace(ONE_DAY, days={YESTERDAY: WebsiteDay(**figures)})  # type: ignore[arg-type]


def test_every_page_and_day_is_loaded_once_with_its_exact_figures(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path) as (_, settings):
        report = pull_matomo(settings)
        assert loaded_pages(settings) == usual_pages(website)
        assert loaded_site_days(settings) == usual_site_days(website)
        assert (report.days, report.rows, report.warnings) == (12, 12 * 4, [])
        assert verify(settings).faults == ()


def test_visits_of_a_day_come_from_the_summary_not_from_the_sum_of_its_pages(tmp_path: Path) -> None:
    pages = (page("/a", 7, 9), page("/b", 6, 6))
    with matomo(one_day(visits=8, page_views=15, pages=pages), tmp_path) as (_, settings):
        pull_matomo(settings)
        assert loaded_site_days(settings) == [(YESTERDAY, 8, 15)]
        assert loaded_pages(settings) == [
            (YESTERDAY, f"{HOST}/a", 7, 9, None, None),
            (YESTERDAY, f"{HOST}/b", 6, 6, None, None),
        ]


@pytest.mark.parametrize("rows_per_request", [0, 1000, 40, 1])
def test_more_pages_than_matomos_hundred_default_rows_are_all_loaded(
    tmp_path: Path, rows_per_request: int
) -> None:
    pages = tuple(page(f"/leistung/nummer-{n:03d}", 1, 2) for n in range(130))
    website = one_day(visits=100, page_views=260, pages=pages)
    with matomo(website, tmp_path, rows_per_request=rows_per_request) as (_, settings):
        report = pull_matomo(settings)
        assert len(loaded_pages(settings)) == 130
        assert rows_of(settings, "SELECT sum(page_views)::BIGINT FROM portal_page") == [(260,)]
        assert report.warnings == []


def test_paging_goes_on_after_the_rows_received_when_the_server_allows_fewer(tmp_path: Path) -> None:
    pages = tuple(page(f"/leistung/nummer-{n:03d}", 1, 1) for n in range(57))
    other = TODAY - dt.timedelta(days=2)
    website = with_day(one_day(visits=9, page_views=57, pages=pages), other, usual_day(0))
    website = replace(website, created=f"{other} 00:00:00")
    with matomo(website, tmp_path, rows_per_request=50) as (server, settings):
        server.most_rows = 25
        pull_matomo(settings)
        starts = [int(request.form["filter_offset"]) for request in server.asked("Actions.getPageUrls")]
        # The last page of the 57 holds 7 rows; the next start follows them.
        assert starts == [0, 25, 50, 57]
        assert len(loaded_pages(settings)) == 57 + 3


def test_a_report_that_the_server_cuts_is_told_instead_of_taken_for_complete(tmp_path: Path) -> None:
    pages = tuple(page(f"/leistung/nummer-{n:03d}", 1, 1) for n in range(57))
    with matomo(one_day(visits=9, page_views=57, pages=pages), tmp_path) as (server, settings):
        server.most_rows = 25
        warnings = pull_matomo(settings).warnings
    assert len(warnings) == 1
    assert "An 1 Tag, zuletzt am 19.03.2025, nennt der Seitenbericht weniger Aufrufe" in warnings[0]


def test_several_days_are_asked_for_in_one_request_newest_first(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, days_per_request=5) as (server, settings):
        pull_matomo(settings)
        assert asked_days(server) == [
            "2025-03-16,2025-03-20",
            "2025-03-11,2025-03-15",
            "2025-03-09,2025-03-10",
        ]
        assert {request.form["period"] for request in server.asked("Actions.getPageUrls")} == {"day"}


def test_today_is_provisional_and_finished_days_are_final(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (_, settings):
        pull_matomo(settings)
        states = ledger(settings)
    assert states.pop(TODAY) == {"provisional"}
    assert states == {day: {"final"} for day in days_from(FIRST, YESTERDAY)}


def test_a_second_run_on_the_same_day_asks_for_today_only(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        pull_matomo(settings)
        server.requests.clear()
        report = pull_matomo(settings)
        assert asked_days(server) == ["2025-03-20,2025-03-20"]
    assert report.days == 1


def test_the_next_day_pulls_the_last_three_days_again_and_the_new_one(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(on(settings, YESTERDAY))
        server.requests.clear()
        pull_matomo(settings)
        # Today, the day that was provisional yesterday, and two more of the window of three.
        assert asked_days(server) == ["2025-03-17,2025-03-20"]
        assert loaded_pages(settings) == usual_pages(website)
        assert ledger(settings)[YESTERDAY] == {"final"}


def test_a_day_of_the_window_is_replaced_whole_so_that_vanished_pages_leave_no_ghosts(tmp_path: Path) -> None:
    website = small_website()
    smaller = with_day(website, YESTERDAY, WebsiteDay(4, 6, (page("/", 4, 6),)))
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(on(settings, YESTERDAY))
        server.website = smaller
        pull_matomo(settings)
        assert loaded_pages(settings) == usual_pages(smaller)
        assert loaded_site_days(settings) == usual_site_days(smaller)
        assert verify(settings).faults == ()


def test_days_behind_the_window_stay_when_matomo_has_deleted_its_reports(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(on(settings, YESTERDAY))
        recent = {day: figures for day, figures in website.days.items() if day > dt.date(2025, 3, 16)}
        server.website = replace(website, days=recent)
        pull_matomo(settings)
        assert loaded_pages(settings) == usual_pages(website)


EVERY_REPORT = frozenset({"VisitsSummary.get", "Actions.get", "Actions.getPageUrls"})
DOUBTED = "nennt Matomo ohne jede Zahl, obwohl davor und danach gezählt wurde"


def unarchived(
    website: MatomoWebsite, *days: dt.date, reports: frozenset[str] = EVERY_REPORT
) -> MatomoWebsite:
    """The website while Matomo has not archived these reports of these days."""
    gone = {day: replace(website.days[day], unarchived=reports) for day in days}
    return replace(website, days={**website.days, **gone})


@pytest.mark.parametrize("days_per_request", [1, 3, 30])
def test_a_day_that_is_not_archived_is_not_known_and_asked_for_until_it_is(
    tmp_path: Path, days_per_request: int
) -> None:
    # A day between others, and two neighbours of which each is silent on one side.
    late = [dt.date(2025, 3, 11), dt.date(2025, 3, 14), dt.date(2025, 3, 15)]
    website = small_website()
    with matomo(unarchived(website, *late), tmp_path, days_per_request=days_per_request) as (
        server,
        settings,
    ):
        for today in (TODAY, TODAY + dt.timedelta(days=1)):
            report = pull_matomo(on(settings, today), until=TODAY)
            assert len(report.warnings) == 1
            assert report.warnings[0].startswith(f"3 Tage zwischen 11.03.2025 und 15.03.2025 {DOUBTED}")
            states = ledger(settings)
            assert [states[day] for day in late] == [{"failed"}] * 3
            assert {row[0] for row in loaded_site_days(settings)} == set(website.days) - set(late)
            assert verify(on(settings, today)).faults == ()
        server.website = website
        assert pull_matomo(settings).warnings == []
        assert loaded_pages(settings) == usual_pages(website)
        assert loaded_site_days(settings) == usual_site_days(website)
        assert [ledger(settings)[day] for day in late] == [{"final"}] * 3


@pytest.mark.parametrize("reports", [{"Actions.get"}, {"Actions.getPageUrls"}, {"VisitsSummary.get"}])
def test_a_day_of_which_only_some_reports_are_archived_stays_missing(
    tmp_path: Path, reports: set[str]
) -> None:
    late = dt.date(2025, 3, 12)
    website = small_website()
    with matomo(unarchived(website, late, reports=frozenset(reports)), tmp_path) as (server, settings):
        warnings = pull_matomo(settings).warnings
        assert len(warnings) == 1
        assert warnings[0].startswith("1 Tag zwischen 12.03.2025 und 12.03.2025 hat Matomo nicht vollst")
        assert late not in ledger(settings)
        server.website = website
        pull_matomo(settings)
        assert loaded_site_days(settings) == usual_site_days(website)


def test_yesterday_without_figures_is_doubted_at_once_and_days_before_the_first_visit_never(
    tmp_path: Path,
) -> None:
    website = unarchived(small_website(), FIRST, YESTERDAY, TODAY)
    with matomo(website, tmp_path) as (_, settings):
        pull_matomo(settings)
        states = ledger(settings)
    assert [states[FIRST], states[YESTERDAY], states[TODAY]] == [{"empty"}, {"failed"}, {"provisional"}]


def test_figures_that_are_loaded_stay_when_matomo_names_none_for_a_day_of_the_window(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(on(settings, YESTERDAY))
        server.website = unarchived(website, YESTERDAY)
        report = pull_matomo(settings)
        assert loaded_site_days(settings) == usual_site_days(website)
        assert ledger(settings)[YESTERDAY] == {"provisional"}
    assert [DOUBTED in sentence for sentence in report.warnings] == [True]


def test_a_day_for_which_matomo_names_zeros_is_noted_as_empty_and_not_asked_for_again(tmp_path: Path) -> None:
    silent = dt.date(2025, 3, 12)
    website = with_day(small_website(), silent, WebsiteDay(zeros=True))
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(settings)
        server.requests.clear()
        pull_matomo(settings, until=dt.date(2025, 3, 15))
        assert asked_days(server) == []
        assert ledger(settings)[silent] == {"empty"}
        # An outage of the counting must not look like a day without visitors.
        assert silent not in {row[0] for row in loaded_site_days(settings)}


def test_a_gap_in_the_middle_is_filled(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(settings, until=dt.date(2025, 3, 11))
        pull_matomo(settings, since=dt.date(2025, 3, 15))
        server.requests.clear()
        pull_matomo(settings)
        assert asked_days(server) == ["2025-03-20,2025-03-20", "2025-03-12,2025-03-14"]
        assert loaded_pages(settings) == usual_pages(website)


def test_a_configured_first_day_goes_before_the_day_of_creation(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, first_day=dt.date(2025, 3, 18)) as (server, settings):
        pull_matomo(settings)
        assert asked_days(server) == ["2025-03-18,2025-03-20"]


def test_a_long_back_fill_publishes_on_the_way_and_asks_for_today_once(tmp_path: Path) -> None:
    website = small_website()
    with matomo(website, tmp_path, days_per_request=5, publish_every_seconds=1e-9) as (server, settings):
        pull_matomo(settings)
        assert len(history(settings.warehouse_dir)) == 3
        assert len(asked_days(server)) == 3
        assert loaded_pages(settings) == usual_pages(website)


def test_staff_pages_are_folded_into_one_row_and_spellings_of_a_page_are_added(tmp_path: Path) -> None:
    pages = (
        page("/mitarbeiter/erika-beispiel", 2, 3),
        page("/mitarbeiter/max-muster", 4, 5),
        page("/leistung/hund-anmelden", 10, 12),
        page("/leistung/hund-anmelden/", 1, 1),
        page("/leistung/hund-anmelden?utm_source=brief", 2, 2),
    )
    with matomo(one_day(visits=15, page_views=23, pages=pages), tmp_path) as (_, settings):
        pull_matomo(settings)
        assert loaded_pages(settings) == [
            (YESTERDAY, STAFF_PAGES, 6, 8, None, None),
            (YESTERDAY, f"{HOST}/leistung/hund-anmelden", 13, 15, None, None),
        ]
        texts = str(rows_of(settings, "FROM pages")) + str(rows_of(settings, "FROM rejected_rows"))
    assert "erika" not in texts
    assert "muster" not in texts


@pytest.mark.parametrize(
    "name",
    ["Others", "Andere", "/leistung/Others", "'-/Others", "/leistung - Andere", "(other)", "Others&#x20;"],
)
def test_the_overflow_row_is_no_page_but_its_views_are_told(tmp_path: Path, name: str) -> None:
    pages = (page("/", 5, 6), Action(name, "", 1000, 1234))
    with matomo(one_day(visits=900, page_views=1240, pages=pages), tmp_path) as (_, settings):
        report = pull_matomo(settings)
        assert loaded_pages(settings) == [(YESTERDAY, f"{HOST}/", 5, 6, None, None)]
        assert loaded_site_days(settings) == [(YESTERDAY, 900, 1240)]
        assert rows_of(settings, "SELECT column_name, value, reason FROM rejected_rows") == [
            (
                "label",
                "Others",
                "Sammelzeile: Matomo hat seltene Seiten zusammengefasst, ihre Aufrufe gehören zu keiner Seite. "
                "1.234 Seitenaufrufe.",
            )
        ]
        counts = "SELECT rows_in, rows_loaded, rows_rejected FROM ingest_runs WHERE source = 'matomo'"
        assert rows_of(settings, counts) == [(2, 1, 1)]
    assert report.warnings == [
        "1.234 Seitenaufrufe stehen in Matomos Sammelzeile „Others“ und gehören zu keiner Seite. "
        "Abhilfe: in Matomo datatable_archiving_maximum_rows_actions erhöhen."
    ]


def test_a_sum_row_is_neither_page_nor_remainder_and_does_not_hide_a_cut_report(tmp_path: Path) -> None:
    pages = (page("/", 5, 6), Action("Totals", "", 9, 12), Action("B&uuml;rger&amp;Amt", "", 1, 1))
    with matomo(one_day(visits=5, page_views=12, pages=pages), tmp_path) as (_, settings):
        warnings = pull_matomo(settings).warnings
        assert loaded_pages(settings) == [(YESTERDAY, f"{HOST}/", 5, 6, None, None)]
        values = rows_of(settings, "SELECT value FROM rejected_rows ORDER BY row")
        assert values == [("Bürger&Amt",), ("Totals",)]
    assert [sentence.split(" ")[0] for sentence in warnings] == ["An", "1"]


def test_a_page_called_others_is_a_page(tmp_path: Path) -> None:
    pages = (page("/leistung/others", 5, 6),)
    with matomo(one_day(visits=5, page_views=6, pages=pages), tmp_path) as (_, settings):
        assert pull_matomo(settings).warnings == []
        assert loaded_pages(settings) == [(YESTERDAY, f"{HOST}/leistung/others", 5, 6, None, None)]


def test_pages_of_other_hosts_and_rows_without_address_are_kept_aside_with_a_warning(tmp_path: Path) -> None:
    pages = (
        page("/", 5, 6),
        Action("/translate", "https://translate.fremd.example/mitarbeiter/erika", 2, 2),
        Action("/x", "https://translate.fremd.example/x", 1, 2),
        Action("Page URL not defined", "", 1, 1),
    )
    with matomo(one_day(visits=5, page_views=11, pages=pages), tmp_path) as (_, settings):
        warnings = pull_matomo(settings).warnings
        assert rows_of(settings, "SELECT value, reason FROM rejected_rows ORDER BY row") == [
            ("Page URL not defined", "Zeile ohne Adresse. 1 Seitenaufrufe."),
            (
                "translate.fremd.example",
                "Die Seite gehört nicht zu sc-domain:stadt.example. 4 Seitenaufrufe.",
            ),
        ]
        assert len(loaded_pages(settings)) == 1
    assert warnings == [
        "1 Seitenaufrufe haben in Matomo keine Adresse und gehören zu keiner Seite.",
        "4 Seitenaufrufe gehören zu anderen Adressen als der Property und wurden nicht geladen, die meisten zu "
        "translate.fremd.example.",
    ]


def test_links_to_configured_hosts_count_as_service_starts_at_the_services_own_address(
    tmp_path: Path,
) -> None:
    links = (
        Action("/hund", "https://service.stadt.example/hund?antrag=4711#start", 4, 9),
        Action("/hund", "https://www.service.stadt.example/hund/", 1, 1),
        Action("/kfz", "https://kfz.service.stadt.example/kfz", 3, 3),
        Action("/wiki", "https://wiki.example/", 50, 60),
        Action("/falle", "https://notservice.stadt.example/", 50, 60),
    )
    website = one_day(visits=5, page_views=6, pages=(page("/", 5, 6),), outlinks=links)
    with matomo(website, tmp_path, service_hosts=["service.stadt.example"]) as (_, settings):
        pull_matomo(settings)
        # Visits that followed the link, not clicks; the parameters are gone.
        assert loaded_pages(settings) == [
            (YESTERDAY, "https://kfz.service.stadt.example/kfz", None, None, 3, None),
            (YESTERDAY, f"{HOST}/", 5, 6, None, None),
            (YESTERDAY, "https://service.stadt.example/hund", None, None, 5, None),
        ]


def test_without_service_hosts_outlinks_are_not_even_asked_for(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        pull_matomo(settings)
        assert server.asked("Actions.getOutlinks") == []
        assert server.asked("Goals.get") == []


def test_conversions_of_a_goal_are_applications_of_its_page(tmp_path: Path) -> None:
    website = replace(
        one_day(
            visits=5, page_views=6, pages=(page("/leistung/hund", 5, 6),), conversions={2: 3, 7: 4, 9: 80}
        ),
        goals={2: "Hund angemeldet", 7: "Hund schriftlich", 9: "Newsletter"},
    )
    goals = [
        {"id": 2, "page": "/leistung/hund"},
        {"id": 7, "page": f"{HOST}/leistung/hund/"},
    ]
    with matomo(website, tmp_path, goals=goals) as (_, settings):
        pull_matomo(settings)
        assert loaded_pages(settings) == [(YESTERDAY, f"{HOST}/leistung/hund", 5, 6, None, 7)]


def test_goals_that_do_not_exist_or_belong_elsewhere_are_refused_before_anything_is_loaded(
    tmp_path: Path,
) -> None:
    website = replace(small_website(), goals={2: "Hund angemeldet"})
    with matomo(website, tmp_path, goals=[{"id": 5, "page": "/x"}]) as (server, settings):
        with pytest.raises(
            LoadError, match=r"Das Ziel 5 .* gibt es in Matomo nicht; vorhanden: 2 „Hund angemeldet“"
        ):
            pull_matomo(settings)
        elsewhere = Matomo.model_validate(
            settings.matomo.model_dump() | {"goals": [{"id": 2, "page": "https://fremd.example/x"}]}
        )
        with pytest.raises(LoadError, match=r"gehört nicht zu sc-domain:stadt\.example"):
            pull_matomo(settings.model_copy(update={"matomo": elsewhere}))
        assert server.asked("VisitsSummary.get") == []
        assert rows_of(settings, "FROM ingest_runs") == []


def test_the_property_is_configured_or_the_search_consoles_or_the_websites_address(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, property="") as (_, settings):
        assert plan_run(settings).site == f"{HOST}/"
        console = settings.model_copy(update={"search_console": SearchConsole(site=f"{HOST}/")})
        assert plan_run(console).site == f"{HOST}/"
        assert plan_run(changed(console, property=SITE)).site == SITE


PORTAL_FILE = "period;url;page_views\n{day};https://portal.stadt.example/;7\n"


def test_days_of_another_portal_source_are_left_to_it_with_a_warning(tmp_path: Path) -> None:
    website = small_website()
    file = tmp_path / "portal.csv"
    with matomo(website, tmp_path) as (server, settings):
        file.write_text(
            "period;url;page_views\n2025-03-12;https://portal.stadt.example/;7\n"
            "2025-03-14;https://portal.stadt.example/;8\n",
            encoding="utf-8",
        )
        import_paths([file], settings, site=SITE)
        report = pull_matomo(settings)
        others = {dt.date(2025, 3, 12), dt.date(2025, 3, 14)}
        mine = replace(website, days={d: f for d, f in website.days.items() if d not in others})
        assert loaded_pages(settings) == usual_pages(mine)
        assert all(not ("2025-03-12" <= d[:10] <= "2025-03-12") for d in asked_days(server))
        assert rows_of(
            settings, "SELECT sum(page_views)::BIGINT FROM portal_page WHERE source = 'portal'"
        ) == [(15,)]
    assert report.warnings == [
        "2 Tage zwischen 12.03.2025 und 14.03.2025 nicht geladen: Dort zählt schon die Quelle „portal“; "
        "je Tag zählt nur eine."
    ]


def test_a_month_of_files_under_the_same_source_name_is_not_doubled_by_days(tmp_path: Path) -> None:
    file = tmp_path / "portal.csv"
    file.write_text(PORTAL_FILE.format(day="2025-03"), encoding="utf-8")
    with matomo(small_website(first=dt.date(2025, 2, 27)), tmp_path) as (_, settings):
        named = settings.model_copy(
            update={"portal": settings.portal.model_copy(update={"source": "matomo"})}
        )
        import_paths([file], named, site=SITE)
        pull_matomo(settings)
        assert {row[0] for row in loaded_pages(settings)} == {dt.date(2025, 2, 27), dt.date(2025, 2, 28)}


def test_a_portal_file_for_days_that_matomo_counts_is_refused(tmp_path: Path) -> None:
    website = small_website()
    file = tmp_path / "portal.csv"
    file.write_text(PORTAL_FILE.format(day="2025-03-12"), encoding="utf-8")
    with matomo(website, tmp_path) as (_, settings):
        pull_matomo(settings)
        with pytest.raises(LoadError, match="schon Daten der Quelle „matomo“"):
            import_paths([file], settings, site=SITE)
        assert loaded_pages(settings) == usual_pages(website)


def test_the_dry_run_names_days_and_requests_and_loads_nothing(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, requests_per_second=2) as (server, settings):
        lines = describe(plan_run(settings), settings.matomo)
        assert [request.form["method"] for request in server.requests] == ["SitesManager.getSiteFromId"]
        assert rows_of(settings, "FROM ingest_runs") == []
    assert lines == [
        "Matomo, sc-domain:stadt.example: 12 Tage von 09.03.2025 bis 20.03.2025.",
        "  fehlende Tage: 11",
        "  vorläufige Tage: 1",
        "  mindestens 10 Anfragen, mindestens 5 Sekunden.",
    ]


def test_the_nightly_run_loads_matomo_without_a_search_console(tmp_path: Path) -> None:
    # After the date of the shipped list of services, which the run loads too.
    today = dt.date(2026, 3, 20)
    website = small_website(first=today - dt.timedelta(days=2), last=today)
    with matomo(website, tmp_path) as (_, settings):
        sentences = run_all(on(settings, today))
        assert loaded_pages(settings) == usual_pages(website, today)
    assert sentences[0].startswith("Matomo: 3 Tage mit 12 Zeilen geladen, ")
    assert sentences[-1] == "OZG-Liste: mitgelieferter Stand geladen."


def test_sample_data_never_use_a_configured_matomo(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, matomo=Matomo(url="https://matomo.stadt.example/", site_id=3))
    assert settings.as_demo().matomo == Matomo()


def test_words_of_the_portals_own_search_are_loaded_by_day_and_replaced_whole(tmp_path: Path) -> None:
    day = TODAY - dt.timedelta(days=1)
    words = (Action("Hundesteuer", "", 7, 9), Action("hundesteuer", "", 2, 2), Action("a@b.de", "", 1, 1))
    unfound = (Action("Sperrm&uuml;ll", "", 3, 3), Action("Others", "", 9, 9))
    website = with_day(
        small_website(), day, replace(usual_day(1), searches=(*words, *unfound[:1]), unfound=unfound)
    )
    sql = "SELECT period_start, period_end, report, keyword, searches FROM portal_search ORDER BY ALL"
    expected = [
        (day, day, "all", PERSONAL_SEARCH, 1),
        (day, day, "all", "hundesteuer", 9),
        (day, day, "all", "sperrmüll", 3),
        (day, day, "no_result", "sperrmüll", 3),
    ]
    with matomo(website, tmp_path) as (server, settings):
        pull_matomo(settings)
        assert rows_of(settings, sql) == expected
        server.website = with_day(website, day, replace(usual_day(1), searches=words[:1]))
        pull_matomo(on(settings, TODAY + dt.timedelta(days=1)))
        assert rows_of(settings, sql) == [(day, day, "all", "hundesteuer", 7)]


def test_without_the_setting_no_search_is_asked_for(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, site_search=False) as (server, settings):
        pull_matomo(settings)
        assert not [one for one in server.requests if "SiteSearch" in one.form.get("method", "")]
