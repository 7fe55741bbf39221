"""What a script asks of a screen, checked before anything is computed: screen, view, filters, detail.

A request comes from command-line options or from a copied address; both end in the same ``Options``. A filter that
the view cannot obey is refused, never ignored: its figures would answer another question.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qsl, urlsplit

from portalkompass.answers import Answer, Compare, Filters, Grain, default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.base import link_rows, service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.scope import Brand, How, Match, Scope
from portalkompass.answers.pages import page_detail
from portalkompass.screens import address
from portalkompass.screens.address import PAGE_KINDS, State
from portalkompass.screens.catalogue import SCREENS, Screen, Topic, View, screen_of
from portalkompass.screens.presets import usual_grain
from portalkompass.settings import SearchType, Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

T = TypeVar("T")

COMPARE: dict[str, Compare] = {
    "year": "previous_year",
    "previous": "previous_period",
    "free": "free",
    "none": "none",
}
GRAIN_NAMES: dict[str, Grain] = {name: name for name in get_args(Grain)}
SEARCH_TYPES: dict[str, str] = {name: name for name in get_args(SearchType)}
KINDS = {slug: kind for slug, (_, kind) in PAGE_KINDS.items()}
DEVICES = {name: name for name in ("MOBILE", "DESKTOP", "TABLET")}
BRANDS: dict[str, Brand] = {name: name for name in get_args(Brand) if name}
_COUNTRY = re.compile("[a-z]{3}")
"""What an option may say, and what it means."""


class RequestFault(Exception):
    """The request cannot be obeyed; a German sentence that names what is possible."""


def _option(help_text: str) -> Any:  # noqa: ANN401 like dataclasses.field
    return field(default="", metadata={"help": help_text})


@dataclass(frozen=True, slots=True)
class Options:
    """A request as text, named as on the command line with ``-`` for ``_``; empty means not given.

    The command ``ask`` and the tools of the MCP server take their filters from here.
    """

    view: str = _option("Teil der Ansicht.")
    site: str = _option("Property.")
    from_: str = _option("Erster Tag, JJJJ-MM-TT.")
    to: str = _option("Letzter Tag, JJJJ-MM-TT.")
    compare: str = _option("year, previous, free oder none.")
    compare_from: str = _option("Erster Tag eines freien Vergleichs.")
    compare_to: str = _option("Letzter Tag eines freien Vergleichs.")
    grain: str = _option("day, week oder month.")
    type: str = _option("Suchtyp: web, image, video, news, discover.")
    kind: str = _option("Seiten dieser Art: leistungen, aemter, start, sonstige.")
    only_service: str = _option("Seiten der Leistung mit dieser Kennung.")
    department: str = _option("Leistungen dieses Fachbereichs, wie die Liste ihn nennt, und ihre Seiten.")
    page: str = _option("Adresse einer Seite im Einzelnen.")
    service: str = _option("Kennung einer Leistung im Einzelnen.")
    since: str = _option("Tag des Ereignisses (Wirkung).")
    as_of: str = _option("Tag, dessen Stand der OZG-Liste gilt (Bericht).")
    scenario: str = _option("Szenario (Priorisierung).")
    query: str = _option("Eine Suchanfrage im Einzelnen.")
    device: str = _option("MOBILE, DESKTOP oder TABLET.")
    country: str = _option("Land, drei Buchstaben (deu).")
    appearance: str = _option("Darstellung in der Suche, wie Google sie nennt.")
    page_contains: str = _option("Seiten, deren Adresse das enthält.")
    page_is: str = _option("Genau diese Adresse.")
    page_regex: str = _option("Seiten nach RE2-Muster.")
    query_contains: str = _option("Suchanfragen, die das enthalten.")
    query_is: str = _option("Genau diese Suchanfrage.")
    query_regex: str = _option("Suchanfragen nach RE2-Muster.")
    brand: str = _option("with oder without: mit oder ohne Stadtnamen.")

    @classmethod
    def fields_by_name(cls) -> dict[str, Field[str]]:
        """The field of every option (``metadata["help"]`` explains it), by its name on the command line."""
        return {one.name.strip("_").replace("_", "-"): one for one in fields(cls)}

    def given(self) -> dict[str, str]:
        """The filters that were given, by their name on the command line; the view is none of them."""
        named = {name: getattr(self, own.name) for name, own in self.fields_by_name().items()}
        return {name: value for name, value in named.items() if value and name != "view"}


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request: what is asked, of which view, with which filters and keywords."""

    screen: Screen
    view: View
    topic: Topic
    filters: Filters
    keywords: Mapping[str, str]

    def answer(self, question: Question) -> Answer:
        """The screen's answer.

        Raises:
            RequestFault: the data at hand cannot obey the filters.
            WarehouseError, WorkspaceError: with a German sentence.
        """
        if question.scope and (reason := question.reason(self.view.grain)):
            raise RequestFault(f"„{self.screen.title}“ ({self.view.title}) kann so nicht filtern. {reason}")
        return self.topic.load()(question, **self.keywords)


