"""Filters of traffic against a house whose every row is known: which grain answers, what it costs, what is left out."""

import datetime as dt

import pytest

from portalkompass.answers.base.scope import LONGEST, Match, Scope
from portalkompass.answers.overview import overview
from portalkompass.answers.pages import page_detail, pages
from portalkompass.answers.queries import opportunities, queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.services import services
from portalkompass.workspace import ServiceLink, add_link
from tests.answers.conftest import OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE

MOBILE = Scope(device="MOBILE")
HUND = Scope(query=Match("contains", "HUND"))
TAX = Scope(page=Match("contains", "/hundesteuer"))


def clicks(house, module=overview, **changes):
    return figure(house.ask(module, **(OCTOBER | changes)), "Klicks").number


def test_each_filter_is_answered_by_the_coarsest_grain_that_tells_it(house):
    def table(scope, of="search_site_day"):
        return house.question(scope=scope, **OCTOBER).source(of).table

    assert table(MOBILE) == "search_segment_day"
    assert table(HUND) == "search_query_day"
    assert table(TAX) == "search_page_day"
    assert table(TAX, "search_query_day") == "search_page_query_day"
    assert table(HUND, "search_page_day") == "search_page_query_day"


def test_clicks_are_those_of_the_rows_in_the_scope(house):
    # 31 days of October; the fixture's docstring says what a day has
    assert clicks(house, scope=HUND) == 2 * 31
    assert clicks(house, scope=TAX) == 3 * 31
    assert clicks(house, scope=MOBILE) == 10 * 31
    assert clicks(house, scope=Scope(page=TAX.page, query=HUND.query)) == 2 * 31
    assert clicks(house, scope=Scope(kind="Leistung")) == 9 * 31


def test_a_part_is_found_in_any_spelling_and_a_whole_query_with_composed_letters(changed_house):
    house = changed_house("UPDATE search_query_day SET query = 'Müllabfuhr' WHERE query = 'hund anmelden'")
    for text in ("müll", "MUELL", "mu\u0308ll"):
        assert clicks(house, scope=Scope(query=Match("contains", text))) == 2 * 31
    assert clicks(house, scope=Scope(query=Match("is", "Mu\u0308llabfuhr"))) == 2 * 31
    other = house.ask(overview, scope=Scope(query=Match("is", "Muellabfuhr")), **OCTOBER)
    assert "zeigte Google nichts" in other.message


def test_a_page_that_is_linked_later_counts_in_the_scope_of_its_service(changed_house):
    house, of_service = changed_house(), Scope(service="hundesteuer")
    before = clicks(house, scope=of_service, compare="none")
    path = "/organisationseinheit/ordnungsamt"
    add_link(house.workspace, ServiceLink("leistung", "url", "exact", path, "hundesteuer"), "I")
    assert clicks(house, scope=of_service, compare="none") == (before or 0) + 31


def test_positions_are_those_of_the_rows_in_the_scope(house):
    assert figure(house.ask(overview, scope=HUND, **OCTOBER), "Ø Position").number == pytest.approx(12)
    # byPage: 20 impressions on place 8 and 10 on place 20
    both = Scope(page=Match("regex", "hundesteuer|ordnungsamt"), query=HUND.query)
    shown = figure(house.ask(overview, scope=both, **OCTOBER), "Ø Position").number
    assert shown == pytest.approx((20 * 8 + 10 * 20) / 30)


def test_a_day_without_a_row_in_the_scope_has_no_clicks_and_is_a_day_with_data(changed_house):
    without = "DELETE FROM search_query_day WHERE query = 'hund anmelden' AND date = DATE '2025-10-10'"
    house = changed_house(without)
    question = house.question(scope=HUND, compare="none", **OCTOBER)
    assert question.covered("search_site_day", question.now) == 31
    answer = house.ask(rankings, scope=HUND, compare="none", grain="day", **OCTOBER)
    days = exhibit(answer, "clicks_trend").frame.set_index("bucket")
    assert days.loc["2025-10-10", ["clicks", "days", "partial"]].tolist() == [0, 1, False]
    places = exhibit(answer, "position_trend").frame.set_index("bucket")["position"]
    assert places.isna().tolist() == [day == dt.datetime(2025, 10, 10) for day in places.index]


def test_a_month_that_the_period_cuts_has_the_clicks_of_its_days_in_the_period(house):
    cut = {"start": dt.date(2025, 9, 21), "end": dt.date(2025, 11, 10), "compare": "none", "grain": "month"}
    answer = house.ask(rankings, scope=HUND, **cut)
    assert exhibit(answer, "clicks_trend").frame["clicks"].tolist() == [2 * 10, 2 * 31, 2 * 10]


def test_a_filter_on_queries_says_what_google_does_not_name(house):
    # 10 clicks a day, 6 of them with a listed query
    answer = house.ask(overview, scope=HUND, **OCTOBER)
    cost = (
        "Gezählt wird nur, was Google einer genannten Suchanfrage zuordnet; 40\u00a0% der Klicks im Zeitraum "
        "gehören zu keiner und fehlen hier."
    )
    assert answer.caveats[0] == cost
    assert all(cost in one.notes for one in answer.exhibits if "Google" in one.source)
    assert "Verborgener Anteil" not in [one.label for one in answer.figures]


