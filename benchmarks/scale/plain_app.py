"""What Streamlit itself takes: pages with as many charts and tables as ours, of fixed figures, nothing else.

The data are made once at start, so a run of a page only hands them to Streamlit.
"""

from __future__ import annotations

import json
import os
from functools import partial

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

POINTS, ROWS = 24, 100


@st.cache_resource
def _figures() -> tuple[alt.Chart, pd.DataFrame]:
    rng = np.random.default_rng(1)
    line = pd.DataFrame(
        {"x": pd.date_range("2024-01-01", periods=POINTS, freq="MS"), "y": rng.random(POINTS)}
    )
    table = pd.DataFrame({f"column {number}": rng.integers(0, 9_999, ROWS) for number in range(6)})
    return alt.Chart(line).mark_line().encode(x="x:T", y="y:Q"), table


def _page(name: str, charts: int, tables: int) -> None:
    st.title(name)
    chart, table = _figures()
    for _ in range(charts):
        st.altair_chart(chart, width="stretch")
    for _ in range(tables):
        st.dataframe(table, width="stretch")


shapes: dict[str, list[int]] = json.loads(os.environ.get("BENCH_PLAIN_SHAPES", '{"seite": [1, 1]}'))
st.set_page_config(layout="wide", initial_sidebar_state="expanded")
# The default page has no address of its own, so that every measured one has.
start = st.Page(partial(_page, "start", 0, 0), title="Start", url_path="start", default=True)
pages = [st.Page(partial(_page, name, *shape), title=name, url_path=name) for name, shape in shapes.items()]
st.navigation([start, *pages]).run()
