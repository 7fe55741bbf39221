"""Satisfaction of a service: mean of months that may be told, words that never leave, a criterion without weight."""

import datetime as dt

import pytest

from portalkompass.answers.services import service_detail
from portalkompass.answers.services.feedback_rows import feedback_cells, satisfaction
from portalkompass.answers.workshop.criterion_values import criterion_values, criterion_windows
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.prioritisation import ends
from portalkompass.suppression import BELOW, WITHHELD
from tests.answers.conftest import exhibit

AUTUMN = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 11, 30)}


def stars(service, month, *counts):
    """Statement that loads how many gave 1 to 5 stars."""
    rows = [
        f"('leverkusen', '{service}', '{month}', {star}, {count}, 'i')"
        for star, count in enumerate(counts, 1)
        if count
    ]
    return f"INSERT INTO service_feedback VALUES {', '.join(rows)}"


def said(service, month, number, star, text):
    values = f"'{service}', '{month}', {number}, {star}, '{text}'"
    return f"INSERT INTO service_comments VALUES ('leverkusen', {values}, 'i')"


def dogs(house, **changes):
    return house.ask(service_detail, further={"service": "hundesteuer"}, **changes)


@pytest.fixture
def rated(changed_house):
    return changed_house(
        stars("hundesteuer", "2025-09-01", 1, 0, 1, 2, 6),
        stars("hundesteuer", "2025-10-01", 2, 0, 0, 0, 0),  # hidden
        stars("hundesteuer", "2025-11-01", 0, 0, 0, 5, 5),
        stars("hundesteuer", "2025-12-01", 90, 0, 0, 0, 0),  # not over yet
        stars("bauportal", "2025-10-01", 0, 0, 0, 0, 40),  # withheld: 42 less 40 would be the 2
        said("hundesteuer", "2025-09-01", 1, 1, "=1+1 <b>langsam</b>"),
        said("hundesteuer", "2025-10-01", 1, 1, "zu wenige"),
    )


def test_mean_is_that_of_shown_months_and_small_ones_are_hidden_with_what_tells_them(rated):
    table = exhibit(dogs(rated, **AUTUMN), "service_feedback")
    rows = outgoing(table).frame
    assert rows["answers"].tolist() == [10, BELOW, 10]
    assert rows["satisfaction"].tolist()[::2] == [4.5, pytest.approx(42 / 10)]
    assert rows.loc[rows["answers"] == BELOW, ["satisfaction", "satisfaction_low"]].isna().all(axis=None)
    whole = satisfaction(rated.question(**AUTUMN)).loc["hundesteuer"]
    assert (whole["satisfaction"], whole["answers"], whole["months"]) == (pytest.approx(87 / 20), 20, 2)
    assert whole["satisfaction_low"] < 87 / 20 < whole["satisfaction_high"] <= 5
    states = feedback_cells(rated.question()).set_index(["service", "month"])["state"].to_dict()
    assert sorted(states.values()) == ["below", "shown", "shown", "withheld"]
    assert "bauportal" not in satisfaction(rated.question(**AUTUMN)).index
    assert (
        WITHHELD
        in outgoing(
            exhibit(rated.ask(service_detail, further={"service": "bauportal"}, **AUTUMN), "service_feedback")
        )
        .frame["answers"]
        .tolist()
    )


def test_the_card_names_mean_interval_count_and_what_is_missing(rated, house):
    card = exhibit(dogs(rated, **AUTUMN), "service_card").frame.set_index("measure").loc["Zufriedenheit"]
    assert card["value"].startswith("4,4 von 5 Sternen (3,6 bis 4,6")  # 4.35, rounded half up
    assert card["value"].endswith(", 20 Rückmeldungen)")
    assert card["period"] == "2 von 3\u00a0Monaten"
    missing = exhibit(dogs(house, **AUTUMN), "service_card").frame.set_index("measure").loc["Zufriedenheit"]
    assert (missing["value"], missing["missing"][:6]) == ("unbekannt", "Sterne")


def test_words_stand_on_the_screen_only_of_shown_months_and_in_no_file(rated):
    table = exhibit(dogs(rated, **AUTUMN), "service_comments")
    assert table.frame["comment"].tolist() == ["=1+1 <b>langsam</b>"]
    assert files.formats(table) == ()
    assert outgoing(table).frame.empty
    assert "langsam" not in str(outgoing(table))
    for form in files.FORMATS:
        with pytest.raises(ValueError, match="must not become"):
            files.make(table, form)


def test_satisfaction_is_a_criterion_with_its_interval(rated):
    values = criterion_values(rated.question())
    low, high = ends("satisfaction")
    dogs_values = values.loc["hundesteuer"]
    assert dogs_values["satisfaction"] == pytest.approx(87 / 20)
    assert dogs_values[low] < 87 / 20 < dogs_values[high]
    assert values.loc["bauportal", ["satisfaction", low, high]].isna().all()
    assert criterion_windows(rated.question())["satisfaction"] == "Sept. bis Nov. 2025"