def test_the_filters_stand_in_the_message_and_in_every_subtitle_of_google(house):
    answer = house.ask(overview, scope=Scope(page=TAX.page, query=HUND.query), **OCTOBER)
    told = "Seite enthält „/hundesteuer“ · Suchanfrage enthält „HUND“"
    assert answer.message.startswith(f"{told}: Oktober 2025: Ø Position")
    by_source = {one.id: told in one.subtitle for one in answer.exhibits}
    assert by_source.pop("service_status") is False
    assert all(by_source.values())
    assert by_source


def test_what_no_grain_tells_is_left_out_with_its_reason(house):
    answer = house.ask(rankings, scope=TAX, further={"part": rankings.GROUPS}, **OCTOBER)
    assert "devices" not in [one.id for one in answer.exhibits]
    assert (
        "Werte der Geräte und Länder fehlen hier: Länder werden nur für die ganze Property geladen, nicht je Seite "
        "oder Suchanfrage." in answer.caveats
    )


@pytest.mark.parametrize(
    ("module", "scope", "reason"),
    [
        (queries, MOBILE, "Geräte je Suchanfrage sind nicht geladen"),
        (pages, MOBILE, "Geräte je Seite sind nicht geladen"),
        (pages, Scope(country="deu"), "Länder werden nur für die ganze Property geladen"),
        (rankings, Scope(appearance="VIDEO"), "Darstellungsarten sind nicht geladen"),
        (rankings, Scope(appearance="VIDEO", device="MOBILE"), "Darstellungsarten nur für sich allein"),
        (queries, Scope(query=Match("regex", "(")), "Das RE2-Muster ist nicht zulässig"),
        (queries, Scope(query=Match("regex", "(?=a)b")), "Das RE2-Muster ist nicht zulässig"),
        (
            queries,
            Scope(query=Match("is", "gibt es nicht")),
            "zeigte Google nichts, was zu den Filtern passt",
        ),
    ],
)
def test_what_cannot_be_answered_is_a_sentence_and_no_figure(house, module, scope, reason):
    answer = house.ask(module, scope=scope, **OCTOBER)
    assert reason in answer.message
    assert answer.exhibits == answer.figures == ()


def test_queries_too_rare_to_be_listed_are_not_told_by_a_filter(changed_house):
    rare = "UPDATE search_query_day SET impressions = 0, clicks = 0 WHERE query = 'hund anmelden' AND date <> DATE"
    house = changed_house(
        f"{rare} '2025-10-10'", "UPDATE search_query_day SET impressions = 9 WHERE impressions = 30"
    )
    answer = house.ask(rankings, scope=HUND, **OCTOBER)
    assert "zusammen weniger als 10 Impressionen" in answer.message
    assert answer.figures == ()


def test_portal_figures_obey_a_filter_on_pages_and_are_left_out_under_others(house):
    def views(scope):
        table = exhibit(house.ask(pages, scope=scope, **OCTOBER), "page_table")
        return "unique_page_views" in table.frame

    assert views(TAX)
    assert not views(Scope(kind="Organisationseinheit"))
    answer = house.ask(pages, scope=HUND, **OCTOBER)
    assert not views(HUND)
    assert any(text.startswith("Die Portalstatistik kennt weder Geräte") for text in answer.caveats)


def test_one_page_in_full_obeys_a_filter_on_queries(house):
    answer = house.ask(page_detail, further={"url": f"{SITE}leistung/hundesteuer"}, scope=HUND, **OCTOBER)
    assert figure(answer, "Klicks").number == 2 * 31


def test_chances_narrow_the_lists_and_keep_the_curve(house):
    whole, narrowed = house.ask(opportunities), house.ask(opportunities, scope=HUND)
    if any(one.id == "ctr_curve" for one in whole.exhibits):
        assert exhibit(whole, "ctr_curve").frame.equals(exhibit(narrowed, "ctr_curve").frame)
    assert narrowed.caveats[0].startswith("Die Filter kürzen nur die Listen")


def test_a_filter_on_queries_lists_them_where_only_queries_by_page_are_loaded(changed_house):
    house = changed_house("DELETE FROM search_query_day")
    listed = exhibit(house.ask(queries, scope=HUND, **OCTOBER), "query_table").frame
    # byPage: 20 impressions on the page, 10 on the office's
    assert listed[["query", "clicks", "impressions"]].values.tolist() == [["hund anmelden", 62, 30 * 31]]


def test_services_by_device_are_refused_without_the_grain(house):
    answer = house.ask(services, scope=MOBILE, **OCTOBER)
    assert "service_demand" not in [one.id for one in answer.exhibits]


@pytest.mark.parametrize(
    ("match", "fault"),
    [
        (Match("contains", "  "), "Der Filter ist leer."),
        (Match("regex", "a" * (LONGEST + 1)), "Der Filter ist länger als 4096 Zeichen."),
        (Match("regex", "[z-a]"), "Das RE2-Muster ist nicht zulässig"),
        (Match("regex", "x{1000}{1000}"), "Das RE2-Muster ist nicht zulässig"),
        (Match("is", "\ud800"), "Der Filter enthält unzulässige Zeichen."),
        (Match("regex", "\ud800"), "Das RE2-Muster ist nicht zulässig"),
    ],
)
def test_a_hostile_filter_is_a_sentence(match, fault):
    assert match.fault.startswith(fault)


def test_a_long_pattern_is_printed_in_short():
    told = Scope(query=Match("regex", "a\n" * 2000)).told()
    assert told == f"Suchanfrage passt zu „{'a ' * 40}…“"
