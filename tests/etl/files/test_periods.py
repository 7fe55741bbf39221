"""Dates in names and titles: read whole or not at all. No expression may give a wrong period."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator

import pytest

from etl.files.german_numbers import parse_period
from etl.files.periods import Period, end_of_month, period_in, whole_period
from etl.sources.portal_files.file_names import period_above, period_in_name

GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def d(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Export _ Stadt _ Seiten-URLs _ 1. November 2025", d(2025, 11, 1), d(2025, 11, 1)),
        ("Export _ Stadt _ Seiten-URLs _ Samstag, 1. November 2025", d(2025, 11, 1), d(2025, 11, 1)),
        (
            "Export _ Stadt _ Seiten-URLs _ Woche 27. Oktober - 2. November 2025",
            d(2025, 10, 27),
            d(2025, 11, 2),
        ),
        ("Export _ Site _ Page URLs _ Week November 3 – 9, 2025", d(2025, 11, 3), d(2025, 11, 9)),
        ("Export _ Site _ Page URLs _ Saturday, November 1, 2025", d(2025, 11, 1), d(2025, 11, 1)),
        ("Seiten 1.-15.11.2025", d(2025, 11, 1), d(2025, 11, 15)),
        ("Oktober bis Dezember 2025", d(2025, 10, 1), d(2025, 12, 31)),
        ("Dezember 2024 - Januar 2025", d(2024, 12, 1), d(2025, 1, 31)),
        ("Q3 2025", d(2025, 7, 1), d(2025, 9, 30)),
        ("IV. Quartal 2025", d(2025, 10, 1), d(2025, 12, 31)),
        ("Q4 2024 - Q1 2025", d(2024, 10, 1), d(2025, 3, 31)),
        ("KW 45 2025", d(2025, 11, 3), d(2025, 11, 9)),
        ("2025-W45", d(2025, 11, 3), d(2025, 11, 9)),
        ("KW 52 2024 bis KW 2 2025", d(2024, 12, 23), d(2025, 1, 12)),
        ("1. Halbjahr 2025", d(2025, 1, 1), d(2025, 6, 30)),
        ("Jahr 2025", d(2025, 1, 1), d(2025, 12, 31)),
        ("Seiten 2025-11-01_2025-11-30", d(2025, 11, 1), d(2025, 11, 30)),
        ("20251101-20251130", d(2025, 11, 1), d(2025, 11, 30)),
        ("seiten-2025-11 (2)", d(2025, 11, 1), d(2025, 11, 30)),
        ("Stand 1.12.2025, Seiten November 2025", d(2025, 11, 1), d(2025, 11, 30)),
        ("Top 10 Seiten November 2025", d(2025, 11, 1), d(2025, 11, 30)),
    ],
)
def test_the_whole_expression_is_read(text: str, first: dt.date, last: dt.date) -> None:
    assert period_in(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "ab November 2025",
        "bis 30.11.2025",
        "seit 1. November 2025",
        "Bericht vom 1. November 2025",
        "Mitte November 2025",
        "2. Hälfte November 2025",
        "November 2025 bis heute",
        "letzte 28 Tage bis 30.11.2025",
        "November 2025 vs. November 2024",
        "Seiten Nov25",
        "1.11.25",
        "KW 45/25",
        "01/11/2025",
        "11/01/2025 - 11/30/2025",
        "31.11.2025",
        "Dezember bis Februar 2025",
        "Oktober und Dezember 2025",
        "Schuljahr 2024/2025",
        "2025",
        "Seiten 2025",
        "3. Quartal 2025 und 4. Quartal 2025",
        "November 2025 15",
        "erste Woche November 2025",
        "November 2025 Wochenende",
        "KW 53 2025",
        "2025-13",
        "außer November 2025",
        "Stand 1.12.2025",
        "erstellt am 2025-12-03",
        "2025-11-01 2025-11-15 2025-11-30",
        "30.11.2025 - 1.11.2025",
        "",
    ],
)
def test_what_leaves_a_doubt_is_not_read(text: str) -> None:
    assert period_in(text) is None


def expressions(draw: random.Random) -> Iterator[tuple[str, Period]]:
    """Ways to write a drawn period, with the right value."""
    year, month = draw.randint(2019, 2026), draw.randint(1, 12)
    day = d(year, month, draw.randint(1, 28))
    whole = (d(year, month, 1), end_of_month(d(year, month, 1)))
    german, english = GERMAN[month - 1], ENGLISH[month - 1]
    yield from [
        (f"{german} {year}", whole),
        (f"{english} {year}", whole),
        (f"{german[:3]} {year}", whole),
        (f"{english[:3]}. {year}", whole),
        (f"{year}-{month:02d}", whole),
        (f"{month:02d}-{year}", whole),
        (f"{month:02d}/{year}", whole),
        (f"{month}.{year}", whole),
        (f"{year}{month:02d}", whole),
        (f"{year} {german}", whole),
        (f"{day:%Y-%m-%d}", (day, day)),
        (f"{day:%Y%m%d}", (day, day)),
        (f"{day:%d.%m.%Y}", (day, day)),
        (f"{day.day}.{month}.{year}", (day, day)),
        (f"{day.day}. {german} {year}", (day, day)),
        (f"{WEEKDAYS[day.weekday()]}, {day.day}. {german} {year}", (day, day)),
        (f"{day.day} {english[:3]} {year}", (day, day)),
        (f"{english} {day.day}, {year}", (day, day)),
        (f"{english[:3]} {day.day} {year}", (day, day)),
    ]
    last = day + dt.timedelta(days=draw.randint(1, 60))
    span = (day, last)
    yield from [
        (f"{day:%Y-%m-%d} - {last:%Y-%m-%d}", span),
        (f"{day:%Y-%m-%d}_{last:%Y-%m-%d}", span),
        (f"{day:%Y%m%d}-{last:%Y%m%d}", span),
        (f"{day:%d.%m.%Y} bis {last:%d.%m.%Y}", span),
        (f"vom {day:%d.%m.%Y} bis {last:%d.%m.%Y}", span),
        (f"{day:%d.%m.%Y}–{last:%d.%m.%Y}", span),
        (
            f"from {ENGLISH[day.month - 1]} {day.day}, {day.year} to {ENGLISH[last.month - 1]} {last.day}, {last.year}",
            span,
        ),
        (
            f"{day.day}. {GERMAN[day.month - 1]} {day.year} - {last.day}. {GERMAN[last.month - 1]} {last.year}",
            span,
        ),
    ]
    if day.year == last.year:
        yield f"{day.day}. {GERMAN[day.month - 1]} - {last.day}. {GERMAN[last.month - 1]} {year}", span
        yield (
            f"{ENGLISH[day.month - 1][:3]} {day.day} – {ENGLISH[last.month - 1][:3]} {last.day}, {year}",
            span,
        )
        yield f"{day.day}.{day.month}. - {last.day}.{last.month}.{year}", span
        if day.month == last.month:
            yield f"{day.day}.-{last.day}.{month}.{year}", span
            yield f"{english} {day.day}-{last.day}, {year}", span
            yield f"{day.day}. bis {last.day}. {german} {year}", span
    iso_year, week, _ = day.isocalendar()
    monday = dt.date.fromisocalendar(iso_year, week, 1)
    one_week = (monday, monday + dt.timedelta(days=6))
    yield from [
        (f"KW {week} {iso_year}", one_week),
        (f"KW{week:02d}/{iso_year}", one_week),
        (f"{week}. KW {iso_year}", one_week),
        (f"{iso_year}-W{week:02d}", one_week),
        (f"{iso_year}W{week:02d}", one_week),
        (f"{iso_year}-KW{week:02d}", one_week),
        (f"Week {week}, {iso_year}", one_week),
        (f"Kalenderwoche {week}/{iso_year}", one_week),
    ]
    quarter, half = (month + 2) // 3, (month + 5) // 6
    three = (d(year, 3 * quarter - 2, 1), end_of_month(d(year, 3 * quarter, 1)))
    yield from [
        (f"Q{quarter} {year}", three),
        (f"{year}-Q{quarter}", three),
        (f"{quarter}. Quartal {year}", three),
        (f"Quartal {quarter}/{year}", three),
        (f"{('I', 'II', 'III', 'IV')[quarter - 1]}. Quartal {year}", three),
        (f"Jahr {year}", (d(year, 1, 1), d(year, 12, 31))),
        (f"H{half} {year}", (d(year, 6 * half - 5, 1), end_of_month(d(year, 6 * half, 1)))),
    ]  # fmt: skip
    if month < 12:
        until = draw.randint(month + 1, 12)
        months = (d(year, month, 1), end_of_month(d(year, until, 1)))
        yield f"{german} bis {GERMAN[until - 1]} {year}", months
        yield f"{english[:3]}-{ENGLISH[until - 1][:3]} {year}", months
        yield f"{year}-{month:02d} bis {year}-{until:02d}", months
        yield f"{month:02d}-{until:02d}/{year}", months


SURROUNDINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f"Seiten {text}",
    lambda text: f"Export _ Stadt _ Seiten-URLs _ {text}",
    lambda text: f"seiten_{text.replace(' ', '_')}",
    lambda text: f"{text} Seitenansichten",
    lambda text: f"Portal Musterstadt – {text} (1)",
    lambda text: f"Auswertung {text}, Stand 15.12.2026",
    lambda text: f"Top 25 Seiten, {text}",
    lambda text: f"FB 04 {text} final v2",
)
DOUBTS: tuple[Callable[[str], str], ...] = (
    lambda text: f"ab {text}",
    lambda text: f"seit {text}",
    lambda text: f"bis {text}",
    lambda text: f"{text} bis heute",
    lambda text: f"Mitte {text}",
    lambda text: f"{text} gegenüber Vorjahr",
    lambda text: f"{text} und Juli 2018",
    lambda text: f"{text}, 12.",
    lambda text: f"letzte 28 Tage {text}",
)


def test_a_thousand_drawn_names_give_no_wrong_period() -> None:
    draw = random.Random(21)
    wrong, unread, count = [], 0, 0
    for _ in range(60):
        for text, period in expressions(draw):
            name = draw.choice(SURROUNDINGS)(text)
            count += 1
            found = period_in(name)
            unread += found is None
            if found not in (None, period):
                wrong.append((name, period, found))
    assert count > 1000
    assert wrong == []
    assert unread < count / 10


def test_a_thousand_drawn_doubts_are_never_read_wrongly() -> None:
    """What stands around an expression changes its meaning, so nothing may be read."""
    draw = random.Random(7)
    wrong = []
    for _ in range(60):
        for text, _ in expressions(draw):
            name = draw.choice(DOUBTS)(text)
            if found := period_in(name):
                wrong.append((name, found))
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["Nov 1, 2025", "2025-W45", "Q4 2025", "1. - 15. November 2025", "Oktober - November 2025"]
)
def test_cells_read_the_same_expressions(text: str) -> None:
    assert parse_period(text) == whole_period(text) == period_in(text)


def test_a_sheet_s_own_name_goes_before_the_file_s() -> None:
    assert period_in_name("Portal 2025-10.xlsx, Blatt 2025-11") == (d(2025, 11, 1), d(2025, 11, 30))
    assert period_in_name("Portal 2025-10.xlsx, Blatt Seiten") == (d(2025, 10, 1), d(2025, 10, 31))
    assert period_in_name("archiv 2025-09.zip/Seiten.csv") is None


def test_lines_above_a_table_that_contradict_each_other_tell_nothing() -> None:
    assert period_above(["Oktober 2025", "November 2025"]) is None
    assert period_above(["November 2025", "2025-11"]) == (d(2025, 11, 1), d(2025, 11, 30))
    assert period_above(["20251101-20251130"]) == (d(2025, 11, 1), d(2025, 11, 30))
