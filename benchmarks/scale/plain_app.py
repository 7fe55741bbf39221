"""What Streamlit itself takes: pages with the same elements as ours, of fixed figures, nothing else.

The data are made once at start, so a run of a page only hands them to Streamlit.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

POINTS = 24
SMALL = 100
"""Height in pixels below which a chart is a line on a card."""
LINES = [f"Line {number}" for number in range(5)]


@st.cache_resource
def _chart(height: int) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    line = pd.DataFrame(
        {"x": pd.date_range("2024-01-01", periods=POINTS, freq="MS"), "y": rng.random(POINTS)}
    )
    # A small one stands on a card, without axes, on both sides.
    axis = {"axis": None} if height < SMALL else {}
    chart = (
        alt.Chart(line, height=max(height - 40, 20))
        .mark_line()
        .encode(alt.X("x:T", **axis), alt.Y("y:Q", **axis))
    )
    specification: dict[str, Any] = chart.to_dict()
    return specification


@st.cache_resource
def _table(rows: int, columns: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    return pd.DataFrame({f"column {number}": rng.integers(0, 9_999, rows) for number in range(columns)})


def _popover(key: str) -> None:
    st.popover("More", key=key).write("Inside")


def _expander(key: str) -> None:
    st.expander(f"More {key}").write("Inside")


ELEMENTS: dict[str, Callable[[str], object]] = {
    "button": lambda key: st.button("Do", key=key),
    "download": lambda key: st.download_button("Take", b"text", key=key),
    "popover": _popover,
    "expander": _expander,
    "select": lambda key: st.selectbox("Choose", LINES, key=key),
    "date": lambda key: st.date_input("Day", key=key),
    "text": lambda key: st.text_input("Text", key=key),
    "check": lambda key: st.toggle("Show", key=key),
    "choice": lambda key: st.segmented_control("View", LINES, key=key),
    "metric": lambda _key: st.metric("Label", "23.9"),
    "markdown": lambda _key: st.markdown("A sentence about figures."),
    "caption": lambda _key: st.caption("A sentence below figures."),
    "heading": lambda _key: st.header("A heading"),
    "alert": lambda _key: st.info("A hint."),
    "link": lambda _key: st.page_link(start, label="Start"),
    "tabs": lambda _key: st.tabs(LINES),
}
"""One element of each kind of `benchmarks.scale.shape`; popover and expander hold a markdown of their own."""


def _page(name: str, widgets: dict[str, int], charts: list[int], tables: list[list[int]]) -> None:
    st.title(name)
    for kind, draw in ELEMENTS.items():
        # The title is a heading already; what opens holds a text that ours counts only where it is open.
        for number in range(widgets.get(kind, 0) - (kind == "heading")):
            draw(f"{name}-{kind}-{number}")
    for number, height in enumerate(charts):
        st.vega_lite_chart(_chart(height), width="stretch", key=f"{name}-chart-{number}")
    for number, (rows, columns) in enumerate(tables):
        st.dataframe(_table(rows, columns), width="stretch", key=f"{name}-table-{number}")


USUAL = '{"seite": {"widgets": {}, "charts": [300], "tables": [[100, 6]]}}'
shapes = json.loads(os.environ.get("BENCH_PLAIN_SHAPES", USUAL))
st.set_page_config(layout="wide", initial_sidebar_state="expanded")
# The default page has no address of its own, so that every measured one has; a shape without a name is its own.
first = shapes.pop("", {"widgets": {}, "charts": [], "tables": []})
start = st.Page(partial(_page, "start", **first), title="Start", url_path="start", default=True)
pages = [st.Page(partial(_page, name, **shape), title=name, url_path=name) for name, shape in shapes.items()]
st.navigation([start, *pages]).run()
