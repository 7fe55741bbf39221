"""The search fields for the page and the service that are shown in full, with the names of all there are."""

from __future__ import annotations

from dataclasses import astuple

import streamlit as st

from portalkompass.answers import Filters
from portalkompass.answers.pages import page_detail
from portalkompass.answers.services import service_detail
from portalkompass.ui.filters.detail_picker import PAGE, SERVICE
from portalkompass.ui.reading import Reading

KEPT = 50
"""Lists of names kept, one a snapshot and filter."""


def page(reading: Reading, shown: Filters) -> str:
    """The address of the page chosen, empty while none is."""
    return PAGE.picker(_titles(_key(reading, shown), reading, shown))


def service(reading: Reading, shown: Filters) -> str:
    """The id of the service chosen, empty while none is."""
    return SERVICE.picker(_names(_key(reading, shown), reading, shown))


def _key(reading: Reading, shown: Filters) -> tuple[object, ...]:
    return (reading.settings.origin, reading.warehouse.name, reading.revision, *astuple(shown))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _titles(key: tuple[object, ...], _reading: Reading, _shown: Filters) -> dict[str, str]:
    """Address of every page by its title; thousands on a large portal, the same for every run."""
    titles = page_detail.titles(_reading.question(_shown))
    return dict(zip(titles["label"], titles["url"], strict=True))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _names(key: tuple[object, ...], _reading: Reading, _shown: Filters) -> dict[str, str]:
    """Id of every service by its name."""
    rows = service_detail.names(_reading.question(_shown))
    return dict(zip(rows["name"], rows["service"], strict=True))
