"""Period and comparison: two buttons that say what counts, and open what can be chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from portalkompass import german
from portalkompass.answers.base.periods import comparison, months_before, whole_months
from portalkompass.metrics.selection import Period
from portalkompass.screens import address
from portalkompass.screens.address import FIXED, State
from portalkompass.screens.presets import held_by, usual_grain
from portalkompass.ui import url_state
from portalkompass.ui.reading import Reading

PERIOD, PRESET, MONTH, RANGE = "zeitraum-wahl", "zeitraum", "zeitraum-monat", "zeitraum-tage"
COMPARE, COMPARED, COMPARE_RANGE = "vergleich-wahl", "vergleich", "vergleich-tage"
BESIDE = "zeitraum-vergleich"
LAST_MONTH = "Letzter voller Monat gegen den davor"
DAY = "DD.MM.YYYY"
WIDTH = 290


def period(reading: Reading, state: State, site: str, shown: Period, *, compared: bool) -> None:
    """Presets, a month, free days; what was picked last counts, and closes the box.

    ``compared`` sets what it is compared with above them, so that both are chosen in one go.
    """
    named = address.PERIODS[state.period] if state.relative else german.period_short(shown.start, shown.end)
    box = st.popover(named, icon=":material/calendar_month:", key=PERIOD, on_change="rerun")
    if not box.open:
        return
    first, _, last = held_by(reading.warehouse, site, reading.settings)
    presets = {slug: label for slug, label in address.PERIODS.items() if slug != FIXED}
    st.session_state[PRESET] = state.period if state.relative else None
    months = _months(first, last)
    alone = not state.relative and whole_months(shown) == 1 and shown.start in months
    st.session_state[MONTH] = shown.start if alone else None
    with box:
        if compared:
            _beside(state)
        st.radio(
            "Zeitraum",
            list(presets),
            format_func=presets.__getitem__,
            index=None,
            key=PRESET,
            on_change=_preset,
        )
        st.selectbox(
            "Monat",
            months,
            index=None,
            format_func=german.month,
            placeholder="Monat wählen",
            key=MONTH,
            on_change=_month,
        )
        _days("Freier Zeitraum", RANGE, shown, first, last, _range)


def _beside(state: State) -> None:
    names = {slug: label for slug, (label, _) in address.COMPARISONS.items() if slug != "frei"}
    st.session_state[BESIDE] = state.compare if state.compare in names else None
    st.segmented_control(
        "Vergleich mit", list(names), format_func=names.__getitem__, key=BESIDE, on_change=_compare_beside
    )
    st.button(LAST_MONTH, key=f"{PERIOD}-monat-davor", on_click=_last_month)


def compared(reading: Reading, state: State, site: str, shown: Period) -> None:
    """What the period is compared with: the year before, the time just before, free days, nothing."""
    label = address.COMPARISONS[state.compare][0]
    with_what = label if state.compare in ("ohne", "frei") else f"Vergleich: {label}"
    box = st.popover(with_what, icon=":material/compare_arrows:", key=COMPARE, on_change="rerun")
    if not box.open:
        return
    first, data_date, _ = held_by(reading.warehouse, site, reading.settings)
    usual = _usual(shown, first, data_date)
    free = (
        comparison(shown, "free", state.compare_start, state.compare_end) if state.compare == "frei" else None
    )
    st.session_state[COMPARED] = state.compare
    given = free or usual
    with box, st.container(width=WIDTH):
        st.radio(
            "Vergleich mit",
            list(address.COMPARISONS),
            format_func=address.labels(address.COMPARISONS).__getitem__,
            key=COMPARED,
            on_change=_compare,
            args=(usual,),
        )
        _days("Freier Vergleich", COMPARE_RANGE, given, first, data_date, _compare_range)
        st.caption(
            "Der Vergleich darf anders lang sein als der Zeitraum; Summen werden dann je Tag verglichen."
        )


def grain(state: State, shown: Period) -> None:
    """By day, week or month; usual for the period unless chosen. A click on the chosen one brings the usual back."""
    names = {slug: label for slug, (label, grain) in address.GRAINS.items() if grain}
    usual = next(
        slug for slug, (_, grain) in address.GRAINS.items() if grain == usual_grain(shown.start, shown.end)
    )
    st.session_state["raster"] = usual if state.grain == "auto" else state.grain
    st.segmented_control(
        "Darstellung nach",
        list(names),
        format_func=names.__getitem__,
        key="raster",
        label_visibility="collapsed",
        on_change=_grain,
    )


def _grain() -> None:
    url_state.change(grain=st.session_state["raster"] or "auto")


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of all months that have data, the newest first."""
    newest, oldest = last.replace(day=1), first.replace(day=1)
    count = (newest.year - oldest.year) * 12 + newest.month - oldest.month + 1
    return [months_before(newest, back) for back in range(count)]


def _usual(shown: Period, first: dt.date, last: dt.date) -> Period:
    """What a free comparison begins with: the same days a year before, as far as there are data."""
    other = comparison(shown, "previous_year") or shown
    start = min(max(other.start, first), last)
    return Period(start, min(max(other.end, start), last))


def _preset() -> None:
    _fix(st.session_state[PRESET])


def _month() -> None:
    first: dt.date | None = st.session_state[MONTH]
    if first:
        _fix(FIXED, first, months_before(first, -1) - dt.timedelta(days=1))


def _days(
    label: str,
    name: str,
    given: Period,
    first: dt.date,
    last: dt.date,
    picked: Callable[[dt.date, dt.date], None],
) -> None:
    """Two days in one field. Its key names the days that it begins with, so that a first day stays until the second
    is picked.
    """
    key = f"{name}-{given.start}-{given.end}"

    def pick() -> None:
        days = st.session_state[key]
        if len(days) == 2:  # noqa: PLR2004
            picked(*days)

    st.date_input(
        label,
        value=(given.start, given.end),
        min_value=min(first, given.start),
        max_value=max(last, given.end),
        format=DAY,
        key=key,
        on_change=pick,
    )


def _range(start: dt.date, end: dt.date) -> None:
    _fix(FIXED, start, end)


def _fix(period: str, start: dt.date | None = None, end: dt.date | None = None) -> None:
    st.session_state[PERIOD] = False
    url_state.change(period=period, start=start, end=end)


def _compare(usual: Period) -> None:
    compare = st.session_state[COMPARED]
    days = (usual.start, usual.end) if compare == "frei" else ()
    _against(compare, *days)
    st.session_state[COMPARE] = compare == "frei"  # stays open for the days


def _compare_beside() -> None:
    # A click on the chosen one is no choice: something is always compared, or nothing is, in so many words.
    if st.session_state[BESIDE]:
        url_state.change(compare=st.session_state[BESIDE], compare_start=None, compare_end=None)


def _last_month() -> None:
    """Period and comparison in one click: what changed last is asked most often."""
    st.session_state[PERIOD] = False
    url_state.change(
        period="monat", start=None, end=None, compare="vorzeitraum", compare_start=None, compare_end=None
    )


def _compare_range(start: dt.date, end: dt.date) -> None:
    _against("frei", start, end)


def _against(compare: str, start: dt.date | None = None, end: dt.date | None = None) -> None:
    st.session_state[COMPARE] = False
    url_state.change(compare=compare, compare_start=start, compare_end=end)
