"""Which page and day the effect is asked for: a known event unless the reader picks his own."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from portalkompass.answers import Filters
from portalkompass.answers.pages import page_detail
from portalkompass.ui.filters import filters
from portalkompass.ui.reading import Reading


def picked(reading: Reading, shown: Filters) -> tuple[str, str]:
    """Address of the page and ISO day; both empty for the surest known event."""
    titles = page_detail.titles(reading.question(shown))
    by_title = dict(zip(titles["label"], titles["url"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="ereignis"):
        filters.recall("wirkung-seite")
        title = st.selectbox(
            "Seite",
            list(by_title),
            index=None,
            placeholder="Bekanntes Ereignis, oder Titel suchen",
            key="wirkung-seite",
            bind="query-params",
            width=480,
        )
        st.session_state["wirkung-seite-zuletzt"] = title
        first, last = _days(reading, shown)
        filters.recall("seit")
        day = st.date_input(
            "Ereignis am",
            None,
            min_value=first,
            max_value=last,
            format="DD.MM.YYYY",
            key="seit",
            bind="query-params",
            width=170,
            help="Tag des Go-Lives, Relaunchs oder Beginns der Kampagne",
        )
        st.session_state["seit-zuletzt"] = day
    return (by_title.get(title, "") if title else "", day.isoformat() if isinstance(day, dt.date) else "")


def _days(reading: Reading, shown: Filters) -> tuple[dt.date, dt.date]:
    first = reading.warehouse.first_day(shown.site) or shown.start
    return first, reading.warehouse.data_date(shown.site) or shown.end
