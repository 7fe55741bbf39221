"""No look changes unseen: charts, slides and pictures as committed (``make look`` commits to what there is now)."""

import pytest

from tests.charts import looks

ADVICE = "\n\nIf this is meant: make look, and commit tests/charts/look with the change."


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return looks.City(tmp_path_factory.mktemp("look"))


def same(seen, committed):
    changed = looks.compared(seen, committed)
    assert not changed, "\n" + "\n".join(changed) + ADVICE


def test_the_theme_of_all_charts_looks_as_committed():
    same(looks.theme_look(), looks.of("theme", looks.committed("charts")))


@pytest.mark.parametrize("room", looks.ROOMS)
def test_every_chart_looks_as_committed(city, room):
    same(looks.chart_looks(city.exhibits(room)), looks.of(room, looks.committed("charts")))


@pytest.mark.parametrize("room", [room for room in looks.ROOMS if room != looks.REPORT])
def test_every_slide_of_a_screen_looks_as_committed(city, room):
    same(looks.slide_looks(city.exhibits(room)), looks.of(room, looks.committed("slides")))


def test_the_slides_of_the_report_look_as_committed(city):
    same(looks.report_look(city.report()), looks.of(looks.REPORT, looks.committed("slides")))


def test_no_screen_is_forgotten():
    names = looks.committed("charts").keys() | looks.committed("slides").keys()
    assert {name.split("/")[0] for name in names} == {"theme", *looks.ROOMS}
