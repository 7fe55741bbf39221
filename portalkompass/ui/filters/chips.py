"""The active filters, one button each: a click takes it away. They stay while one moves from screen to screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from portalkompass.answers.base.scope import WHOLE, Match, Scope
from portalkompass.answers.rankings.segment_rows import COUNTRIES
from portalkompass.screens import address
from portalkompass.screens.address import State
from portalkompass.ui import url_state
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters import obeyed, scope_box
from portalkompass.ui.reading import Reading

LONGEST = 40
"""Characters of a pattern that a chip shows."""


def draw(reading: Reading, state: State, refused: Mapping[str, str]) -> None:
    """A row with the active filters; nothing where there are none."""
    texts = told(reading, state)
    if not texts:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter-aktiv"):
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
    silent: dict[str, list[str]] = {}
    for part in texts:
        if part in refused:
            silent.setdefault(refused[part], []).append(texts[part])
    for reason, names in silent.items():
        st.caption(f"Hier ohne Wirkung: {plain(', '.join(names))}. {plain(reason)}")


def told(reading: Reading, state: State) -> dict[str, str]:
    """Each active filter in words, by the part of the scope it is."""
    scope = state.scope
    parts = {
        "device": f"Gerät: {address.DEVICES.get(scope.device, scope.device)}" if scope.device else "",
        "country": f"Land: {COUNTRIES.get(scope.country, scope.country)}" if scope.country else "",
        "page": _matched("Seite", scope.page),
        "kind": f"Seitenart: {_kind(scope.kind)}" if scope.kind else "",
        "service": f"Leistung: {scope_box.services(reading).get(scope.service, scope.service)}"
        if scope.service
        else "",
        "department": f"Fachbereich: {scope.department}" if scope.department else "",
        "query": _matched("Suchanfrage", scope.query),
        "brand": {"": "", "with": "Mit Stadtnamen", "without": "Ohne Stadtnamen"}[scope.brand],
        "search_type": f"Suchtyp: {address.SEARCH_TYPES[state.search_type]}"
        if state.search_type != "web"
        else "",
        "appearance": f"Darstellung: {scope.appearance}" if scope.appearance else "",
    }
    return {part: text for part, text in parts.items() if text}


def _kind(kind: str) -> str:
    return next((label for label, name in address.PAGE_KINDS.values() if name == kind), kind)


def _matched(noun: str, match: Match | None) -> str:
    if match is None:
        return ""
    how = next(label for label, own in address.HOWS.values() if own == match.how)
    text = match.text if len(match.text) <= LONGEST else f"{match.text[:LONGEST]}…"
    return f"{noun} {how} „{text}“"


def without(scope: Scope, part: str) -> Scope:
    """The scope without one of its filters."""
    return replace(scope, **{part: obeyed.type_of(part)})


def _remove(part: str) -> None:
    scope_box.forget(part)
    if part == "search_type":
        url_state.change(search_type="web")
    else:
        url_state.change(scope=without(url_state.current().scope, part))


def _remove_all() -> None:
    for part in obeyed.OPTIONS:
        scope_box.forget(part)
    url_state.change(scope=WHOLE, search_type="web")
