import datetime as dt

import pandas as pd
import pytest

from portalkompass import german


@pytest.mark.parametrize(
    ("raw", "decimals", "text"),
    [
        (18925, 0, "18.925"),
        (1234567.891, 2, "1.234.567,89"),
        (23.94, 1, "23,9"),
        (8.85, 1, "8,9"),
        (0.5, 0, "1"),
        (-2.44, 1, "−2,4"),
        (-0.01, 1, "0,0"),
        (0, 0, "0"),
        (None, 0, "–"),
        (float("nan"), 1, "–"),
    ],
)
def test_numbers_are_german_and_rounded_half_up(raw, decimals, text):
    assert german.number(raw, decimals) == text


@pytest.mark.parametrize(("raw", "text"), [(3, "+3"), (-3, "−3"), (0.2, "0"), (None, "–")])
def test_what_rounds_to_zero_carries_no_sign(raw, text):
    assert german.signed(raw) == text


def test_percentages_have_a_no_break_space():
    assert german.percent(0.0719) == "7,2\u00a0%"
    assert german.percent_change(-0.125) == "−12,5\u00a0%"
    assert german.percent(None) == "–"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2024-12-01", "2025-11-30", "Dezember 2024 bis November 2025"),
        ("2025-08-01", "2025-11-30", "August bis November 2025"),
        ("2025-10-01", "2025-10-31", "Oktober 2025"),
        ("2025-10-05", "2025-10-31", "05.10.2025 bis 31.10.2025"),
        ("2025-10-05", "2025-10-05", "05.10.2025"),
        ("2024-02-01", "2024-02-29", "Februar 2024"),
    ],
)
def test_whole_months_are_named_other_periods_dated(start, end, text):
    assert german.period(dt.date.fromisoformat(start), dt.date.fromisoformat(end)) == text


@pytest.mark.parametrize(
    ("raw", "format", "text"),
    [
        (18925, "integer", "18.925"),
        (0.0719, "percent", "7,2\u00a0%"),
        (0.15, "percent_change", "+15,0\u00a0%"),
        (pd.Timestamp("2025-10-01"), "month", "Oktober 2025"),
        (dt.date(2025, 10, 1), "date", "01.10.2025"),
        (pd.NaT, "date", "–"),
        (pd.NA, "integer", "–"),
        (True, "bool", "ja"),
        ("=x", "text", "=x"),
    ],
)
def test_cells_by_format(raw, format, text):
    assert german.value(raw, format) == text


def test_counts_and_listings():
    assert german.count(1, "Klick", "Klicks") == "1\u00a0Klick"
    assert german.count(18925, "Klick", "Klicks") == "18.925\u00a0Klicks"
    # Shares of services make halves: rounded as in the cell of a table, the noun fits what is read.
    assert german.count(12.5, "Klick", "Klicks") == "13\u00a0Klicks"
    assert german.count(0.6, "Klick", "Klicks") == "1\u00a0Klick"
    assert german.listing(["a", "b", "c"]) == "a, b und c"
    assert german.listing(["a"]) == "a"


@pytest.mark.parametrize(
    ("amount", "part", "text"),
    [
        (1, 1, "1\u00a0Zusage mit Klicks"),
        (1, 0, "1\u00a0Zusage, keine mit Klicks"),
        (3, 3, "3\u00a0Zusagen, alle mit Klicks"),
        (3, 1, "3\u00a0Zusagen, 1 davon mit Klicks"),
        (3, 0, "3\u00a0Zusagen, keine mit Klicks"),
    ],
)
def test_how_many_of_how_many(amount, part, text):
    assert german.having(amount, part, "Zusage", "Zusagen", "Klicks") == text


def test_a_hyphen_that_a_word_begins_with_is_held_and_no_other():
    told = "Hundesteuer und -marke („-plakette“), Google-Umstellung, -5 %, 2024-10"
    assert (
        german.unbroken(told, "~") == "Hundesteuer und ~marke („~plakette“), Google-Umstellung, -5 %, 2024-10"
    )
    assert german.unbroken(told, "~", only={"-marke"}) == german.together(told).replace("-marke", "~marke")
    assert german.breakable(told)
    assert german.breakable("4 In Umsetzung")
    assert not german.breakable("Google-Umstellung, -5 %, In der Umsetzung")


def test_no_line_ends_inside_a_status():
    told = "4 In Umsetzung, In Vorbereitung, 2 offen, In der Umsetzung, 5 %"
    held = "4_In_Umsetzung, In_Vorbereitung, 2_offen, In der Umsetzung, 5 %"
    assert german.together(told) == held.replace("_", "\u00a0")
