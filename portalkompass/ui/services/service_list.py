"""The table of services with its own filters: list, status, and a search in the name."""

from __future__ import annotations

import dataclasses

import pandas as pd
import streamlit as st

from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered

EVERY = "Alle"
COLUMNS = (("list", "Liste", "liste"), ("status_group", "Status", "status"), ("lane", "Bahn", "bahn"))


def show(answered: Answered) -> None:
    """The rows that fit the filters; downloads hold exactly these."""
    exhibit = answered.exhibit("service_table")
    if exhibit is None or exhibit.frame.empty:
        return
    rows = exhibit.frame
    with st.container(horizontal=True, vertical_alignment="bottom", key="leistungsfilter"):
        for column, label, key in COLUMNS:
            if column in rows:
                rows = _narrowed(rows, exhibit.frame, column, label, key)
    if rows.empty:
        st.info("Keine Leistung passt zu dieser Auswahl. Bitte einen Filter auf „Alle“ stellen.")
        return
    exhibits.draw(answered, dataclasses.replace(exhibit, frame=rows))


def _narrowed(rows: pd.DataFrame, all_rows: pd.DataFrame, column: str, label: str, key: str) -> pd.DataFrame:
    values = [str(value) for value in all_rows[column].dropna().drop_duplicates() if str(value)]
    value = st.selectbox(label, [EVERY, *values], key=key, bind="query-params", width=220, filter_mode=None)
    return rows if value == EVERY else rows[rows[column] == value]
