"""The plan: what is due, why, and in which order."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from etl.sources.search_console.fetch import DayTotals, KnownDays
from etl.sources.search_console.grains import day_grains
from etl.sources.search_console.plan import LedgerDay, Plan, make_plan

TODAY = dt.date(2025, 3, 20)


def day(number: int) -> dt.date:
    return dt.date(2025, 3, number)


def known(*numbers: int, first_incomplete: int | None = None) -> KnownDays:
    incomplete = day(first_incomplete) if first_incomplete else None
    return KnownDays({day(n): DayTotals(10, 100, 5.0) for n in numbers}, incomplete)


def complete(fetched: int = 1, clicks: int = 10, **changes: bool) -> LedgerDay:
    note = LedgerDay(True, False, True, clicks, 100, day(fetched), False)
    return LedgerDay(
        changes.get("complete", note.complete),
        changes.get("provisional", note.provisional),
        changes.get("has_rows", note.has_rows),
        note.clicks,
        note.impressions,
        note.fetched_on,
        changes.get("bulk", False),
    )


def plan(
    ledger: dict[dt.date, LedgerDay],
    final: KnownDays,
    fresh: KnownDays | None = None,
    *,
    rolling_days: int = 0,
    since: dt.date | None = None,
    until: dt.date | None = None,
    devices: tuple[str, ...] = (),
) -> Plan:
    return make_plan(
        "sc-domain:a.example",
        "web",
        ledger,
        final,
        fresh or final,
        today=TODAY,
        rolling_days=rolling_days,
        grains=day_grains("web", devices),
        since=since,
        until=until,
    )


def due(made: Plan) -> list[tuple[int, str]]:
    return [(item.day.day, item.reason) for item in made.due]


def test_missing_days_come_newest_first() -> None:
    assert due(plan({}, known(1, 2, 3))) == [(3, "missing"), (2, "missing"), (1, "missing")]


def test_a_gap_is_noted_as_empty_without_a_request() -> None:
    made = plan({}, known(1, 3))
    assert [(item.day.day, item.totals is None) for item in made.due] == [(3, False), (2, True), (1, False)]
    assert made.requests == 2 * 4 * 2


def test_complete_days_are_not_asked_again() -> None:
    assert due(plan({day(1): complete(), day(2): complete()}, known(1, 2))) == []


def test_a_day_noted_as_empty_that_appears_late_is_due() -> None:
    late = LedgerDay(True, False, False, None, None, day(5), False)
    assert due(plan({day(1): complete(), day(2): late, day(3): complete()}, known(1, 2, 3))) == [
        (2, "changed")
    ]


def test_a_day_whose_totals_changed_is_due_however_old_it_is() -> None:
    assert due(plan({day(1): complete(clicks=9), day(2): complete()}, known(1, 2))) == [(1, "changed")]


def test_a_day_of_a_bulk_export_is_not_measured_against_the_api() -> None:
    assert due(plan({day(1): complete(clicks=9, bulk=True)}, known(1))) == []


def test_the_rolling_window_is_pulled_again_once_a_day() -> None:
    ledger = {day(n): complete(fetched=19) for n in (1, 2, 3, 4)}
    assert due(plan(ledger, known(1, 2, 3, 4), rolling_days=2)) == [(4, "rolling"), (3, "rolling")]
    asked_today = {**ledger, day(4): complete(fetched=20)}
    assert due(plan(asked_today, known(1, 2, 3, 4), rolling_days=2)) == [(3, "rolling")]


def test_a_day_that_google_withdraws_within_the_window_is_removed() -> None:
    ledger = {day(n): complete(fetched=19) for n in (1, 2, 3)}
    assert due(plan(ledger, known(1, 3), rolling_days=3)) == [(3, "rolling"), (2, "vanished"), (1, "rolling")]


def test_days_older_than_google_keeps_stay_in_the_archive() -> None:
    assert due(plan({day(1): complete(), day(5): complete()}, known(5), rolling_days=1)) == [(5, "rolling")]


def test_unfinished_days_are_provisional_and_asked_every_time() -> None:
    ledger = {day(1): complete(), day(2): complete(fetched=20, complete=False, provisional=True)}
    made = plan(ledger, known(1), known(1, 2, 3, first_incomplete=2))
    assert [(item.day.day, item.reason, item.state) for item in made.due] == [
        (3, "provisional", "provisional"),
        (2, "provisional", "provisional"),
    ]
    assert made.first_incomplete == day(2)


def test_a_provisional_day_that_became_final_is_fetched_as_final() -> None:
    ledger = {day(1): complete(), day(2): complete(complete=False, provisional=True)}
    assert [(item.day.day, item.reason, item.state) for item in plan(ledger, known(1, 2)).due] == [
        (2, "missing", "final")
    ]


def test_a_provisional_day_that_is_gone_is_removed() -> None:
    ledger = {day(1): complete(), day(2): complete(complete=False, provisional=True)}
    assert due(plan(ledger, known(1))) == [(2, "vanished")]


def test_a_day_filled_from_an_export_stays_while_the_api_has_none() -> None:
    filled = LedgerDay(False, False, True, 7, 70, day(5), False)
    assert due(plan({day(1): complete(), day(2): filled, day(3): complete()}, known(1, 3))) == []
    assert due(plan({day(1): complete(), day(2): filled, day(3): complete()}, known(1, 2, 3))) == [
        (2, "missing")
    ]


def test_what_a_setting_wants_besides_is_fetched_alone_after_all_else() -> None:
    wanted = "search_page_device_day"
    ledger = {day(1): replace(complete(), lacking=frozenset({wanted})), day(2): complete()}
    made = plan(ledger, known(1, 2, 3), devices=(wanted,))
    assert due(made) == [(3, "missing"), (1, "added")]
    assert made.due[1].takes(wanted)
    assert not made.due[1].takes("search_site_day")
    assert made.requests == (5 + 1) * 2


def test_since_and_until_limit_the_plan() -> None:
    assert due(plan({}, known(1, 2, 3, 4), since=day(2), until=day(3))) == [(3, "missing"), (2, "missing")]


def test_a_property_without_final_days_has_nothing_to_fetch_but_provisional_ones() -> None:
    made = plan({}, KnownDays({}, None), known(19, first_incomplete=19))
    assert due(made) == [(19, "provisional")]
    assert made.last_final is None
