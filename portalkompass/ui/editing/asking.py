"""What cannot be taken back is asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portalkompass.ui.components.text import plain


def delete(
    question: str, key: str, action: Callable[..., None], args: tuple[Any, ...], label: str = "Löschen"
) -> None:
    """A button that opens the question; only the answer below it calls ``action`` with what was in sight."""
    with st.popover(label, key=f"{key}-frage"):
        st.markdown(plain(question))
        st.button("Ja, löschen", key=key, type="primary", on_click=action, args=args)
