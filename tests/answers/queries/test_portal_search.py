"""The portal's own search beside Google's queries: joined by spelling, never added, rare words not told."""

import datetime as dt
import math

from portalkompass.answers.queries import portal_search
from portalkompass.suppression import BELOW
from tests.answers.conftest import OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE


def loaded(*rows, first="2025-10-01", last="2025-10-31"):
    """Statement that loads these (report, keyword, searches) of one period."""
    values = ", ".join(
        f"('portal', '{SITE}', '{first}', '{last}', '{report}', '{word}', {searches}, 'run')"
        for report, word, searches in rows
    )
    return f"INSERT INTO portal_search VALUES {values}"


def test_without_searches_it_says_how_to_get_them(house):
    answer = house.ask(portal_search)
    assert answer.message == "Noch ist keine Suche im Portal geladen."
    assert answer.next_steps == (portal_search.LOAD,)


def test_words_without_a_result_stand_first_and_rare_ones_are_not_told(changed_house):
    house = changed_house(
        loaded(
            *(("all", "wohngeld", 40), ("all", "sperrmüll", 20), ("all", "leinenpflicht", 4)),
            *(
                ("no_result", "sperrmüll", 20),
                ("no_result", "wohngeld", 3),
                ("no_result", "leinenpflicht", 4),
            ),
        )
    )
    answer = house.ask(portal_search, **OCTOBER)
    assert answer.message == (
        "Oktober 2025: Im Portal wird am meisten nach „wohngeld“ gesucht (40\xa0Suchen); am häufigsten ohne Treffer "
        "bleibt „sperrmüll“ (20)."
    )
    unfound = exhibit(answer, "portal_search_unfound").frame
    assert unfound["keyword"].tolist() == ["sperrmüll", "wohngeld"]
    assert unfound["without_result_hidden"].tolist() == ["", BELOW]
    assert exhibit(answer, "portal_search_table").frame["keyword"].tolist() == ["wohngeld", "sperrmüll"]
    # the total is made of the same cells: 64 would tell the word that is not named
    assert (figure(answer, "Suchen im Portal").value, figure(answer, "Suchen im Portal").number) == (
        "60 bis 64",
        None,
    )
    assert all(one.names_queries for one in answer.exhibits if one.kind == "table")


def test_neither_a_total_nor_another_period_tells_a_small_count_without_a_result(changed_house):
    house = changed_house(
        loaded(("all", "wohngeld", 40), ("no_result", "wohngeld", 3), ("no_result", "sperrmüll", 20)),
        loaded(("all", "wohngeld", 30), ("no_result", "wohngeld", 9), first="2025-09-01", last="2025-09-30"),
    )
    answer = house.ask(portal_search, **OCTOBER)
    # 23 less the 20 that are shown would be the 3
    assert (figure(answer, "Ohne Treffer").value, figure(answer, "Ohne Treffer").number) == (
        "20 bis 24",
        None,
    )
    both = house.ask(portal_search, start=dt.date(2025, 9, 1), end=OCTOBER["end"])
    rows = exhibit(both, "portal_search_unfound").frame.set_index("keyword")
    # 9 in September and a hidden count in October, never 12
    assert rows.loc["wohngeld", ["without_result", "without_result_hidden"]].tolist() == [9, "9 bis 13"]


def test_a_word_is_hidden_by_its_month_and_never_by_the_period_asked(changed_house):
    house = changed_house(
        loaded(("all", "leine", 11), ("all", "hund", 3), ("all", "(persönliche Angabe)", 9)),
        loaded(("all", "leine", 2), ("all", "hund", 4), first="2025-09-01", last="2025-09-30"),
    )
    both = house.ask(portal_search, start=dt.date(2025, 9, 1), end=OCTOBER["end"])
    rows = exhibit(both, "portal_search_table")
    # neither 13 of "leine", whose October is 11, nor "hund", which has 7 in both months; no personal details at all
    assert rows.frame[["keyword", "searches_hidden"]].values.tolist() == [["leine", "11 bis 15"]]
    assert rows.headline.startswith("1\xa0Wort im Portal gesucht")
    assert figure(both, "Genannte Wörter").number == 1
    assert figure(both, "Suchen im Portal").value == "11 bis 23"
    assert both.message.endswith("„leine“ gesucht (11 bis 15 Suchen).")
    assert portal_search.LOWER in exhibit(both, "portal_search_bars").notes


