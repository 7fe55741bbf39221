"""Forms for something new that keep what was typed until it is saved: a refused save empties nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import streamlit as st

from portalkompass.ui.drafts import drafts


@contextlib.contextmanager
def fields(
    name: str, blank: Mapping[str, Any], among: Mapping[str, Collection[Any]] | None = None
) -> Iterator[None]:
    """Draw the fields of a form within: what stands in them is kept, also while somebody types (``shell.js``).

    They are drawn without values of their own; ``blank`` and ``among`` as of ``begin``.
    """
    begin(name, blank, among)
    with st.container(key=f"entwurf-{name}"):
        yield
    keep(name)


def begin(name: str, blank: Mapping[str, Any], among: Mapping[str, Collection[Any]] | None = None) -> None:
    """Before the fields are drawn, without values of their own: fill them.

    ``blank`` says by key what stands in an empty form. Instead stands there what was typed before another view was
    open or the browser loaded the page again; of a field in ``among`` only where it is still one of those. The fields
    are no ``st.form``: the server would not know what is typed in one.
    """
    state, among = st.session_state, among or {}
    stay = state.pop(_done(name), None)
    if stay is not None:
        for key in set(blank) - set(stay):
            state.pop(key, None)
    if stay is not None or _blank(name) not in state or not any(key in state for key in blank):
        state[_blank(name)] = dict(blank) | {key: state[key] for key in stay or () if key in state}
    typed = {
        key: value
        for key, value in drafts.read(name).items()
        if key in blank and _still_there(value, among.get(key))
    }
    put = dict(state.get(_put(name), {}))
    for key, value in {**blank, **typed}.items():
        if key not in state:
            put[key] = value
            state[key] = value
        elif value and key in put and state[key] == put[key]:
            # A field in a closed box is made by the browser only when the box opens, and is told what stands in it
            # only by a run that puts it there: so each one does until somebody changes it.
            state[key] = put[key]
    state[_put(name)] = put


def _still_there(value: object, among: Collection[Any] | None) -> bool:
    """Whether it can be chosen today; of several (a list) each."""
    return among is None or all(one in among for one in (value if isinstance(value, list) else [value]))


def keep(name: str) -> None:
    """After the fields are drawn: keep what stands in them, unless nothing was typed."""
    state = st.session_state
    blank = state[_blank(name)]
    typed = {key: state[key] for key in blank if key in state}
    drafts.keep(name, typed if typed != blank else {})


def saved(name: str, stay: Collection[str] = ()) -> None:
    """The form was saved: it is empty with the next run, but for the fields with these keys."""
    drafts.forget(name)
    st.session_state[_done(name)] = tuple(stay)


def _blank(name: str) -> str:
    return f"{name}-leer"


def _put(name: str) -> str:
    return f"{name}-vorgabe"


def _done(name: str) -> str:
    return f"{name}-gespeichert"
