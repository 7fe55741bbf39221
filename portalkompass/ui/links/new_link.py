"""A new rule by hand: a pattern for many pages or queries at once, with what it reaches before it is saved."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.links.mapping_faults import MATCH_NAMES
from portalkompass.answers.links.mapping_rows import Reach, reach
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.links import link_actions
from portalkompass.ui.reading import Reading
from portalkompass.workspace import ServiceLink
from portalkompass.workspace.links.service_links import link_fault

SOURCES = {"url": "Pfad einer Seite", "query": "Suchanfrage"}
NO_SERVICE = ""
NAME = "regel"
FIELDS = ("gilt", "vergleich", "muster", "leistung", "frei", "anteil", "notiz")
EXAMPLES = {
    "url": "z. B. „beginnt mit“ und /leistung/hund: alle Seiten unter diesem Anfang; ohne Rechnernamen",
    "query": "z. B. „enthält“ und hundesteuer: alle Suchanfragen mit diesem Wort",
}


def show(reading: Reading, filters: Filters, choices: pd.DataFrame) -> None:
    """Closed at first; open it shows the fields, what the pattern matches, and the button that saves."""
    with st.expander("Neue Regel anlegen", key="regel", on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(
            "Eine Regel ordnet viele Seiten oder Suchanfragen auf einmal zu. Teilen sich mehrere Leistungen eine "
            "Seite, bekommt jede eine eigene Regel mit ihrem Anteil."
        )
        _fields(choices)
        link = _entered(choices)
        if link.pattern:
            _reach(reading, filters, link)
        st.button(
            "Regel anlegen", type="primary", key="regel-anlegen", on_click=_create, args=(reading, choices)
        )


def _create(reading: Reading, choices: pd.DataFrame) -> None:
    link_actions.create(reading, _entered(choices), NAME)


def _fields(choices: pd.DataFrame) -> None:
    """Draw the fields; what they hold is read from the session, also in the moment of the click."""
    labels = {NO_SERVICE: "Keine Leistung"}
    labels |= dict(zip(choices["service_id"], choices["name"] + " – " + choices["group"], strict=True))
    blank = ("url", "prefix", "", None, "", 100, "")
    among = {"regel-gilt": SOURCES, "regel-vergleich": MATCH_NAMES, "regel-leistung": [None, *labels]}
    with forms.fields(
        NAME, {f"regel-{name}": value for name, value in zip(FIELDS, blank, strict=True)}, among
    ):
        first, second = st.columns(2, gap="medium")
        source = pick("Gilt für", SOURCES, "regel-gilt", at=first, filter_mode=None)
        pick("Vergleich", MATCH_NAMES, "regel-vergleich", at=first, filter_mode=None)
        first.text_input("Muster", key="regel-muster", max_chars=300, help=EXAMPLES[source])
        pick("Leistung", labels, "regel-leistung", at=second, index=None, placeholder="Leistung suchen")
        second.text_input("Oder eine neue Leistung ohne Status", key="regel-frei", max_chars=120)
        second.number_input(
            "Anteil in Prozent", min_value=1, max_value=100, key="regel-anteil",
            help="Weniger als 100, wenn die Seite mehrere Leistungen bedient; Suchanfragen zählen immer ganz.",
            disabled=source == "query",
        )  # fmt: skip
        st.text_input("Notiz", key="regel-notiz", max_chars=300)


def _entered(choices: pd.DataFrame) -> ServiceLink:
    """The rule as it stands in the fields at this moment; not checked yet."""
    state = {name: st.session_state[f"regel-{name}"] for name in FIELDS}
    target, service_id, name = link_actions.goal(state["leistung"], state["frei"], choices)
    share = 1.0 if state["gilt"] == "query" else state["anteil"] / 100
    pattern, note = state["muster"].strip(), state["notiz"].strip()
    return ServiceLink(target, state["gilt"], state["vergleich"], pattern, service_id, name, share, note)


def _reach(reading: Reading, filters: Filters, link: ServiceLink) -> None:
    """What the pattern matches, whatever it will belong to."""
    trial = ServiceLink("keine_leistung", link.source, link.match, link.pattern)
    if fault := link_fault(trial):
        st.error(plain(fault))
        return
    matches = reach(reading.question(filters), trial)
    st.markdown(plain(_sentence(matches, link.source)))
    if matches.rows.empty:
        return
    heads = {"text": SOURCES[link.source], "mark": "Bisher"}
    counts = {"clicks": "Klicks", "impressions": "Impressionen"}
    shown = matches.rows.drop(columns=["mark"] if link.source == "query" else [])
    for name in counts:
        shown[name] = shown[name].map(german.number)
    config = {name: st.column_config.Column(alignment="right") for name in counts.values()}
    st.dataframe(
        shown.rename(columns=heads | counts),
        hide_index=True,
        column_config=config,
        alt="Die größten Treffer des Musters",
    )


def _sentence(matches: Reach, source: str) -> str:
    if not matches.count:
        return "Das Muster trifft im Zeitraum nichts. Es darf trotzdem angelegt werden."
    nouns = ("Seite", "Seiten") if source == "url" else ("Suchanfrage", "Suchanfragen")
    return (
        f"Trifft {german.count(matches.count, *nouns)} mit {german.count(matches.clicks, 'Klick', 'Klicks')} und "
        f"{german.count(matches.impressions, 'Impression', 'Impressionen')} im Zeitraum; die größten:"
    )
