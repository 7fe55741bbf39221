"""The list of screens against what it lists."""

import ast
import datetime as dt
import re

import pytest

from portalkompass.screens import SCREENS, screen_of
from portalkompass.screens.catalogue import Topic
from portalkompass.settings import ROOT, Settings
from tests.answers.conftest import empty_house as empty_house  # noqa: PLC0414 fixture
from tests.answers.conftest import house as house  # noqa: PLC0414 fixture
from tests.answers.conftest import open_house

SETTINGS = [
    f"{name}.{key}"
    for name, field in Settings.model_fields.items()
    for key in getattr(field.annotation, "model_fields", ())
]
TERMINAL = re.compile(
    rf"python -m|\betl (run|import|status|verify|rollback)|settings\.(local|toml)|PORTALKOMPASS_|"
    rf"\b({'|'.join(map(re.escape, SETTINGS))})\b"
)
"""Commands and names of settings, which nobody with only a browser can do anything with."""

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


def for_a_terminal(answer):
    """What an answer says that needs a terminal."""
    said = [answer.message, *answer.caveats, *answer.next_steps]
    said += [text for card in answer.figures for text in (card.label, card.help, card.change)]
    for one in answer.exhibits:
        said += [one.headline, one.subtitle, one.alt, *one.notes]
        said += [text for field in one.fields for text in (field.label, field.help)]
    return [text for text in said if TERMINAL.search(text)]


@pytest.mark.parametrize("data", ["none", "stale"])
def test_no_view_sends_someone_with_only_a_browser_to_a_terminal(house, empty_house, data):
    later = house.settings.model_copy(update={"today": house.settings.today + dt.timedelta(days=100)})
    asked = open_house(later) if data == "stale" else empty_house
    for view in (view for screen in SCREENS for view in screen.views if view.topic):
        answer = view.topic.load()(asked.question(), **view.keywords)
        assert for_a_terminal(answer) == [], view.title


def test_no_text_of_a_screen_names_a_command_or_a_setting():
    """Branches that no sample reaches, too; keys and docstrings are not what a screen says, and what `auth` says of
    settings, it says to who starts the app.
    """
    named = []
    for path in (
        path for room in ("answers", "ui") for path in (ROOT / "portalkompass" / room).rglob("*.py")
    ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in notes]
        named += [
            (path.name, node.value)
            for node in texts
            if path.parent.name != "auth"
            and isinstance(node.value, str)
            and " " in node.value
            and TERMINAL.search(node.value)
        ]
    assert sorted(name for name, _ in named) == [
        "messages.py",  # the pattern by which it takes such sentences out
        "metrics_port.py",  # a line of the log, as is the next
        "voting_network.py",
    ]
