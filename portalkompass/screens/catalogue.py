"""Every screen once: its address, its title, its file in ``pages/``, and the answers it shows.

Navigation, command line, tests, benchmarks and screenshots read this list; nobody retypes it. Adding a screen means
one page file and one entry here. Answer modules are imported when they are asked for the first time: all of them
together take 0.1 s, and the first screen needs only its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Concatenate
from urllib.parse import urlencode

from portalkompass.answers import Answer
from portalkompass.answers.base import grains
from portalkompass.answers.base.question import Question
from portalkompass.spelling import words

AnswerFunction = Callable[Concatenate[Question, ...], Answer]
"""``answer(question, …)``; what follows are keywords of the answer's own."""

TRAFFIC = frozenset({"site", "from", "to", "compare", "compare-from", "compare-to", "type"})
"""Filters of every screen that shows a period of traffic."""
NO_COMPARISON = TRAFFIC - {"compare", "compare-from", "compare-to"}
OF_PAGES = frozenset({"page-contains", "page-is", "page-regex", "kind", "only-service", "department"})
OF_QUERIES = frozenset({"query-contains", "query-is", "query-regex", "brand"})
SCOPE = OF_PAGES | OF_QUERIES | {"device", "country", "appearance"}
"""Filters that narrow the traffic itself (`answers.base.scope`)."""
PERIOD_ONLY = frozenset({"site", "from", "to", "type"})
NO_PERIOD = frozenset({"site"})
PREPARE, ASSESS, WEIGH, DECIDE, WRITE_DOWN = (
    "Vorbereiten",
    "Einschätzen",
    "Gewichten",
    "Entscheiden",
    "Festhalten",
)
"""The steps of a workshop, in the order of the work."""


def slug(text: str) -> str:
    """German words as a part of an address: ``themen-und-geraete``."""
    return "-".join(words(text))


@dataclass(frozen=True, slots=True)
class Topic:
    """A question that the library answers. ``id`` names it in caches and is its module in ``answers/<room>/``."""

    id: str
    room: str

    def load(self) -> AnswerFunction:
        """The answer function; its module is imported when it is asked for the first time."""
        answer: AnswerFunction = import_module(f"portalkompass.answers.{self.room}.{self.id}").answer
        return answer


@dataclass(frozen=True, slots=True)
class View:
    """One part of a screen; ``keywords`` are what its answer is asked with. Without a topic it only edits."""

    title: str
    topic: Topic | None = None
    keywords: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    """Its slug, where that is not made of its title."""
    filters: frozenset[str] = TRAFFIC
    """The filters it obeys, as commands name them."""
    grain: str = grains.SITE
    """The day grain without which it shows nothing."""
    part: str = ""
    """Under which of the screen's parts it stands."""

    @property
    def slug(self) -> str:
        """The title in lower-case letters of a URL, as commands name it: ``themen-und-geraete``."""
        return self.name or slug(self.title)


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen of the app. ``parameter`` is the address parameter that keeps its view.

    ``details`` are the topics that show one page or service of the first view in full, by the filter that names it; a
    further view that knows such a filter asks its own topic with it.
    """

    title: str
    file: str
    views: tuple[View, ...]
    parameter: str = ""
    details: Mapping[str, Topic] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    """The parts under which its many views stand, in their order; every view is then of one."""
    on_a_lake: bool = False
    """Whether its figures are equal on every engine, as tests/spark shows."""

    @property
    def slug(self) -> str:
        """The title in letters of an address, under which the screen is found."""
        return slug(self.title)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The screen's address and those of its further views, as a browser asks for them."""
        further = (f"{self.slug}?{urlencode({self.parameter: view.slug})}" for view in self.views[1:])
        return (self.slug, *further)

    def view(self, slug: str = "") -> View | None:
        """The view of that slug; the first one without; None where there is no such view."""
        return next((view for view in self.views if slug in ("", view.slug)), None)


OVERVIEW = Topic("overview", "overview")
RANKINGS = Topic("rankings", "rankings")
TRACKED = Topic("tracked", "rankings")
HOURS = Topic("hours", "rankings")
GENERATIVE_AI = Topic("generative_ai", "rankings")
PAGES = Topic("pages", "pages")
PAGE_DETAIL = Topic("page_detail", "pages")
PAGE_MOVERS = Topic("page_movers", "pages")
OUTLIERS = Topic("outliers", "pages")
QUERIES = Topic("queries", "queries")
OPPORTUNITIES = Topic("opportunities", "queries")
PORTAL_SEARCH = Topic("portal_search", "queries")
QUERY_DETAIL = Topic("query_detail", "queries")
SERVICES = Topic("services", "services")
SERVICE_DETAIL = Topic("service_detail", "services")
ONLINE_SERVICES = Topic("online_services", "services")
MUNICIPALITIES = Topic("municipalities", "services")
MAPPING_BOARD = Topic("mapping_board", "links")
IMPACT = Topic("impact", "impact")
FORECASTS = Topic("forecasts", "impact")
PRIORITISATION = Topic("prioritisation", "workshop")
PLAN = Topic("plan", "workshop")
REPORT = Topic("report", "report")
DATA_STATE = Topic("data_state", "data")


