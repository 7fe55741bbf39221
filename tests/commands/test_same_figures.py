"""One figure of a service wherever it stands: card, tables, ranking, slide, council's table, monthly file, JSON."""

import csv
import datetime as dt
import io
import json
import shutil

import pytest
from pptx import Presentation

from portalkompass import german
from portalkompass.answers.services import service_detail, services
from portalkompass.answers.services.case_years import council_table
from portalkompass.answers.services.feedback_rows import satisfaction
from portalkompass.answers.workshop.criterion_values import criterion_values
from portalkompass.exports import files
from portalkompass.settings import Settings
from portalkompass.suppression import hidden_name
from tests.answers.conftest import exhibit, open_house
from tests.conftest import command

YEAR = {"start": dt.date(2024, 12, 1), "end": dt.date(2025, 11, 30)}
"""The months that the ranking measures."""
CALENDAR = {"start": dt.date(2024, 1, 1), "end": dt.date(2024, 12, 31)}
"""A year of the council's table."""
SERVICES = ("hundesteuer", "wohngeld", "wunschkennzeichen", "einbuergerung", "reitkennzeichen", "bauportal")
"""With a funnel and without, with small counts and without, with channels and without."""
PERIODS = pytest.mark.parametrize("period", [YEAR, CALENDAR], ids=["twelve months", "calendar year"])


