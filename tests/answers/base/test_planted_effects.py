"""What is planted in the demo portal stands first in the tables that must find it."""

import datetime as dt
import tomllib

import pandas as pd
import pytest

from portalkompass import german
from portalkompass.answers.base.events import device_sentences
from portalkompass.answers.impact import impact
from portalkompass.answers.pages import outliers, page_detail
from portalkompass.answers.queries import opportunities, queries
from portalkompass.answers.queries.work_list import CONTENT, SNIPPET
from portalkompass.answers.services.demand_rows import unmet_by_query
from portalkompass.answers.workshop.decision import CRITERIA_FILE
from portalkompass.answers.workshop.prioritisation import answer_on, ground
from portalkompass.prioritisation import load_criteria
from portalkompass.settings import DEMO_SITE, ROOT, Settings
from portalkompass.warehouse import snapshots
from tests.answers.conftest import exhibit, open_house
from tests.warehouse_fixture import TODAY


@pytest.fixture(scope="module")
def truths():
    return tomllib.loads(
        (ROOT / "etl" / "demo" / "world" / "planted_effects.toml").read_text(encoding="utf-8")
    )


@pytest.fixture(scope="module")
def demo(demo_data):
    return open_house(snapshots.in_use(Settings(data_dir=demo_data, today=TODAY), demo=True))


@pytest.fixture(scope="module")
def chances(demo):
    return demo.ask(opportunities)


def url(path):
    return DEMO_SITE.rstrip("/") + path


def first(answer, name):
    return exhibit(answer, name).frame.iloc[0]


def test_the_losing_page_comes_first_with_its_begin_and_size(chances, truths):
    row, truth = first(chances, "decay"), truths["decay"]
    assert row["url"] == url(truth["path"])
    # The loss takes three weeks to come down: the best split lies within them.
    assert 0 <= (row["since"].date() - truth["from"]).days <= 7 * truth["weeks_to_floor"]
    assert row["lasting"] == pytest.approx(truth["clicks_factor"] - 1, abs=0.05)
    assert row["lasting_low"] < row["lasting"] < row["lasting_high"] < -0.1
    assert row["missing_low"] < row["missing"] < row["missing_high"]


def test_share_of_the_portal_and_own_clicks_are_two_figures(chances):
    """The page keeps half of its share, but the portal grows: of its own clicks it loses a tenth at most."""
    table = exhibit(chances, "decay")
    row = table.frame.iloc[0]
    assert row["own_lost"] == pytest.approx((row["clicks_before"] - row["clicks_after"]) * 52)
    assert 0 < row["own_lost"] < 0.1 * 52 * row["clicks_before"]
    assert "Anteil" in table.headline
    assert "Klicks" not in table.headline


def test_a_page_has_one_figure_of_extra_clicks_in_every_list(chances):
    pages = exhibit(chances, "potential_pages").frame.set_index("url")["extra"]
    tasks = exhibit(chances, "work_list").frame
    listed = tasks[tasks["task"].isin([CONTENT, SNIPPET]) & tasks["url"].isin(pages.index)]
    assert len(listed) > 20
    assert listed["extra"].tolist() == pages[listed["url"]].tolist()
    odd = exhibit(chances, "ctr_outliers").frame
    assert odd["extra"].tolist() == pages[odd["url"]].tolist()


def test_the_page_that_is_clicked_too_rarely_comes_first(chances, truths):
    row, truth = first(chances, "ctr_outliers"), truths["ctr_outlier"]
    assert row["url"] == url(truth["path"])
    assert row["position"] == pytest.approx(truth["position"], abs=0.1)
    assert row["ctr"] / row["expected_ctr"] == pytest.approx(truth["ctr_factor"], abs=0.05)


def test_a_year_from_a_few_days_says_so(demo, chances):
    few = demo.ask(opportunities, start=dt.date(2025, 12, 8), end=dt.date(2025, 12, 10))
    assert few.caveats[0].startswith("Klicks im Jahr sind aus nur 3\u00a0Tagen mit Daten hochgerechnet")
    assert not any("hochgerechnet" in text for text in chances.caveats)


def test_the_two_competing_pages_come_first(chances, truths):
    row, truth = first(chances, "cannibalisation"), truths["cannibalisation"]
    assert row["url"] == url(truth["path"])
    assert truth["query_contains"] in row["query"]


def test_page_detail_names_the_competing_page(demo, truths):
    truth = truths["cannibalisation"]
    answer = demo.ask(page_detail, further={"url": url(truth["path"])})
    rival = demo.ask(page_detail, further={"url": url(truth["rival"])})
    assert set(exhibit(answer, "page_rivals").frame["other"]) == {"Personenstandsurkunden anfordern"}
    assert "Geburtsurkunde" in set(exhibit(rival, "page_rivals").frame["other"])


