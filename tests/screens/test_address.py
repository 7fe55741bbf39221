import datetime as dt
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.answers.base.scope import SEARCH_TYPES, Match, Scope
from portalkompass.screens import address
from portalkompass.screens.address import FIXED, PERIODS, State, grain_of, read, write
from portalkompass.screens.catalogue import SCREENS
from portalkompass.screens.presets import PRESETS, days_of
from portalkompass.settings import SearchType
from portalkompass.warehouse.reader import open_published
from tests.warehouse_fixture import SITE, publish, settings_for

FIRST, DATA, LAST = dt.date(2024, 7, 9), dt.date(2025, 12, 15), dt.date(2025, 12, 16)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("7-tage", dt.date(2025, 12, 9), DATA),
        ("28-tage", dt.date(2025, 11, 18), DATA),
        ("monat", dt.date(2025, 11, 1), dt.date(2025, 11, 30)),
        ("3-monate", dt.date(2025, 9, 1), dt.date(2025, 11, 30)),
        ("quartal", dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
        ("12-monate", dt.date(2024, 12, 1), dt.date(2025, 11, 30)),
        ("jahr", dt.date(2025, 1, 1), DATA),
        ("alles", FIRST, LAST),
        ("unbekannt", dt.date(2024, 12, 1), dt.date(2025, 11, 30)),
    ],
)
def test_presets_end_with_final_days_and_only_the_whole_period_includes_provisional_ones(period, start, end):
    assert days_of(period, FIRST, DATA, LAST) == (start, end)


@pytest.mark.parametrize(
    ("data_date", "start", "end"),
    [
        (dt.date(2025, 12, 31), dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
        (dt.date(2025, 12, 30), dt.date(2025, 7, 1), dt.date(2025, 9, 30)),
        (dt.date(2026, 1, 1), dt.date(2025, 10, 1), dt.date(2025, 12, 31)),
        (dt.date(2025, 3, 30), dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
    ],
)
def test_a_quarter_is_full_when_its_last_day_has_data(data_date, start, end):
    assert days_of("quartal", FIRST, data_date, data_date) == (start, end)


@pytest.mark.parametrize("days", [7, 28])
def test_so_many_days_are_so_many_rows(days):
    start, end = days_of(f"{days}-tage", FIRST, DATA, LAST)
    assert (end - start).days + 1 == days


@pytest.mark.parametrize(
    ("choice", "days", "grain"),
    [
        ("auto", 28, "day"),
        ("auto", 62, "day"),
        ("auto", 63, "week"),
        ("auto", 200, "week"),
        ("auto", 201, "month"),
        ("tage", 365, "day"),
        ("monate", 28, "month"),
    ],
)
def test_grain_fits_the_length_unless_chosen(choice, days, grain):
    assert grain_of(choice, FIRST, FIRST + dt.timedelta(days=days - 1)) == grain


def test_every_period_but_the_free_one_has_days_of_its_own():
    spans = {period: days_of(period, FIRST, DATA, LAST) for period in PERIODS if period != FIXED}
    assert len(set(spans.values())) == len(spans)
    assert set(PRESETS) < set(spans)


def test_every_search_type_of_the_settings_has_a_name():
    assert set(SEARCH_TYPES) == set(get_args(SearchType))


words = (
    st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
optional = st.one_of(st.just(""), words)
matches = st.none() | st.builds(Match, how=st.sampled_from(["contains", "is"]), text=words)
scopes = st.builds(
    Scope,
    device=st.sampled_from(["", "MOBILE", "DESKTOP", "TABLET"]),
    country=st.sampled_from(["", "deu", "tur"]),
    appearance=optional,
    page=matches,
    kind=st.sampled_from([kind for _, kind in address.PAGE_KINDS.values()]),
    service=optional,
    department=optional,
    query=matches | st.just(Match("regex", "^wohn(geld|raum)")),
    brand=st.sampled_from(["", "with", "without"]),
)
spans = st.tuples(st.dates(), st.dates()).map(sorted)


@st.composite
def states(draw):
    """Any state that a screen can be in."""
    period = draw(st.sampled_from(list(PERIODS)))
    compare = draw(st.sampled_from(list(address.COMPARISONS)))
    start, end = draw(spans) if period == FIXED else (None, None)
    first, last = draw(spans) if compare == "frei" else (None, None)
    own = draw(st.dictionaries(st.sampled_from(["aufgabe", "seit", "status"]), words, max_size=3))
    return State(
        period=period,
        start=start,
        end=end,
        compare=compare,
        compare_start=first,
        compare_end=last,
        grain=draw(st.sampled_from(list(address.GRAINS))),
        site=draw(optional),
        search_type=draw(st.sampled_from(list(SEARCH_TYPES))),
        scope=draw(scopes),
        page=draw(optional),
        service=draw(optional),
        query=draw(optional),
        own=tuple(sorted(own.items())),
    )


@given(states())
def test_an_address_says_all_of_the_state(state):
    found = read(write(state))
    assert (found, found.doubts) == (state, ())


names = st.sampled_from(
    [
        *(
            "zeitraum",
            "von",
            "bis",
            "vergleich",
            "vergleichab",
            "vergleichbis",
            "raster",
            "property",
            "suchtyp",
        ),
        *(
            "geraet",
            "land",
            "darstellung",
            "seite-enthaelt",
            "seite-ist",
            "seite-regex",
            "art",
            "nur-leistung",
        ),
        *("dezernat", "anfrage-enthaelt", "anfrage-regex", "stadtname", "seite", "leistung", "anfrage"),
    ]
)


@given(
    st.dictionaries(names | st.text(), st.text() | st.sampled_from(["(", "a" * 5000, "9999-99-99", "\ud800"]))
)
def test_no_address_raises_and_what_was_read_is_written_and_read_the_same(params):
    state = read(params)
    assert read(write(state)) == state


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"zeitraum": "morgen"}, "zeitraum"),
        ({"von": "31.12.2025"}, "von"),
        ({"vergleich": "nie"}, "vergleich"),
        ({"raster": "stunden"}, "raster"),
        ({"geraet": "FERNSEHER"}, "geraet"),
        ({"land": "Deutschland"}, "land"),
        ({"art": "hunde"}, "art"),
        ({"stadtname": "vielleicht"}, "stadtname"),
        ({"seitenansicht": "karte"}, "seitenansicht"),
        ({"anfrage-regex": "(?=x)"}, "anfrage-regex"),
        ({"seite-enthaelt": "a", "seite-ist": "b"}, "seite-ist"),
    ],
)
def test_what_cannot_be_read_does_not_count_and_is_said(params, name):
    state = read(params)
    assert len(state.doubts) == 1
    assert f"„{name}“" in state.doubts[0]
    assert replace(state, scope=Scope()) == State()


