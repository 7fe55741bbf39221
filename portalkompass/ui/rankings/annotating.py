"""Own annotations beside Google's known anomalies: what happened, when, and for which page."""

import datetime as dt

import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking
from portalkompass.ui.filters.page_service_picker import page_titles
from portalkompass.ui.reading import Reading
from portalkompass.workspace import Annotation, add_annotation, delete_annotation
from portalkompass.workspace import annotations as noted

UNNAMED = "ohne Namen"
SAID = "anmerkung-gesagt"
WHOLE = "Gesamte Property"


def panel(reading: Reading, shown: Filters) -> None:
    """A form for a new annotation, and the city's own ones with a way to delete them."""
    if not permissions.may("edit"):
        return
    messages.said(SAID)
    # Drawn when it is opened: the list of all pages is by far the largest thing on the screen.
    box = st.expander(
        "Anmerkung eintragen (Relaunch, Go-Live, Kampagne)",
        key="anmerkungen",
        type="compact",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        author.ask()
        _form(reading, shown)
        for event in noted(reading.workspace, site=shown.site):
            if event.origin == "person":
                _own(reading, event)


def _form(reading: Reading, shown: Filters) -> None:
    by_title = page_titles(reading, shown)
    blank = {
        "anmerkung-text": "",
        "anmerkung-tag": shown.end,
        "anmerkung-ende": None,
        "anmerkung-seite": WHOLE,
    }
    places = [WHOLE, *by_title]
    with forms.fields("anmerkung", blank, {"anmerkung-seite": places}):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = st.text_input("Was ist geschehen?", max_chars=80, key="anmerkung-text", width=360)
            day = st.date_input("Am", format="DD.MM.YYYY", key="anmerkung-tag", width=150)
            last = st.date_input(
                "Bis (freiwillig)", None, format="DD.MM.YYYY", key="anmerkung-ende", width=150
            )
        title = st.selectbox("Gilt für", places, key="anmerkung-seite", width=480)
    if not st.button("Anmerkung speichern", type="primary", key="anmerkung-speichern"):
        return
    url = "" if title == WHOLE else by_title.get(title, "")
    if isinstance(day, dt.date):
        ending = last if isinstance(last, dt.date) else None
        _save(reading, Annotation(day, label.strip(), ending, label.strip(), shown.site, url))


def _save(reading: Reading, annotation: Annotation) -> None:
    who = author.name()
    if not who:
        st.error(author.MISSING)
        return
    with messages.told():
        add_annotation(reading.workspace, annotation, who)
        messages.say(SAID, f"Anmerkung „{annotation.label}“ gespeichert.")
        forms.saved("anmerkung", stay=("anmerkung-tag",))
        st.rerun()


def _own(reading: Reading, event: Annotation) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        days = german.date(event.date) + (f" bis {german.date(event.end_date)}" if event.end_date else "")
        where = f" · {event.scope_url}" if event.scope_url else ""
        st.markdown(plain(f"{days}: {event.label}{where}"), width="stretch")
        asking.delete(
            f"Anmerkung „{event.label}“ löschen?", f"anmerkung-weg-{event.id}", _delete, (reading, event)
        )


def _delete(reading: Reading, event: Annotation) -> None:
    """Delete what was in sight; where someone changed it since, it stays."""
    with messages.told():
        delete_annotation(reading.workspace, event, author.name() or UNNAMED)
        messages.say(SAID, f"Anmerkung „{event.label}“ gelöscht.")
