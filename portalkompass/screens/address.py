"""What stands in the address of a screen: one typed state, read from parameters and written to them.

The address is the truth: a link, a bookmark and a saved view ask the same today, next month and in another session. A
relative period stands there by its name (``zeitraum=12-monate``), fixed days as days (``von``, ``bis``), even where
they equal what is usual. Older addresses hold labels ("Letzte 12 volle Monate") and names of pages and services: they
are still read, never written. Slugs and names of parameters are part of shared links: changing one breaks them.

No Streamlit here: the screens (`portalkompass.ui.url_state`) and the command ``ask --link`` read addresses alike.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from portalkompass import german
from portalkompass.answers import Compare, Filters, Grain
from portalkompass.answers.base.periods import main_site
from portalkompass.answers.base.scope import DEVICES, SEARCH_TYPES, WHOLE, Brand, How, Match, Scope
from portalkompass.metrics.selection import Period
from portalkompass.screens.catalogue import SCREENS, Screen, View
from portalkompass.screens.presets import DEFAULT, days_of, held_by, usual_grain
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

FIXED = "frei"
PERIODS = {
    "7-tage": "Letzte 7 Tage",
    "28-tage": "Letzte 28 Tage",
    "monat": "Letzter voller Monat",
    "3-monate": "Letzte 3 volle Monate",
    "quartal": "Letztes volles Quartal",
    "12-monate": "Letzte 12 volle Monate",
    "jahr": "Jahr bis zum Datenstand",
    "alles": "Gesamter Zeitraum",
    FIXED: "Freier Zeitraum",
}
FREE = "frei"
"""The comparison with days of its own."""
COMPARISONS: dict[str, tuple[str, Compare]] = {
    "vorjahr": ("Vorjahr", "previous_year"),
    "vorzeitraum": ("Zeitraum davor", "previous_period"),
    FREE: ("Freier Vergleich", "free"),
    "ohne": ("Ohne Vergleich", "none"),
}
GRAINS: dict[str, tuple[str, Grain | None]] = {
    "auto": ("Passend zum Zeitraum", None),
    "tage": ("Tage", "day"),
    "wochen": ("Wochen", "week"),
    "monate": ("Monate", "month"),
}
PAGE_KINDS = {
    "alle": ("Alle Seiten", ""),
    "leistungen": ("Leistungen", "Leistung"),
    "aemter": ("Ämter und Einrichtungen", "Organisationseinheit"),
    "start": ("Suche und Start", "Suche/Start"),
    "sonstige": ("Sonstige", "Sonstige"),
}
"""Slug -> label and the kind's name in ``pages.page_kind``; empty is every kind."""
TOLD_DEVICES = {name: label for name, label in DEVICES.items() if name}
BRANDS: dict[str, tuple[str, Brand]] = {
    "mit": ("Mit Stadtnamen", "with"),
    "ohne": ("Ohne Stadtnamen", "without"),
}
HOWS: dict[str, tuple[str, How]] = {
    "enthaelt": ("enthält", "contains"),
    "ist": ("ist", "is"),
    "regex": ("RE2", "regex"),
}
"""Slug in the address -> label and what it means."""
VIEW_NAMES = {
    screen.parameter: {
        view.title: view.slug for one in SCREENS if one.parameter == screen.parameter for view in one.views
    }
    for screen in SCREENS
    if screen.parameter
}
"""Per parameter of a view: the title, which older addresses hold, -> the slug."""
DETAILS = ("seite", "leistung", "anfrage")
"""Parameters that show one page (its address), service (its id) or query in full."""
LONGEST = 2000
"""Characters of a value at most; anything longer is no filter that a person set."""
_COUNTRY = re.compile(r"[a-z]{3}")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class State:
    """Everything a screen is asked.

    ``period`` is the slug of a preset, or `FIXED` with ``start`` and ``end`` (both included; one that is missing is
    that of the usual period). ``compare`` and ``grain`` are slugs, too; ``compare_start`` and ``compare_end`` belong to
    a free comparison. An empty ``site`` is the main property. ``page`` (address), ``service`` (id) and ``query`` are
    shown in full. ``own`` are the parameters that only one screen knows, its view among them, in order of their names.
    ``doubts`` are German sentences on what could not be read and does not count.
    """

    period: str = DEFAULT
    start: dt.date | None = None
    end: dt.date | None = None
    compare: str = "vorjahr"
    compare_start: dt.date | None = None
    compare_end: dt.date | None = None
    grain: str = "auto"
    site: str = ""
    search_type: str = "web"
    scope: Scope = WHOLE
    page: str = ""
    service: str = ""
    query: str = ""
    own: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = field(default=(), compare=False)

    @property
    def relative(self) -> bool:
        """Whether the period moves on with the data, rather than being fixed days."""
        return self.period != FIXED

    def get(self, name: str) -> str:
        """A parameter of the screen's own; empty where it is not given."""
        return dict(self.own).get(name, "")

    def with_own(self, **values: str) -> State:
        """The same with these parameters of the screen's own; an empty one is taken out."""
        own = {name: value for name, value in (dict(self.own) | values).items() if value}
        return replace(self, own=tuple(sorted(own.items())))

    def view(self, screen: Screen) -> View:
        """The view of the screen that is asked; the first one without, or where there is no such view."""
        return screen.view(self.get(screen.parameter)) or screen.views[0]

    def elsewhere(self) -> State:
        """What stays while one moves on to another screen: all but view and details."""
        return replace(self, page="", service="", query="", own=())


