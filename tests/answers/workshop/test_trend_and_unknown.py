"""The trend against the portal, the months each criterion is of, and services of which nothing is known."""

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.decision import (
    ALL_KNOWN,
    Basis,
    basis,
    basis_of,
    decided,
    points_told,
    weighed,
)
from portalkompass.answers.workshop.prioritisation import answer_on, ground
from portalkompass.answers.workshop.ranking_export import ranking_exhibit
from portalkompass.answers.workshop.ranking_rows import lane_page
from portalkompass.answers.workshop.scenario_book import decision_table, new_scenario, refreshed
from portalkompass.answers.workshop.workshop_rows import beside_today, change_sentences, shift_chart
from portalkompass.prioritisation import Criterion, ends, evaluate, notices, start_weights
from portalkompass.workspace import Decision, Scenario, load_scenario, save_scenario
from tests.answers.conftest import exhibit, new_workspace
from tests.prioritisation.example import criterion
from tests.warehouse_fixture import LAST, SITE, settings_for

HUND = f"url = '{SITE}leistung/hundesteuer'"
NEW = "date >= '2025-09-01'"
BLANK = "geschätzt, nichts bekannt: 0 bis 100"
ONLY_CLICKS = {"clicks": 1.0, "relative_trend": 0.0, "unmet_demand": 0.0}


def dogs(house):
    """The row of Hundesteuer in the ranking, and the answer's caveats."""
    answer = house.ask(prioritisation)
    return exhibit(answer, "ranking_startable").frame.set_index("service_id").loc[
        "hundesteuer"
    ], answer.caveats


def test_a_service_that_grows_with_the_portal_has_no_trend(changed_house):
    row, caveats = dogs(changed_house(f"UPDATE search_page_day SET clicks = 3 * clicks WHERE {NEW}"))
    assert row["relative_trend"] == pytest.approx(0.0)
    assert row["trend_note"].startswith("kein sicherer Unterschied zum Portal")
    assert any("200,0\xa0% mehr Seitenklicks" in sentence for sentence in caveats)


def test_a_service_that_grows_faster_says_by_how_much_at_least(changed_house):
    row, _ = dogs(changed_house(f"UPDATE search_page_day SET clicks = 3 * clicks WHERE {NEW} AND {HUND}"))
    # 3 to 9 clicks a day while the portal goes from 10 to 16
    assert row["relative_trend"] == pytest.approx(3 / 1.6 - 1)
    assert row["trend_note"].startswith("stärker als das Portal (+")


def test_seven_clicks_the_year_before_are_no_trend_and_the_row_says_why(changed_house):
    few = (
        f"UPDATE search_page_day SET clicks = 0 WHERE NOT {NEW} AND {HUND}",
        f"UPDATE search_page_day SET clicks = 1 WHERE {HUND} AND date BETWEEN '2024-09-01' AND '2024-09-07'",
    )
    row, _ = dogs(changed_house(*few))
    assert pd.isna(row["relative_trend"])
    assert row["trend_note"].replace("\xa0", " ") == (
        "unbekannt: 7 Klicks im Vorjahreszeitraum, gewertet wird ab 50"
    )
    assert row["known"] == "2 von 3"


def test_the_trends_interval_widens_points_and_ranks(house):
    base = basis(house.question())
    low, high = ends("relative_trend")
    ends_of_dogs = base.matrix.loc["hundesteuer", [low, high]]
    assert ends_of_dogs[low] < 0 < ends_of_dogs[high]
    row = weighed(base).ranking.set_index("service_id").loc["hundesteuer"]
    assert row["score_low"] < row["score"] < row["score_high"]
    assert row["standing"].startswith(f"{ALL_KNOWN}, mit Spanne: ")


def test_every_measured_criterion_names_the_months_of_its_data(house):
    table = exhibit(house.ask(prioritisation, further={"scenario": "Alle Kriterien"}), "criteria").frame
    months = table.set_index("id")["window"].to_dict()
    assert months["clicks"] == months["unmet_demand"] == "Dez. 2024 bis Nov. 2025"
    assert months["relative_trend"] == "Sept. bis Nov. 2025 gegen Sept. bis Nov. 2024"
    assert months["portal_visits"] == "Okt. 2025"
    assert months["effort"] == ""
    assert not table["unit"].str.contains("12 Monat").any()


