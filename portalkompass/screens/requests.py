"""What a script asks of a screen, checked before anything is computed: screen, view, filters, detail.

A request comes from command-line options or from a copied address; both end in the same ``Options``. A filter that
the view cannot obey is refused, never ignored: its figures would answer another question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qsl, urlsplit

from portalkompass import german
from portalkompass.answers import Answer, Compare, Filters, Grain, default_filters
from portalkompass.answers.base.periods import comparison
from portalkompass.answers.base.question import Question, ask
from portalkompass.answers.pages import page_detail
from portalkompass.answers.services import service_detail
from portalkompass.metrics.selection import Period
from portalkompass.screens.address import COMPARISONS, GRAINS, PAGE_KINDS, PERIODS, labels
from portalkompass.screens.catalogue import SCREENS, Screen, Topic, View, screen_of
from portalkompass.screens.presets import PRESETS, days_of, held, usual_grain
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
    kind: str = _option("Art der Seite: leistungen, aemter, start, sonstige.")
    page: str = _option("Adresse einer Seite im Einzelnen.")
    service: str = _option("Kennung einer Leistung im Einzelnen.")
    since: str = _option("Tag des Ereignisses (Wirkung).")
    scenario: str = _option("Szenario (Priorisierung).")
    query: str = _option("Eine Suchanfrage im Einzelnen.")
    device: str = _option("MOBILE, DESKTOP oder TABLET.")
    country: str = _option("Land, drei Buchstaben (deu).")
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
            WarehouseError, WorkspaceError: with a German sentence.
        """
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
    refused = [name for name in given if name not in view.filters]
    if refused:
        raise RequestFault(
            f"„{screen.title}“ ({view.title}) kann nicht nach {_listed(f'--{name}' for name in refused)} filtern. "
            f"Möglich: {_listed(f'--{name}' for name in sorted(view.filters))}."
        )
    of_list = screen.details if view is screen.views[0] else {}
    detail = next((name for name in of_list if given.get(name)), "")
    return Request(
        screen,
        view,
        screen.details[detail] if detail else topic,
        _filters(options, warehouse, settings),
        _keywords(view, topic, options, detail),
    )


