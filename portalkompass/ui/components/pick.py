"""A choice among things that have a name for people and a key for the code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

from portalkompass.ui.streamlit_internals import DeltaGenerator

K = TypeVar("K")


def pick(
    label: str,
    names: Mapping[K, str],
    key: str | None,
    *,
    at: DeltaGenerator | None = None,
    **look: Any,  # noqa: ANN401
) -> K:
    """A select box that shows the names and returns the key of the one chosen.

    ``at`` is the cell it stands in; ``look`` goes to ``st.selectbox``. With ``index=None`` nothing is chosen at first,
    and None comes back.
    """
    box = st.selectbox if at is None else at.selectbox
    chosen: Any = box(label, list(names), format_func=lambda one: names.get(one, str(one)), key=key, **look)
    return chosen  # type: ignore[no-any-return]
