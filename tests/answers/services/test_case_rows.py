"""Cases of a service: sums and rates traced by hand, gaps that are no zeros, small counts hidden for every question."""

import datetime as dt
from pathlib import Path

import pytest

from portalkompass.answers.services import service_detail
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.case_years import council_table, outside
from portalkompass.answers.services.transactions import headline, months_told, transactions
from portalkompass.answers.workshop.criterion_values import criterion_values, criterion_windows
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.transactions_file import SchemaFault, make, read_schema
from portalkompass.suppression import BELOW, WITHHELD
from tests.answers.conftest import OCTOBER, exhibit, figure

SHIPPED = Path(__file__).parents[3] / "data"
DECEMBER = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 11, 30)}


def row(
    service, month, channel, cases, applications=None, end_to_end=None, days=None, backlog=None, cost=None
):
    values = [cases, applications, end_to_end, days, backlog, cost]
    numbers = ", ".join("NULL" if value is None else str(value) for value in values)
    return f"('leverkusen', '{service}', '{month}', '{channel}', {numbers}, 'i')"


def loaded(changed_house, *rows, further=()):
    figures = "cases, applications, end_to_end, processing_days, backlog, cost"
    columns = f"municipality, service, month, channel, {figures}, import_id"
    return changed_house(f"INSERT INTO service_cases ({columns}) VALUES {', '.join(rows)}", *further)


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
    # each figure's own source, not the search that the page's demand is of
    assert (
        card.source.startswith("Fallzahlen der Fachbereiche; Portalstatistik") and "Google" not in card.source
    )
    assert card.headline == "4 von 5 Kennzahlen der Leistung sind bekannt"
    values = dict(zip(card.frame["measure"], card.frame["value"], strict=True))
    assert values.pop("Zufriedenheit") == "unbekannt"
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
    # the departments' own months, not those of the portal, which only reported October
    assert table.frame["month"].dt.month.unique().tolist() == [11, 9]
    assert not [one.label for one in table.fields if "2025" in one.label]
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


def test_how_a_service_runs_is_measured_for_the_ranking_over_the_last_year(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-09-01", "online", 30, cost=300),
        row("hundesteuer", "2025-09-01", "counter", 70, cost=1700),
        row("hundesteuer", "2024-01-01", "online", 500, cost=1),  # before the last 12 full months
        row("bauportal", "2025-09-01", "online", 3, cost=90),  # small: neither share nor cost may be told
        row("bauportal", "2025-09-01", "counter", 80, cost=900),
    )
    values = criterion_values(house.question())
    assert values.loc["hundesteuer", "online_share"] == pytest.approx(0.3)
    assert values.loc["hundesteuer", "cost_per_case"] == pytest.approx(20)
    assert values.loc["bauportal", ["online_share", "cost_per_case"]].isna().all()
    assert criterion_windows(house.question())["cost_per_case"] == "Sept. 2025"


def test_a_year_is_the_sum_of_its_months_and_times_are_not_averaged(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-09-01", "online", 30, 28, 12, 2.5, 8),
        row("hundesteuer", "2025-09-01", "counter", 70, days=6, backlog=9),
        row("hundesteuer", "2025-10-01", "online", 50, 40, 20, 3.5, 11),
        row("hundesteuer", "2025-10-01", "counter", 50, days=4, backlog=6),
        row("hundesteuer", "2022-12-01", "online", 900),  # before the three years
        row("bauportal", "2025-10-01", "counter", 3, days=9),
        row("bauportal", "2025-10-01", "post", 40),
    )
    table = outgoing(council_table(house.question(**DECEMBER)))
    assert table.period == (dt.date(2025, 9, 1), dt.date(2025, 10, 31))
    by_name = table.frame.set_index(["name", "year"])
    dogs = by_name.loc[("Hundesteuer und -marke", "2025")]
    assert (dogs["cases"], dogs["online"], dogs["counter"], dogs["backlog"]) == (200, 80, 120, 17)
    assert dogs["online_share"] == pytest.approx(0.4)
    assert dogs["end_to_end_share"] == pytest.approx(32 / 80)
    assert (dogs["days"], dogs["months"]) == ("2,5 bis 6,0", "2\N{NO-BREAK SPACE}von\N{NO-BREAK SPACE}12")
    assert set(by_name.index.get_level_values("year")) == {"2025"}
    small = by_name.xs("Bauportal").iloc[0]
    assert (small["counter"], small["days"]) == (BELOW, "")
    assert str(small["cases"]) not in {"43", "43.0"}
    assert [len(council_table(house.question(**DECEMBER), most).frame) for most in (1, 2)] == [1, 2]
    assert table.headline.startswith(
        "Bei 0 von 1\N{NO-BREAK SPACE}Leistung mit bekannter Online-Quote begann 2025 bis Oktober"
    )
    early = house.question(start=dt.date(2022, 1, 1), end=dt.date(2022, 6, 30))
    assert council_table(early) is None
    assert outside(early).startswith("In den 3 Kalenderjahren bis zum 30.06.2022 liegen keine Fallzahlen; ")
    assert outside(early).endswith("geladen sind Dezember 2022 bis Oktober 2025.")


