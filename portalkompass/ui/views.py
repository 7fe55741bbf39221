"""Parts of a screen that are shown one at a time, so that only one is computed; the choice is in the URL."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.rankings import PARTS
from portalkompass.ui import filters

RANKINGS = PARTS
"""Parts of *Rankings*, in the order of the answer."""


def chosen(options: tuple[str, ...], key: str = "ansicht") -> str:
    """The part to show; the first one unless another was chosen."""
    filters.recall(key)
    if st.session_state.get(key) not in (None, *options):
        del st.session_state[key]
    part = st.segmented_control(
        "Ansicht",
        options,
        default=options[0] if key not in st.session_state and key not in st.query_params else None,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return part if part in options else options[0]
