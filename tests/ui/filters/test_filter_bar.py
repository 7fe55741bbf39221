"""The filter bar: what it shows is what the address asks, and a change is written back in one go."""

import datetime as dt

import pytest

from portalkompass.settings import load_settings
from tests.warehouse_fixture import publish

RANKINGS, PAGES, QUERIES = "traffic/rankings.py", "traffic/pages.py", "traffic/queries.py"


@pytest.fixture
def opened(screen):
    """Runs a page and opens one of the boxes of its bar."""

    def run(path, address="", box=""):
        if not opened.published:
            publish(load_settings())
            opened.published = True
        return screen(path, address, **({box: True} if box else {}))

    opened.published = False
    return run


def said(app):
    return [element.value.replace("\\", "") for element in app.caption]


def address(app):
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def buttons(app):
    return {button.key: button for button in app.button}


def test_days_of_period_and_comparison_stand_on_one_line(opened):
    assert said(opened(RANKINGS, "zeitraum=quartal&vergleich=vorzeitraum"))[0] == (
        "Juli bis Sept. 2025, verglichen mit Apr. bis Juni 2025"
    )
    assert said(opened(RANKINGS, "zeitraum=monat&vergleich=ohne"))[0] == "Nov. 2025"


def test_a_preset_is_written_by_its_name(opened):
    app = opened(RANKINGS, "von=2025-10-01&bis=2025-10-31&vergleich=ohne", "zeitraum-wahl")
    app.radio(key="zeitraum").set_value("7-tage").run()
    assert address(app) == {"zeitraum": "7-tage", "vergleich": "ohne"}
    assert "09.12.2025 bis 15.12.2025" in said(app)
    app.session_state["zeitraum-wahl"] = True
    buttons(app.run())["zeitraum-wahl-monat-davor"].click().run()
    assert address(app) == {"zeitraum": "monat", "vergleich": "vorzeitraum"}
    assert said(app)[0] == "Nov. 2025, verglichen mit Okt. 2025"


def test_a_month_is_written_as_its_days_even_where_a_preset_has_the_same(opened):
    app = opened(RANKINGS, "", "zeitraum-wahl")
    app.selectbox(key="zeitraum-monat").set_value(dt.date(2025, 11, 1)).run()
    assert address(app) == {"von": "2025-11-01", "bis": "2025-11-30", "vergleich": "vorjahr"}


def test_free_days_count_when_the_second_one_is_picked(opened):
    app = opened(RANKINGS, "", "zeitraum-wahl")
    app.date_input[0].set_value((dt.date(2025, 6, 3),)).run()
    assert address(app) == {}
    app.date_input[0].set_value((dt.date(2025, 6, 3), dt.date(2025, 6, 9))).run()
    assert address(app) == {"von": "2025-06-03", "bis": "2025-06-09", "vergleich": "vorjahr"}


def test_a_free_comparison_begins_a_year_before_and_is_free_at_both_ends(opened):
    app = opened(RANKINGS, "zeitraum=3-monate", "vergleich-wahl")
    app.radio(key="vergleich").set_value("frei").run()
    assert "Sept. bis Nov. 2025, verglichen mit Sept. bis Nov. 2024" in said(app)
    app.date_input[0].set_value((dt.date(2024, 10, 1), dt.date(2024, 10, 31))).run()
    assert "Sept. bis Nov. 2025, verglichen mit Okt. 2024" in said(app)
    assert (address(app)["vergleichab"], address(app)["vergleichbis"]) == ("2024-10-01", "2024-10-31")


@pytest.mark.parametrize(
    ("path", "view", "boxes"),
    [
        (RANKINGS, "", {"raster"}),
        (PAGES, "", set()),
        (PAGES, "seitenansicht=auffaelligkeiten", set()),
        (QUERIES, "suchansicht=chancen", set()),
    ],
)
def test_no_control_stands_where_it_has_no_effect(opened, path, view, boxes):
    app = opened(path, view)
    assert {box.key for box in app.segmented_control} & {"raster"} == boxes
    comparing = "vergleich-wahl" in str(app.main) or any("verglichen" in text for text in said(app))
    assert comparing is (view == "")


