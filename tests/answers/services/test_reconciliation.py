"""The federal dashboard beside own counts: differences of months that both tell, reasons, nothing corrected."""

import datetime as dt

from portalkompass.answers.base import service_list
from portalkompass.answers.services import service_detail
from portalkompass.answers.services.elsewhere.reconciliation import (
    HIDDEN,
    LESS,
    MORE,
    ONLY_THERE,
    reconciliation,
)
from tests.answers.conftest import exhibit
from tests.answers.services.test_case_rows import loaded, row

AUTUMN = {"start": dt.date(2025, 8, 1), "end": dt.date(2025, 11, 30)}


def shown(service, month, count):
    return f"INSERT INTO dashboard_usage VALUES ('leverkusen', '{service}', '{month}', {count}, 'i')"


def test_both_counts_stand_side_by_side_with_what_can_be_compared(changed_house):
    house = loaded(
        changed_house,
        row("hundesteuer", "2025-09-01", "online", 30, 28),
        row("hundesteuer", "2025-10-01", "online", 50, 40),
        row("hundesteuer", "2025-11-01", "online", 9, 3),  # hidden
        row("bauportal", "2025-10-01", "online", 60, 60),
        further=(
            shown("hundesteuer", "2025-08-01", 7),
            shown("hundesteuer", "2025-09-01", 35),
            shown("hundesteuer", "2025-10-01", 31),
            shown("hundesteuer", "2025-11-01", 4),
            shown("bauportal", "2025-10-01", 60),
            shown("bauportal", "2024-10-01", 999),  # before the period
        ),
    )
    answer = house.ask(service_detail, further={"service": "hundesteuer"}, **AUTUMN)
    table = exhibit(answer, "service_reconciliation")
    assert table.frame["state"].tolist() == [HIDDEN, LESS, MORE, ONLY_THERE]
    assert table.frame["difference"].tolist()[1:3] == [-9, 7]
    assert table.frame["own"].isna().tolist() == [True, False, False, True]
    assert table.headline == (
        "Dashboard des Bundes zu „Hundesteuer und -marke“: 66, eigene Online-Anträge: 68 "
        "(in 2\u00a0vergleichbaren Monaten)"
    )
    question = house.question(**AUTUMN)
    whole = reconciliation(question, service_list.services(house.warehouse, house.settings))
    assert whole.frame[["name", "difference"]].values.tolist() == [
        ["Hundesteuer und -marke", -2],
        ["Bauportal", 0],
    ]
    assert whole.headline.startswith("Bei 1 von 2")
    assert whole.frame["compared"].tolist() == [2, 1]


def test_without_the_dashboard_nothing_is_said(house):
    assert reconciliation(house.question(), service_list.services(house.warehouse, house.settings)) is None
