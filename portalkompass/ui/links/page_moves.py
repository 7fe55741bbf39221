"""Moved pages as a list: entered one by one, from a file or from a proposal; each can be changed or deleted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.links.move_proposals import move_proposals
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking, records
from portalkompass.ui.links import link_actions
from portalkompass.ui.reading import Reading
from portalkompass.urls import path_of
from portalkompass.workspace import (
    PageMove,
    WorkspaceError,
    add_moves,
    delete_move,
    page_moves,
    read_moves,
    update_move,
)
from portalkompass.workspace.page_moves import TEMPLATE

HEIGHT = 320
NAME = "umzug-liste"
NEW = "umzug-neuer"
FIELDS = ("alt", "neu", "tag", "notiz")
FILE = "umzug-datei"
MEANING = (
    "Zog eine Seite um (Relaunch), zählen ihre Tage vor dem Umzug zur neuen Adresse: in Verlauf, Veränderung, "
    "Auffälligkeiten und Leistungen. Tage ab dem Umzug, an denen Google noch die alte Adresse zeigt, bleiben bei ihr. "
    "Zuordnungen der alten Adresse gelten für die neue, solange diese keine eigene hat."
)


def show(reading: Reading, filters: Filters) -> None:
    """Closed at first; open it shows the list, the ways to add to it, and what the data propose."""
    with st.expander("Umgezogene Seiten", key="umzuege", on_change="rerun") as opened:
        link_actions.report(link_actions.MOVES)
        if not opened.open:
            return
        st.caption(MEANING)
        saved = page_moves(reading.workspace, filters.site)
        _list(reading, saved)
        _new(reading, filters)
        _file(reading, filters)
        _proposals(reading, filters)


def _list(reading: Reading, saved: list[PageMove]) -> None:
    if not saved:
        st.caption("Noch ist kein Umzug eingetragen.")
        return
    chosen = records.listed(
        NAME,
        saved,
        pd.DataFrame(
            {
                "Alte Adresse": [move.old_url for move in saved],
                "Neue Adresse": [move.new_url for move in saved],
                "Ab dem": [german.date(move.date) for move in saved],
                "Notiz": [move.note for move in saved],
                "Von": [move.updated_by for move in saved],
            }
        ),
        height=HEIGHT if len(saved) > 8 else "content",  # noqa: PLR2004
        alt="Tabelle der umgezogenen Seiten.",
    )
    if chosen is not None:
        _form(reading, chosen, next((move for move in saved if move.id == chosen.id), None))
    else:
        st.caption("Eine Zeile links anhaken, um den Umzug zu ändern oder zu löschen.")


def _form(reading: Reading, move: PageMove, stored: PageMove | None) -> None:
    """The fields of one move as opened; what is saved rests on that version. ``stored`` is what it is now."""
    stamp = _stamp(move)
    keys = [f"{stamp}-{name}" for name in FIELDS]
    with st.container(border=True, key="umzug-formular"):
        _fields(stamp, move.old_url, move.new_url, move.date, move.note)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Umzug speichern",
                type="primary",
                key=f"{stamp}-speichern",
                on_click=_save,
                args=(reading, move),
            )
            asking.delete(
                f"Umzug von {move.old_url} löschen?",
                f"{stamp}-loeschen",
                _delete,
                (reading, move),
                "Umzug löschen",
            )
        records.newer(
            NAME,
            stored,
            lambda: link_actions.side_by_side(_entered(stamp, move) or move, stored),
            keys,
            partial(_save, reading),
        )
    records.remember(NAME, keys)


def _stamp(move: PageMove) -> str:
    return f"umzug-{move.id}"


def _fields(stamp: str, old: str, new: str, day: dt.date | None, note: str) -> None:
    first, second = st.columns(2, gap="medium")
    first.text_input("Alte Adresse", old, key=f"{stamp}-alt", max_chars=2000, placeholder="https://…")
    second.text_input("Neue Adresse", new, key=f"{stamp}-neu", max_chars=2000, placeholder="https://…")
    first.date_input(
        "Ab dem",
        day,
        format="DD.MM.YYYY",
        key=f"{stamp}-tag",
        help="Der erste Tag, der nicht mehr zur alten Adresse gehört.",
    )
    second.text_input("Notiz", note, key=f"{stamp}-notiz", max_chars=300)


def _new(reading: Reading, filters: Filters) -> None:
    st.markdown("**Umzug eintragen**")
    with forms.fields(NEW, {f"{NEW}-{name}": None if name == "tag" else "" for name in FIELDS}):
        _fields(NEW, "", "", None, "")
    st.button(
        "Umzug eintragen", type="primary", key="umzug-eintragen", on_click=_add, args=(reading, filters.site)
    )


def _entered(stamp: str, base: PageMove) -> PageMove | None:
    """What stands in the fields; None without a day."""
    old, new, day, note = (st.session_state[f"{stamp}-{name}"] for name in FIELDS)
    if not isinstance(day, dt.date):
        return None
    return dataclasses.replace(
        base, old_url=str(old).strip(), new_url=str(new).strip(), date=day, note=str(note).strip()
    )


def _save(reading: Reading, move: PageMove) -> None:
    edited = _entered(_stamp(move), move)
    _told(lambda who: update_move(reading.workspace, _with_day(edited), who), "Umzug gespeichert.")
    if link_actions.DONE in st.session_state:
        records.close(NAME)


def _delete(reading: Reading, move: PageMove) -> None:
    _told(lambda who: delete_move(reading.workspace, move, who), f"Umzug von {move.old_url} gelöscht.")
    if link_actions.DONE in st.session_state:
        records.close(NAME)


def _add(reading: Reading, site: str) -> None:
    entered = _entered(NEW, PageMove(site, "", "", dt.date.min))
    _told(lambda who: add_moves(reading.workspace, [_with_day(entered)], who), "Umzug eingetragen.")
    if link_actions.DONE in st.session_state:
        forms.saved(NEW)


def _with_day(entered: PageMove | None) -> PageMove:
    if entered is None:
        raise WorkspaceError("Bitte den Tag des Umzugs angeben.")
    return entered


def _file(reading: Reading, filters: Filters) -> None:
    st.markdown("**Viele Umzüge aus einer Datei**")
    st.download_button(
        "Vorlage (CSV)",
        data=TEMPLATE.encode("utf-8-sig"),
        file_name="umzuege.csv",
        mime="text/csv",
        on_click="ignore",
        key="umzug-vorlage",
    )
    if not permissions.allowed("administer"):
        return
    file = st.file_uploader("CSV mit alter und neuer Adresse, Tag und Notiz", type=["csv"], key=FILE)
    if file is not None:
        st.button(
            "Datei übernehmen",
            key="umzug-laden",
            on_click=_load,
            args=(reading, filters.site, file.getvalue()),
        )


def _load(reading: Reading, site: str, file: bytes) -> None:
    added = [0]

    def load(who: str) -> None:
        added[0] = add_moves(reading.workspace, read_moves(file, site), who)

    _told(load, "")
    if link_actions.DONE in st.session_state:
        count = german.count(added[0], "Umzug", "Umzüge")
        st.session_state[link_actions.DONE] = f"{count} eingetragen; was es schon gab, blieb, wie es war."


def _proposals(reading: Reading, filters: Filters) -> None:
    st.markdown("**Vorschläge**")
    key = ("move proposals", filters.site, filters.search_type)
    rows = reading.once(key, lambda: move_proposals(reading.question(filters)), "Seiten werden verglichen …")
    if rows.empty:
        st.caption("Die Daten legen keinen weiteren Umzug nahe.")
        return
    for row in rows.to_dict("records"):
        _proposal(reading, filters.site, row)


def _proposal(reading: Reading, site: str, row: Mapping[Any, Any]) -> None:
    old, new, day = str(row["old_url"]), str(row["new_url"]), pd.Timestamp(str(row["date"])).date()
    overlap = german.percent(float(str(row["query_overlap"])), 0)
    reason = (
        f"ab {german.date(day)} · Titel zu {german.percent(float(str(row['title_likeness'])), 0)} ähnlich · "
        f"gemeinsame Suchanfragen {overlap}"
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.markdown(
            f"{plain(path_of(old))} → {plain(path_of(new))}  \n:gray[:small[{plain(reason)}]]",
            width="stretch",
        )
        st.button(
            "Bestätigen",
            key=f"umzug-ja-{old}",
            help="Trägt diesen Umzug ein; er lässt sich danach ändern oder löschen.",
            on_click=_confirm,
            args=(reading, PageMove(site, old, new, day, "Vorschlag aus den Daten")),
        )


def _confirm(reading: Reading, move: PageMove) -> None:
    _told(lambda who: add_moves(reading.workspace, [move], who), f"Umzug von {move.old_url} eingetragen.")


def _told(action: Callable[[str], object], done: str) -> None:
    link_actions.write(action, done, link_actions.MOVES)