def test_a_sum_told_in_words_has_the_place_of_what_everybody_may_read_of_it(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "counter", 3),
        row("hundesteuer", "2025-10-01", "online", 900),
        row("hundesteuer", "2025-10-01", "post", 800),
        row("bauportal", "2025-09-01", "counter", 300),
    )
    (first,) = council_table(house.question(**DECEMBER), 1).frame.to_dict("records")
    assert (first["name"], first["cases_hidden"]) == ("Hundesteuer und -marke", "mind. 805")


def test_months_and_channels_that_are_not_told_are_no_zeros_of_a_year(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-08-01", "all", 100),
        row("hundesteuer", "2025-09-01", "online", 30, backlog=7),
        row("hundesteuer", "2025-09-01", "counter", 70),
        row("hundesteuer", "2025-10-01", "online", 50, backlog=9),
        row("hundesteuer", "2025-10-01", "counter", None),
        row("hundesteuer", "2025-07-01", "online", None, backlog=8),
    )
    (dogs,) = council_table(house.question(**DECEMBER)).frame.to_dict("records")
    assert dogs["months"] == "2\N{NO-BREAK SPACE}von\N{NO-BREAK SPACE}12; Online-Quote aus 1"
    told = {name: dogs[f"{name}_hidden"] for name in ("cases", "online", "counter", "backlog")}
    assert told == {"cases": "mind. 250", "online": "mind. 80", "counter": "mind. 70", "backlog": "mind. 9"}


def test_a_list_of_further_services_that_cannot_be_used_costs_no_figures(changed_house):
    house = loaded(changed_house, row("hundesteuer", "2025-10-01", "online", 60, 55))
    (house.settings.data_dir / "municipal_services.csv").write_text("nichts\n", encoding="utf-8")
    question = house.question(**DECEMBER)
    assert council_table(question).frame["name"].tolist() == ["Hundesteuer und -marke"]
    assert len(transactions(question, dt.date(2025, 10, 1), "first").rows) == 1


def test_transactions_are_online_applications_that_may_be_told_under_a_key(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", 60, 55),
        row("hundesteuer", "2025-10-01", "counter", 90, 80),
        row("feinstaubplakette", "2025-10-01", "online", 4, 4),
        row("fuehrerschein", "2025-10-01", "online", 70),
        # withheld, so that the totals of the city and of all others do not give the 4 away
        row("bauportal", "2025-10-01", "counter", 70, 60),
    )
    question = house.question()
    assert months_told(question) == [dt.date(2025, 10, 1)]
    made = transactions(question, dt.date(2025, 10, 1), "first")
    counts = dict(zip(made.rows["service_name"], made.rows["transactions"], strict=True))
    assert counts == {"Hundesteuer und -marke": 55}
    assert len(made.left_out) == 3
    assert made.left_out[-1] == "Nicht in der Datei, ohne Angabe zum Kanal Online: Bauportal."
    schema = read_schema(SHIPPED / "transactions.toml")
    file = make(made.month, made.rows, schema, ars="053160000000", municipality="Leverkusen")
    head, line = file.decode().splitlines()
    assert head == "Monat;Leistungsschlüssel;Regionalschlüssel;Leistung;Transaktionen"
    assert line == f"2025-10;{made.rows['service_key'][0]};053160000000;Hundesteuer und -marke;55"


def test_headline_and_sentences_of_transactions_are_those_of_the_file(changed_house):
    rows = [
        row(service, "2025-10-01", "online", 60, 50)
        for service in ("hundesteuer", "haustierhaltung", "fischereischeine")
    ]
    keys = {"hundesteuer": "['1', '2']", "haustierhaltung": "['3']", "fischereischeine": "['3']"}
    changed = (
        f"UPDATE services SET leistungsschluessel = {of} WHERE service = '{name}'"
        for name, of in keys.items()
    )
    house = loaded(changed_house, *rows, further=changed)
    made = transactions(house.question(), dt.date(2025, 10, 1), "leave_out")
    assert made.rows[["service_key", "transactions"]].values.tolist() == [["3", 100]]
    assert made.left_out == ("Nicht in der Datei, mit mehreren Leistungsschlüsseln: Hundesteuer und -marke.",)
    assert headline(made).endswith(
        "1\N{NO-BREAK SPACE}Leistungsschlüssel mit zusammen 100\N{NO-BREAK SPACE}Transaktionen"
    )
    made = transactions(house.question(), dt.date(2025, 10, 1), "first")
    assert dict(zip(made.rows["service_key"], made.rows["transactions"], strict=True)) == {"1": 50, "3": 100}


def test_a_faulty_file_of_columns_is_a_sentence(tmp_path):
    faulty = tmp_path / "transactions.toml"
    text = (SHIPPED / "transactions.toml").read_text(encoding="utf-8")
    faulty.write_text(text.replace('value = "ars"', 'value = "tokens"'), encoding="utf-8")
    with pytest.raises(SchemaFault, match=r"transactions.toml ist fehlerhaft: columns.2.value."):
        read_schema(faulty)