def request_of(slug: str, options: Options, warehouse: Warehouse, settings: Settings) -> Request:
    """The request for a screen of that slug.

    Raises:
        RequestFault: no such screen, view, property or value, or a filter that the view cannot obey.
    """
    screen = screen_of(slug)
    if screen is None:
        raise RequestFault(
            f"Eine Ansicht „{slug}“ gibt es nicht. Möglich: {_listed(one.slug for one in SCREENS)}."
        )
    view, topic = _view(screen, options.view)
    given = options.given()
    of_list = screen.details if view is screen.views[0] else {}
    detail = next((name for name in of_list if given.get(name)), "")
    # Whatever is shown in full has a course, whose days, weeks or months can be chosen.
    obeyed = view.filters | ({"grain"} if detail else set())
    refused = [name for name in given if name not in obeyed]
    if refused:
        raise RequestFault(
            f"„{screen.title}“ ({view.title}) kann nicht nach {_listed(f'--{name}' for name in refused)} filtern. "
            f"Möglich: {_listed(f'--{name}' for name in sorted(obeyed))}."
        )
    return Request(
        screen,
        view,
        screen.details[detail] if detail else topic,
        _filters(options, warehouse, settings),
        _keywords(view, topic, options, detail),
    )


def from_address(
    link: str, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> tuple[str, Options]:
    """The screen's slug and the options that a copied address stands for.

    Raises:
        RequestFault: it is no address of a screen, or holds what cannot be read.
    """
    parts = urlsplit(link)
    slug = parts.path.rstrip("/").rpartition("/")[2]
    screen = screen_of(slug)
    if screen is None:
        raise RequestFault(f"„{link}“ ist keine Adresse einer Ansicht.")
    state = address.read(dict(parse_qsl(parts.query, keep_blank_values=False)))
    if state.doubts:
        raise RequestFault(state.doubts[0])
    options = _options_of(state, screen, warehouse, settings)
    return slug, replace(options, **_detail_of(state, options, warehouse, workspace, settings))


def _view(screen: Screen, slug: str) -> tuple[View, Topic]:
    view = screen.view(slug)
    if view is None or view.topic is None:
        answered = _listed(one.slug for one in screen.views if one.topic)
        raise RequestFault(f"„{screen.title}“ hat keine Auswertung „{slug}“. Möglich: {answered}.")
    return view, view.topic


def _keywords(view: View, topic: Topic, options: Options, detail: str) -> dict[str, str]:
    """The keywords of the answer function: those of the view, and what the options add to them."""
    if detail:
        return {{"page": "url", "service": "service", "query": "query"}[detail]: getattr(options, detail)}
    if options.since and not options.page:
        raise RequestFault("--since gehört zu --page ADRESSE: der Tag des Ereignisses auf dieser Seite.")
    named = {
        "url": options.page,
        "service": options.service,
        "since": _day(options.since, "--since").isoformat() if options.since else "",
        "scenario": options.scenario,
    }
    return {**view.keywords, **{name: value for name, value in named.items() if value}}


def _filters(options: Options, warehouse: Warehouse, settings: Settings) -> Filters:
    if options.site and options.site not in warehouse.sites():
        raise RequestFault(
            f"Die Property „{options.site}“ ist nicht geladen. Möglich: {_listed(warehouse.sites())}."
        )
    as_of = _day(options.as_of, "--as-of") if options.as_of else None
    usual = default_filters(warehouse, settings, options.site, as_of)
    site = usual.site
    start = _day(options.from_, "--from") if options.from_ else usual.start
    end = _day(options.to, "--to") if options.to else usual.end
    if start > end:
        raise RequestFault(f"Der erste Tag ({start}) liegt nach dem letzten ({end}).")
    compare, since, until = _comparison(options)
    grain = _choice(options.grain, GRAIN_NAMES, "--grain", usual_grain(start, end))
    return Filters(
        site=site,
        start=start,
        end=end,
        compare=compare,
        grain=grain,
        search_type=_choice(options.type, SEARCH_TYPES, "--type", "web"),
        compare_from=since,
        compare_to=until,
        scope=_scope(options, warehouse, settings),
        as_of=as_of,
    )


def _scope(options: Options, warehouse: Warehouse, settings: Settings) -> Scope:
    """The filters that narrow the traffic.

    Raises:
        RequestFault: a value that is not allowed, or two of what can be given once.
    """
    department = options.department
    if department and department not in (known := service_list.departments(warehouse, settings)):
        raise RequestFault(
            f"--department: „{department}“ nennt die Liste für keine Leistung. Möglich: {_listed(known)}."
        )
    if options.country and not _COUNTRY.fullmatch(options.country):
        raise RequestFault(
            f"--country: „{options.country}“ ist kein Kürzel aus drei kleinen Buchstaben (deu)."
        )
    return Scope(
        device=_choice(options.device, DEVICES, "--device", ""),
        country=options.country,
        appearance=options.appearance,
        page=_match("page", options.page_contains, options.page_is, options.page_regex),
        kind=_choice(options.kind, KINDS, "--kind", ""),
        service=options.only_service,
        department=department,
        query=_match("query", options.query_contains, options.query_is, options.query_regex),
        brand=_choice(options.brand, BRANDS, "--brand", ""),
    )


def _match(of: str, *texts: str) -> Match | None:
    """The one of contains, is and regex that was given; None without any."""
    given = [Match(how, text) for how, text in zip(get_args(How), texts, strict=True) if text]
    if len(given) > 1:
        names = _listed(f"--{of}-{match.how}" for match in given)
        raise RequestFault(f"{names} gehen nur einzeln; ein RE2-Muster kann beides sagen.")
    if given and (fault := given[0].fault):
        raise RequestFault(f"--{of}-{given[0].how}: {fault}")
    return given[0] if given else None


def _comparison(options: Options) -> tuple[Compare, dt.date | None, dt.date | None]:
    """What is compared with, and the days of a free comparison; without an end it is as long as the period."""
    compare = _choice(options.compare, COMPARE, "--compare", COMPARE["year"])
    free = bool(options.compare_from or options.compare_to)
    if compare != "free":
        if free:
            raise RequestFault("--compare-from und --compare-to gehören zu --compare free.")
        return compare, None, None
    if not options.compare_from:
        raise RequestFault("--compare free braucht --compare-from JJJJ-MM-TT.")
    since = _day(options.compare_from, "--compare-from")
    until = _day(options.compare_to, "--compare-to") if options.compare_to else None
    if until and until < since:
        raise RequestFault(f"Der erste Tag des Vergleichs ({since}) liegt nach dem letzten ({until}).")
    return compare, since, until


def _options_of(state: State, screen: Screen, warehouse: Warehouse, settings: Settings) -> Options:
    """The state as options; only those that the view obeys, because the screen shows the others without effect."""
    asked = address.filters(state, warehouse, settings)
    scope, view = asked.scope, state.view(screen)
    every = Options(
        site=state.site,
        from_=asked.start.isoformat(),
        to=asked.end.isoformat(),
        compare=next(name for name, value in COMPARE.items() if value == asked.compare),
        compare_from=asked.compare_from.isoformat() if asked.compare_from else "",
        compare_to=asked.compare_to.isoformat() if asked.compare_to else "",
        grain=asked.grain,
        type=asked.search_type,
        scenario=state.get("szenario"),
        since=state.get("seit"),
        as_of=state.get("stand"),
        device=scope.device,
        country=scope.country,
        appearance=scope.appearance,
        kind=next((slug for slug, kind in KINDS.items() if kind and kind == scope.kind), ""),
        only_service=scope.service,
        department=scope.department,
        brand=scope.brand,
    )
    if scope.page:
        every = replace(every, **{f"page_{scope.page.how}": scope.page.text})
    if scope.query:
        every = replace(every, **{f"query_{scope.query.how}": scope.query.text})
    fields_by_name = Options.fields_by_name()
    unheard = {fields_by_name[name].name: "" for name in every.given() if name not in view.filters}
    return replace(every, view=view.slug, **unheard)


def _detail_of(
    state: State, options: Options, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> dict[str, str]:
    """The page, service or query that an address shows in full; older addresses hold names of pages and services."""
    found = {"query": state.query} if state.query else {}
    page, service = state.page or state.get("wirkung-seite"), state.service
    if "://" in page:
        found["page"] = page
    elif page:
        rows = page_detail.titles(ask(warehouse, workspace, _filters(options, warehouse, settings), settings))
        found["page"] = _named(dict(zip(rows["label"], rows["url"], strict=True)), page)
    if service:
        rows = link_rows.names_to_choose(
            ask(warehouse, workspace, _filters(options, warehouse, settings), settings)
        )
        found["service"] = _named(dict(zip(rows["name"], rows["service"], strict=True)), service)
    return found


def _named(by_name: Mapping[str, str], name: str) -> str:
    """What the name stands for; an id stands for itself."""
    if name in by_name.values():
        return name
    if name not in by_name:
        raise RequestFault(f"„{name}“ gibt es im Zeitraum der Adresse nicht.")
    return by_name[name]


def _choice(value: str, allowed: Mapping[str, T], option: str, default: T) -> T:
    """What the value of an option means, ``default`` where it was not given."""
    if value and value not in allowed:
        raise RequestFault(f"{option}: „{value}“ ist nicht vorgesehen. Möglich: {_listed(allowed)}.")
    return allowed.get(value, default)


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RequestFault(f"{option}: „{text}“ ist kein Tag der Form JJJJ-MM-TT.") from None


_listed: Callable[..., str] = ", ".join
