"""The active filters, one button each in the filter bar: a click takes it away. They stay from screen to screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from portalkompass.answers.base.scope import SEARCH_TYPES, WHOLE
from portalkompass.screens import obeyed
from portalkompass.screens.address import State
from portalkompass.ui import url_state
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters import scope_box
from portalkompass.ui.reading import Reading


def draw(reading: Reading, state: State, refused: Mapping[str, str]) -> str:
    """The active filters, in the row that is open; returned is one sentence on those that have no effect here.

    Why stands there, too, where it is the same for all of them; else each one says it by itself.
    """
    texts = told(reading, state)
    for part, text in texts.items():
        off = part in refused
        st.button(
            f":gray[{plain(text)}]" if off else plain(text),
            key=f"filter-weg-{part}",
            icon=":material/close:",
            icon_position="right",
            type="tertiary" if off else "secondary",
            help=f"{refused[part]} Ein Klick entfernt den Filter." if off else "Filter entfernen",
            on_click=_remove,
            args=(part,),
        )
    if len(texts) > 1:
        st.button("alle entfernen", key="filter-alle-weg", type="tertiary", on_click=_remove_all)
    silent = [part for part in texts if part in refused]
    if not silent:
        return ""
    reasons = {refused[part] for part in silent}
    why = reasons.pop() if len(reasons) == 1 else "Den Grund nennt jeder Filter selbst."
    return f"Hier ohne Wirkung: {', '.join(texts[part] for part in silent)}. {why}"


def told(reading: Reading, state: State) -> dict[str, str]:
    """Each active filter in words, by the part of the scope it is."""
    scope = state.scope
    name = scope_box.services(reading).get(scope.service, "") if scope.service else ""
    texts = {
        part: replace(WHOLE, **{part: getattr(scope, part)}).told(name)
        for part in obeyed.OPTIONS
        if obeyed.given(scope, part)
    }
    if state.search_type != "web":
        texts[obeyed.SEARCH_TYPE] = f"Suchtyp {SEARCH_TYPES[state.search_type]}"
    return {part: text[:1].upper() + text[1:] for part, text in texts.items()}


def _remove(part: str) -> None:
    scope_box.forget(part)
    if part == obeyed.SEARCH_TYPE:
        url_state.change(search_type="web")
    else:
        url_state.change(scope=obeyed.without(url_state.current().scope, part))


def _remove_all() -> None:
    for part in obeyed.OPTIONS:
        scope_box.forget(part)
    url_state.change(scope=WHOLE, search_type="web")