def test_an_archive_of_fewer_months_is_named_with_these(changed_house):
    young = changed_house("DELETE FROM search_page_day WHERE date < '2025-08-01'")
    ranked = exhibit(young.ask(prioritisation), "ranking_overall")
    labels = {field.name: field.label for field in ranked.fields}
    # The months of most criteria stand in the subtitle, other ones in the head of the column.
    said = f"{ranked.subtitle} {labels['clicks']}"
    assert "Aug. bis Nov. 2025" in said
    assert labels["unmet_demand"].endswith("Dez. 2024 bis Nov. 2025") or "Werte Dez. 2024" in ranked.subtitle


def test_criteria_that_say_the_same_are_not_both_on_by_default(house):
    everything = basis(house.question(), "Alle Kriterien")
    assert everything.weights["impressions"] == 0 < everything.weights["clicks"]
    assert "impressions" not in basis(house.question()).weights


def test_two_active_criteria_that_say_the_same_are_told_and_a_weight_of_0_is_not_active(house):
    found = ground(house.question(), "Alle Kriterien")
    matrix = found.basis.matrix.copy()
    matrix["clicks"] = [100.0 * 2**number for number in range(8)]
    matrix["impressions"] = 40 * matrix["clicks"]
    evaluation = evaluate(matrix, found.basis.criteria, found.basis.weights)
    same = dataclasses.replace(
        found,
        basis=dataclasses.replace(found.basis, matrix=matrix),
        evaluation=evaluation,
        warnings=tuple(notices(evaluation)),
    )

    def told(weights):
        caveats = answer_on(same, same.weighed(weights), ()).caveats
        return [text for text in caveats if "sagen fast dasselbe" in text]

    assert told(None) == []
    assert len(told({"impressions": 1.0})) == 1


def test_nobody_is_placed_by_unknown_values_without_saying_so(house):
    question = house.question()
    found = ground(question)
    decision = found.weighed(ONLY_CLICKS)
    ranks = decision.ranking.set_index("service_id")
    blank = ranks.index[ranks["known_criteria"] == 0]
    assert "pflegewohngeld" in blank and "hundesteuer" not in blank
    assert set(ranks.loc[blank, "standing"]) == {BLANK}
    answer = answer_on(found, decision)
    for table in (one for one in answer.exhibits if one.id.startswith("ranking_")):
        rows = table.frame[table.frame["service_id"].isin(blank)]
        assert rows["known"].str.endswith(BLANK).all()
    (slide,) = lane_page(answer)
    assert slide.frame["known"].str.endswith(BLANK).sum() == len(blank)
    for name, column in (
        ("contributions", "name"),
        ("rank_ranges", "label"),
        ("rank_shares", "label"),
    ):
        shown = exhibit(answer, name).frame[column].drop_duplicates()
        assert shown.str.contains("nichts bekannt").sum() == len(blank), name
        assert len(shown) == len(ranks)
    export = ranking_exhibit(question, decision)
    assert (export.frame["standing"] == BLANK).sum() == len(blank)
    assert "standing" in {field.name for field in export.fields}
    minutes = decision_table(
        question, decision, [Decision(1, "pflegewohngeld", "beschlossen", LAST, "Grund")]
    )
    assert minutes.frame["standing"].tolist() == [BLANK]
    assert beside_today(question, decision, decision).frame["standing_today"].eq(BLANK).sum() == len(blank)
    moved = shift_chart(question, weighed(found.basis), decision).frame["name"]
    assert moved[moved.str.startswith("Pflegewohngeld")].eq("Pflegewohngeld (nichts bekannt)").all()


def test_no_sentence_names_a_leader_of_whom_nothing_is_known(house):
    found = ground(house.question())
    matrix = found.basis.matrix.assign(clicks=float("nan"))
    matrix.loc["hundesteuer", "clicks"] = 101.0
    base = dataclasses.replace(found.basis, matrix=matrix, weights=ONLY_CLICKS)
    evaluation = evaluate(matrix, base.criteria, ONLY_CLICKS)
    changed = dataclasses.replace(found, basis=base, evaluation=evaluation)
    decision = decided(base, evaluation)
    answer = answer_on(changed, decision, ("ranking", "contributions"))
    few = "zu wenig bekannt für einen ersten Rang (0 von 1 Kriterien)"
    assert answer.message == f"In der Bahn „startbar“ ist {few}; Szenario „Nachfrage“."
    assert exhibit(answer, "ranking_startable").headline == f"Startbar: {few}"
    assert exhibit(answer, "contributions").headline == f"Über alle Bahnen: {few}"
    assert any("nichts bekannt" in sentence for sentence in answer.caveats[:1])
    assert "zu wenig bekannt (0 von 1 Kriterien)" in change_sentences(decision)[0]


