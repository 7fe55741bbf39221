"""The list of screens against what it lists."""

import pytest

from portalkompass.screens import SCREENS, screen_of
from portalkompass.screens.catalogue import Topic
from portalkompass.settings import ROOT

TOPICS = sorted(
    {view.topic for screen in SCREENS for view in screen.views if view.topic}
    | {topic for screen in SCREENS for topic in screen.details.values()},
    key=lambda topic: topic.id,
)


def test_every_page_file_is_a_screen_and_every_screen_a_page_file():
    files = sorted(path.relative_to(ROOT / "pages").as_posix() for path in (ROOT / "pages").rglob("*.py"))
    assert sorted(screen.file for screen in SCREENS) == files


def test_addresses_are_unique_and_made_of_letters_and_hyphens():
    slugs = [screen.slug for screen in SCREENS]
    assert len(set(slugs)) == len(slugs)
    for screen in SCREENS:
        views = [view.slug for view in screen.views]
        assert len(set(views)) == len(views)
        assert all(slug.replace("-", "").isascii() and slug.replace("-", "").isalpha() for slug in views)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_topic_is_the_answer_of_its_module(topic: Topic):
    answer = topic.load()
    assert answer.__module__.startswith("portalkompass.answers.")
    assert answer.__module__.endswith(f".{topic.id}")


def test_a_screen_is_found_by_its_address_only():
    assert screen_of("rankings").title == "Rankings"
    assert screen_of("Rankings") is None


def test_a_view_is_named_by_its_title_in_letters_of_an_address():
    assert [view.slug for view in screen_of("rankings").views] == [
        "verlauf",
        "positionen",
        "themen-und-geraete",
        "beobachtet",
        "stunden",
        "generative-ki",
    ]
    assert screen_of("priorisierung").view("vergleich").title == "Warum?"
    assert screen_of("seiten").view("rankings") is None
