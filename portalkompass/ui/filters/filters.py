"""The filters every screen shares. They live in the URL, so a link shows the same view to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portalkompass import german
from portalkompass.answers import Filters, default_filters
from portalkompass.answers.base.periods import comparison, months_before
from portalkompass.answers.base.presets import days_of, held
from portalkompass.metrics.selection import Period
from portalkompass.screens import address
from portalkompass.ui.reading import Reading

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
        compared = select("Vergleich mit", address.COMPARISON_LABELS, "vergleich") if compare else "ohne"
        since = _since(reading, site, start) if compared == "frei" else None
        grained = select("Darstellung nach", address.GRAIN_LABELS, "raster") if grain else "auto"
    st.caption(f"Zeitraum: {german.period(start, end)}{_against(Period(start, end), since)}")
    return Filters(
        site=site,
        start=start,
        end=end,
        compare=address.COMPARISONS[compared],
        grain=address.grain_of(grained, start, end),
        compare_from=since,
    )


def row(key: str) -> DeltaGenerator:
    """A row for controls, one beside the other; it breaks where the window is too narrow."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key=key)


def select(label: str, options: Mapping[str, str], key: str) -> str:
    """The slug chosen; Streamlit writes the label into the URL and ignores what is none of them."""
    recall(key)
    slug = st.selectbox(
        label,
        list(options),
        format_func=lambda slug: options.get(slug, slug),
        key=key,
        bind="query-params",
        filter_mode=None,
        width=WIDTH,
    )
    st.session_state[f"{key}-zuletzt"] = slug
    return slug if slug in options else next(iter(options))


def recall(key: str) -> None:
    """Take over what was chosen before on another screen.

    With the first switch of screens Streamlit still knows a value that came with the URL, but the new
    URL lacks it, and the widget would start from its default: setting the value anew outweighs the URL.
    """
    last = st.session_state.get(f"{key}-zuletzt")
    unchanged = st.session_state.get(key, last) == last
    if last is not None and unchanged and key not in st.query_params:
        st.session_state[key] = last


def _site(reading: Reading, main: str) -> str:
    sites = reading.warehouse.sites()
    if len(sites) < 2:  # noqa: PLR2004
        return main
    ordered = [main, *(site for site in sites if site != main)]
    recall("property")
    site = st.selectbox(
        "Property",
        ordered,
        key="property",
        bind="query-params",
        width=WIDTH + 40,
        # A state has hundreds: these are found by typing, a few are picked from the list.
        filter_mode=None if len(ordered) <= FEW_SITES else "contains",
    )
    st.session_state["property-zuletzt"] = site
    return site if site in sites else main


def _days(reading: Reading, site: str, preset: Filters) -> tuple[dt.date, dt.date]:
    first_day, data_date, last_day = held(reading.warehouse, site, preset)
    period = select("Zeitraum", address.PERIODS, "zeitraum")
    if period != "frei":
        return days_of(period, first_day, data_date, last_day)
    start = _day("Von", "von", max(preset.start, first_day), first_day, last_day)
    end = _day("Bis", "bis", min(max(preset.end, first_day), last_day), first_day, last_day)
    return min(start, end), max(start, end)


def _since(reading: Reading, site: str, start: dt.date) -> dt.date:
    """First day of a free comparison; it is as long as the period itself."""
    first = reading.warehouse.first_day(site) or start
    last = max(reading.warehouse.data_date(site) or start, first)
    proposed = min(max(months_before(start.replace(day=1), 12), first), last)
    return _day("Vergleich ab", "vergleichab", proposed, first, last)


def _against(period: Period, since: dt.date | None) -> str:
    """The days of a free comparison in words; the other ones are named where they are used."""
    other = comparison(period, "free", since)
    return f" · Vergleich: {german.period(other.start, other.end)}" if other else ""


def _day(label: str, key: str, preset: dt.date, first: dt.date, last: dt.date) -> dt.date:
    recall(key)
    day = st.date_input(
        label,
        preset,
        min_value=first,
        max_value=last,
        format="DD.MM.YYYY",
        key=key,
        bind="query-params",
        width=NARROW,
    )
    st.session_state[f"{key}-zuletzt"] = day
    return day if isinstance(day, dt.date) else preset
