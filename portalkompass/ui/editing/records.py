"""One record out of a list, opened in a form: a save rests on what the record was when the form was opened.

Somebody else's save neither closes the form nor replaces what was entered; both versions are shown, with a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts
from portalkompass.workspace import Record

R = TypeVar("R", bound=Record)


def listed(name: str, records: Sequence[R], frame: pd.DataFrame, **look: Any) -> R | None:  # noqa: ANN401
    """The list with a row to tick; returns the ticked record as it was when it was ticked, None without.

    ``frame`` has a row for each of ``records``; ``look`` goes to ``st.dataframe``.
    """
    state, key = st.session_state, table_key(name)
    opened: dict[str, Any] | None = state.get(_opened(name)) or _typed_last(name, records)
    if opened is not None and key not in state:
        _reopen(key, records, opened)
    chosen = st.dataframe(
        frame, hide_index=True, on_select="rerun", selection_mode="single-row", key=key, **look
    )
    rows = [row for row in chosen["selection"]["rows"] if row < len(records)]
    if not rows:
        _discard(name)
        return None
    tick = (key, rows[0])
    if opened is None or opened["tick"] != tick:
        record = records[rows[0]]
        opened = {"tick": tick} | (_typed(name, record) or {"record": record, "entered": {}})
        _fill(opened["entered"])
    state[_opened(name)] = opened
    return cast(R, opened["record"])


def table_key(name: str) -> str:
    """Key of the list; another one after a save, so that nothing is ticked."""
    return f"{name}-{st.session_state.get(f'{name}-runde', 0)}"


def close(name: str) -> None:
    """The record is saved or deleted: the form goes."""
    _discard(name)
    st.session_state[f"{name}-runde"] = st.session_state.get(f"{name}-runde", 0) + 1


def remember(name: str, keys: Sequence[str]) -> None:
    """Keep what stands in the fields of the open form, for when the view is left or the browser loads it again."""
    opened = st.session_state.get(_opened(name))
    if opened is None:
        return
    entered, record = {key: st.session_state[key] for key in keys}, opened["record"]
    if not opened["entered"]:
        opened["blank"] = entered
    opened["entered"] = entered
    typed = {"version": record.version, "entered": entered}
    drafts.keep(_draft(name, record), typed if entered != opened.get("blank") else {})


def newer(
    name: str,
    stored: Record | None,
    compared: Callable[[], pd.DataFrame],
    keys: Sequence[str],
    save: Callable[[Any], None],
) -> None:
    """What someone else saved since the form was opened, beside what stands in it; nothing where nobody did.

    ``stored`` is the record as it is now, ``compared`` both versions, ``keys`` those of the fields; ``save`` saves the
    fields over the record it is given.
    """
    opened = st.session_state[_opened(name)]["record"]
    if stored is None:
        st.warning("Inzwischen gelöscht; Ihre Eingabe lässt sich hier nicht mehr speichern.")
        return
    if stored.version == opened.version:
        return
    at = f", {stored.updated_at.astimezone():%H:%M}" if stored.updated_at else ""
    st.warning(plain(f"Inzwischen von {stored.updated_by or 'jemand anderem'} geändert{at}."))
    st.table(compared())
    with st.container(horizontal=True, gap="small"):
        st.button("Meine Eingabe speichern", key=f"{name}-meine", on_click=_insist, args=(name, stored, save))
        st.button(
            "Gespeichertes zeigen", key=f"{name}-gespeichertes", on_click=_follow, args=(name, stored, keys)
        )


def _opened(name: str) -> str:
    return f"{name}-offen"


def _draft(name: str, record: Record) -> str:
    return f"{name} {record.id}"


def _discard(name: str) -> None:
    """The form goes, and what stands in it."""
    opened = st.session_state.pop(_opened(name), None)
    if opened is not None:
        drafts.forget(_draft(name, opened["record"]))


def _typed(name: str, record: Record) -> dict[str, Any] | None:
    """The form with what was typed in it earlier: of the record as it is, with the version that it was opened at."""
    draft = drafts.read(_draft(name, record))
    if not draft:
        return None
    return {"record": replace(record, version=draft["version"]), "entered": draft["entered"]}


def _typed_last(name: str, records: Sequence[Record]) -> dict[str, Any] | None:
    """The form that was typed in last and neither saved nor closed, as the browser forgot it."""
    own = {_draft(name, record): record for record in records}
    draft = next((draft for draft in reversed(drafts.names(f"{name} ")) if draft in own), None)
    return None if draft is None else {"tick": None, **(_typed(name, own[draft]) or {})}


def _fill(entered: Mapping[str, Any]) -> None:
    for field, value in entered.items():
        st.session_state.setdefault(field, value)


def _reopen(key: str, records: Sequence[Record], opened: dict[str, Any]) -> None:
    """The view was left: tick the row again, and fill the fields with what stood there."""
    place = next((row for row, one in enumerate(records) if one.id == opened["record"].id), None)
    if place is None:
        return
    st.session_state[key] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    opened["tick"] = (key, place)
    _fill(opened["entered"])


def _insist(name: str, stored: Record, save: Callable[[Any], None]) -> None:
    st.session_state[_opened(name)]["record"] = stored
    save(stored)


def _follow(name: str, stored: Record, keys: Sequence[str]) -> None:
    st.session_state[_opened(name)] |= {"record": stored, "entered": {}}
    for key in keys:
        st.session_state.pop(key, None)
