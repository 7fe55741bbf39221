"""The fixture's days: Wunschkennzeichen 6, Hundesteuer 3, Ordnungsamt 1 of 10 clicks."""

import shutil

import pytest

from portalkompass.answers.links import mapping_board, mapping_rows
from portalkompass.workspace import RejectedProposal, ServiceLink, add_link, delete_link, links, reject
from tests.answers.conftest import OCTOBER, exhibit, figure, open_house
from tests.warehouse_fixture import SITE, publish, settings_for


@pytest.fixture
def own(tmp_path):
    """A house of its own, since these tests write."""
    settings = settings_for(tmp_path)
    publish(settings)
    return open_house(settings)


def unlink(house, *services):
    for link in links(house.workspace):
        if link.service_id in services:
            delete_link(house.workspace, link, "Ina")


def board(house):
    return house.ask(mapping_board, **OCTOBER)


def by_mark(answer, column):
    frame = exhibit(answer, "mapping_coverage").frame
    return dict(zip(frame["mark"], frame[column], strict=True))


def test_everything_marked_is_counted_by_mark(own):
    answer = board(own)

    # 31 days; the portal counted 400 unique page views, all on Hundesteuer
    assert by_mark(answer, "clicks") == {
        "leistung": 93, "ohne_status": 186, "keine_leistung": 31, "offen": 0,
    }  # fmt: skip
    assert by_mark(answer, "impressions")["ohne_status"] == 31 * 50
    assert by_mark(answer, "unique_page_views")["leistung"] == 400
    assert by_mark(answer, "pages") == {"leistung": 1, "ohne_status": 1, "keine_leistung": 1, "offen": 0}
    assert answer.message == "100,0\u00a0% der Seitenklicks sind zugeordnet; keine Seite ist offen."


def test_an_unlinked_page_is_open_and_gets_a_proposal_for_the_listed_service(own):
    unlink(own, "hundesteuer")
    answer = board(own)

    assert answer.message == "70,0\u00a0% der Seitenklicks sind zugeordnet; 1\u00a0Seite ist noch offen."
    assert figure(answer, "Klicks zugeordnet").value == "70,0\u00a0%"
    assert figure(answer, "Seitenansichten zugeordnet").value == "0,0\u00a0%"
    pages = exhibit(answer, "unmapped_pages").frame
    assert pages[["label", "path", "clicks"]].values.tolist() == [
        ["Hundesteuer", "/leistung/hundesteuer", 93]
    ]
    found = exhibit(answer, "mapping_proposals").frame
    best = found[found["source"] == "url"].iloc[0]
    assert (best["subject"], best["service_id"], best["confidence"]) == (
        SITE + "leistung/hundesteuer", "hundesteuer", 1.0,
    )  # fmt: skip


def test_a_refused_proposal_does_not_come_back(own):
    unlink(own, "hundesteuer")
    reject(own.workspace, RejectedProposal(SITE, "url", SITE + "leistung/hundesteuer", "hundesteuer"), "Ina")

    found = exhibit(board(own), "mapping_proposals").frame
    assert "hundesteuer" not in found.loc[found["source"] == "url", "service_id"].tolist()


def test_a_query_that_lands_on_no_services_page_is_open_until_it_is_linked(own):
    unlink(own, "hundesteuer")
    add_link(
        own.workspace, ServiceLink("leistung", "url", "exact", "/leistung/hundesteuer", "hundesteuer"), "I"
    )
    queries = exhibit(board(own), "unmapped_queries").frame

    # 10 impressions a day on the office page; the 20 on the service's own page are its demand already
    assert queries.values.tolist() == [["hund anmelden", 0, 310]]
    add_link(own.workspace, ServiceLink("keine_leistung", "query", "exact", "hund anmelden"), "I")
    assert exhibit(board(own), "unmapped_queries").frame.empty


def test_what_is_open_is_counted_whole_where_only_the_largest_are_listed(own, monkeypatch):
    unlink(own, "hundesteuer", "wunschkennzeichen")
    monkeypatch.setattr(mapping_rows, "LARGEST_LISTED", 1)
    pages = exhibit(board(own), "unmapped_pages")
    assert (pages.headline, len(pages.frame)) == ("2\u00a0Seiten ohne Zuordnung", 1)
    assert pages.subtitle.startswith("Die 1 ")


def test_queries_that_are_not_loaded_are_not_none(changed_house):
    house = changed_house(
        "DELETE FROM search_page_query_day WHERE date BETWEEN '2025-10-01' AND '2025-10-31'"
    )
    assert "unmapped_queries" not in [one.id for one in board(house).exhibits]


def test_queries_below_the_threshold_are_not_listed(tmp_path):
    settings = settings_for(tmp_path, privacy={"min_query_impressions": 311})
    publish(settings)
    house = open_house(settings)
    unlink(house, "hundesteuer")
    add_link(house.workspace, ServiceLink("leistung", "url", "contains", "hundesteuer", "hundesteuer"), "I")

    assert exhibit(board(house), "unmapped_queries").frame.empty


def test_two_links_to_one_page_are_a_conflict_and_a_link_to_no_page_is_dead(own):
    for service in ("hundesteuer", "haustierhaltung"):
        add_link(
            own.workspace, ServiceLink("leistung", "url", "exact", "/leistung/hundesteuer", service), "I"
        )
    add_link(own.workspace, ServiceLink("leistung", "url", "exact", "/gibt-es-nicht", "bauportal"), "I")
    answer = board(own)

    clash = exhibit(answer, "mapping_conflicts").frame
    assert clash[["pattern", "wanted_share", "share", "reason"]].values.tolist() == [
        ["/leistung/hundesteuer", 1.0, 0.5, "mehrere Leistungen teilen sich die Seite"],
        ["/leistung/hundesteuer", 1.0, 0.5, "mehrere Leistungen teilen sich die Seite"],
    ]
    dead = exhibit(answer, "dead_links").frame
    assert dead[dead["pattern"] == "/gibt-es-nicht"][["match_name", "goal"]].values.tolist() == [
        ["genau", "bauportal"]
    ]


def test_services_to_choose_from_begin_with_the_list_and_name_each_once(own):
    choices = exhibit(board(own), "mapping_choices").frame

    assert choices["service_id"].is_unique
    assert choices["target"].tolist()[:17] == ["leistung"] * 17
    assert len(choices) >= 189


def test_without_search_data_it_says_what_to_load(empty_house):
    answer = empty_house.ask(mapping_board)

    assert answer.message == "Noch sind keine Suchdaten geladen."
    assert answer.exhibits == ()


def test_at_least_nine_of_ten_clicks_of_the_demo_carry_a_mark(demo_data, tmp_path):
    shutil.copytree(demo_data, tmp_path, dirs_exist_ok=True)
    house = open_house(settings_for(tmp_path).as_demo())
    answer = house.ask(mapping_board)

    assert 1 - by_mark(answer, "clicks_share")["offen"] >= 0.9
    assert by_mark(answer, "pages")["offen"] == 5
