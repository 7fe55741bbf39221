"""The filters every screen shares. They live in the URL, so a link shows the same view to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portalkompass import german
from portalkompass.answers import Filters, default_filters
from portalkompass.answers.base.periods import comparison, months_before
from portalkompass.metrics.selection import Period
from portalkompass.screens import address
from portalkompass.screens.presets import days_of, held
from portalkompass.ui.reading import Reading

T = TypeVar("T")
D = TypeVar("D", dt.date, None)

WIDTH = 230
NARROW = 150
FEW_SITES = 10


def usual(reading: Reading) -> Filters:
    """The default period of the main property, for screens without filters."""
    return default_filters(reading.warehouse, reading.settings)


def chosen(reading: Reading, *, compare: bool = True, grain: bool = False) -> Filters:
    """Draw the filter row and return what it says; keys are the names of the URL parameters.

    Screens without a trend leave the grain out; its URL parameter is kept for the screens that have it.
    """
    start_from = usual(reading)
    with row("filter"):
        site = _site(reading, start_from.site)
        start, end = _days(reading, site, start_from)
        compared = (
            select("Vergleich mit", address.labels(address.COMPARISONS), "vergleich") if compare else "ohne"
        )
        since = _since(reading, site, start) if compared == "frei" else None
        grained = select("Darstellung nach", address.labels(address.GRAINS), "raster") if grain else "auto"
    st.caption(f"Zeitraum: {german.period(start, end)}{_against(Period(start, end), since)}")
    return Filters(
        site=site,
        start=start,
        end=end,
        compare=address.COMPARISONS[compared][1],
        grain=address.grain_of(grained, start, end),
        compare_from=since,
    )


def row(key: str) -> DeltaGenerator:
    """A row for controls, one beside the other; it breaks where the window is too narrow."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=key)


def select(label: str, options: Mapping[str, str], key: str) -> str:
    """The slug chosen; Streamlit writes the label into the URL and ignores what is none of them."""

    def text(slug: str) -> str:
        return options.get(slug, slug)

    slug: str = _box(label, list(options), key, format_func=text, filter_mode=None, width=WIDTH)
    return slug if slug in options else next(iter(options))


def of_page_kind(shown: Filters) -> Filters:
    """The filters with the kind of page that is chosen here."""
    _, kind = address.PAGE_KINDS[select("Art der Seite", address.labels(address.PAGE_KINDS), "art")]
    return replace(shown, scope=replace(shown.scope, kind=kind))


def search(label: str, by_name: Mapping[str, str], key: str, placeholder: str) -> str:
    """A search field over names; what stands behind the name chosen, empty while none is."""
    name: str | None = _box(label, list(by_name), key, index=None, placeholder=placeholder, width=480)
    return by_name.get(name, "") if name else ""


def day(label: str, key: str, preset: D, first: dt.date, last: dt.date, **look: Any) -> dt.date | D:  # noqa: ANN401
    """The day chosen, ``preset`` while none is; ``look`` goes to ``st.date_input``."""
    always: dict[str, Any] = {"format": "DD.MM.YYYY", "bind": "query-params", "width": NARROW}
    look = always | {"min_value": first, "max_value": last} | look
    picked: Any = _remembered(key, lambda: st.date_input(label, preset, key=key, **look))
    return picked if isinstance(picked, dt.date) else preset


def empty(key: str) -> None:
    """Forget what was chosen, here and on other screens; only before the next run."""
    st.session_state[key] = st.session_state[f"{key}-zuletzt"] = None


def _box(label: str, options: list[str], key: str, **look: Any) -> Any:  # noqa: ANN401
    return _remembered(key, lambda: st.selectbox(label, options, key=key, bind="query-params", **look))


def _remembered(key: str, draw: Callable[[], T]) -> T:
    """What the control says that ``draw`` draws; first it takes over what was chosen before on another screen.

    With the first switch of screens Streamlit still knows a value that came with the URL, but the new
    URL lacks it, and the widget would start from its default: setting the value anew outweighs the URL.
    """
    last = st.session_state.get(f"{key}-zuletzt")
    unchanged = st.session_state.get(key, last) == last
    if last is not None and unchanged and key not in st.query_params:
        st.session_state[key] = last
    value = st.session_state[f"{key}-zuletzt"] = draw()
    return value


def _site(reading: Reading, main: str) -> str:
    sites = reading.warehouse.sites()
    if len(sites) < 2:  # noqa: PLR2004
        return main
    ordered = [main, *(site for site in sites if site != main)]
    # A state has hundreds: these are found by typing, a few are picked from the list.
    mode = None if len(ordered) <= FEW_SITES else "contains"
    site: str = _box("Property", ordered, "property", width=WIDTH + 40, filter_mode=mode)
    return site if site in sites else main


def _days(reading: Reading, site: str, preset: Filters) -> tuple[dt.date, dt.date]:
    first_day, data_date, last_day = held(reading.warehouse, site, preset)
    period = select("Zeitraum", address.PERIODS, "zeitraum")
    if period != "frei":
        return days_of(period, first_day, data_date, last_day)
    start = day("Von", "von", max(preset.start, first_day), first_day, last_day)
    end = day("Bis", "bis", min(max(preset.end, first_day), last_day), first_day, last_day)
    return min(start, end), max(start, end)


def _since(reading: Reading, site: str, start: dt.date) -> dt.date:
    """First day of a free comparison; it is as long as the period itself."""
    first = reading.warehouse.first_day(site) or start
    last = max(reading.warehouse.data_date(site) or start, first)
    proposed = min(max(months_before(start.replace(day=1), 12), first), last)
    return day("Vergleich ab", "vergleichab", proposed, first, last)


def _against(period: Period, since: dt.date | None) -> str:
    """The days of a free comparison in words; the other ones are named where they are used."""
    other = comparison(period, "free", since)
    return f" · Vergleich: {german.period(other.start, other.end)}" if other else ""
