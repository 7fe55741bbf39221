"""Cases of a service: sums and rates traced by hand, gaps that are no zeros, small counts hidden for every question."""

import datetime as dt

import pytest

from portalkompass.answers.services import service_detail
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.suppression import BELOW, WITHHELD
from tests.answers.conftest import OCTOBER, exhibit, figure

DECEMBER = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 11, 30)}


def row(
    service, month, channel, cases, applications=None, end_to_end=None, days=None, backlog=None, cost=None
):
    values = [cases, applications, end_to_end, days, backlog, cost]
    numbers = ", ".join("NULL" if value is None else str(value) for value in values)
    return f"('leverkusen', '{service}', '{month}', '{channel}', {numbers}, 'i')"


def loaded(changed_house, *rows):
    figures = "cases, applications, end_to_end, processing_days, backlog, cost"
    columns = f"municipality, service, month, channel, {figures}, import_id"
    return changed_house(f"INSERT INTO service_cases ({columns}) VALUES {', '.join(rows)}")


def dogs(house, **changes):
    return house.ask(service_detail, further={"service": "hundesteuer"}, **changes)


def test_without_cases_nothing_is_said_of_them(house):
    answer = dogs(house, **OCTOBER)
    assert all(one.id != "service_cases" for one in answer.exhibits)
    assert all(one.label != "Fälle" for one in answer.figures)
    card = exhibit(answer, "service_card").frame.set_index("measure")
    assert card.loc["Online-Quote", "value"] == "unbekannt"
    assert card.loc["Online-Quote", "missing"].startswith("Fälle je Kanal: ")


def test_sums_and_rates_come_from_the_cells_that_know_both(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-09-01", "online", 30, 30, 10, 2.5, 8, 300),
        row("hundesteuer", "2025-09-01", "counter", 70, cost=1700),
        row("hundesteuer", "2025-11-01", "online", 20, 20, 15),
        row("hundesteuer", "2025-11-01", "counter", 80),
        row("hundesteuer", "2025-08-01", "online", 999),  # before the period
        row("hundesteuer", "2025-12-01", "online", 999),  # not over yet
        row("bauportal", "2025-09-01", "online", 500),
    )
    answer = dogs(house, **DECEMBER)
    assert figure(answer, "Fälle").number == 200
    assert figure(answer, "Fälle").change == "2 von 3\u00a0Monaten gemeldet"
    assert figure(answer, "Online-Quote").number == pytest.approx(50 / 200)
    card = exhibit(answer, "service_card")
    assert card.headline == "4 von 4 Kennzahlen der Leistung sind bekannt"
    values = dict(zip(card.frame["measure"], card.frame["value"], strict=True))
    assert values.pop("Abschlussquote").endswith("%")  # the portal's own, as in the funnel
    assert values == {
        "Online-Quote": "25,0\u00a0%",
        "Ende-zu-Ende": "50,0\u00a0%",
        "Kosten je Fall (Euro)": "20,0",
    }
    assert figure(answer, "Kosten je Fall (Euro)").number == pytest.approx(2000 / 100)
    table = exhibit(answer, "service_cases")
    assert table.headline == "25\u00a0% der Fälle von „Hundesteuer und -marke“ begannen online"
    assert table.notes[0] == "Ohne Angabe: Oktober 2025."
    assert table.data_date == dt.date(2025, 11, 30)
    assert table.frame[["channel_name", "cases"]].values.tolist() == [
        ["Schalter", 80],
        ["Online", 20],
        ["Schalter", 70],
        ["Online", 30],
    ]
    assert table.frame["processing_days"].dropna().tolist() == [2.5]


def test_a_small_count_is_hidden_with_one_that_would_tell_it_and_all_rates_of_it(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", 40, 40, 30, 2.0, 2, 400),
        row("hundesteuer", "2025-10-01", "phone", 2, days=9.0, cost=77),
        row("bauportal", "2025-10-01", "online", 60, backlog=50),
    )
    answer = dogs(house, **OCTOBER)
    table = outgoing(exhibit(answer, "service_cases"))
    by_channel = table.frame.set_index("channel_name")
    assert by_channel["cases"].tolist().count(BELOW) == 1
    assert by_channel.loc["Telefon", "cases"] == BELOW
    assert by_channel.loc["Telefon", ["processing_days", "cost_per_case"]].isna().all()
    states = case_cells(house.question(**OCTOBER)).set_index(["service", "channel"])["cases_state"].to_dict()
    # 42 of the service less 40, or 102 of the city less 100, would be the 2: others are withheld, whoever asks
    assert sorted(states.values()) == ["below", "withheld", "withheld"]
    labels = [one.label for one in answer.figures]
    assert "Online-Quote" not in labels
    assert "Kosten je Fall (Euro)" not in labels
    assert figure(answer, "Fälle").number is None
    assert figure(answer, "Fälle").value in ("40 bis 44", WITHHELD) or figure(
        answer, "Fälle"
    ).value.startswith(("mind.", "<"))


def test_no_share_online_is_told_of_a_month_that_is_not_whole(changed_house):
    beside = row("hundesteuer", "2025-10-01", "online", 50)
    for other in (
        (),  # nothing beside it
        (row("hundesteuer", "2025-10-01", "counter", None),),  # a cell that could not be read
    ):
        answer = dogs(loaded(changed_house, beside, *other), **OCTOBER)
        assert "Online-Quote" not in [one.label for one in answer.figures]
        assert "online" not in exhibit(answer, "service_cases").headline
    rest = row("hundesteuer", "2025-10-01", "unknown", 150)  # of a total of 200
    assert figure(dogs(loaded(changed_house, beside, rest), **OCTOBER), "Online-Quote").number == 0.25


def test_the_known_total_of_a_service_gives_no_small_channel_away(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", 300),
        row("hundesteuer", "2025-10-01", "counter", 3),
        # cells of others hide the three in the city's total, but not in the 303 of this service
        row("bauportal", "2025-10-01", "online", 2),
        row("bauportal", "2025-10-01", "counter", 4),
        row("bauportal", "2025-10-01", "post", 900),
    )
    states = case_cells(house.question(**OCTOBER)).set_index(["service", "channel"])["cases_state"]
    assert states["hundesteuer"].to_dict() == {"counter": "below", "online": "withheld"}
    assert states["bauportal"].to_dict()["post"] == "withheld"


def test_without_cases_there_is_no_card_and_times_of_few_are_hidden(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", None, applications=1, days=187),
        row("hundesteuer", "2025-10-01", "post", None, applications=200, days=12, backlog=30),
    )
    answer = dogs(house, **OCTOBER)
    assert "Fälle" not in [one.label for one in answer.figures]
    rows = exhibit(answer, "service_cases").frame.set_index("channel_name")
    assert rows["processing_days"].isna().to_dict() == {"Online": True, "Post": True}
    assert rows["applications_hidden"].to_dict() == {"Online": BELOW, "Post": WITHHELD}


def test_unknown_counts_are_gaps_and_unsplit_months_have_no_share(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "all", None, backlog=7),
        row("hundesteuer", "2025-11-01", "all", 50),
    )
    answer = dogs(house, **DECEMBER)
    assert figure(answer, "Fälle").number == 50
    assert "Online-Quote" not in [one.label for one in answer.figures]
    rows = exhibit(answer, "service_cases").frame
    assert rows["cases"].isna().tolist() == [False, True]
    assert rows["backlog"].isna().tolist() == [True, False]