@pytest.fixture
def old(house):
    """A scenario as it was saved before trends were relative: no months, no intervals, impressions on."""
    criteria = tuple(
        {
            **criterion.model_dump(mode="json", exclude={"window"}),
            **({"id": "trend", "lower": -0.3, "upper": 1.0} if criterion.id == "relative_trend" else {}),
        }
        for criterion in basis(house.question(), "Alle Kriterien").criteria
        if criterion.id in ("clicks", "impressions", "relative_trend", "unmet_demand")
    )
    matrix = pd.DataFrame(
        {
            "clicks": [900.0, 200.0],
            "impressions": [9e4, 5e4],
            "trend": [0.2, 1.5],
            "unmet_demand": [300.0, 90.0],
        },
        index=["hundesteuer", "pflegewohngeld"],
    )
    services = pd.DataFrame(
        {"name": ["Hundesteuer", "Pflegewohngeld"], "list": "anstehend", "lane": "startbar"},
        index=matrix.index,
    )
    weights = {"clicks": 1.0, "impressions": 1.0, "trend": 1.0, "unmet_demand": 1.0}
    draft = Scenario(
        "Alt", criteria=criteria, weights=weights, matrix=matrix, services=services, data_date=LAST
    )
    save_scenario(house.workspace, dataclasses.replace(draft, name="Alt"), "anna")
    return load_scenario(house.workspace, "Alt")


@pytest.fixture
def house(house, tmp_path):
    """The house with a workspace of this test's own: scenarios are saved in it."""
    return dataclasses.replace(house, workspace=new_workspace(settings_for(tmp_path)))


def test_an_old_scenario_is_ranked_by_its_own_criteria_and_weights(house, old):
    decision = weighed(basis_of(old))
    assert decision.evaluation.shares == dict.fromkeys(
        ("clicks", "impressions", "trend", "unmet_demand"), 0.25
    )
    criteria = [Criterion.model_validate(dict(one)) for one in old.criteria]
    again = evaluate(old.matrix, criteria, old.weights)
    assert decision.ranking.set_index("service_id")["score"].to_dict() == again.score.to_dict()
    assert decision.ranking["score_low"].tolist() == decision.ranking["score_high"].tolist()
    assert start_weights(criteria)["impressions"] == 0  # what is shipped today changes nothing in it


def test_an_old_scenario_measured_today_keeps_its_plain_growth(house, old):
    today = refreshed(house.question(), old)
    assert today.matrix.loc["hundesteuer", "trend"] == pytest.approx(0.0)
    assert list(today.matrix.columns) == list(old.matrix.columns)
    assert [one.get("window", "") for one in today.criteria] == [""] * 4


def test_a_new_scenario_keeps_intervals_months_and_notes(house):
    question = house.question()
    save_scenario(house.workspace, new_scenario(question, basis(question), None, "Neu"), "anna")
    kept = basis_of(load_scenario(house.workspace, "Neu"))
    pd.testing.assert_frame_equal(weighed(kept).ranking, weighed(basis(question)).ranking)
    assert kept.services.loc["hundesteuer", "trend_note"].startswith("kein sicherer Unterschied")
    assert [one.window for one in kept.criteria] == [one.window for one in basis(question).criteria]


cells = st.one_of(st.just(float("nan")), st.floats(0, 1))


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_every_drawn_row_says_what_its_points_stand_on(drawn) -> None:
    ids = [f"s{number}" for number in range(len(drawn))]
    names = ("x", "y")
    criteria = tuple(criterion(name) for name in names)
    matrix = pd.DataFrame(drawn, index=ids, columns=list(names))
    texts = pd.DataFrame({"name": ids, "list": "anstehend", "lane": "startbar"}, index=ids)
    decision = weighed(Basis("Gezogen", "1", texts, matrix, criteria, dict.fromkeys(names, 1.0), LAST))
    for row in decision.ranking.to_dict("records"):
        known = int(matrix.loc[row["service_id"]].notna().sum())
        blank = known == 0
        assert (row["standing"] == BLANK) is blank
        assert (row["told"] != row["name"]) is blank
        assert row["standing"].startswith("zum Teil geschätzt: ") is (known == 1)
        assert (BLANK in points_told(row)) is blank
        assert 0 <= row["score_low"] <= row["score"] + 1e-9 <= row["score_high"] + 2e-9 <= 100 + 1e-6
