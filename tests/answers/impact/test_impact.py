"""Events of single pages are measured; those of the whole property are refused a figure; the surest is one of many."""

import pandas as pd
import pytest

from portalkompass.answers.impact import impact
from portalkompass.workspace import ServiceLink, add_link, delete_link
from tests.answers.conftest import exhibit


@pytest.fixture
def house_of_computers(changed_house):
    return changed_house(
        """INSERT INTO search_segment_day SELECT * REPLACE ('DESKTOP' AS device,
             CASE WHEN date < '2025-09-12' THEN 1500 ELSE 900 END AS sum_position) FROM search_segment_day"""
    )


def rows(*sureness):
    return pd.DataFrame({"sureness": sureness})


def test_the_surest_of_many_is_said_to_be_one_of_many():
    said = impact._one_of_many(rows(0.3, 0.1, -0.4, -1.0, -2.0))
    assert said.startswith("Es ist das deutlichste von 3 gemessenen Ereignissen")


def test_a_single_measured_event_needs_no_such_sentence():
    assert impact._one_of_many(rows(0.3, -1.0, -2.0)) == ""


def test_what_happened_to_the_whole_property_is_listed_without_a_figure(house):
    table = exhibit(house.ask(impact), "impact_events")
    wide = table.frame[table.frame["label"] == "alle Seiten"]
    assert "Google streicht num=100" in set(wide["event"])
    assert wide[["effect", "low", "high", "url"]].isna().all(axis=None)
    assert set(wide["judgement"]) == {"nicht messbar: betrifft alle Seiten"}
    assert impact.WIDE_NOTE in table.notes


def test_what_google_changed_for_one_device_is_measured_against_the_others(house_of_computers):
    answer = house_of_computers.ask(impact)
    table = exhibit(answer, "impact_events")
    judged = table.frame.set_index("event")["judgement"]
    # Computers went from place 16 to 10, phones stayed.
    assert judged["Google streicht num=100"] == (
        "Position am Computer 6,0\u00a0Plätze besser, gemessen an den übrigen Geräten"
    )
    assert judged["Relaunch der Website"] == "nicht messbar: betrifft alle Seiten"
    assert "; 1 an den übrigen Geräten gemessen; 2 ohne Vergleich" in table.headline
    assert table.notes[-1].startswith(
        "„Google streicht num=100“: Position am Computer 16,0 → 10,0, auf den übrigen"
    )


def test_a_go_live_is_measured_on_the_page_with_most_clicks_by_its_share(changed_house):
    house = changed_house("UPDATE search_page_day SET clicks = 9 WHERE url LIKE '%ordnungsamt'")
    strongest, path = {}, "/organisationseinheit/ordnungsamt"
    for share in (0.3, 0.4):
        link = ServiceLink("leistung", "url", "exact", path, "hundesteuer", share=share)
        saved = add_link(house.workspace, link, "I")
        strongest[share] = impact._strongest_pages(house.question())["hundesteuer"]
        delete_link(house.workspace, saved, "I")
    # 9 clicks × share against 3
    assert {share: url.rpartition("/")[2] for share, url in strongest.items()} == {
        0.3: "hundesteuer",
        0.4: "ordnungsamt",
    }
