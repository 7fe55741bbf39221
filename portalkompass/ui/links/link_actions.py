"""What a click on *Zuordnung* does: write to the workspace, and say what happened with the next run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from portalkompass.proposals.german_words import words
from portalkompass.spelling import folded
from portalkompass.ui.auth import author
from portalkompass.ui.components import messages
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.reading import Reading
from portalkompass.urls import path_of
from portalkompass.workspace import (
    RejectedProposal,
    ServiceLink,
    WorkspaceError,
    add_link,
    allow_again,
    delete_link,
    reject,
    update_link,
)

DONE, FAULT = "zuordnung-fertig", "zuordnung-fehler"
PLACE, OPEN, LIST, REJECTED, MOVES = "zuordnung-ort", "offen", "liste", "abgelehnt", "umzuege"
"""Where the click was: the sentence stands there, not at the other end of a long screen."""
ID_LENGTH = 60
NOTHING_PICKED = "Bitte eine Leistung auswählen oder einen Namen eintragen."


@dataclass(frozen=True, slots=True)
class Item:
    """An unmapped page (source url) or query (source query) of a property; ``label`` is what people read."""

    site: str
    source: str
    subject: str
    label: str


def pattern_of(item: Item | RejectedProposal) -> str:
    """What a link to exactly this page or query compares with."""
    return path_of(item.subject) if item.source == "url" else item.subject


def report(place: str) -> None:
    """What the last click at this place did, in a sentence; of a save that came too late the form says more."""
    if st.session_state.get(PLACE) != place:
        return
    messages.said(DONE)
    if fault := st.session_state.pop(FAULT, ""):
        st.error(plain(fault))


def assign(reading: Reading, item: Item, target: str, service_id: str, name: str) -> None:
    """Tie the page or query to a service."""
    link = ServiceLink(target, item.source, "exact", pattern_of(item), service_id, name)
    write(lambda who: add_link(reading.workspace, link, who), f"„{item.label}“ gehört jetzt zu „{name}“.")


def exclude(reading: Reading, item: Item) -> None:
    """Mark the page or query as no service."""
    link = ServiceLink("keine_leistung", item.source, "exact", pattern_of(item))
    done = f"„{item.label}“ ist als „keine Leistung“ markiert."
    write(lambda who: add_link(reading.workspace, link, who), done)


def decline(reading: Reading, item: Item, service_id: str, name: str) -> None:
    """Remember that the proposal is wrong."""
    rejected = RejectedProposal(item.site, item.source, item.subject, service_id)
    done = f"„{name}“ wird für „{item.label}“ nicht mehr vorgeschlagen."
    write(lambda who: reject(reading.workspace, rejected, who), done)


def allow(reading: Reading, rejected: RejectedProposal, subject: str, name: str) -> None:
    """Take a rejection back; the proposal comes again if it is still sure enough."""
    done = f"„{name}“ wird für „{subject}“ wieder vorgeschlagen, wenn die Übereinstimmung reicht."
    write(lambda who: allow_again(reading.workspace, rejected, who), done, REJECTED)


def assign_picked(reading: Reading, item: Item, choices: pd.DataFrame, pick_key: str, free_key: str) -> None:
    """Tie to what was picked from the list or, if a name was typed, to a service of that name."""
    target, service_id, name = goal(
        st.session_state.get(pick_key), str(st.session_state.get(free_key, "")), choices
    )
    if service_id:
        assign(reading, item, target, service_id, name)
        if DONE in st.session_state:
            forms.saved(pick_key)
    else:
        st.session_state[PLACE], st.session_state[FAULT] = OPEN, NOTHING_PICKED


def goal(picked: str | None, typed: str, choices: pd.DataFrame) -> tuple[str, str, str]:
    """Target, id and name of what was picked ("": no service) or, where a name was typed, of that service.

    Without either a target that nothing allows: a service without id.
    """
    if typed := " ".join(typed.split()):
        return by_name(typed, choices)
    if picked is None:
        return "leistung", "", ""
    if not picked:
        return "keine_leistung", "", ""
    row = choices.set_index("service_id").loc[picked]
    return str(row["target"]), picked, str(row["name"])


def by_name(name: str, choices: pd.DataFrame) -> tuple[str, str, str]:
    """A known service of that name, else a new one without status whose id is free."""
    same = choices[choices["name"].map(folded) == folded(name)]
    if len(same):
        row = same.iloc[0]
        return str(row["target"]), str(row["service_id"]), str(row["name"])
    base = "-".join(words(name))[:ID_LENGTH].strip("-") or "leistung"
    taken, service_id, number = set(choices["service_id"]), base, 2
    while service_id in taken:
        service_id, number = f"{base}-{number}", number + 1
    return "ohne_status", service_id, name


def create(reading: Reading, link: ServiceLink, form: str) -> None:
    """Save a new rule and empty its form; what was entered stays where it is not saved."""
    if not link.service_id and link.target != "keine_leistung":
        st.session_state[PLACE], st.session_state[FAULT] = LIST, NOTHING_PICKED
        return
    name = link.service_name or link.service_id or "keine Leistung"
    done = f"Regel „{link.pattern}“ → „{name}“ angelegt."
    write(lambda who: add_link(reading.workspace, link, who), done, LIST)
    if DONE in st.session_state:
        forms.saved(form)


def change(reading: Reading, link: ServiceLink) -> None:
    """Save an edited link."""
    done = f"Zuordnung „{link.pattern}“ gespeichert."
    write(lambda who: update_link(reading.workspace, link, who), done, LIST)


def remove(reading: Reading, link: ServiceLink) -> None:
    """Delete a link."""
    done = f"Zuordnung „{link.pattern}“ gelöscht."
    write(lambda who: delete_link(reading.workspace, link, who), done, LIST)


def write(action: Callable[[str], object], done: str, place: str = OPEN) -> None:
    """Do what a click asks, with the name of who clicked; what happened is told with the next run, at the place."""
    st.session_state[PLACE] = place
    who = author.name()
    if not who:
        st.session_state[FAULT] = author.MISSING
        return
    try:
        action(who)
    except WorkspaceError as fault:
        st.session_state[FAULT] = str(fault)
    else:
        st.session_state[DONE] = done


FIELDS = {
    "old_url": "Alte Adresse",
    "new_url": "Neue Adresse",
    "date": "Ab dem",
    "pattern": "Muster",
    "match": "Vergleich",
    "target": "Ziel",
    "service_name": "Leistung",
    "share": "Anteil",
    "note": "Notiz",
}


def side_by_side(yours: object, theirs: object) -> pd.DataFrame:
    """Both versions, only the lines that differ."""
    rows = {
        label: (plain(str(getattr(yours, name))), plain(str(getattr(theirs, name))))
        for name, label in FIELDS.items()
        if getattr(yours, name, None) != getattr(theirs, name, None)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Ihre Fassung", "Gespeichert ist"])
