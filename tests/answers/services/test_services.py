import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.base.periods import months_within
from portalkompass.answers.pages import page_detail, pages
from portalkompass.answers.services import service_detail, services
from portalkompass.answers.services.service_rows import recent_change
from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.criterion_values import criterion_windows
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.selection import Period
from portalkompass.workspace import ServiceLink, add_link, delete_link
from tests.answers.conftest import OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE


def test_demand_comes_through_the_shipped_links(house):
    frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
    assert frame["list"].value_counts().to_dict() == {"aktuell": 9, "anstehend": 8, "ohne Status": 1}
    dogs = frame.loc["hundesteuer"]
    assert (dogs["clicks"], dogs["unique_page_views"]) == (93.0, 400.0)
    # "hund anmelden" showed the office page 10 times a day
    assert dogs["unmet_impressions"] == 310.0
    assert frame.loc["bauportal", ["clicks", "unmet_impressions"]].isna().tolist() == [True, False]


def test_coverage_counts_every_mark(house):
    frame = exhibit(house.ask(services, **OCTOBER), "coverage").frame.set_index("label")
    assert frame["clicks"].to_dict() == {
        "Leistung der Liste": 93,
        "Leistung ohne Status": 186,
        "Keine Leistung": 31,
        "Noch nicht zugeordnet": 0,
    }


def test_a_changed_link_is_seen_at_once(house):
    link = ServiceLink(
        "leistung", "url", "exact", "/organisationseinheit/ordnungsamt", "bauportal", "Bauportal"
    )
    saved = add_link(house.workspace, link, "test")
    try:
        frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
        assert frame.loc["bauportal", "clicks"] == pytest.approx(31.0)
    finally:
        delete_link(house.workspace, saved, "test")
    frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
    # the dog tax and the number plates, which have no status
    assert frame["clicks"].notna().sum() == 2


def test_what_is_said_of_pending_services_tells_none_from_unknown_and_from_no_click(changed_house):
    """The third case, no click, is held with the other answers without clicks in test_rankings."""
    unknown = changed_house("DELETE FROM search_page_day WHERE url NOT LIKE '%ordnungsamt%'")
    assert "ist nicht bekannt: Keine ihnen zugeordnete Seite" in unknown.ask(services, **OCTOBER).message
    nothing = changed_house("DELETE FROM services WHERE list = 'anstehend'")
    assert nothing.ask(services, **OCTOBER).message.endswith("; anstehend ist keine davon.")


def test_lanes_and_lists_are_counted(house):
    answer = house.ask(services)
    assert [figure(answer, f"Bahn „{lane}“").value for lane in ("startbar", "wartet auf andere")] == [
        "2",
        "3",
    ]
    assert figure(answer, "Mit Status").value == "17 von 189"


def test_without_a_list_it_says_how_to_load_one(empty_house):
    answer = empty_house.ask(services)
    assert (answer.message, answer.exhibits) == ("Noch ist keine OZG-Liste geladen.", ())
    assert answer.next_steps[0] == "Die OZG-Liste unter „Daten“ hochladen."


def test_one_row_a_service_with_everything_known_of_it(house):
    frame = exhibit(house.ask(services), "service_table").frame.set_index("service")
    dogs = frame.loc["hundesteuer"]
    # 3 clicks a day both in the 91 days of September to November and in the 92 of June to August
    assert dogs["recent"] == pytest.approx(0.0)
    assert dogs["list"] == "anstehend"
    assert frame["list"].tolist()[-1] == "ohne Status"


SPRING, AUTUMN = (
    Period(dt.date(2025, 5, 1), dt.date(2025, 7, 31)),
    Period(dt.date(2025, 8, 1), dt.date(2025, 10, 31)),
)


def test_the_last_three_whole_months_are_compared_with_the_three_before():
    months = pd.date_range("2025-05-01", "2025-10-01", freq="MS")
    rows = pd.DataFrame({"service": "hund", "month": months, "clicks": [10.0, 20.0, 30.0, 20.0, 30.0, 40.0]})
    new = pd.DataFrame({"service": ["neu"], "month": [months[-1]], "clicks": [5.0]})
    found = recent_change(pd.concat([rows, new]), SPRING, AUTUMN, Exposure(92, 92, 92, 92))
    # 90 after 60; nothing before is no change
    assert found.to_dict() == {"hund": 0.5}
    # 60 clicks of 88 days are 62,7 of 92
    fewer = recent_change(rows, SPRING, AUTUMN, Exposure(92, 88, 92, 92))
    assert fewer.to_dict() == {"hund": pytest.approx(90 / (60 * 92 / 88) - 1)}
    assert recent_change(rows, SPRING, AUTUMN, Exposure(92, 61, 92, 92)).empty


def test_days_that_are_not_loaded_are_no_days_without_clicks(changed_house):
    year = {"start": dt.date(2025, 5, 1), "end": AUTUMN.end}

    def recent(first, last):
        house = changed_house(
            f"DELETE FROM search_page_day WHERE date BETWEEN '2025-{first}' AND '2025-{last}'"
        )
        frame = exhibit(house.ask(services, **year), "service_table").frame
        return frame.set_index("service")["recent"].get("hundesteuer") if "recent" in frame else None

    assert recent("06-03", "06-05") == pytest.approx(0.0)
    assert recent("06-01", "06-30") is None


def test_a_month_with_a_missing_day_is_not_whole():
    period = Period(dt.date(2025, 9, 2), dt.date(2025, 12, 31))
    assert months_within(period, dt.date(2025, 11, 30)) == [
        pd.Timestamp("2025-10-01"),
        pd.Timestamp("2025-11-01"),
    ]
    assert months_within(period, dt.date(2025, 11, 29)) == [pd.Timestamp("2025-10-01")]


def test_a_month_without_the_portals_report_is_named_nowhere_and_said_everywhere(changed_house):
    house = changed_house(
        "INSERT INTO portal_page SELECT * REPLACE ('2025-08-01'::DATE AS period_start, "
        "'2025-08-31'::DATE AS period_end) FROM portal_page"
    )
    days = {"start": dt.date(2025, 8, 1), "end": OCTOBER["end"]}
    of = "an 30 von 92 Tagen (August bis Oktober 2025)"
    lacking = f"Berichte der Portalstatistik fehlen {of}: Summen daraus sind zu klein."
    service, page = {"service": "hundesteuer"}, {"url": f"{SITE}leistung/hundesteuer"}
    answers = [
        house.ask(services, **days),
        house.ask(pages, **days),
        house.ask(service_detail, further=service, **days),
        house.ask(page_detail, further=page, **days),
    ]
    assert all(lacking in answer.caveats for answer in answers)
    heads = [one.label for one in exhibit(answers[0], "service_table").fields]
    assert any(label.endswith(" Aug. und Okt. 2025") for label in heads)
    assert exhibit(answers[0], "service_funnel").subtitle.endswith("August und Oktober 2025")
    assert figure(answers[3], "Seitenansichten").change == "Berichte Aug. und Okt. 2025"
    assert criterion_windows(house.question())["portal_visits"] == "Aug. und Okt. 2025"
    assert lacking in house.ask(prioritisation).caveats