def read(params: Mapping[str, str]) -> State:
    """The state that these parameters stand for.

    What cannot be read does not count and becomes one of the ``doubts``; nothing that strangers write into an
    address raises. Parameters that no filter is called by are kept as the screen's own.
    """
    reader = _Reader({name: value for name, value in params.items() if value})
    start, end = reader.day("von"), reader.day("bis")
    period = reader.choice("zeitraum", PERIODS, FIXED if start or end else DEFAULT)
    compare = reader.choice("vergleich", labels(COMPARISONS), "vorjahr")
    compare_start, compare_end = reader.day("vergleichab"), reader.day("vergleichbis")
    state = State(
        period=period,
        start=start if period == FIXED else None,
        end=end if period == FIXED else None,
        compare=compare,
        compare_start=compare_start if compare == FREE else None,
        compare_end=compare_end if compare == FREE else None,
        grain=reader.choice("raster", labels(GRAINS), "auto"),
        site=reader.text("property"),
        search_type=reader.choice("suchtyp", SEARCH_TYPES, "web"),
        scope=Scope(
            device=reader.choice("geraet", TOLD_DEVICES, ""),
            country=reader.country("land"),
            appearance=reader.text("darstellung"),
            page=reader.match("seite"),
            kind=PAGE_KINDS[reader.choice("art", labels(PAGE_KINDS), "alle")][1],
            service=reader.text("nur-leistung"),
            department=reader.text("dezernat"),
            query=reader.match("anfrage"),
            brand=reader.brand("stadtname"),
        ),
        page=reader.text("seite"),
        service=reader.text("leistung"),
        query=reader.text("anfrage"),
    )
    return replace(_in_order(state), own=reader.rest(), doubts=tuple(reader.doubts))