def test_days_are_summed_to_months_that_are_over(changed_house):
    days = [
        loaded(("all", "leine", 4), first=f"2025-{month}-{day:02}", last=f"2025-{month}-{day:02}")
        for month, day in (*(("10", day) for day in range(1, 32)), *(("11", day) for day in range(1, 21)))
    ]
    house = changed_house(*days)
    answer = house.ask(portal_search, start=OCTOBER["start"], end=dt.date(2025, 11, 30))
    assert answer.message == "Oktober 2025: Im Portal wird am meisten nach „leine“ gesucht (124\xa0Suchen)."


def test_reports_that_lack_between_others_are_said_and_google_leaves_their_days_out(changed_house):
    house = changed_house(
        loaded(("all", "hund anmelden", 9)),
        loaded(("all", "hund anmelden", 9), first="2025-08-01", last="2025-08-31"),
    )
    answer = house.ask(portal_search, start=dt.date(2025, 8, 1), end=OCTOBER["end"])
    assert answer.message.startswith("August und Oktober 2025: ")
    assert (
        "Berichte über die Suche im Portal fehlen an 30 von 92 Tagen (August bis Oktober 2025): Summen daraus sind zu "
        "klein."
    ) in answer.caveats
    parts = [
        exhibit(house.ask(portal_search, **days), "portal_search_table").frame.loc[0, "impressions"]
        for days in ({"start": dt.date(2025, 8, 1), "end": dt.date(2025, 8, 31)}, OCTOBER)
    ]
    assert exhibit(answer, "portal_search_table").frame.loc[0, "impressions"] == sum(parts) > 0


def test_google_is_counted_on_the_days_of_the_reports(changed_house):
    house = changed_house(
        loaded(("all", "hund anmelden", 9)), "DELETE FROM search_query_day WHERE date < '2025-10-01'"
    )
    table = exhibit(house.ask(portal_search), "portal_search_table")
    # 31 days of October with 2 clicks and 30 impressions, though the period has twelve months
    assert table.frame[["clicks", "impressions"]].values.tolist() == [[62, 930]]
    assert table.headline == "1\xa0Wort im Portal gesucht; 1 davon nennt Google als Suchanfrage"
    assert table.period == (OCTOBER["start"], OCTOBER["end"])
    september = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 9, 30)}
    house = changed_house(
        loaded(("all", "hund anmelden", 9), first="2025-09-01", last="2025-09-30"),
        "DELETE FROM search_query_day WHERE date < '2025-10-01'",
    )
    answer = house.ask(portal_search, **september)
    assert exhibit(answer, "portal_search_table").headline == "1\xa0Wort im Portal gesucht"
    assert "Die Tageswerte der Suchanfragen fehlen an 30 von 30 Tagen" in answer.caveats[1]


def test_google_stands_beside_in_any_spelling_and_is_not_added(changed_house):
    queries = ", ".join(
        f"('{SITE}', 'web', '2025-10-0{day}', '{query}', {impressions}, {clicks}, 0, 'api')"
        for day, query, impressions, clicks in ((1, "MÜLL abfuhr", 30, 3), (2, "muell-abfuhr", 70, 4))
    )
    house = changed_house(
        f"INSERT INTO search_query_day VALUES {queries}",
        loaded(("all", "müll abfuhr", 10), ("all", "nur hier", 10)),
    )
    rows = exhibit(house.ask(portal_search, **OCTOBER), "portal_search_table").frame.set_index("keyword")
    assert rows.loc["müll abfuhr", ["searches", "clicks", "impressions"]].tolist() == [10, 7, 100]
    assert math.isnan(rows.loc["nur hier", "impressions"])


def test_only_whole_reports_of_the_period_count(changed_house):
    house = changed_house(
        loaded(("all", "a", 10)), loaded(("all", "a", 90), first="2025-11-01", last="2025-11-30")
    )
    both = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 11, 15)}
    assert figure(house.ask(portal_search, **both), "Suchen im Portal").number == 10
    part = {"start": dt.date(2025, 10, 5), "end": dt.date(2025, 10, 20)}
    assert house.ask(portal_search, **part).message == (
        "Im Zeitraum 05.10.2025 bis 20.10.2025 liegt kein ganzer Bericht über die Suche im Portal; geladen ist Oktober "
        "bis November 2025."
    )
