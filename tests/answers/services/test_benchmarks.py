"""The city among others: places are counted by hand here, missing is never zero, two meanings never mix."""

import datetime as dt
import hashlib

import pytest

from portalkompass.answers.base import service_list
from portalkompass.answers.services import service_detail
from portalkompass.answers.services.elsewhere.benchmark_rows import placed
from portalkompass.answers.services.elsewhere.benchmarks import benchmarks_table
from portalkompass.answers.services.elsewhere.own_figures import COMPARED, DECIMALS
from portalkompass.answers.services.for_others.handed_on import handed_on, newest_month
from portalkompass.exchange.benchmark_file import SCALES, SCHEMA
from tests.answers.conftest import exhibit
from tests.answers.services.test_case_rows import loaded, row

AUTUMN = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 11, 30)}
HUND, OTHER_HUND = "99102013002000", "99102013060000"


def told(number, measure, value, *, key=HUND, last="2025-11-30", first="2025-09-01"):
    """A figure of city ``number``."""
    return (
        f"INSERT INTO benchmarks VALUES ('0512{number:04}0000', '{first}', '{last}', '{key}', '{measure}', "
        f"'Stadt {number}', {value}, 3, 100, '2025-12-10', 'i{number}')"
    )


def keys_of_hundesteuer(house):
    listed = service_list.services(house.warehouse, house.settings).set_index("service")
    return list(listed.loc["hundesteuer", "leistungsschluessel"])


def test_one_service_lies_where_counting_puts_it(changed_house):
    house = loaded(
        changed_house,
        *(row("hundesteuer", f"2025-{month}-01", "online", 40) for month in ("09", "10", "11")),
        *(row("hundesteuer", f"2025-{month}-01", "counter", 60) for month in ("09", "10", "11")),
        further=(
            # 40 % here: above 0.1, 0.2, 0.3, as much as 0.4, below 0.7
            *(told(n, "online_share", share) for n, share in enumerate((0.1, 0.2, 0.3, 0.4, 0.7), start=1)),
            # four cities only, and nothing of it is known here
            *(told(n, "satisfaction", 4.0 + n / 10) for n in range(1, 5)),
            # a period that ended before the question's begins
            told(6, "online_share", 0.9, first="2024-01-01", last="2024-12-31"),
        ),
    )
    assert HUND in keys_of_hundesteuer(house)
    answer = house.ask(service_detail, further={"service": "hundesteuer"}, **AUTUMN)
    table = exhibit(answer, "service_benchmarks")
    assert table.headline == (
        "Online-Quote von „Hundesteuer und -marke“: 40,0\u00a0%, höher als in 3 von 5\u00a0anderen Städten"
    )
    shown = table.frame[["label", "own", "cities", "place", "quarter", "median", "upper"]].values.tolist()
    assert shown == [
        [
            "Online-Quote",
            "40,0\u00a0%",
            5,
            "besser als 3 von 5, gleich mit 1",
            "20,0\u00a0%",
            "30,0\u00a0%",
            "40,0\u00a0%",
        ],
        ["Zufriedenheit", "unbekannt", 4, "", "–", "–", "–"],
    ]

    assert any("Stadt 5 (September 2025 bis November 2025)." in note for note in table.notes)
    assert not any("Stadt 6" in note for note in table.notes)


def test_low_is_good_of_days_and_costs_and_the_worst_place_comes_first(changed_house):
    house = loaded(
        changed_house,
        *(row("hundesteuer", f"2025-{month}-01", "online", 50, cost=500, days=6) for month in ("09", "10")),
        further=(
            *(told(n, "cost_per_case", cost) for n, cost in enumerate((5, 20, 21, 22, 23), start=1)),
            *(told(n, "slowest_days", days) for n, days in enumerate((1, 2, 3, 4, 30), start=1)),
        ),
    )
    question = house.question(**AUTUMN)
    listed = service_list.services(house.warehouse, house.settings)
    table = benchmarks_table(question, listed)
    assert table.headline == "Bei 1 von 2\u00a0Kennzahlen liegt die Stadt vor mehr als der Hälfte der anderen"
    assert table.frame[["label", "own", "place"]].values.tolist() == [
        ["Langsamster Monat", "6,0\u00a0Tage", "besser als 1 von 5"],
        ["Kosten je Fall (Euro)", "10,0", "besser als 4 von 5"],
    ]