def test_labels_of_older_addresses_are_read_and_written_as_slugs():
    old = {
        "zeitraum": "Letzte 3 volle Monate",
        "vergleich": "Freier Vergleich",
        "vergleichab": "2024-10-01",
        "raster": "Wochen",
        "art": "Ämter und Einrichtungen",
        "rankingansicht": "Themen und Geräte",
        "seite": "Wunschkennzeichen",
    }
    assert write(read(old)) == {
        "zeitraum": "3-monate",
        "vergleich": "frei",
        "vergleichab": "2024-10-01",
        "raster": "wochen",
        "art": "aemter",
        "rankingansicht": "themen-und-geraete",
        "seite": "Wunschkennzeichen",
    }


def test_an_address_with_the_bare_view_of_every_screen_shows_that_view():
    for screen in SCREENS:
        for view in screen.views:
            for written in (view.slug, view.title):
                assert read({screen.parameter: written}).view(screen) == view


@pytest.fixture
def shown(tmp_path):
    """Filters and days of an address on the small warehouse."""
    settings = settings_for(tmp_path)

    def of(**params):
        state, warehouse = read(params), open_published(settings)
        return address.filters(state, warehouse, settings), address.days(state, warehouse, settings)

    of.settings = settings
    return of


def test_fixed_days_stay_fixed_where_they_equal_the_usual_ones(shown):
    publish(shown.settings)
    fixed = {"von": "2024-12-01", "bis": "2025-11-30"}
    assert shown(**fixed)[0] == shown(zeitraum="12-monate")[0] == shown()[0]
    assert write(read(fixed)) == fixed | {"vergleich": "vorjahr"}


def test_an_older_address_that_left_out_a_usual_day_is_read_as_it_was(shown):
    publish(shown.settings)
    found = shown(zeitraum="Freier Zeitraum", von="2025-10-01")[0]
    assert (found.start, found.end) == (dt.date(2025, 10, 1), dt.date(2025, 11, 30))


def test_a_property_that_is_not_loaded_gives_way_to_the_main_one(shown):
    publish(shown.settings)
    assert shown(property="https://andere.example/")[0].site == SITE


def test_a_preset_without_data_gives_way_to_the_days_that_have_some(shown):
    publish(shown.settings, first=dt.date(2025, 12, 3))
    found, days = shown()
    assert (found.start, found.end, found.grain) == (dt.date(2025, 12, 3), DATA, "day")
    assert days.said == (
        "Der Zeitraum „Letzte 12 volle Monate“ enthält noch keine Daten. Gezeigt werden die letzten Tage mit Daten: "
        "03.12.2025 bis 15.12.2025."
    )
    assert shown(zeitraum="alles")[1].said == ""
