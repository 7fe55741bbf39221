"""What cannot be taken back is asked first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portalkompass.ui.components.text import plain


def delete(
    question: str,
    key: str,
    action: Callable[..., None],
    args: tuple[Any, ...],
    label: str = "Löschen",
    icon: str | None = None,
) -> None:
    """A button that opens the question; only the answer below it calls ``action`` with what was in sight.

    With an ``icon`` the button shows that alone, where a word has no room; the label is said by its tip.
    """
    with st.popover(
        "" if icon else label, key=f"{key}-frage", icon=icon, help=plain(question) if icon else None
    ):
        st.markdown(plain(question))
        st.button("Ja, löschen", key=key, type="primary", on_click=action, args=args)