def test_a_city_counts_once_with_its_newest_file_and_not_where_its_keys_contradict(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", 50),
        row("hundesteuer", "2025-10-01", "counter", 50),
        further=(
            *(told(n, "online_share", 0.1) for n in range(1, 6)),
            told(1, "online_share", 0.8, first="2024-11-01", last="2025-10-31"),  # an older file of city 1
            told(2, "online_share", 0.9, key=OTHER_HUND),  # and 0.1 for the first key: not one figure
            told(3, "online_share", 0.1, key=OTHER_HUND),  # the same service under both keys
        ),
    )
    listed = service_list.services(house.warehouse, house.settings)
    both = listed["service"] == "hundesteuer"
    listed = listed.assign(leistungsschluessel=[[HUND, OTHER_HUND] if own else [] for own in both])
    rows = placed(house.question(**AUTUMN), listed)
    assert rows[["measure", "cities"]].values.tolist() == [["online_share", 4]]
    assert rows[["value"]].values.tolist() == [[0.5]]
    assert rows[["below", "above", "middle"]].isna().all(axis=None)  # four are too few


def test_what_is_handed_on_are_the_figures_that_may_be_told_and_nothing_else(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-10-01", "online", 40, 40, 10),
        row("hundesteuer", "2025-10-01", "counter", 80, 80, 30),
        row("bauportal", "2025-10-01", "online", 3),  # hidden: no share, no sum
        *(row("bauportal", "2025-10-01", channel, 70) for channel in ("counter", "post", "form")),
        row("bauportal", "2025-11-01", "counter", 70),
    )
    assert newest_month(house.question(**AUTUMN)) == dt.date(2025, 11, 1)
    made, left_out = handed_on(house.question(**AUTUMN))
    figures = {service.keys: service.figures for service in made.services}
    own = figures[tuple(keys_of_hundesteuer(house))]
    told_of = {name: (figure.value, figure.months, figure.basis) for name, figure in own.items()}
    assert told_of.pop("application_rate") == (0.25, 1, None)  # 20 applications of 80 starts in October
    assert told_of == {"online_share": (0.333, 1, 120), "end_to_end_share": (0.333, 1, 120)}
    assert len(made.services) == 1
    assert left_out == ()
    assert (made.schema, made.sample, made.city.ars) == (SCHEMA, False, "053160000000")
    assert set(made.definitions) == set(SCALES) == set(DECIMALS)


def test_a_key_of_two_services_is_nobodys(changed_house):
    rows = [
        row(service, "2025-10-01", channel, 50)
        for service in ("hundesteuer", "bauportal")
        for channel in ("online", "counter")
    ]
    same = "UPDATE services SET leistungsschluessel = ['99102013002000'] WHERE service IN ('hundesteuer', 'bauportal')"
    made, left_out = handed_on(loaded(changed_house, *rows, further=(same,)).question(**AUTUMN))
    assert made.services == ()
    assert left_out == (
        "Nicht in der Datei, weil eine andere Leistung denselben Schlüssel hat: Bauportal, Hundesteuer und -marke.",
    )


def test_a_changed_definition_asks_for_a_new_schema():
    # Figures of two definitions must not be compared: whoever changes one raises SCHEMA and writes the new digest here.
    words = "\n".join(f"{one.id} {one.definition} {one.format} {DECIMALS[one.id]}" for one in COMPARED)
    digest = hashlib.sha256(words.encode()).hexdigest()[:12]
    assert (SCHEMA, digest) == (1, "8e0d96a432b9")


@pytest.mark.parametrize("view", ["service_benchmarks"])
def test_without_other_cities_nothing_is_said(house, view):
    answer = house.ask(service_detail, further={"service": "hundesteuer"}, **AUTUMN)
    assert view not in {one.id for one in answer.exhibits}
