import pytest

from etl.store.publish import draft
from portalkompass.answers.overview.figures import figures
from tests.answers.conftest import open_house
from tests.warehouse_fixture import publish, settings_for


def test_a_month_without_impressions_has_no_position_to_name(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    with draft(settings) as connection:
        connection.execute(
            "UPDATE search_site_day SET clicks = 0, impressions = 0, sum_position = 0 "
            "WHERE date BETWEEN '2025-09-01' AND '2025-09-30'"
        )
    house = open_house(settings)
    months = figures(house.warehouse, house.filters, settings)["position_by_month"]
    assert "2025-09" not in months
    assert len(months) == 17


def test_a_month_without_some_days_says_so_and_provisional_days_do_not_count(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    with draft(settings) as connection:
        connection.execute("DELETE FROM search_site_day WHERE date BETWEEN '2025-09-03' AND '2025-09-05'")
        connection.execute("UPDATE search_site_day SET sum_position = 9e9 WHERE date = '2025-12-16'")
    house = open_house(settings)
    told = figures(house.warehouse, house.filters, settings)
    assert told["partial_months"]["2025-09"] == {
        "from": "2025-09-01",
        "to": "2025-09-30",
        "days": 27,
        "of": 30,
    }
    assert list(told["partial_months"]) == ["2024-07", "2025-09", "2025-12"]
    assert told["position_by_month"]["2025-12"] == pytest.approx(9.0)
