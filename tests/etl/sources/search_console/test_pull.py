"""The extractor over real HTTP: nothing lost, nothing double, whatever the days look like."""

from __future__ import annotations

import datetime as dt
import logging
import re
from pathlib import Path

import duckdb
import pytest

from etl.errors import LoadError
from etl.operations.verify import verify
from etl.sources.pace import Pace
from etl.sources.search_console.pull import plan_run, pull
from etl.sources.search_console.search_console_source import check
from etl.sources.waiting import teller
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting
from portalkompass.warehouse.snapshots import history, published
from tests.etl.sources.search_console.small_world import (
    HOST,
    LAST_FINAL,
    SITE,
    TODAY,
    Shown,
    SmallWorld,
    full_truth,
    ledger,
    loaded,
    on,
    search_console,
    small_world,
    with_clicks,
)
from tests.search_console_server.faulty_server import FaultyStandIn, Options
from tests.search_console_server.injected_faults import (
    Fault,
    FaultPlan,
    RequestFacts,
    forbidden,
    load_quota,
    server_error,
)

LAG_TWO = Options(lag=lambda _: 2)


def rows_of(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def day_requests(server: FaultyStandIn) -> list[tuple[str, tuple[str, ...], int]]:
    """Day, dimensions and start row of every request for a day grain."""
    return [
        (str(r.facts.body["startDate"]), tuple(r.facts.body["dimensions"]), int(r.facts.body["startRow"]))
        for r in server.requests
        if r.facts.kind == "query" and r.facts.body["dimensions"] != ["date"]
    ]


def test_every_row_of_every_grain_is_loaded_once(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path) as (_, settings):
        report = pull(settings)
        assert loaded(settings) == full_truth(world)
        assert report.days == 12
        assert verify(settings).faults == ()


def test_a_run_tells_the_hidden_share_of_the_months_it_touched(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        report = pull(settings)
    assert report.hidden == [
        "sc-domain:stadt.example 03/2025: 0,5 % der Klicks ohne gelistete Suchanfrage (11 von 2.084)."
    ]


def test_the_newest_days_come_first(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, workers=1) as (server, settings):
        pull(settings)
        asked = [
            day for day, dimensions, start in day_requests(server) if dimensions == ("page",) and start == 0
        ]
    assert asked[:3] == ["2025-03-18", "2025-03-17", "2025-03-16"]


def test_each_slice_is_paged_until_the_empty_answer_even_when_pages_are_short(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path, options=Options(short_pages=1, lag=lambda _: 2)) as (
        server,
        settings,
    ):
        pull(settings)
        assert loaded(settings) == full_truth(world)
        starts = [s for day, dims, s in day_requests(server) if (day, dims) == ("2025-03-18", ("query",))]
    assert starts == [0, 1, 2, 3, 4]


def test_a_second_run_on_the_same_day_asks_for_nothing_but_the_days(tmp_path: Path) -> None:
    with search_console(small_world(last=LAST_FINAL), tmp_path) as (server, settings):
        pull(settings)
        server.requests.clear()
        report = pull(settings)
        assert day_requests(server) == []
    assert report.days == 0


def test_the_next_day_pulls_the_last_ten_days_again_and_the_new_one(tmp_path: Path) -> None:
    world = small_world(count=30)
    with search_console(world, tmp_path) as (server, settings):
        pull(on(settings, TODAY - dt.timedelta(days=1)))
        server.requests.clear()
        pull(settings)
        asked = {day for day, _, _ in day_requests(server)}
        assert loaded(settings) == full_truth(world)
    # Ten final days, the newest of them new, and the provisional one.
    assert sorted(asked) == [f"2025-03-{n:02d}" for n in range(9, 20)]


def test_rows_that_vanish_and_values_that_change_replace_the_whole_day(tmp_path: Path) -> None:
    world = small_world()
    day = LAST_FINAL - dt.timedelta(days=3)
    smaller = world.changed(day, [with_clicks(world.days[day][0], 1)])
    with search_console(world, tmp_path) as (server, settings):
        pull(on(settings, TODAY - dt.timedelta(days=1)))
        server.replace_world(smaller)
        pull(settings)
        assert loaded(settings) == full_truth(smaller)
        assert verify(settings).faults == ()


def test_a_day_that_changes_after_the_rolling_window_is_still_noticed(tmp_path: Path) -> None:
    world = small_world(count=40)
    old = LAST_FINAL - dt.timedelta(days=30)
    revised = world.changed(old, [with_clicks(world.days[old][0], 77), *world.days[old][1:]])
    with search_console(world, tmp_path) as (server, settings):
        pull(on(settings, TODAY - dt.timedelta(days=1)))
        server.replace_world(revised)
        report = pull(settings)
        assert loaded(settings) == full_truth(revised)
    assert [due.day for due in report.plans[0].due if due.reason == "changed"] == [old]


def test_a_gap_of_weeks_is_noted_and_the_days_behind_it_are_loaded(tmp_path: Path) -> None:
    world = small_world(count=40)
    gap = {LAST_FINAL - dt.timedelta(days=n) for n in range(12, 30)}
    with search_console(world, tmp_path, options=Options(gaps=frozenset(gap), lag=lambda _: 2)) as (
        server,
        settings,
    ):
        pull(settings)
        there = SmallWorld({day: rows for day, rows in world.days.items() if day not in gap})
        assert loaded(settings) == full_truth(there)
        assert {day for day, state in ledger(settings).items() if state == "empty"} == gap
        asked = {day for day, _, _ in day_requests(server)}
    assert asked.isdisjoint(day.isoformat() for day in gap)


def test_a_day_that_appears_late_is_loaded(tmp_path: Path) -> None:
    world = small_world(count=20)
    late = LAST_FINAL - dt.timedelta(days=14)
    with search_console(world.without(late), tmp_path) as (server, settings):
        pull(on(settings, TODAY - dt.timedelta(days=1)))
        server.replace_world(world)
        pull(settings)
        assert loaded(settings) == full_truth(world)


def test_a_day_that_google_withdraws_leaves_no_ghost(tmp_path: Path) -> None:
    world = small_world()
    gone = LAST_FINAL - dt.timedelta(days=2)
    with search_console(world, tmp_path) as (server, settings):
        pull(on(settings, TODAY - dt.timedelta(days=1)))
        server.replace_world(world.without(gone))
        pull(settings)
        assert loaded(settings) == full_truth(world.without(gone))
        assert verify(settings).faults == ()


def test_days_that_google_no_longer_keeps_stay_in_the_archive(tmp_path: Path) -> None:
    world = small_world(count=30)
    with search_console(world, tmp_path) as (server, settings):
        pull(settings)
        server.replace_world(SmallWorld({day: rows for day, rows in world.days.items() if day.day > 10}))
        pull(on(settings, TODAY, rolling_days=3))
        assert loaded(settings) == full_truth(world)


def test_unfinished_days_are_marked_and_replaced_when_they_are_final(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path) as (server, settings):
        pull(settings)
        newest = TODAY - dt.timedelta(days=1)
        assert ledger(settings)[newest] == "provisional"
        assert rows_of(settings, "SELECT DISTINCT first_incomplete_date FROM ingest_ledger") == [(newest,)]
        server.today = TODAY + dt.timedelta(days=1)
        pull(on(settings, server.today))
        assert ledger(settings)[newest] == "final"
        assert loaded(settings, newest)["search_site_day"][-1][0] == newest


def test_a_day_of_fifty_thousand_rows_is_flagged_as_capped(tmp_path: Path) -> None:
    many = [Shown(f"{HOST}/s/{n // 100}", f"frage {n}", "deu", "MOBILE", 0, 1, 1.0) for n in range(50_500)]
    world = small_world(count=4).changed(LAST_FINAL, many)
    with search_console(world, tmp_path) as (_, settings):
        report = pull(settings)
        counts = rows_of(
            settings,
            "SELECT grain, rows, state FROM ingest_ledger WHERE capped ORDER BY grain",
        )
        site = rows_of(settings, f"SELECT impressions FROM search_site_day WHERE date = '{LAST_FINAL}'")
        assert verify(settings).faults == ()
    assert counts == [("search_page_query_day", 50_000, "capped"), ("search_query_day", 50_000, "capped")]
    assert site == [(50_500,)]
    assert report.capped_days == 1


def test_staff_pages_become_one_row_without_queries(tmp_path: Path) -> None:
    shown = [
        Shown(f"{HOST}/mitarbeiter/erika-muster", "erika muster", "deu", "MOBILE", 3, 10, 5.0),
        Shown(f"{HOST}/mitarbeiter/max-muster", "max muster", "deu", "MOBILE", 1, 5, 2.5),
        Shown(f"{HOST}/leistung/wohngeld", "wohngeld", "deu", "MOBILE", 7, 20, 0.0),
    ]
    with search_console(SmallWorld({LAST_FINAL: shown}), tmp_path) as (_, settings):
        pull(settings)
        tables = loaded(settings)
        assert verify(settings).faults == ()
    assert tables["search_page_day"] == [
        (LAST_FINAL, STAFF_PAGES, 4, 15, 7.5),
        (LAST_FINAL, f"{HOST}/leistung/wohngeld", 7, 20, 0.0),
    ]
    assert tables["search_page_query_day"] == [
        (LAST_FINAL, STAFF_PAGES, "", 4, 15, 7.5),
        (LAST_FINAL, f"{HOST}/leistung/wohngeld", "wohngeld", 7, 20, 0.0),
    ]


def test_spellings_of_one_page_are_summed(tmp_path: Path) -> None:
    shown = [
        Shown(f"{HOST}/leistung/wohngeld", "wohngeld", "deu", "MOBILE", 7, 20, 0.0),
        Shown(f"{HOST}/leistung/wohngeld/?utm_source=x", "wohngeld", "deu", "MOBILE", 1, 4, 8.0),
    ]
    with search_console(SmallWorld({LAST_FINAL: shown}), tmp_path) as (_, settings):
        pull(settings)
        assert loaded(settings)["search_page_day"] == [(LAST_FINAL, f"{HOST}/leistung/wohngeld", 8, 24, 8.0)]


def test_hostile_queries_are_stored_as_they_are(tmp_path: Path) -> None:
    queries = [
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE pages; --",
        "<script>alert(1)</script>",
        "zeile\numbruch",
        "🐕 \u202e",
    ]
    shown = [Shown(f"{HOST}/a", query, "deu", "MOBILE", 1, 2, 0.0) for query in queries]
    with search_console(SmallWorld({LAST_FINAL: shown}), tmp_path) as (_, settings):
        pull(settings)
        assert {row[1] for row in loaded(settings)["search_query_day"]} == set(queries)


def test_a_refused_property_stops_at_once_with_the_account_to_add(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, site="sc-domain:andere.example") as (server, settings):
        with pytest.raises(LoadError, match=r"Kein Zugriff.*demo@portalkompass\.example"):
            pull(settings)
        assert len([r for r in server.requests if r.facts.kind == "query"]) == 1
        assert published(settings.warehouse_dir) is None


def one_fault(fault: Fault, after: int) -> FaultPlan:
    """Every answer from the given request on is the fault."""
    return lambda facts: fault if facts.kind == "query" and facts.number >= after else None


def test_an_exhausted_load_quota_publishes_what_is_complete_and_a_second_run_completes_it(
    tmp_path: Path,
) -> None:
    world = small_world(last=LAST_FINAL)
    with search_console(world, tmp_path, faults=one_fault(load_quota(), 45)) as (server, settings):
        with pytest.raises(LoadError, match="Kontingent"):
            pull(settings)
        before = {day for day, state in ledger(settings).items() if state != "failed"}
        assert len(before) >= 3
        assert max(before) == LAST_FINAL
        server.faults = lambda _: None
        server.requests.clear()
        pull(settings)
        assert {day for day, _, _ in day_requests(server)}.isdisjoint(day.isoformat() for day in before)
        assert loaded(settings) == full_truth(world)


def test_a_load_quota_pause_is_taken_once_for_all_workers_and_then_goes_on(tmp_path: Path) -> None:
    world = small_world()
    failing = {30, 31, 32}

    def faults(facts: RequestFacts) -> Fault | None:
        return load_quota() if facts.number in failing else None

    with search_console(
        world, tmp_path, faults=faults, workers=3, load_quota_pause_seconds=0.2, load_quota_pauses=3
    ) as (_, settings):
        pull(settings)
        assert loaded(settings) == full_truth(world)


def test_a_pause_is_said_where_people_look(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Printed and drawn by the step, in the log, and beside the snapshots while it lasts."""
    world, steps, beside = small_world(), list[tuple[str, int, int]](), list[str]()
    failing = {30, 60}

    def faults(facts: RequestFacts) -> Fault | None:
        return load_quota() if facts.number in failing else None

    with (
        search_console(
            world, tmp_path, faults=faults, workers=1, load_quota_pause_seconds=1.5, load_quota_pauses=4
        ) as (_, settings),
        caplog.at_level(logging.INFO, "etl"),
    ):

        def step(what: str, done: int, total: int) -> None:
            steps.append((what, done, total))
            beside.append(waiting.sentence(settings.warehouse_dir))

        pull(settings, progress=step)
        assert loaded(settings) == full_truth(world)
        assert waiting.sentence(settings.warehouse_dir) == ""
    said = [what for what, done, total in steps if not total and not done]
    assert [re.sub(r"\d\d:\d\d", "14:32", one) for one in said] == [
        f"Kontingent erschöpft, weiter um 14:32 (Pause {number} von 4)" for number in (1, 2)
    ]
    assert said == [record.getMessage() for record in caplog.records if "Kontingent" in record.getMessage()]
    assert set(said) <= set(beside)


@pytest.mark.parametrize("asked", ["check", "dry run"])
def test_a_check_and_a_plan_say_what_they_wait_for_and_end_in_a_sentence(tmp_path: Path, asked: str) -> None:
    said = list[str]()

    def step(what: str, _done: int, _total: int) -> None:
        said.append(what)
        assert waiting.sentence(settings.warehouse_dir) == ""  # no load waits

    with search_console(
        small_world(),
        tmp_path,
        faults=one_fault(load_quota(), 0),
        load_quota_pause_seconds=1.5,
        load_quota_pauses=1,
    ) as (_, settings):
        settings.warehouse_dir.mkdir(parents=True)
        with pytest.raises(LoadError, match=r"Kontingent .* aufgebraucht"):
            if asked == "check":
                check(settings, step)
            else:
                plan_run(settings, progress=step)
    assert [re.sub(r"\d\d:\d\d", "14:32", one) for one in said] == [
        "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 1)"
    ]


def test_a_back_off_is_said_from_twenty_seconds_on(settings: Settings) -> None:
    said = list[str]()
    pace = Pace(100.0, teller(settings, lambda what, _done, _total: said.append(what)))
    pace.stop.set()  # whoever is stopped does not sleep on
    for seconds in (0.5, 19.9):
        pace.sleep(seconds)
    assert said == []
    settings.warehouse_dir.mkdir(parents=True)
    pace.sleep(20.0)
    assert [re.sub(r"\d\d:\d\d", "14:32", one) for one in said] == [
        "Gegenstelle antwortet nicht oder bremst, weiter um 14:32"
    ]
    assert waiting.sentence(settings.warehouse_dir) == said[0]


def test_a_server_that_stays_down_ends_the_run_resumably(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path, faults=one_fault(server_error(503), 30)) as (server, settings):
        with pytest.raises(LoadError, match="auch nach 4 Versuchen nicht erreichbar"):
            pull(settings)
        failed = rows_of(settings, "SELECT state, error FROM ingest_ledger WHERE state = 'failed'")
        assert len(failed) == 1
        assert "HTTP 503" in str(failed[0][1])
        server.faults = lambda _: None
        pull(settings)
        assert loaded(settings) == full_truth(world)


def test_a_permission_lost_in_the_middle_stops_and_keeps_what_is_complete(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path, faults=one_fault(forbidden(), 40)) as (server, settings):
        with pytest.raises(LoadError, match="Kein Zugriff"):
            pull(settings)
        assert len(ledger(settings)) >= 2
        server.faults = lambda _: None
        pull(settings)
        assert loaded(settings) == full_truth(world)


def test_a_refused_property_does_not_keep_the_others_from_loading(tmp_path: Path) -> None:
    world = small_world()
    with search_console(world, tmp_path, site="sc-domain:andere.example", more_sites=(SITE,)) as (
        _,
        settings,
    ):
        with pytest.raises(LoadError, match=r"Kein Zugriff auf die Property „sc-domain:andere\.example“"):
            pull(settings)
        assert loaded(settings) == full_truth(world)


def test_days_that_come_slowly_are_stored_one_by_one_so_that_a_kill_costs_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.sources.search_console.pull._BATCH_SECONDS", 0.0)
    stored: list[int] = []
    with search_console(small_world(), tmp_path) as (_, settings):
        pull(settings, progress=lambda what, done, _: stored.append(done) if "(web)" in what else None)
    assert stored == list(range(1, 13))


def test_a_long_run_publishes_in_rounds(tmp_path: Path) -> None:
    world = small_world(count=8)
    with search_console(world, tmp_path, publish_every_seconds=0.02) as (_, settings):
        report = pull(settings)
        assert loaded(settings) == full_truth(world)
        assert len(report.plans) > 1
        assert len(history(settings.warehouse_dir)) > 1


def test_the_dry_run_names_days_requests_and_time(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        lines = [line for plan in plan_run(settings) for line in plan.describe(4.0)]
        assert published(settings.warehouse_dir) is None
    assert lines == [
        f"{SITE} (web): 12 Tage von 08.03.2025 bis 19.03.2025, neuester endgültiger Tag 18.03.2025.",
        "  fehlende Tage: 11",
        "  vorläufige Tage: 1",
        "  mindestens 96 Anfragen, etwa 24 Sekunden.",
    ]


def test_since_and_until_limit_what_is_fetched(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        pull(settings, since=dt.date(2025, 3, 10), until=dt.date(2025, 3, 11))
        assert sorted(ledger(settings)) == [dt.date(2025, 3, 10), dt.date(2025, 3, 11)]


def test_check_says_what_works_and_what_is_missing(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        sentences = check(settings)
        assert sentences[0] == "Schlüsseldatei gelesen: Dienstkonto demo@portalkompass.example."
        assert sentences[-1].endswith("neuester endgültiger Tag 18.03.2025.")
        with pytest.raises(LoadError, match="nicht sichtbar"):
            check(on(settings, TODAY, site="sc-domain:andere.example"))
        with pytest.raises(LoadError, match="gibt es nicht"):
            check(on(settings, TODAY, credentials_file=str(tmp_path / "fehlt.json")))
        with pytest.raises(LoadError, match="kein Dienstkonto"):
            check(on(settings, TODAY, credentials_file=""))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("kein json", "ist kein JSON"),
        ('{"type": "authorized_user"}', "kein Schlüssel eines Dienstkontos"),
        (
            '{"type": "service_account", "client_email": "a@b.example", "token_uri": "http://127.0.0.1/", '
            '"private_key": "kaputt"}',
            "beschädigt",
        ),
    ],
)
def test_an_unusable_key_file_gets_a_sentence_without_its_content(
    tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    with (
        search_console(small_world(), tmp_path / "city", credentials_file=str(path)) as (_, settings),
        pytest.raises(LoadError, match=sentence) as fault,
    ):
        pull(settings)
    assert "kaputt" not in str(fault.value)


def test_a_key_file_with_a_byte_order_mark_is_read_and_a_folder_is_none(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        key = Path(settings.search_console.credentials_file)
        key.write_text(key.read_text(encoding="utf-8"), encoding="utf-8-sig")
        assert check(settings)
        with pytest.raises(LoadError, match="ist nicht lesbar: das ist ein Ordner"):
            check(on(settings, TODAY, credentials_file=str(tmp_path)))


def test_nothing_reachable_is_a_sentence(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (_, settings):
        pass
    with pytest.raises(LoadError, match="nicht erreichbar"):
        pull(settings)
