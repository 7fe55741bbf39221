import datetime as dt
import math
from dataclasses import replace

import pandas as pd
import pytest
import sqlalchemy as sa

from portalkompass.answers.workshop.decision import CANDIDATE, basis, basis_of, weighed
from portalkompass.answers.workshop.meeting.assessments import (
    agreement_map,
    apart_table,
    assessed,
    content,
    outliers,
    take_over,
    votes_told,
    waiting,
)
from portalkompass.answers.workshop.meeting.minutes import minutes, proposed_list, reason
from portalkompass.answers.workshop.meeting.progress import STEPS, steps
from portalkompass.answers.workshop.meeting.promised import promised
from portalkompass.answers.workshop.meeting.proposal import proposal, with_selection, workshop_of
from portalkompass.answers.workshop.meeting.votes import order_told, votes_of
from portalkompass.answers.workshop.prioritisation import answer_on, ground
from portalkompass.answers.workshop.scenario_book import (
    assessment_table,
    audit_table,
    measured_values,
    new_scenario,
    then_and_today,
    with_candidate,
    with_lanes,
    with_new_anchors,
    workbook,
)
from portalkompass.answers.workshop.scenario_sheets import assessment_sheet, option
from portalkompass.answers.workshop.workshop_rows import beside_today
from portalkompass.answers.workshop.workshop_slides import workshop_slides
from portalkompass.prioritisation import PrioritisationError, agreement, ends
from portalkompass.screens import screen_of
from portalkompass.workspace import (
    Agenda,
    Decision,
    Remark,
    Report,
    WorkspaceError,
    add_page,
    add_remarks,
    adopt,
    assess,
    begin_workshop,
    cast,
    close_round,
    create_report,
    decide,
    decisions,
    load_scenario,
    open_assessment,
    open_round,
    read_sheet,
    save_cells,
    save_scenario,
    show_page,
    track,
)
from portalkompass.workspace.storage.tables import ballots, voting_rounds
from tests.answers.conftest import open_changed


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One of their own: what these tests decide does not stand in the house of all."""
    return open_changed(tmp_path_factory.mktemp("workshops"))


@pytest.fixture
def question(house):
    return house.question()


@pytest.fixture
def draft(question):
    return new_scenario(question, basis(question), None, "Workshop")


def overall(scenario):
    ranking = weighed(basis_of(scenario)).ranking
    return ranking.set_index("service_id")["rank_overall"].to_dict()


def test_a_candidate_is_measured_like_a_service_of_the_list(question, draft):
    for service in draft.matrix.index:
        own = draft.matrix.loc[service]
        measured = measured_values(question, draft, service)
        assert set(measured) == set(own.index)
        pd.testing.assert_series_equal(pd.Series(measured).reindex(own.index), own, check_names=False)
    assert measured_values(question, draft, "nirgends") == {}


def test_a_candidate_takes_no_rank_from_a_listed_service(draft):
    taken = with_candidate(draft, "wunschkennzeichen", "Wunschkennzeichen", {"clicks": 90_000.0})
    before, after = overall(draft), overall(taken)
    assert {service: rank for service, rank in after.items() if service in before} == before
    rows = weighed(basis_of(taken)).ranking.set_index("service_id")
    assert rows.loc["wunschkennzeichen", ["list", "lane", "rank"]].tolist() == [CANDIDATE, CANDIDATE, 1]
    assert math.isnan(taken.matrix.loc["wunschkennzeichen", "relative_trend"])


def test_a_candidate_is_taken_up_once_only(draft):
    with pytest.raises(WorkspaceError, match="gehört schon zum Szenario"):
        with_candidate(draft, "hundesteuer", "Hundesteuer", {})


def test_a_changed_lane_needs_a_reason_and_moves_the_service(draft):
    told = str(draft.services.loc["bauportal", "lane_reason"])
    for given in ("", " ", told):
        with pytest.raises(WorkspaceError, match="Bitte den Grund nennen"):
            with_lanes(draft, {"bauportal": ("startbar", given)})
    moved = with_lanes(draft, {"bauportal": ("startbar", "Vertrag liegt vor")})
    rows = weighed(basis_of(moved)).ranking
    assert set(rows.loc[rows["lane"] == "startbar", "service_id"]) == {
        "bauportal",
        "hundesteuer",
        "pflegewohngeld",
    }


def test_lanes_and_anchors_come_back_from_the_workspace(house, draft):
    changed = with_new_anchors(
        with_lanes(draft, {"bauportal": ("startbar", "Vertrag liegt vor")}), {"clicks": (10.0, 1000.0)}
    )
    save_scenario(house.workspace, changed, "anna")
    kept = load_scenario(house.workspace, "Workshop")
    assert kept.services.loc["bauportal", ["lane", "lane_reason"]].tolist() == [
        "startbar",
        "Vertrag liegt vor",
    ]
    assert kept.anchors == {"clicks": (10.0, 1000.0)}
    # 1,095 clicks lie beyond the upper anchor
    assert weighed(basis_of(kept)).evaluation.values.loc["hundesteuer", "clicks"] == 1.0


def test_anchors_of_the_definition_are_not_kept_and_wrong_ones_are_refused(draft):
    clicks = next(one for one in draft.criteria if one["id"] == "clicks")
    assert with_new_anchors(draft, {"clicks": (clicks["lower"], clicks["upper"])}).anchors == {}
    with pytest.raises(PrioritisationError, match="untere Anker"):
        with_new_anchors(draft, {"clicks": (500.0, 100.0)})
    with pytest.raises(PrioritisationError):
        with_new_anchors(draft, {"clicks": (100.0, float("nan"))})


def test_an_old_scenario_gives_its_ranking_exactly(house, question, draft):
    kept = save_scenario(house.workspace, replace(draft, name="Damals"), "anna")
    then, today = then_and_today(question, load_scenario(house.workspace, kept.name))
    pd.testing.assert_frame_equal(then.ranking, weighed(basis_of(draft)).ranking)
    pd.testing.assert_frame_equal(then.ranking, today.ranking)


def test_what_was_measured_then_stands_beside_what_is_measured_today(house, question, draft):
    matrix = draft.matrix.copy()
    names = ["clicks", "relative_trend", "unmet_demand", *ends("relative_trend")]
    matrix.loc["pflegewohngeld", names] = [20_000.0, 1.0, 5e4, 0.6, 2.0]
    matrix.loc["hundesteuer", names] = [1.0, -1.0, 0.0, -1.0, -0.6]
    kept = save_scenario(house.workspace, replace(draft, name="Im Januar", matrix=matrix), "anna")
    then, today = then_and_today(question, load_scenario(house.workspace, kept.name))
    table = beside_today(question, then, today)
    rows = table.frame.set_index("service_id").loc[["pflegewohngeld", "hundesteuer"]]
    assert rows[["rank", "rank_today"]].to_numpy().tolist() == [[1, 2], [2, 1]]
    assert rows["score"].tolist() == [100.0, 0.0]
    assert table.headline == "2\u00a0Leistungen haben heute einen anderen Rang als gespeichert"


def test_the_council_motion_has_no_effect_and_a_warning(question, house):
    found = ground(house.question(), "Alle Kriterien")
    assert found.basis.matrix["council_mandate"].tolist() == [1.0] * 8
    usual = found.weighed(None).ranking["service_id"].tolist()
    weights = {**found.basis.weights, "council_mandate": 5.0}
    assert found.weighed(weights).ranking["service_id"].tolist() == usual
    assert (
        "„Auftrag des Rates 07.07.2025“ trennt nicht: 8 von 8 Leistungen haben denselben Wert "
        "(100,0 von 100 Punkten des Kriteriums)."
    ) in [notice.message for notice in found.warnings]


def test_the_workbook_holds_every_input(house, question, draft):
    kept = save_scenario(house.workspace, replace(draft, name="Mappe"), "anna")
    votes = agreement(pd.DataFrame([{"clicks": 1.0, "trend": 1.0}, {"clicks": 3.0, "trend": 1.0}]))
    sheets = workbook(question, basis_of(kept), weighed(basis_of(kept)), [], votes)
    assert list(sheets) == ["Reihenfolge", "Kriterien", "Bahnen", "Stimmen", "Stand"]
    facts = dict(sheets["Stand"].frame.itertuples(index=False, name=None))
    assert facts["Fassung der Kriterien"] == kept.criteria_version
    assert facts["Datenbestand"] == kept.snapshot
    assert facts["App-Version"] == kept.app_version


def test_weights_that_are_not_the_saved_ones_are_marked_in_sentence_slides_and_workbook(
    house, question, draft
):
    kept = save_scenario(house.workspace, replace(draft, name="Verschoben"), "anna")
    found = ground(question, "Verschoben")
    own, moved = found.weighed(None), found.weighed({"clicks": 3 * float(kept.weights["clicks"])})
    assert own.changed_weights == ""
    assert own.title == "Szenario „Verschoben“"
    assert moved.title == "Szenario „Verschoben“ mit geänderten Gewichten"
    assert moved.changed_weights.startswith("„Klicks aus der Google-Suche“ ")
    assert moved.title in answer_on(found, moved).message
    assert any(
        "weichen vom gespeicherten Szenario ab" in caveat for caveat in answer_on(found, moved).caveats
    )
    sheets = workbook(question, basis_of(kept), moved, [])
    facts = dict(sheets["Stand"].frame.itertuples(index=False, name=None))
    assert facts["Gewichte"] == f"geändert, nicht gespeichert: {moved.changed_weights}"
    assert moved.title in workshop_slides(found, moved, []).subtitle


def test_the_slides_of_the_workshop_show_order_robustness_and_quadrant(house):
    found = ground(house.question(), "Alle Kriterien")
    made = workshop_slides(found, found.weighed(None), [])
    assert [page.id for page in made.pages] == [
        "ranking_by_lane",
        "contributions",
        "rank_ranges",
        "rank_shares",
        "quadrant",
        "robustness",
    ]


def test_the_audit_can_be_taken_along_newest_first(house, question, draft):
    save_scenario(house.workspace, replace(draft, name="Protokolliert"), "anna")
    table = audit_table(question)
    assert table.frame.loc[0, ["who", "what", "detail"]].tolist() == [
        "anna",
        "Szenario angelegt",
        "Protokolliert",
    ]
    assert table.footer.startswith("Quelle: Arbeitsbereich von Portalkompass")
    assert not table.notes


def test_who_may_not_see_every_property_reads_no_titles_of_others_in_the_audit(house, question, draft):
    made = create_report(
        house.workspace, Report("Haushalt geheim", site="https://geheim.example/"), (), "anna"
    )
    page = add_page(house.workspace, made.id, "text", "text", "anna", {"headline": "Geheime Überschrift"})
    show_page(house.workspace, page, "anna", shown=False)
    track(house.workspace, "https://geheim.example/", "geheime suche", "anna")
    one = save_scenario(house.workspace, replace(draft, name="mit Protokoll"), "anna")
    add_remarks(house.workspace, [Remark(one.id, "offen", "Vertrag klären")], "anna")
    limited = replace(
        question, warehouse=question.warehouse.limited_to(frozenset(question.warehouse.sites()))
    )
    told, masked = (audit_table(one).frame for one in (question, limited))
    assert told["detail"].str.contains("(?i)geheim").sum() == 4
    assert not masked["detail"].str.contains("(?i)geheim").any()
    assert "Vertrag klären" in set(masked["detail"])  # minutes belong to a scenario, to no property
    assert masked.loc[masked["what"].str.startswith("Szenario"), "detail"].tolist() == (
        told.loc[told["what"].str.startswith("Szenario"), "detail"].tolist()
    )
    assert masked[["at", "who", "what"]].equals(told[["at", "who", "what"]])


def test_a_workshop_is_proposed_and_its_steps_say_what_is_missing(question):
    made = proposal(question)
    assert "impressions" not in made.criteria  # says the same as the clicks, and has no weight
    assert 0 < len(made.criteria) <= 6
    draft = workshop_of(question, made, made.name, made.criteria, made.services)
    one = begin_workshop(question.workspace, draft, made.agenda, "anna")
    assert proposal(question).name == f"{made.name} (2)"
    base = basis_of(one)
    found = steps(question, base, weighed(base))
    assert tuple(step.title for step in found) == STEPS == screen_of("priorisierung").parts
    assessed = sum(1 for criterion in base.criteria if criterion.kind == "assessed")
    cells = assessed * len(made.services)
    assert found[1].sentence.startswith(
        f"Eingeschätzt sind 2 von {cells}\xa0Feldern, davon 2 aus der Liste. Es fehlt noch: {cells - 2}\xa0Ein"
    )
    assert (
        found[2].sentence
        == "Alle Kriterien zählen gleich. Es fehlt noch: eine Abstimmung oder eigene Gewichte."
    )
    decide(
        question.workspace, Decision(one.id, made.services[0], "beschlossen", dt.date(2026, 1, 12)), "anna"
    )
    assert steps(question, base, weighed(base))[3].done.startswith("Entschieden sind 1 von ")
    assert steps(question, basis(question), weighed(basis(question))) == ()


def test_what_is_taken_out_of_a_workshop_comes_back_with_its_assessments(question):
    made = proposal(question)
    service, assessed = (
        made.services[0],
        next(one.id for one in made.basis.criteria if one.kind == "assessed" and one.id in made.criteria),
    )
    draft = workshop_of(question, made, "Auswahl", made.criteria, made.services)
    draft = replace(draft, assessments={service: {assessed: {"value": 3.0}}})
    less = with_selection(
        question, draft, [one for one in made.criteria if one != assessed], made.services[1:]
    )
    assert (assessed in less.matrix, service in less.matrix.index) == (False, False)
    again = with_selection(question, less, made.criteria, made.services)
    assert again.matrix.loc[service, assessed] == 3.0
    shown = (assessment_table(question, weighed(basis_of(one)), one.assessments) for one in (less, again))
    assert [len(table.frame) for table in shown] == [2, 3]  # two are from the list
    left, right = (frame.drop(columns=assessed) for frame in (again.matrix, draft.matrix))
    pd.testing.assert_frame_equal(left, right, check_like=True, check_names=False)
    with pytest.raises(PrioritisationError, match="mindestens ein Kriterium"):
        with_selection(question, draft, [], made.services)


def test_minutes_and_list_say_what_was_decided_and_why(question, draft):
    one = save_scenario(question.workspace, replace(draft, name="Protokoll"), "anna")
    stand = ground(question, one.name)
    decision = stand.weighed(None)
    first, second = decision.ranking["service_id"].tolist()[:2]
    day = question.settings.current_day()
    told = promised(question, stand.basis, first)
    for service, word, why in ((first, "beschlossen", ""), (second, "zurückgestellt", "Vertrag fehlt")):
        decide(question.workspace, Decision(one.id, service, word, day, why), "anna", promised=told)
    resolved = decisions(question.workspace, one.id)
    noted = [Remark(one.id, "abweichend", "Erst das Bauportal", "IT"), Remark(one.id, "offen", "Vertrag?")]
    made = minutes(stand, decision, Agenda(one.id, people="Erika (FB 50)\nPaul"), resolved, noted, None)
    pages = {page.id: page for page in made.pages}
    assert pages["who"].paragraphs[0] == "Teilnehmende: Erika (FB 50); Paul."
    assert pages["dissent"].paragraphs == ("IT: Erst das Bauportal",)
    assert pages["open_questions"].frame["text"].tolist() == ["Vertrag?"]
    # Six or three clicks on each day of the house: what was promised of the one that was begun, and of it alone.
    promises = pages["promises"].frame.iloc[0]
    assert len(pages["promises"].frame) == 1
    assert promises["clicks"] == pytest.approx({"wunschkennzeichen": 6.0, "hundesteuer": 3.0}[first])
    assert "Klicks bis 28.02.2026" in pages["promises"].subtitle
    assert told["clicks"]["start"] == "2025-12-01" and told["data_date"] == "2025-12-15"
    why = reason(decision, next(kept for kept in resolved if kept.service_id == second))
    assert why in pages["why"].paragraphs
    assert f"„{decision.names[second]}“: zurückgestellt am 17.12.2025 (Vertrag fehlt). Rang " in why
    assert proposed_list(question, decision, resolved, {})[1] == day
    later = [replace(one, decided_on=dt.date(2999, 1, 1)) for one in resolved]
    assert proposed_list(question, decision, later, {})[1] == day  # never a list of a day to come


def test_the_vote_that_counts_is_the_adopted_one_and_says_what_is_known_no_more(question, draft):
    workspace = question.workspace
    one = save_scenario(workspace, replace(draft, name="Abstimmungen"), "anna")
    criteria = tuple(
        {"id": own["id"], "label": f"{own['label']} (Zettel)", "help": "", "start": 50}
        for own in one.criteria
    )
    assert votes_of(question, one.id, full=True) is None
    first = open_round(workspace, one, criteria, "anna")
    points = {str(own["id"]): 10.0 for own in criteria} | {"clicks": 80.0}
    cast(workspace, first.id, "p1", points)
    cast(workspace, first.id, "p2", points)
    assert votes_of(question, one.id, full=False) is None  # still open, and hidden
    with pytest.raises(PrioritisationError, match="Solange abgestimmt wird"):
        with_selection(question, one, ["clicks"], one.services.index)
    adopt(workspace, first, points, "anna")
    close_round(workspace, first, "anna")
    close_round(workspace, open_round(workspace, one, criteria, "anna"), "anna")
    votes = votes_of(question, one.id, full=True)
    assert votes.round.id == first.id
    assert votes.sentence.replace("\xa0", " ").endswith(": 2 Stimmen; Median übernommen.")
    stand = ground(question, one.name)
    slides = minutes(stand, stand.weighed(None), Agenda(one.id), [], [], votes)
    (spread,) = [page for page in slides.pages if page.id == "spread"]
    assert all(label.endswith("(Zettel)") for label in spread.frame["label"])
    reader = votes_of(question, one.id, full=False)
    assert reader.spread is None
    assert "weniger als 5 Stimmen" in reader.sentence
    assert "spread" not in {
        page.id for page in minutes(stand, stand.weighed(None), Agenda(one.id), [], [], reader).pages
    }
    with workspace.collecting() as connection:
        connection.execute(sa.delete(ballots))
    told = votes_of(question, one.id, full=True).sentence
    assert told.endswith("Stimmen nach Ablauf der Frist gelöscht; Median übernommen.")
    weighed_step = steps(question, stand.basis, stand.weighed(None))[2]
    assert weighed_step.done == "Der Median einer Abstimmung ist übernommen, ihre Stimmen sind gelöscht"
    with workspace.collecting() as connection:
        connection.execute(sa.update(voting_rounds).values(adopted_at=None))
    assert votes_of(question, one.id, full=True).sentence.endswith("keine Stimme abgegeben.")
    with workspace.collecting() as connection:
        connection.execute(sa.update(voting_rounds).values(closed_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC)))
    assert "nicht mehr bekannt" in votes_of(question, one.id, full=True).sentence


def test_votes_say_what_they_change_in_the_order(house):
    decision = weighed(basis(house.question()))
    values = decision.evaluation.values
    lane = decision.ranking[decision.ranking["lane"] == "startbar"]["service_id"].tolist()
    apart = [name for name in values if values.loc[lane, name].nunique() > 1]
    assert apart, "the fixture's lane has two services that differ"
    one = {name: 100.0 if name == apart[0] else 0.0 for name in values}
    (told,) = (said for said in order_told(decision, pd.DataFrame([one] * 3)) if "startbar" in said)
    leader = decision.names[values.loc[lane, apart[0]].idxmax()]
    assert told == f"Bahn „startbar“: nach allen 3 Stimmen steht „{leader}“ vorn."
    # another is first where only a criterion counts in which the worst is the best, once enough is known of it
    mirrored = replace(decision.evaluation, values=values.assign(turned=1 - values[apart[0]]))
    known = decision.ranking.assign(known_criteria=decision.ranking["criteria"])
    turned = replace(decision, evaluation=mirrored, ranking=known)
    both = pd.DataFrame([one, one, {"turned": 100.0}])
    (told,) = (said for said in order_told(turned, both) if "startbar" in said)
    other = decision.names[values.loc[lane, apart[0]].idxmin()]
    assert told == f"Bahn „startbar“: nach 2 von 3 Stimmen steht „{leader}“ vorn, nach 1 „{other}“."
    assert order_told(decision, pd.DataFrame([dict.fromkeys(values, 0.0)])) == ()


def test_a_round_says_what_the_list_knows_of_a_service(question):
    made = proposal(question)
    one = workshop_of(question, made, "Gemeinsam", made.criteria, made.services)
    _, asked = content(question, weighed(basis_of(one)), one, made.agenda)
    assert asked["steps"] == {"pflegewohngeld": {"efa_step": 2.0}, "fischereischeine": {"efa_step": 1.0}}
    assert asked["listed"]["pflegewohngeld"] == "EfA/Nachnutzung; Nachnutzung möglich"
    assert asked["listed"]["statusabfrage-ausweisdokumente"].endswith("; nach „Meldebescheinigungen“")


def test_departments_assess_together_and_the_agreed_value_keeps_its_votes(question):
    workspace = question.workspace
    made = proposal(question)
    draft = workshop_of(question, made, "Gemeinsam", made.criteria, made.services)
    one = begin_workshop(workspace, draft, made.agenda, "anna")
    decision = weighed(basis_of(one))
    criteria, asked = content(question, decision, one, made.agenda)
    service, ladder = made.services[0], criteria[0]
    name, steps = ladder["id"], [level["value"] for level in ladder["levels"]]
    own = next(iter(asked["departments"]))
    first = open_assessment(workspace, one, criteria, asked, "anna")

    def say(voting, device, value, department=own):
        assess(workspace, voting.id, device, department=department, opened=service)
        assess(workspace, voting.id, device, given={service: {name: value}})

    for number, value in enumerate((steps[0], steps[0], steps[-1], None)):
        say(first, f"p{number}", value)
    found = assessed(question, decision, one, full=True)
    (cell,) = found.cells.to_dict("records")
    assert (cell["voices"], cell["unknown"], cell["middle"], cell["apart"]) == (
        3,
        1,
        steps[0],
        len(steps) - 1,
    )
    assert agreement_map(question, decision, found).frame["voices"].tolist() == [3]
    # few voices: who only reads sees nothing of them, nobody is named, and what stays with the value says no more
    reader = assessed(question, decision, one, full=False)
    assert (apart_table(question, decision, reader), agreement_map(question, decision, reader)) == (
        None,
        None,
    )
    assert (outliers(found, cell), votes_told(found, cell)) == ("", "weniger als 5 Stimmen")
    named = replace(found, named=True)
    told = f"{own}: „{ladder['levels'][-1]['label']}“"
    assert outliers(named, cell) == told
    assert apart_table(question, decision, named).frame["first"].tolist() == [told]

    close_round(workspace, first, "anna")
    second = open_assessment(
        workspace, one, *content(question, decision, one, made.agenda, {service: [name]}), "anna"
    )
    for number in range(5):
        say(second, f"p{number}", steps[1])
    found = assessed(question, decision, one, full=True)
    assert found.cells[["voices", "apart", "round", "rounds"]].to_numpy().tolist() == [[5, 0, 2, 2]]
    take_over(workspace, found, waiting(found), "anna")
    stored = load_scenario(workspace, one.name)
    kept = stored.assessments[service][name]
    votes = f"5\xa0Stimmen: alle „{ladder['levels'][1]['label']}“, 2\xa0Runden"
    assert (stored.matrix.loc[service, name], kept["votes"]) == (steps[1], votes)
    assert waiting(assessed(question, decision, stored, full=True)).empty
    stand = ground(question, one.name)
    pages = {page.id: page for page in minutes(stand, decision, made.agenda, [], [], None).pages}
    assert pages["agreed_assessments"].frame["votes"].tolist() == [votes]
    assert workbook(question, stand.basis, decision, [])["Einschätzungen"].frame["votes"].tolist() == [
        "",
        "",
        votes,
    ]

    # who saw the state from before gets both values to choose; a value entered by hand has no votes
    scale = found.criteria[name]
    sheet = assessment_sheet(scale)
    late = replace(found, cells=found.cells.assign(middle=steps[2]))
    take_over(workspace, late, late.cells, "paul")
    claims = read_sheet(workspace, one.id, sheet).claims
    assert [claim.value for claim in claims[service, "value"]] == [option(scale, steps[2])]
    seen = sheet.rows(load_scenario(workspace, one.name))[service]
    mine = {(service, "value"): option(scale, steps[0])}
    save_cells(workspace, one.id, sheet, {(service, "value"): seen["value"]}, mine, "anna")
    assert "votes" not in load_scenario(workspace, one.name).assessments[service][name]
