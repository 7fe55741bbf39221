"""*+ Filter*: everything that narrows the traffic, drawn when it is opened; each choice counts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from portalkompass.answers.base import service_list
from portalkompass.answers.base.scope import COUNTRIES, SEARCH_TYPES, Match
from portalkompass.screens import address
from portalkompass.screens.address import State
from portalkompass.ui import url_state
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading

OPEN = "mehr-filter"
WIDTH = 270
EVERY = "Alle"
EMPTY = "Der Filter ist leer; der bisherige gilt weiter. Mit × am Filter wird er entfernt."


def draw(reading: Reading, state: State, refused: Mapping[str, str]) -> None:
    """The button and what it opens; a control that the view cannot obey is off and says why."""
    box = st.popover("Filter", icon=":material/add:", key=OPEN, on_change="rerun")
    if not box.open:
        return
    scope = state.scope
    kinds = {name: label for label, name in address.PAGE_KINDS.values() if name}
    brands: dict[str, str] = {meaning: label for label, meaning in address.BRANDS.values()}
    departments = {name: name for name in service_list.departments(reading.warehouse, reading.settings)}
    with box, st.container(horizontal=True, gap="medium", width=2 * WIDTH + 40):
        _select("Gerät", address.TOLD_DEVICES, "device", scope.device, refused)
        _select("Land", COUNTRIES, "country", scope.country, refused)
        _match("Seite", "page", scope.page, refused)
        _match("Suchanfrage", "query", scope.query, refused)
        _select("Art der Seite", kinds, "kind", scope.kind, refused)
        _select("Stadtname in der Suchanfrage", brands, "brand", scope.brand, refused)
        _select("Leistung", services(reading), "service", scope.service, refused)
        _select("Fachbereich", departments, "department", scope.department, refused)
        types: dict[str, str] = {
            one: SEARCH_TYPES[one] for one in reading.settings.search_console.search_types
        }
        if len(types) > 1 or state.search_type not in types:
            _select("Suchtyp", types, "search_type", state.search_type, refused, needed=True)
        if appearances := _appearances(reading):
            _select("Darstellung in der Suche", appearances, "appearance", scope.appearance, refused)


def services(reading: Reading) -> dict[str, str]:
    """Names of the city's services by id."""
    rows = service_list.services(reading.warehouse, reading.settings)
    return dict(zip(rows["service"], rows["name"], strict=True)) if len(rows) else {}


def forget(part: str) -> None:
    """What stood in a text box that was not accepted goes with its filter."""
    for key in (_key(part), f"{_key(part)}-fehler"):
        st.session_state.pop(key, None)


def _appearances(reading: Reading) -> dict[str, str]:
    """Appearances that are loaded; Google's names, as it writes them."""
    if not reading.warehouse.holds("search_appearance_day"):
        return {}

    def make() -> dict[str, str]:
        rows = reading.warehouse.ask(lambda t: t["search_appearance_day"].select("appearance").unique())
        return {name: name for name in sorted(rows["appearance"].dropna().map(str))}

    return reading.once(("appearances",), make)


def _key(part: str) -> str:
    return f"filter-{part}"


def _select(
    label: str,
    names: Mapping[str, str],
    part: str,
    value: str,
    refused: Mapping[str, str],
    *,
    needed: bool = False,
) -> None:
    key = _key(part)
    options = list(names) if value in names or not value else [*names, value]
    st.session_state[key] = value or None
    st.selectbox(
        label,
        options,
        index=None,
        format_func=lambda one: names.get(one, str(one)),
        placeholder=EVERY,
        required=needed,
        key=key,
        disabled=part in refused,
        help=refused.get(part),
        on_change=_chosen,
        args=(part,),
        width=WIDTH,
    )


def _chosen(part: str) -> None:
    value = st.session_state[_key(part)] or ""
    _put(part, value or ("web" if part == "search_type" else ""))


def _put(part: str, value: Any) -> None:  # noqa: ANN401
    if part == "search_type":
        url_state.change(search_type=value)
    else:
        url_state.change(scope=replace(url_state.current().scope, **{part: value}))


def _match(
    label: str, part: Literal["page", "query"], match: Match | None, refused: Mapping[str, str]
) -> None:
    key, how_key, fault_key = _key(part), f"{_key(part)}-wie", f"{_key(part)}-fehler"
    fault: str = st.session_state.get(fault_key, "")
    if not fault:  # what was not accepted stays in sight, to be mended
        st.session_state[key] = match.text if match else ""
        st.session_state.setdefault(how_key, "enthaelt")
        if match:
            st.session_state[how_key] = next(
                slug for slug, (_, how) in address.HOWS.items() if how == match.how
            )
    off = part in refused
    with st.container(width=WIDTH, gap=None):
        st.segmented_control(
            label,
            list(address.HOWS),
            format_func=address.labels(address.HOWS).__getitem__,
            required=True,
            key=how_key,
            disabled=off,
            on_change=_typed,
            args=(part, False),
        )
        st.text_input(
            f"{label}: Text",
            key=key,
            label_visibility="collapsed",
            max_chars=address.LONGEST,
            disabled=off,
            help=refused.get(part),
            on_change=_typed,
            args=(part, True),
        )
        if fault:
            st.markdown(f":red[:small[{plain(fault)}]]")


def _typed(part: Literal["page", "query"], by_text: bool) -> None:
    """The filter as it stands in the box; what is wrong with it is said there, and the figures stay as they are."""
    key = _key(part)
    text = str(st.session_state.get(key) or "")
    st.session_state.pop(f"{key}-fehler", None)
    if not text.strip():
        if by_text:
            st.session_state[f"{key}-fehler"] = EMPTY
        return
    match = Match(address.HOWS[st.session_state[f"{key}-wie"]][1], text.strip())
    if fault := match.fault:
        st.session_state[f"{key}-fehler"] = fault
        return
    _put(part, match)