def _part(title: str) -> View:
    return View(title, RANKINGS, {"part": title}, filters=TRAFFIC | SCOPE | {"grain"})


def _ranking(title: str) -> View:
    return View(title, PRIORITISATION, filters=NO_PERIOD | {"scenario"}, part=DECIDE)


def _editing(title: str, part: str, name: str = "") -> View:
    """A view of a workshop that only edits."""
    return View(title, name=name, part=part)


SCREENS: tuple[Screen, ...] = (
    Screen("Überblick", "traffic/overview.py", (View("Überblick", OVERVIEW, filters=TRAFFIC | SCOPE),)),
    Screen(
        "Rankings",
        "traffic/rankings.py",
        (
            _part("Verlauf"),
            _part("Positionen"),
            _part("Themen und Geräte"),
            View(
                "Beobachtet",
                TRACKED,
                filters=TRAFFIC | OF_PAGES | OF_QUERIES | {"device"},
                grain=grains.QUERY,
            ),
            View("Stunden", HOURS, filters=NO_PERIOD | {"type"}),
            View("Generative KI", GENERATIVE_AI, filters=frozenset({"site", "from", "to"})),
        ),
        parameter="rankingansicht",
        on_a_lake=True,
    ),
    Screen(
        "Seiten",
        "traffic/pages.py",
        (
            View(
                "Top-Seiten",
                PAGES,
                filters=TRAFFIC | OF_PAGES | OF_QUERIES | {"device", "page"},
                grain=grains.PAGE,
            ),
            View(
                "Gewinner und Verlierer",
                PAGE_MOVERS,
                filters=TRAFFIC | OF_PAGES | OF_QUERIES | {"device"},
                grain=grains.PAGE,
            ),
            View(
                "Auffälligkeiten", OUTLIERS, filters=NO_COMPARISON | OF_PAGES | {"device"}, grain=grains.PAGE
            ),
        ),
        parameter="seitenansicht",
        details={"page": PAGE_DETAIL},
        on_a_lake=True,
    ),
    Screen(
        "Suchanfragen",
        "traffic/queries.py",
        (
            View(
                "Suchanfragen",
                QUERIES,
                filters=TRAFFIC | OF_PAGES | OF_QUERIES | {"device", "query"},
                grain=grains.QUERY,
            ),
            View("Chancen", OPPORTUNITIES, filters=NO_COMPARISON | OF_PAGES | OF_QUERIES, grain=grains.QUERY),
            View("Suche im Portal", PORTAL_SEARCH, filters=frozenset({"site", "from", "to"})),
        ),
        parameter="suchansicht",
        details={"query": QUERY_DETAIL},
    ),
    Screen(
        "Leistungen",
        "services/services.py",
        (
            View(
                "Nachfrage",
                SERVICES,
                filters=TRAFFIC | {"service", "device", "department"},
                grain=grains.PAGE,
            ),
            View("Onlinedienste", ONLINE_SERVICES),
            View("Kommunen", MUNICIPALITIES, filters=TRAFFIC | {"service"}),
            View("Zuordnung", MAPPING_BOARD),
            View("Liste bearbeiten", filters=NO_PERIOD),
        ),
        parameter="ansicht",
        details={"service": SERVICE_DETAIL},
    ),
    Screen(
        "Wirkung",
        "impact/impact.py",
        (
            View("Wirkung", IMPACT, filters=PERIOD_ONLY | {"page", "since"}),
            View("Prognosen", FORECASTS, filters=NO_PERIOD | {"scenario"}),
        ),
        parameter="wirkungsansicht",
    ),
    Screen(
        "Priorisierung",
        "services/prioritisation.py",
        (
            _ranking("Rangfolge"),
            _ranking("Sicherheit"),
            _editing("Warum?", DECIDE, "vergleich"),
            _ranking("Quadrant"),
            View("Plan", PLAN, filters=NO_PERIOD | {"scenario"}, part=DECIDE),
            _editing("Beschlüsse", DECIDE),
            _editing("Ablauf", PREPARE),
            _editing("Bahnen", PREPARE, "grundlagen"),
            _editing("Einschätzungen", ASSESS, "einschaetzung"),
            _editing("Stimmen", WEIGH),
            _editing("Protokoll", WRITE_DOWN),
            _editing("Szenarien", WRITE_DOWN),
        ),
        parameter="ansicht",
        parts=(PREPARE, ASSESS, WEIGH, DECIDE, WRITE_DOWN),
        on_a_lake=True,
    ),
    Screen("Bericht", "report/report.py", (View("Bericht", REPORT, filters=TRAFFIC | {"as-of"}),)),
    Screen("Daten", "data/data.py", (View("Daten", DATA_STATE, filters=NO_PERIOD),)),
)


ADDRESSES = tuple(address for screen in SCREENS for address in screen.addresses)
"""Every view of every screen."""


def screen_of(slug: str) -> Screen | None:
    """The screen with that address; None where there is none."""
    return next((screen for screen in SCREENS if screen.slug == slug), None)