def write(state: State) -> dict[str, str]:
    """The parameters that stand for the state, in the order in which they are printed.

    Period and comparison are always there, so that no later default changes what a link asks.
    """
    scope = state.scope
    named: dict[str, str | dt.date | None] = {
        "zeitraum": "" if state.period == FIXED and (state.start or state.end) else state.period,
        "von": state.start,
        "bis": state.end,
        "vergleich": state.compare,
        "vergleichab": state.compare_start,
        "vergleichbis": state.compare_end,
        "raster": "" if state.grain == "auto" else state.grain,
        "property": state.site,
        "suchtyp": "" if state.search_type == "web" else state.search_type,
        "geraet": scope.device,
        "land": scope.country,
        "darstellung": scope.appearance,
        **_matched("seite", scope.page),
        "art": _slug_of(PAGE_KINDS, scope.kind) if scope.kind else "",
        "nur-leistung": scope.service,
        "dezernat": scope.department,
        **_matched("anfrage", scope.query),
        "stadtname": _slug_of(BRANDS, scope.brand) if scope.brand else "",
        **dict(state.own),
        "seite": state.page,
        "leistung": state.service,
        "anfrage": state.query,
    }
    return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a state; ``said`` is a German sentence where they are not those that were asked for."""

    period: Period
    said: str = ""


def days(state: State, warehouse: Warehouse, settings: Settings) -> Days:
    """First and last day of the period, of the property that is asked.

    A preset without a single day of data (right after the first load) gives way to the last days that have data, and
    the usual one to the newest export, where only exports know pages and queries.
    """
    window = warehouse.window(site_of(state, warehouse, settings))
    if window and state.period == DEFAULT:
        return Days(
            Period(*window),
            "Seiten und Suchanfragen sind nur aus Exporten der Search Console bekannt. Gezeigt wird der Zeitraum des "
            f"neuesten: {german.period(*window)}.",
        )
    first, data_date, last = held_by(warehouse, site_of(state, warehouse, settings), settings)
    start, end = days_of(DEFAULT if state.period == FIXED else state.period, first, data_date, last)
    if state.period == FIXED:
        one, other = state.start or start, state.end or end
        return Days(Period(min(one, other), max(one, other)))
    if end >= first:
        return Days(Period(start, end))
    start, end = days_of("28-tage", first, data_date, last)
    shown = Period(max(start, first), end)
    return Days(
        shown,
        f"Der Zeitraum „{PERIODS[state.period]}“ enthält noch keine Daten. Gezeigt werden die letzten Tage mit "
        f"Daten: {german.period(shown.start, shown.end)}.",
    )


def site_of(state: State, warehouse: Warehouse, settings: Settings) -> str:
    """The property that is asked; the main one where none is named or the named one is not loaded."""
    return state.site if state.site in warehouse.sites() else main_site(warehouse, settings)


def filters(state: State, warehouse: Warehouse, settings: Settings) -> Filters:
    """The state as a question of these data."""
    period = days(state, warehouse, settings).period
    return Filters(
        site=site_of(state, warehouse, settings),
        start=period.start,
        end=period.end,
        compare=COMPARISONS[state.compare][1],
        grain=grain_of(state.grain, period.start, period.end),
        search_type=state.search_type,
        compare_from=state.compare_start,
        compare_to=state.compare_end,
        scope=state.scope,
    )


def labels(choices: Mapping[str, tuple[str, object]]) -> dict[str, str]:
    """What each choice is called on the screen, by its slug."""
    return {slug: label for slug, (label, _) in choices.items()}


def grain_of(choice: str, start: dt.date, end: dt.date) -> Grain:
    """The chosen grain; without a choice the usual one."""
    return GRAINS.get(choice, GRAINS["auto"])[1] or usual_grain(start, end)


def _in_order(state: State) -> State:
    """Days that came in the wrong order are exchanged."""
    if state.start and state.end and state.start > state.end:
        state = replace(state, start=state.end, end=state.start)
    if state.compare_start and state.compare_end and state.compare_start > state.compare_end:
        state = replace(state, compare_start=state.compare_end, compare_end=state.compare_start)
    return state


def _matched(of: Literal["seite", "anfrage"], match: Match | None) -> dict[str, str]:
    return {f"{of}-{_slug_of(HOWS, match.how)}": match.text} if match else {}


def _slug_of(choices: Mapping[str, tuple[str, object]], meaning: object) -> str:
    return next((slug for slug, (_, own) in choices.items() if own == meaning), "")


@dataclass(slots=True)
class _Reader:
    """Takes one parameter after the other, and notes what it cannot read."""

    params: dict[str, str]
    doubts: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        value = self.params.pop(name, "").strip()
        if not value:
            return ""
        if len(value) > LONGEST or _UNWRITABLE.search(value):
            self._doubt(name, value)
            return ""
        return value

    def choice(self, name: str, choices: Mapping[str, str], default: str) -> str:
        value = self.text(name)
        slug = next((slug for slug, label in choices.items() if value in (slug, label)), "")
        if value and not slug:
            self._doubt(name, value)
        return slug or default

    def day(self, name: str) -> dt.date | None:
        value = self.text(name)
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError:
            self._doubt(name, value)
            return None

    def country(self, name: str) -> str:
        value = self.text(name).lower()
        if value and not _COUNTRY.fullmatch(value):
            self._doubt(name, value)
            return ""
        return value

    def brand(self, name: str) -> Brand:
        slug = self.choice(name, labels(BRANDS), "")
        return BRANDS[slug][1] if slug else ""

    def match(self, of: Literal["seite", "anfrage"]) -> Match | None:
        found = [(f"{of}-{slug}", how) for slug, (_, how) in HOWS.items()]
        given = [(name, Match(how, text)) for name, how in found if (text := self.text(name))]
        for name, match in given[:1]:
            if fault := match.fault:
                self.doubts.append(f"Der Filter „{name}“ der Adresse gilt nicht: {fault}")
                return None
        for name, match in given[1:]:
            self._doubt(name, match.text)
        return given[0][1] if given else None

    def rest(self) -> tuple[tuple[str, str], ...]:
        own = {name: self.text(name) for name in sorted(self.params) if not _UNWRITABLE.search(name)}
        named = {name: self._view(name, value) for name, value in own.items()}
        return tuple((name, value) for name, value in named.items() if value)

    def _view(self, name: str, value: str) -> str:
        """The slug where the parameter is that of a view; any other value as it is."""
        views = VIEW_NAMES.get(name)
        if not value or views is None or value in views.values():
            return value
        if value not in views:
            self._doubt(name, value)
        return views.get(value, "")

    def _doubt(self, name: str, value: str) -> None:
        shown = _UNWRITABLE.sub("", value)[:60]
        self.doubts.append(f"„{shown}“ ist für „{name}“ nicht vorgesehen; es gilt, was sonst gilt.")