def test_the_unmet_topic_comes_first_and_holds_nothing_else(demo, truths):
    answer = demo.ask(queries)
    frame, truth = exhibit(answer, "unmet_topics").frame, truths["unmet"]
    assert frame.iloc[0]["topic"] == "Balkonkraftwerk"
    assert frame["queries"].sum() == len(truth["queries"])
    assert frame["impressions"].sum() == pytest.approx(truth["impressions_per_year"], rel=0.1)
    assert frame["position"].iloc[0] == pytest.approx(truth["position"], abs=1)


def test_the_examples_of_the_document_are_those_of_the_sample_data(demo):
    rows = unmet_by_query(demo.question()).set_index("query").loc["hundesteuer leverkusen"]
    told = [german.number(rows[name]) for name in ("shown", "own_impressions", "page_impressions", "unmet")]
    (explained,) = device_sentences(demo.question(start=dt.date(2025, 11, 1), end=dt.date(2025, 11, 30)))
    methods = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    assert told == ["16.799", "16.143", "3.861", "656"]
    assert all(number in methods for number in told)
    assert explained.startswith("„Google streicht num=100“ erklärt etwa 2,4 Plätze Verbesserung")
    assert "In den Beispieldaten sind das 2,4 von" in methods


def test_the_go_live_comes_first_with_its_size_inside_the_interval(demo, truths):
    answer = demo.ask(impact)
    row, truth = first(answer, "impact_events"), truths["go_live"]
    assert row["url"] == url(truth["path"])
    assert row["date"].date() == truth["from"]
    assert row["low"] < truth["clicks_factor"] - 1 < row["high"]
    assert row["low"] > 0
    assert row["effect"] == pytest.approx(truth["clicks_factor"] - 1, abs=0.05)
    assert row["judgement"] == "mehr Klicks"


def test_the_weeks_of_the_loss_are_the_outliers(demo, truths):
    frame = exhibit(demo.ask(outliers), "outliers_pages").frame
    assert set(frame["url"]) == {url(truths["decay"]["path"])}
    assert frame.iloc[0]["ratio"] < 0


def test_the_newest_weeks_are_judged_though_the_period_ends_with_the_last_full_month(demo):
    question = demo.question()
    newest = outliers.with_newest_weeks(question).now
    assert question.now.end < question.data_date == newest.end
    assert demo.ask(outliers).caveats[0] == (
        "Geprüft sind auch die vollen Wochen nach dem Zeitraum, bis zum 15.12.2025."
    )


def test_a_period_that_ended_long_ago_is_judged_as_it_is(demo):
    past = demo.question(end=dt.date(2025, 8, 31))
    assert outliers.with_newest_weeks(past) is past


def test_a_go_live_of_two_weeks_ago_is_not_judged(demo, truths):
    page = url(truths["go_live"]["path"])
    answer = demo.ask(impact, further={"url": page, "since": "2025-11-10"})
    assert answer.caveats[0].startswith("Weniger als 8 volle Wochen")
    assert "noch zu kurz" in answer.figures[0].change


def test_the_course_of_the_loss_is_drawn_with_its_odd_weeks(demo, truths):
    answer = demo.ask(outliers)
    chart = exhibit(answer, "outlier_course")
    odd = exhibit(answer, "outliers_pages").frame["week"]
    assert chart.headline.startswith("„Führungszeugnis“: 3\u00a0Wochen liegen weit neben dem Erwarteten")
    marked = [mark for mark in chart.marks if mark.label == "auffällig"]
    # weeks that follow each other are one span, from the first Monday to the last Sunday
    assert [(mark.date, mark.end) for mark in marked] == [
        (odd.min().date(), (odd.max() + pd.Timedelta(days=6)).date())
    ]
    rows = chart.frame[chart.frame["bucket"] == odd.iloc[0]].set_index("series")["clicks"]
    assert rows["Tatsächlich"] == exhibit(answer, "outliers_pages").frame["clicks"].iloc[0]
    assert rows["Erwartet"] == pytest.approx(exhibit(answer, "outliers_pages").frame["expected"].iloc[0])


def test_what_people_look_for_is_drawn_and_stays_in_the_house(demo):
    chart = exhibit(demo.ask(queries), "topic_bars")
    assert (chart.kind, chart.names_queries, len(chart.frame)) == ("bar", True, 10)
    assert chart.frame["impressions"].is_monotonic_decreasing


def test_no_shipped_preset_counts_the_same_thing_twice(demo):
    presets = load_criteria(demo.settings.data_file(CRITERIA_FILE)).presets
    assert len(presets) == 3
    for preset in presets:
        found = ground(demo.question(), preset.name)
        caveats = answer_on(found, found.weighed(None), ()).caveats
        assert not [text for text in caveats if "sagen fast dasselbe" in text], preset.name
