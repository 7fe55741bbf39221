import datetime as dt
import gc

import pytest

from portalkompass.screens import SCREENS
from portalkompass.settings import load_settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.warehouse.snapshots import history, published
from portalkompass.workspace import promises, workspace_of
from tests.warehouse_fixture import publish

PAGES = {screen.file: screen.title for screen in SCREENS if screen.slug != "bericht"}


@pytest.mark.parametrize(("path", "title"), PAGES.items())
def test_every_screen_answers_with_a_title_a_question_and_a_message(screen, path, title):
    publish(load_settings())
    app = screen(path)
    assert not app.exception
    assert [element.value for element in app.title] == [title]
    assert app.markdown[0].value.endswith("?]")
    assert not app.error


@pytest.mark.parametrize("path", PAGES)
def test_without_data_every_screen_says_what_to_do_next(screen, path):
    app = screen(path)
    assert not app.exception
    assert not app.error
    said = " ".join(element.value for element in (*app.info, *app.markdown))
    assert "Nächste Schritte" in said


def metrics(app):
    return {element.label.replace("\\", ""): element.value for element in app.metric}


def test_figures_are_those_of_the_default_period(screen):
    publish(load_settings())
    shown = metrics(screen("traffic/overview.py"))
    # 365 days of 10 clicks and 100 impressions; December 2024 at position 24, eleven months at 9
    assert shown["Klicks"] == "3.650"
    assert shown["Impressionen"] == "36.500"
    assert shown["Ø Position"] == "10,3"


def test_a_shorter_period_changes_the_figures(screen):
    publish(load_settings())
    shown = metrics(screen("traffic/overview.py", "zeitraum=28-tage"))
    assert (shown["Klicks"], shown["Ø Position"]) == ("280", "9,0")


def test_a_new_snapshot_is_seen_with_the_next_run(screen):
    publish(load_settings(), first=load_settings().today.replace(month=11, day=1))
    app = screen("traffic/overview.py")
    assert metrics(app)["Klicks"] == "300"
    publish(load_settings())  # appends all days, so that the 30 of November count twice
    assert metrics(app.run())["Klicks"] == "3.950"


def test_weights_all_at_zero_fall_back_to_the_start_values_with_a_sentence(screen):
    publish(load_settings())
    app = screen("services/prioritisation.py")
    before = [element.value for element in app.markdown]
    for slider in app.slider:
        slider.set_value(0)
    app.run()
    assert not app.exception
    assert [element.value for element in app.warning] == [
        "Mindestens ein Kriterium braucht ein Gewicht. Gerechnet wird mit den Startwerten."
    ]
    assert [element.value for element in app.markdown] == before


def test_nothing_of_an_older_snapshot_is_kept(screen):
    publish(load_settings())
    app = screen("traffic/overview.py")
    publish(load_settings())
    app.run()
    screen("services/prioritisation.py")
    gc.collect()
    newest = published(load_settings().warehouse_dir).name
    held = {one.name for one in gc.get_objects() if isinstance(one, Warehouse)}
    assert held & {snapshot.name for snapshot in history(load_settings().warehouse_dir)} == {newest}


def test_movers_of_the_overview_have_a_way_to_all_of_them(screen):
    publish(load_settings(), first=load_settings().today.replace(year=2024, month=11, day=1))
    alike = screen("traffic/overview.py", "zeitraum=monat&vergleich=vorzeitraum")
    publish(
        load_settings(), first=load_settings().today.replace(month=11, day=1)
    )  # November counts twice from here
    moved = screen("traffic/overview.py", "zeitraum=monat&vergleich=vorzeitraum")
    shown = ["weg-seiten-gewinner-und-verlierer" in {one.key for one in app.button} for app in (alike, moved)]
    assert shown == [False, True]


def test_sample_data_offer_a_workshop_of_their_past_whose_promises_are_due(screen):
    settings = load_settings().as_demo()
    publish(settings)
    app = screen("impact/impact.py", "wirkungsansicht=prognosen")
    app.button(key="beispiel-workshop").click().run()
    assert not app.exception
    assert "ist angelegt" in app.success[0].value
    assert {one.made_on for one in promises(workspace_of(settings))} == {dt.date(2025, 8, 31)}
    assert "Go-Lives im zugesagten Quartal" in metrics(app)
    assert not [one for one in app.button if one.key == "beispiel-workshop"]
