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
