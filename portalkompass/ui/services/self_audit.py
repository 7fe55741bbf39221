"""*Selbstprüfung*: how far one service meets the points of the service standard, as its own team says; optional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.services.quality.standard import FILE, Point, read_standard
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts
from portalkompass.ui.reading import Reading
from portalkompass.workspace import (
    AUDIT_RESULTS,
    AuditedPoint,
    save_self_audit,
    self_audits,
    with_answer,
)

DONE, TURN, OPENED = "selbstpruefung-fertig", "selbstpruefung-runde", "selbstpruefung-offen"
"""A saved form is another one next time; the open ones by service."""
_POINT, _RESULT, _REMARK = "Punkt", "Ergebnis", "Bemerkung"


@dataclass
class Opened:
    """A form: answers stored when it was opened, newer ones that its person has seen, and the table as it stands.

    It outlives the editor, which another view forgets; ``start`` is what the editor itself began with.
    """

    stored: Mapping[str, AuditedPoint]
    seen: dict[str, AuditedPoint]
    start: pd.DataFrame
    edited: pd.DataFrame
    day: dt.date | None = None


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
    """One row a point; what somebody else saved meanwhile is shown beside it and never saved over unseen."""
    turn = st.session_state.setdefault(TURN, 0)
    key = f"selbstpruefung-{service}-{turn}"
    opened = _opened(reading, service, points, key)
    st.caption(
        "Selbstauskunft in eigenen Kurzfassungen; was ein Punkt im Ganzen verlangt, steht im Standard. Was nicht "
        "angesehen wurde, bleibt „unbekannt“."
    )
    opened.edited = st.data_editor(
        opened.start,
        hide_index=True,
        height="content",
        disabled=["Thema", _POINT],
        column_config={
            "Thema": st.column_config.TextColumn(width=110),
            _POINT: st.column_config.TextColumn(width=580),
            _RESULT: st.column_config.SelectboxColumn(
                options=list(AUDIT_RESULTS.values()), required=True, width=140
            ),
            _REMARK: st.column_config.TextColumn(width=230, max_chars=500),
        },
        key=key,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        author.ask()
        today = reading.settings.current_day()
        day = st.date_input(
            "Stand",
            opened.day or today,
            max_value=today,
            format="DD.MM.YYYY",
            width=150,
            key=f"selbstpruefung-tag-{turn}",
        )
        opened.day = day if isinstance(day, dt.date) else None
        save = st.button("Selbstprüfung speichern", type="primary")
    changed = _changed(service, points, opened, opened.day or today)
    _keep(service, opened, changed)
    newer = {one.point: one for one in self_audits(reading.workspace, service)}
    clashing = [one for one in changed if newer.get(one.point, one).version != one.version]
    if clashing:
        _both(service, points, clashing, newer)
    elif save and not author.name():
        st.error(author.MISSING)
    elif save and not changed:
        st.info("Es ist nichts geändert.")
    elif save:
        _save(reading, service, changed)


def _save(reading: Reading, service: str, changed: list[AuditedPoint]) -> None:
    """Somebody may have been faster by a moment: what was entered stays, and the next run shows both."""
    with messages.told():
        save_self_audit(reading.workspace, service, changed, author.name())
        messages.say(DONE, "Die Selbstprüfung ist gespeichert.")
        _again(service)
        st.rerun()


def _opened(reading: Reading, service: str, points: tuple[Point, ...], key: str) -> Opened:
    """The open form of the service; its editor begins anew with what was entered before the view was left or the
    browser loaded it again, and the form rests on the answers that stood there then.
    """
    forms: dict[str, Opened] = st.session_state.setdefault(OPENED, {})
    if service not in forms:
        stored = {one.point: one for one in self_audits(reading.workspace, service)}
        draft = drafts.read(_draft(service))
        typed = {}
        for point, (version, row, was, now) in draft.get("points", {}).items():
            one = replace(stored.get(point, AuditedPoint(service, point)), id=row, version=version)
            stored[point] = replace(one, result=was[0], remark=was[1])
            typed[point] = replace(one, result=now[0], remark=now[1])
        start = _start(points, stored | typed)
        forms[service] = Opened(stored, {}, start, start, draft.get("day"))
    elif key not in st.session_state:
        forms[service].start = forms[service].edited
    return forms[service]


def _keep(service: str, opened: Opened, changed: list[AuditedPoint]) -> None:
    """Changed answers outlive a reload, with what stood there before and its version."""
    points = {}
    for one in changed:
        was = opened.stored.get(one.point, AuditedPoint(service, one.point))
        points[one.point] = [was.version, was.id, [was.result, was.remark], [one.result, one.remark]]
    drafts.keep(_draft(service), {"points": points, "day": opened.day} if points else {})


def _draft(service: str) -> str:
    return f"selbstpruefung {service}"


def _both(
    service: str,
    points: tuple[Point, ...],
    clashing: list[AuditedPoint],
    newer: Mapping[str, AuditedPoint],
) -> None:
    """What somebody else saved since the form was opened beside what stands in it, and the choice."""
    texts = {point.id: point.text for point in points}
    by = german.listing(sorted({newer[one.point].updated_by or "jemand anderem" for one in clashing}))
    st.warning(plain(f"Inzwischen von {by} geändert; Ihre Eingabe ist nicht gespeichert."))
    rows = [(plain(texts[one.point]), _told(one), _told(newer[one.point])) for one in clashing]
    st.table(pd.DataFrame(rows, columns=[_POINT, "Ihre Eingabe", "Gespeichert ist"]).set_index(_POINT))
    with st.container(horizontal=True):
        seen = {one.point: newer[one.point] for one in clashing}
        st.button(
            "Meine Eingabe behalten", key="selbstpruefung-meine", on_click=_insist, args=(service, seen)
        )
        st.button("Mit dem gespeicherten Stand neu beginnen", on_click=_again, args=(service,))


def _told(one: AuditedPoint) -> str:
    return plain(" · ".join(filter(None, (AUDIT_RESULTS[one.result], one.remark))))


def _insist(service: str, seen: Mapping[str, AuditedPoint]) -> None:
    """The next save replaces what was shown beside the form; a still newer answer is shown again."""
    st.session_state[OPENED][service].seen |= seen


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


def _changed(service: str, points: tuple[Point, ...], opened: Opened, day: dt.date) -> list[AuditedPoint]:
    """The points whose answer or remark is another one than when the form was opened, as they are to be saved."""
    results = {word: result for result, word in AUDIT_RESULTS.items()}
    now = opened.edited[[_RESULT, _REMARK]].fillna("")
    differs = (now != _start(points, opened.stored)[[_RESULT, _REMARK]]).any(axis="columns")
    known = {**opened.stored, **opened.seen}
    return [
        with_answer(
            known.get(point.id, AuditedPoint(service, point.id)), results[str(result)], str(remark), day
        )
        for point, changed, (result, remark) in zip(points, differs, now.to_numpy(), strict=True)
        if changed
    ]


def _again(service: str) -> None:
    st.session_state[TURN] += 1
    st.session_state.get(OPENED, {}).pop(service, None)
    drafts.forget(_draft(service))
