"""*Selbstprüfung*: how far one service meets the points of the service standard, as its own team says; optional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from portalkompass.answers.services.quality.standard import FILE, Point, read_standard
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading
from portalkompass.workspace import (
    AUDIT_RESULTS,
    AuditedPoint,
    WorkspaceError,
    save_self_audit,
    self_audits,
    with_answer,
)

DONE, TURN, BASE = "selbstpruefung-fertig", "selbstpruefung-runde", "selbstpruefung-grundlage"
_POINT, _RESULT, _REMARK = "Punkt", "Ergebnis", "Bemerkung"


def show(reading: Reading, service: str) -> None:
    """The form below the service, closed at first; nothing for people who may only read."""
    if not permissions.allowed("edit"):
        return
    messages.said(DONE)
    standard = read_standard(reading.settings.data_file(FILE))
    if standard.fault:
        page.section("Selbstprüfung")
        st.warning(plain(standard.fault))
        return
    with st.expander(plain(f"{standard.title} ausfüllen")):
        _form(reading, service, standard.points)


def _form(reading: Reading, service: str, points: tuple[Point, ...]) -> None:
    """One row a point; what somebody else saved meanwhile refuses the save and is shown with the next opening."""
    turn = st.session_state.setdefault(TURN, 0)
    opened = st.session_state.get(BASE)
    if opened is None or opened[:2] != (service, turn):
        opened = (service, turn, {one.point: one for one in self_audits(reading.workspace, service)})
        st.session_state[BASE] = opened
    stored: Mapping[str, AuditedPoint] = opened[2]
    st.caption(
        "Selbstauskunft in eigenen Kurzfassungen; was ein Punkt im Ganzen verlangt, steht im Standard. Was nicht "
        "angesehen wurde, bleibt „unbekannt“."
    )
    start = _start(points, stored)
    edited = st.data_editor(
        start,
        hide_index=True,
        height="content",
        disabled=["Thema", _POINT],
        column_config={
            "Thema": st.column_config.TextColumn(width=90),
            _POINT: st.column_config.TextColumn(width=580),
            _RESULT: st.column_config.SelectboxColumn(
                options=list(AUDIT_RESULTS.values()), required=True, width=140
            ),
            _REMARK: st.column_config.TextColumn(width=230, max_chars=500),
        },
        key=f"selbstpruefung-{service}-{turn}",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        author.ask()
        today = reading.settings.current_day()
        day = st.date_input(
            "Stand", today, max_value=today, format="DD.MM.YYYY", width=150, key=f"selbstpruefung-tag-{turn}"
        )
        save = st.button("Selbstprüfung speichern", type="primary")
    if not save:
        return
    if not author.name():
        st.error(author.MISSING)
        return
    changed = _changed(service, points, stored, start, edited, day if isinstance(day, dt.date) else today)
    if not changed:
        st.info("Es ist nichts geändert.")
        return
    try:
        save_self_audit(reading.workspace, service, changed, author.name())
    except WorkspaceError as fault:
        st.error(plain(messages.in_a_browser(str(fault))))
        st.button("Mit dem gespeicherten Stand neu beginnen", on_click=_again)
        return
    messages.say(DONE, "Die Selbstprüfung ist gespeichert.")
    _again()
    st.rerun()


def _start(points: tuple[Point, ...], stored: Mapping[str, AuditedPoint]) -> pd.DataFrame:
    given = [stored.get(point.id) for point in points]
    return pd.DataFrame(
        {
            "Thema": [point.topic for point in points],
            _POINT: [point.text for point in points],
            _RESULT: [AUDIT_RESULTS[one.result if one else ""] for one in given],
            _REMARK: [one.remark if one else "" for one in given],
        }
    )


def _changed(
    service: str,
    points: tuple[Point, ...],
    stored: Mapping[str, AuditedPoint],
    start: pd.DataFrame,
    edited: pd.DataFrame,
    day: dt.date,
) -> list[AuditedPoint]:
    """The points whose answer or remark is another one, as they are to be saved."""
    results = {word: result for result, word in AUDIT_RESULTS.items()}
    now = edited[[_RESULT, _REMARK]].fillna("")
    differs = (now != start[[_RESULT, _REMARK]]).any(axis="columns")
    return [
        with_answer(
            stored.get(point.id, AuditedPoint(service, point.id)), results[str(result)], str(remark), day
        )
        for point, changed, (result, remark) in zip(points, differs, now.to_numpy(), strict=True)
        if changed
    ]


def _again() -> None:
    st.session_state[TURN] += 1
