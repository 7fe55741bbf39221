"""Few applications: known inside, „< 5“ in every file, and a second cell hidden where a total would tell."""

import duckdb
import pytest

from portalkompass.answers.services import service_detail, services
from portalkompass.exports.disclosure_control import BELOW, WITHHELD, outgoing
from portalkompass.warehouse import snapshots
from tests.answers.conftest import OCTOBER, exhibit, figure, open_house
from tests.ui.components.cells import written
from tests.warehouse_fixture import SITE, publish, settings_for

OTHERS = {"pflegewohngeld": (50, 9), "fuehrerschein": (90, 30)}


@pytest.fixture
def few(tmp_path):
    """Hundesteuer 3 of 80 starts, Pflegewohngeld 9 of 50, Führerschein 30 of 90."""
    settings = settings_for(tmp_path)
    publish(settings)
    path = snapshots.published(settings.warehouse_dir).path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE portal_page SET applications = 3")
        for name, (starts, applications) in OTHERS.items():
            url = f"{SITE}leistung/{name}"
            connection.execute("INSERT INTO pages (site, url) VALUES (?, ?)", [SITE, url])
            connection.execute(
                "INSERT INTO portal_page (source, site, period_start, period_end, url, unique_page_views, "
                "service_starts, applications, import_id) "
                "VALUES ('portal', ?, '2025-10-01', '2025-10-31', ?, 400, ?, ?, 'p')",
                [SITE, url, starts, applications],
            )
    return open_house(settings)


def test_files_hide_a_small_count_and_the_one_that_would_tell_it(few):
    funnel = exhibit(few.ask(services, **OCTOBER), "service_funnel")
    kept = outgoing(funnel).frame.set_index("name")["applications"].to_dict()
    assert kept == {"Führerschein": 30, "Hundesteuer und -marke": BELOW, "Pflegewohngeld": WITHHELD}
    rates = outgoing(funnel).frame.set_index("name")["application_rate"].isna().to_dict()
    assert rates == {"Führerschein": False, "Hundesteuer und -marke": True, "Pflegewohngeld": True}
    # the worst rate that is told is one of many applications: 9 of 50
    assert funnel.headline == "Bei „Pflegewohngeld“ enden nur 18\u00a0% der Starts mit einem Antrag"


def test_the_screen_writes_a_small_count_as_below_five(few):
    answer = few.ask(services, **OCTOBER)
    for name in ("service_funnel", "service_table"):
        text = written(exhibit(answer, name))
        row = next(line for line in text.splitlines() if line.startswith("Hundesteuer"))
        assert BELOW in row.split("|")
    detail = few.ask(service_detail, further={"service": "hundesteuer"}, **OCTOBER)
    assert (figure(detail, "Anträge").value, figure(detail, "Anträge").change) == (BELOW, "")