def from_address(
    address: str, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> tuple[str, Options]:
    """The screen's slug and the options that a copied address stands for.

    Raises:
        RequestFault: it is no address of a screen, or holds a parameter that no screen knows.
    """
    parts = urlsplit(address)
    slug = parts.path.rstrip("/").rpartition("/")[2]
    screen = screen_of(slug)
    if screen is None:
        raise RequestFault(f"„{address}“ ist keine Adresse einer Ansicht.")
    given = dict(parse_qsl(parts.query, keep_blank_values=False))
    view = next((one for one in screen.views if given.get(screen.parameter) in (one.title, one.slug)), None)
    kind = next((slug for slug, (label, _) in PAGE_KINDS.items() if label == given.get("art")), "")
    options = Options(
        view=view.slug if view else "",
        site=given.get("property", ""),
        scenario=given.get("szenario", ""),
        since=given.get("seit", ""),
        kind="" if kind == "alle" else kind,
    )
    options = replace(options, **_period_of(given, options, warehouse, settings))
    return slug, replace(options, **_detail_of(given, options, warehouse, workspace, settings))


def _view(screen: Screen, slug: str) -> tuple[View, Topic]:
    view = screen.view(slug)
    if view is None or view.topic is None:
        answered = _listed(one.slug for one in screen.views if one.topic)
        raise RequestFault(f"„{screen.title}“ hat keine Auswertung „{slug}“. Möglich: {answered}.")
    return view, view.topic


def _keywords(view: View, topic: Topic, options: Options, detail: str) -> dict[str, str]:
    """The keywords of the answer function: those of the view, and what the options add to them."""
    if detail:
        return {{"page": "url", "service": "service"}[detail]: getattr(options, detail)}
    if options.since and not options.page:
        raise RequestFault("--since gehört zu --page ADRESSE: der Tag des Ereignisses auf dieser Seite.")
    named = {
        "kind": _choice(options.kind, KINDS, "--kind", ""),
        "url": options.page,
        "service": options.service,
        "since": _day(options.since, "--since").isoformat() if options.since else "",
        "scenario": options.scenario,
    }
    return {**view.keywords, **{name: value for name, value in named.items() if value}}


def _filters(options: Options, warehouse: Warehouse, settings: Settings) -> Filters:
    usual = default_filters(warehouse, settings)
    site = options.site or usual.site
    if options.site and site not in warehouse.sites():
        raise RequestFault(f"Die Property „{site}“ ist nicht geladen. Möglich: {_listed(warehouse.sites())}.")
    start = _day(options.from_, "--from") if options.from_ else usual.start
    end = _day(options.to, "--to") if options.to else usual.end
    if start > end:
        raise RequestFault(f"Der erste Tag ({start}) liegt nach dem letzten ({end}).")
    compare, since = _comparison(options, Period(start, end))
    grain = _choice(options.grain, GRAIN_NAMES, "--grain", usual_grain(start, end))
    return Filters(
        site=site,
        start=start,
        end=end,
        compare=compare,
        grain=grain,
        search_type=_choice(options.type, SEARCH_TYPES, "--type", "web"),
        compare_from=since,
    )


def _comparison(options: Options, period: Period) -> tuple[Compare, dt.date | None]:
    """What is compared with; a free comparison is as long as the period, so its end is only checked."""
    compare = _choice(options.compare, COMPARE, "--compare", COMPARE["year"])
    free = bool(options.compare_from or options.compare_to)
    if compare != "free":
        if free:
            raise RequestFault("--compare-from und --compare-to gehören zu --compare free.")
        return compare, None
    if not options.compare_from:
        raise RequestFault("--compare free braucht --compare-from JJJJ-MM-TT.")
    since = _day(options.compare_from, "--compare-from")
    other = comparison(period, "free", since)
    if other and options.compare_to and _day(options.compare_to, "--compare-to") != other.end:
        raise RequestFault(
            f"Der Vergleich ist so lang wie der Zeitraum: Ab {german.date(since)} endet er am "
            f"{german.date(other.end)} (--compare-to {other.end})."
        )
    return compare, since


def _period_of(
    given: Mapping[str, str], options: Options, warehouse: Warehouse, settings: Settings
) -> dict[str, str]:
    """Days, comparison and grain of an address, whose labels are those of the screen."""
    usual = default_filters(warehouse, settings)
    site = options.site or usual.site
    first, data_date, last = held(warehouse, site, usual)
    preset = _slug(PERIODS, given.get("zeitraum", "")) or PRESETS[0]
    if preset == "frei":
        start, end = given.get("von") or str(usual.start), given.get("bis") or str(usual.end)
    else:
        start, end = (str(day) for day in days_of(preset, first, data_date, last))
    compared = COMPARISONS[_slug(labels(COMPARISONS), given.get("vergleich", "")) or "vorjahr"][1]
    compare = next(name for name, value in COMPARE.items() if value == compared)
    since = given.get("vergleichab", "") if compare == "free" else ""
    _, grain = GRAINS[_slug(labels(GRAINS), given.get("raster", "")) or "auto"]
    return {"from_": start, "to": end, "compare": compare, "compare_from": since, "grain": grain or ""}


def _detail_of(
    given: Mapping[str, str], options: Options, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> dict[str, str]:
    """The page or service that an address shows in full: addresses hold their names, requests their ids."""
    question = ask(warehouse, workspace, _filters(options, warehouse, settings), settings)
    title, name = given.get("seite") or given.get("wirkung-seite"), given.get("leistung")
    found: dict[str, str] = {}
    if title:
        rows = page_detail.titles(question)
        found["page"] = _named(dict(zip(rows["label"], rows["url"], strict=True)), title)
    if name:
        rows = service_detail.names(question)
        found["service"] = _named(dict(zip(rows["name"], rows["service"], strict=True)), name)
    return found


def _named(by_name: Mapping[str, str], name: str) -> str:
    if name not in by_name:
        raise RequestFault(f"„{name}“ gibt es im Zeitraum der Adresse nicht.")
    return by_name[name]


def _slug(texts: Mapping[str, str], label: str) -> str:
    return next((slug for slug, text in texts.items() if label in (text, slug)), "")


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