def test_a_preset_without_data_shows_the_days_that_have_some_and_says_so(screen):
    publish(load_settings(), first=dt.date(2025, 12, 3))
    app = screen(RANKINGS)
    assert [element.value.replace("\\", "") for element in app.warning] == [
        "Der Zeitraum „Letzte 12 volle Monate“ enthält noch keine Daten. Gezeigt werden die letzten Tage mit Daten: "
        "03.12.2025 bis 15.12.2025."
    ]
    assert {element.label: element.value for element in app.metric}["Klicks"] == "130"


def test_what_the_address_says_wrongly_is_told_and_gone_with_the_next_change(opened):
    app = opened(RANKINGS, "zeitraum=morgen&geraet=FERNSEHER", "zeitraum-wahl")
    assert [text.value.replace("\\", "") for text in app.warning] == [
        "„morgen“ ist für „zeitraum“ nicht vorgesehen; es gilt, was sonst gilt. "
        "„FERNSEHER“ ist für „geraet“ nicht vorgesehen; es gilt, was sonst gilt.",
    ]
    app.radio(key="zeitraum").set_value("monat").run()
    assert not app.warning
    assert address(app) == {"zeitraum": "monat", "vergleich": "vorjahr"}


def test_a_filter_is_a_chip_that_takes_it_away(opened):
    app = opened(PAGES, "zeitraum=monat&art=aemter&seite-enthaelt=amt&vergleich=ohne")
    assert buttons(app)["filter-weg-kind"].label == "Seiten der Art „Organisationseinheit“"
    buttons(app)["filter-weg-kind"].click().run()
    assert address(app) == {"zeitraum": "monat", "seite-enthaelt": "amt", "vergleich": "ohne"}
    assert "filter-alle-weg" not in buttons(app)


def test_all_filters_go_at_once_and_the_period_stays(opened):
    app = opened(PAGES, "zeitraum=monat&art=aemter&seite-enthaelt=amt&vergleich=ohne")
    buttons(app)["filter-alle-weg"].click().run()
    assert address(app) == {"zeitraum": "monat", "vergleich": "ohne"}


def test_a_filter_that_a_view_cannot_obey_is_grey_without_effect_and_says_why(opened):
    plain = opened(PAGES, "zeitraum=monat")
    app = opened(PAGES, "zeitraum=monat&darstellung=VIDEO")
    assert buttons(app)["filter-weg-appearance"].label == ":gray[Darstellung VIDEO]"
    assert any("Hier ohne Wirkung: Darstellung VIDEO. " in text for text in said(app))
    assert [one.value for one in app.metric] == [one.value for one in plain.metric]
    several = opened(PAGES, "zeitraum=monat&darstellung=VIDEO&geraet=MOBILE&land=deu")
    assert [text for text in said(several) if "ohne Wirkung" in text] == [
        "Hier ohne Wirkung: Nur Mobil, Land Deutschland, Darstellung VIDEO. Den Grund nennt jeder Filter selbst."
    ]
    assert "Geräte je Seite sind nicht geladen" in buttons(several)["filter-weg-device"].help


@pytest.mark.parametrize(
    ("text", "fault"), [("(", "Muster ist nicht zulässig"), ("   ", "Der Filter ist leer")]
)
def test_a_wrong_pattern_is_told_at_the_control_and_the_old_figures_stay(opened, text, fault):
    app = opened(PAGES, "seite-regex=amt$&vergleich=ohne", "mehr-filter")
    before = [one.value for one in app.metric]
    app.text_input(key="filter-page").set_value(text).run()
    assert any(fault in one.value for one in app.markdown)
    assert app.text_input(key="filter-page").value == text
    assert address(app) == {"seite-regex": "amt$", "vergleich": "ohne"}
    assert [one.value for one in app.metric] == before
    app.text_input(key="filter-page").set_value("steuer$").run()
    assert not any(fault in one.value for one in app.markdown)
    assert address(app)["seite-regex"] == "steuer$"


def test_another_view_closes_what_was_shown_in_full_and_keeps_the_filters(opened):
    app = opened(PAGES, "seite=Wunschkennzeichen&art=leistungen")
    app.button_group(key="seitenansicht").set_value("auffaelligkeiten").run()
    assert address(app) == {
        "zeitraum": "12-monate",
        "vergleich": "vorjahr",
        "art": "leistungen",
        "seitenansicht": "auffaelligkeiten",
    }
