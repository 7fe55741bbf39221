"""The list as it is edited: the shipped form survives the way through the warehouse."""

import csv
import datetime as dt
import io

import pandas as pd

from etl.operations.imports import import_paths
from portalkompass.answers.services import list_state
from portalkompass.answers.workshop.decision import basis, weighed
from portalkompass.answers.workshop.meeting.minutes import off_list, proposed_list
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import Decision
from tests.answers.conftest import open_house

STAND = dt.date(2025, 12, 15)


def test_the_shipped_list_comes_back_word_for_word(tmp_path):
    settings = Settings(data_dir=tmp_path, today=dt.date(2025, 12, 17))
    (report,) = import_paths([SHIPPED_DATA / "ozg_services.csv"], settings)
    state = list_state.newest(open_published(settings), settings)
    assert (state.run_id, state.as_of) == (report.run_id, STAND)
    text = list_state.shipped_csv(state.rows, STAND).decode("utf-8")
    shipped = (SHIPPED_DATA / "ozg_services.csv").read_text(encoding="utf-8-sig")
    written, original = (list(csv.reader(io.StringIO(part), delimiter=";")) for part in (text, shipped))
    assert written[0] == original[0]
    assert sorted(written[1:]) == sorted(original[1:])
    # with decisions: free text is none that a spreadsheet runs, and what is not in the list is named
    question = open_house(settings).question()
    decision = weighed(basis(question))
    service = decision.ranking["service_id"].iloc[0]
    resolved = [
        Decision(1, own, "zurückgestellt", settings.today, "=1+1") for own in (service, "nicht-gelistet")
    ]
    proposed, _ = proposed_list(question, decision, resolved, {})
    rows = {row["service_id"]: row for row in csv.DictReader(io.StringIO(proposed.decode()), delimiter=";")}
    assert rows[service]["blocker"] == "„=1+1“"
    assert rows[service]["latest_development"].startswith("zurückgestellt am 17.12.2025")
    assert off_list(question, decision, resolved) == ["nicht-gelistet"]


def frame(**names):
    rows = [{"service_id": service, "name": name} for service, name in names.items()]
    return pd.DataFrame(rows).reindex(columns=list_state.COLUMNS[:-1], fill_value="")


def test_two_versions_are_compared_field_by_field_with_what_both_began_from():
    found = list_state.differences(
        frame(hund="Hund", wald="Wald"), frame(hund="Hunde", wald="Wald"), frame(hund="Hunde!", neu="Neu")
    )
    assert found.values.tolist() == [
        ["hund", "name", "Hund", "Hunde", "Hunde!"],
        ["wald", "service", "Wald", "Wald", ""],
        ["neu", "service", "", "", "Neu"],
    ]


def test_changes_of_one_person_are_put_on_the_state_that_another_saved():
    began = frame(hund="Hund", wald="Wald", weg="Weg")
    mine = frame(hund="Hunde", wald="Wald", mein="Mein")
    theirs = frame(hund="Hund", wald="Forst", weg="Weg", neu="Neu").assign(note="von Olaf")
    put = list_state.rebased(began, mine, theirs)
    assert put[["service_id", "name", "note"]].values.tolist() == [
        ["hund", "Hunde", "von Olaf"],
        ["wald", "Forst", "von Olaf"],
        ["neu", "Neu", "von Olaf"],
        ["mein", "Mein", ""],
    ]


def test_without_a_list_there_is_nothing_to_edit(tmp_path):
    settings = Settings(data_dir=tmp_path)
    state = list_state.newest(open_published(settings), settings)
    assert (state.run_id, state.as_of, len(state.rows)) == ("", None, 0)
