"""A new rule by hand: a pattern for many pages or queries at once, with what it reaches before it is saved."""

from __future__ import annotations

import functools

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.links.mapping_faults import MATCH_NAMES
from portalkompass.answers.links.mapping_reach import Reach, reach
from portalkompass.ui.components.text import plain
from portalkompass.ui.links import link_actions
from portalkompass.ui.reading import Reading
from portalkompass.workspace import ServiceLink
from portalkompass.workspace.links.service_links import link_fault

SOURCES = {"url": "Pfad einer Seite", "query": "Suchanfrage"}
NO_SERVICE = ""
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
            "Regel anlegen",
            type="primary",
            key="regel-anlegen",
            on_click=functools.partial(_create, reading, choices),
        )


def _create(reading: Reading, choices: pd.DataFrame) -> None:
    link_actions.create(reading, _entered(choices), [f"regel-{name}" for name in FIELDS])


def _fields(choices: pd.DataFrame) -> None:
    """Draw the fields; what they hold is read from the session, also in the moment of the click."""
    first, second = st.columns(2, gap="medium")
    source = first.selectbox(
        "Gilt für", list(SOURCES), format_func=lambda one: SOURCES.get(one, one), key="regel-gilt",
        filter_mode=None,
    )  # fmt: skip
    first.selectbox(
        "Vergleich", list(MATCH_NAMES), index=list(MATCH_NAMES).index("prefix"),
        format_func=lambda one: MATCH_NAMES.get(one, one), key="regel-vergleich", filter_mode=None,
    )  # fmt: skip
    first.text_input("Muster", key="regel-muster", max_chars=300, help=EXAMPLES[source])
    labels = {NO_SERVICE: "Keine Leistung"}
    labels |= dict(zip(choices["service_id"], choices["name"] + " – " + choices["group"], strict=True))
    second.selectbox(
        "Leistung", list(labels), index=None, format_func=lambda one: labels.get(one, one),
        placeholder="Leistung suchen", key="regel-leistung",
    )  # fmt: skip
    second.text_input("Oder eine neue Leistung ohne Status", key="regel-frei", max_chars=120)
    second.number_input(
        "Anteil in Prozent", min_value=1, max_value=100, value=100, key="regel-anteil",
        help="Weniger als 100, wenn die Seite mehrere Leistungen bedient; Suchanfragen zählen immer ganz.",
        disabled=source == "query",
    )  # fmt: skip
    st.text_input("Notiz", key="regel-notiz", max_chars=300)


def _entered(choices: pd.DataFrame) -> ServiceLink:
    """The rule as it stands in the fields at this moment; not checked yet."""
    state = {name: st.session_state[f"regel-{name}"] for name in FIELDS}
    target, service_id, name = _goal(state["leistung"], " ".join(state["frei"].split()), choices)
    share = 1.0 if state["gilt"] == "query" else state["anteil"] / 100
    return ServiceLink(
        target,
        state["gilt"],
        state["vergleich"],
        state["muster"].strip(),
        service_id,
        name,
        share,
        state["notiz"].strip(),
    )


def _goal(picked: str | None, typed: str, choices: pd.DataFrame) -> tuple[str, str, str]:
    """Target, id and name; without any choice a target that nothing allows, so that saving says so."""
    if typed:
        return link_actions.by_name(typed, choices)
    if picked is None:
        return "leistung", "", ""
    if picked == NO_SERVICE:
        return "keine_leistung", "", ""
    row = choices.set_index("service_id").loc[picked]
    return str(row["target"]), picked, str(row["name"])


def _reach(reading: Reading, filters: Filters, link: ServiceLink) -> None:
    """What the pattern matches, whatever it will belong to."""
    trial = ServiceLink("keine_leistung", link.source, link.match, link.pattern)
    if fault := link_fault(trial):
        st.error(plain(fault))
        return
    found = reach(reading.question(filters), trial)
    st.markdown(plain(_sentence(found, link.source)))
    if found.rows.empty:
        return
    heads = {
        "text": SOURCES[link.source],
        "mark": "Bisher",
        "clicks": "Klicks",
        "impressions": "Impressionen",
    }
    shown = found.rows.rename(columns=heads).drop(columns=["Bisher"] if link.source == "query" else [])
    for name in ("Klicks", "Impressionen"):
        shown[name] = shown[name].map(german.number)
    config = {name: st.column_config.Column(alignment="right") for name in ("Klicks", "Impressionen")}
    st.dataframe(shown, hide_index=True, column_config=config, alt="Die größten Treffer des Musters")


def _sentence(found: Reach, source: str) -> str:
    if not found.count:
        return "Das Muster trifft im Zeitraum nichts. Es darf trotzdem angelegt werden."
    nouns = ("Seite", "Seiten") if source == "url" else ("Suchanfrage", "Suchanfragen")
    return (
        f"Trifft {german.count(found.count, *nouns)} mit {german.count(found.clicks, 'Klick', 'Klicks')} und "
        f"{german.count(found.impressions, 'Impression', 'Impressionen')} im Zeitraum; die größten:"
    )
