"""Events of single pages are measured; those of the whole property are refused a figure; the surest is one of many."""

import pandas as pd

from portalkompass.answers.impact import impact
from portalkompass.workspace import ServiceLink, add_link, delete_link
from tests.answers.conftest import exhibit


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