@pytest.fixture(scope="module")
def house(demo_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("same") / "data"
    shutil.copytree(demo_data, folder)
    return open_house(Settings(data_dir=folder).as_demo())


@pytest.fixture(scope="module")
def pages(house):
    """The page of a service in a period, each asked once."""
    asked = {}

    def page(service, period):
        key = (service, *period.values())
        if key not in asked:
            asked[key] = house.ask(service_detail, further={"service": service}, **period)
        return asked[key]

    return page


@pytest.fixture(scope="module")
def councils(house):
    return council_table(house.question(**CALENDAR)).frame.set_index(["name", "year"])


@pytest.fixture(scope="module")
def ranked(house):
    return criterion_values(house.question(**YEAR))


@pytest.fixture(scope="module")
def funnel(house):
    return exhibit(house.ask(services, **YEAR), "service_funnel").frame.set_index("name")


def written(value, form):
    return "unbekannt" if german.is_missing(value) else german.value(value, form)


def name_on(page):
    return exhibit(page, "service_card").subtitle.split("„")[1].split("“")[0]


def card_of(page):
    return exhibit(page, "service_card").frame.set_index("measure")["value"]


def number_of(page, name):
    return next((one.number for one in page.figures if one.id == name), None)


def cells_of(shown):
    """The cells of a table as a person reads them."""
    rows = shown.frame.to_dict("records")
    return [
        tuple(
            row.get(hidden_name(field.name)) or german.value(row[field.name], field.format)
            for field in shown.fields
        )
        for row in rows
    ]


def on_slides(shown):
    content = files.make(shown, files.format_of("pptx"))
    return [
        tuple(cell.text_frame.text for cell in row.cells)
        for slide in Presentation(io.BytesIO(content)).slides
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_card_tables_and_ranking_tell_the_same_of_twelve_months(pages, ranked, funnel, service):
    page = pages(service, YEAR)
    card, ranked = card_of(page), ranked.loc[service]
    assert card["Online-Quote"] == written(ranked["online_share"], "percent")
    assert card["Abschlussquote"] == written(ranked["completion"], "percent")
    assert card["Kosten je Fall (Euro)"] == written(ranked["cost_per_case"], "decimal1")
    assert card["Zufriedenheit"].split(" von ")[0] == written(ranked["satisfaction"], "decimal1")
    for name in ("online_share", "cost_per_case"):
        number = number_of(page, name)
        assert german.is_missing(number) == german.is_missing(ranked[name])
        assert number is None or number == pytest.approx(ranked[name], rel=1e-12)  # sums in another order
    assert card["Abschlussquote"] == written(funnel["application_rate"].get(name_on(page)), "percent")


@PERIODS
@pytest.mark.parametrize("service", SERVICES)
def test_the_months_of_the_card_add_up_to_it_with_the_same_hidden_counts(house, pages, period, service):
    page = pages(service, period)
    months = exhibit(page, "service_cases").frame
    cases = next(one for one in page.figures if one.id == "cases")
    if cases.number is None:
        assert (months["cases_hidden"] != "").any()
    else:
        assert not (months["cases_hidden"] != "").any()
        assert cases.number == months["cases"].sum()
        assert cases.value == german.number(months["cases"].sum())
    rated, card = satisfaction(house.question(**period)), card_of(page)
    shown = exhibit(page, "service_feedback").frame
    answers = shown.loc[shown["answers_hidden"] == "", "answers"].sum()
    assert (service in rated.index) == bool(answers) == (card["Zufriedenheit"] != "unbekannt")
    if answers:
        assert rated.loc[service, "answers"] == answers
        assert card["Zufriedenheit"].endswith(f"{german.number(answers)} Rückmeldungen)")


@pytest.mark.parametrize("service", SERVICES)
def test_the_council_reads_the_year_of_the_card(councils, pages, service):
    page = pages(service, CALENDAR)
    card, year = card_of(page), councils.loc[(name_on(page), "2024")]
    cases = next(one for one in page.figures if one.id == "cases")
    assert cases.value == (year["cases_hidden"] or german.number(year["cases"]))
    assert card["Online-Quote"] == written(year["online_share"], "percent")
    assert card["Ende-zu-Ende"] == written(year["end_to_end_share"], "percent")
    number = number_of(page, "online_share")
    assert number is None or number == pytest.approx(year["online_share"], rel=1e-12)


def test_a_slide_shows_the_cells_of_the_screen(house, pages):
    for service, period in (("hundesteuer", YEAR), ("reitkennzeichen", CALENDAR)):
        shown = exhibit(pages(service, period), "service_card")
        assert on_slides(shown) == cells_of(shown)
    table = council_table(house.question(**CALENDAR), most=8)
    slides = on_slides(table)
    width = len(slides[0])  # columns without room are left out from the right, and named on the slide
    assert slides == [row[:width] for row in cells_of(table)]
    assert width > [field.name for field in table.fields].index("backlog")


def test_the_monthly_file_has_the_online_applications_of_the_cards_and_leaves_out_what_they_hide(
    house, pages
):
    folder = house.settings.data_dir.parent
    done = command(folder, "portalkompass", "transactions", "--demo", "--month", "2025-10")
    assert done.returncode == 0, done.stderr
    told = {}
    for row in csv.reader(io.StringIO(done.stdout), delimiter=";"):
        told |= dict.fromkeys(row, row)
    for service in SERVICES:
        page = pages(service, YEAR)
        months = exhibit(page, "service_cases").frame
        online = months[(months["month"] == "2025-10-01") & (months["channel_name"] == "Online")]
        name = name_on(page)
        if online.empty or "applications" not in online or german.is_missing(online["applications"].iloc[0]):
            assert name not in told and name in done.stderr
        else:
            assert str(int(online["applications"].iloc[0])) in told[name]


def test_json_has_the_figures_of_the_screen(house, pages):
    folder = house.settings.data_dir.parent
    days = ("--from", "2024-01-01", "--to", "2024-12-31")
    done = command(
        folder, "portalkompass", "ask", "leistungen", "--demo", "--service", "reitkennzeichen", *days
    )
    assert done.returncode == 0, done.stderr
    found, page = json.loads(done.stdout), pages("reitkennzeichen", CALENDAR)
    assert {one["id"]: one["number"] for one in found["figures"]} == {
        one.id: one.number for one in page.figures
    }
    rows = {one["id"]: one["rows"] for one in found["exhibits"]}
    assert {row["measure"]: row["value"] for row in rows["service_card"]} == card_of(page).to_dict()
    months = exhibit(page, "service_cases")
    assert [row["cases"] for row in rows["service_cases"]] == [
        hidden or (None if german.is_missing(cases) else cases)
        for cases, hidden in zip(months.frame["cases"], months.frame["cases_hidden"], strict=True)
    ]
    assert (months.frame["cases_hidden"] != "").any()  # or nothing would be compared that is hidden
