import datetime as dt

import pandas as pd

from portalkompass.answers.base.estimate_rows import page_weeks
from portalkompass.answers.base.scope import Scope
from portalkompass.answers.pages import outliers, page_detail, page_movers, pages
from tests.answers.conftest import OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE


def test_portal_views_stand_beside_and_are_added_to_nothing(house):
    frame = exhibit(house.ask(pages, **OCTOBER), "page_table").frame.set_index("label")
    assert frame.loc["Hundesteuer", ["clicks", "unique_page_views"]].tolist() == [93, 400]
    assert frame["unique_page_views"].isna().tolist() == [True, False, True]


def test_a_portal_month_that_reaches_over_the_edge_is_left_out(house):
    frame = exhibit(
        house.ask(pages, start=dt.date(2025, 10, 2), end=dt.date(2025, 10, 31)), "page_table"
    ).frame
    assert "unique_page_views" not in frame.columns


def test_the_message_names_how_many_pages_bring_half_of_the_clicks(house):
    # Wunschkennzeichen alone has 60 %
    assert house.ask(pages, **OCTOBER).message == (
        "1\u00a0Seite bringt die Hälfte der 310 Seitenklicks; an der Spitze steht "
        "„Wunschkennzeichen“ (Oktober 2025)."
    )


def test_changes_compare_equal_months(house):
    answer = house.ask(pages, **OCTOBER)
    assert exhibit(answer, "page_table").frame["change"].tolist() == [0.0, 0.0, 0.0]
    assert figure(answer, "Neue Seiten").value == "0"


def test_a_page_without_title_carries_one_from_its_address(house):
    frame = exhibit(house.ask(pages), "page_table").frame
    assert (
        frame.loc[frame["url"] == SITE + "organisationseinheit/ordnungsamt", "label"].item() == "Ordnungsamt"
    )


def test_one_kind_of_pages_is_listed_alone_and_named(house):
    answer = house.ask(pages, scope=Scope(kind="Organisationseinheit"), **OCTOBER)
    frame = exhibit(answer, "page_table").frame
    assert frame[["label", "clicks", "share"]].values.tolist() == [["Ordnungsamt", 31, 1.0]]
    assert answer.message == (
        "Seiten der Art „Organisationseinheit“: 1\u00a0Seite bringt die Hälfte der 31 Seitenklicks; "
        "an der Spitze steht „Ordnungsamt“ (Oktober 2025)."
    )


def test_a_kind_without_a_page_is_a_sentence_and_no_chart(house):
    answer = house.ask(pages, scope=Scope(kind="Sonstige"), **OCTOBER)
    assert answer.message.endswith("Im Zeitraum Oktober 2025 zeigte Google nichts, was zu den Filtern passt.")
    assert answer.exhibits == ()


def test_what_was_hardly_expected_is_told_in_clicks_and_not_in_percent():
    assert (
        outliers._apart(pd.Series({"clicks": 321.0, "expected": 0.005}))
        == "321\u00a0Klicks, erwartet waren 0"
    )
    assert (
        outliers._apart(pd.Series({"clicks": 30.0, "expected": 20.0})) == "50\u00a0% mehr Klicks als erwartet"
    )


def test_a_period_in_which_no_whole_week_begins_is_not_judged_by_the_week_before(house):
    answer = house.ask(outliers, start=dt.date(2025, 7, 11), end=dt.date(2025, 7, 18))
    assert answer.message == (
        "Im Zeitraum 11.07.2025 bis 18.07.2025 lässt sich nichts prüfen: Es fehlen volle Wochen oder deren Vorlauf."
    )
    question = house.question(start=dt.date(2025, 7, 11), end=dt.date(2025, 7, 18))
    weeks = page_weeks(question)
    assert weeks.index[-1].date() == dt.date(2025, 7, 7)
    assert outliers._weeks(question, weeks) == 0


def test_every_query_of_a_page_is_listed_with_both_periods(changed_house):
    house = changed_house(
        """INSERT INTO search_page_query_day
        SELECT * EXCLUDE (number) REPLACE ('hund ' || number AS query, 1 AS clicks)
        FROM search_page_query_day, range(120) AS r (number)
        WHERE query = 'hund anmelden' AND url LIKE '%hundesteuer' AND date BETWEEN '2025-10-01' AND '2025-10-31'"""
    )
    answer = house.ask(page_detail, further={"url": SITE + "leistung/hundesteuer"}, **OCTOBER)
    listed = exhibit(answer, "page_queries")
    assert listed.headline.startswith("121\u00a0genannte Suchanfragen führen auf die Seite")
    assert len(listed.frame) == 121
    rows = listed.frame.set_index("query")[["clicks", "clicks_before", "gain"]]
    assert rows.loc["hund anmelden"].tolist() == [62, 62, 0]
    assert rows.loc["hund 119"].tolist() == [31, 0, 31]


MOVED = (
    "DELETE FROM search_page_day WHERE url LIKE '%hundesteuer' AND date < '2025-10-01'",
    "DELETE FROM search_page_day WHERE url LIKE '%ordnungsamt' AND date >= '2025-10-01'",
    "UPDATE search_page_day SET clicks = clicks + 1 WHERE url LIKE '%wunschkennzeichen' AND date = '2025-10-10'",
)


def test_all_movers_are_listed_by_their_clicks_with_new_and_vanished_ones_marked(changed_house):
    answer = changed_house(*MOVED).ask(page_movers, compare="previous_year", **OCTOBER)
    table = exhibit(answer, "page_movers")
    assert table.frame[["label", "gain", "state", "clicks", "clicks_before"]].values.tolist() == [
        ["Hundesteuer", 93, "neu", 93, 0],
        ["Ordnungsamt", -31, "verschwunden", 0, 31],
        ["Wunschkennzeichen", 1, "in beiden", 187, 186],
    ]
    assert {"impressions_before", "ctr_before", "position_before"} <= {field.name for field in table.fields}
    assert answer.message.replace("\u00a0", " ") == (
        "Oktober 2025 gegenüber Oktober 2024: 2 Seiten gewinnen zusammen 94 Klicks, 1 Seite verliert 31 Klicks; "
        "davon 1 neu und 1 verschwunden."
    )


def test_movers_of_unequal_windows_are_compared_per_day_and_say_so(changed_house):
    february = {"start": dt.date(2025, 2, 1), "end": dt.date(2025, 2, 28), "compare": "previous_period"}
    house = changed_house("UPDATE search_page_day SET clicks = clicks + 1 WHERE date = '2025-02-10'")
    answer = house.ask(page_movers, **february)
    assert exhibit(answer, "page_movers").frame["gain"].tolist() == [1, 1, 1]
    assert answer.caveats[0].startswith(
        "Verglichen werden 28 mit 31 Tagen; für Unterschied und Veränderung sind Klicks"
    )


def test_without_a_comparison_or_a_change_nobody_moved(house):
    assert house.ask(page_movers, compare="none", **OCTOBER).message.startswith("Ohne Vergleich")
    answer = house.ask(page_movers, **OCTOBER)
    assert answer.exhibits == ()
    assert answer.message.endswith(": Keine Seite hat Klicks gewonnen oder verloren.")
