"""All links as a list; the chosen one can be changed or deleted. A save that comes too late shows both versions."""

from __future__ import annotations

import dataclasses

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.links.mapping_faults import MATCH_NAMES
from portalkompass.spelling import folded
from portalkompass.ui.components import page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.links import link_actions, new_link
from portalkompass.ui.reading import Reading
from portalkompass.workspace import ServiceLink, links

SOURCES = {"url": "Pfad", "query": "Suchanfrage"}
TARGETS = {
    "leistung": "Leistung der Liste",
    "ohne_status": "Leistung ohne Status",
    "keine_leistung": "Keine Leistung",
}
HEIGHT = 320
FIELDS = ("muster", "vergleich", "leistung", "anteil", "notiz")


def show(reading: Reading, filters: Filters, choices: pd.DataFrame) -> None:
    """A new rule, search, list, and the form for the chosen link."""
    page.section("Alle Zuordnungen")
    link_actions.report(link_actions.LIST)
    new_link.show(reading, filters, choices)
    saved = links(reading.workspace)
    searched = folded(
        st.text_input("Suchen in Muster, Leistung und Notiz", key="zuordnung-suche", width=380, max_chars=100)
    )
    shown = [link for link in saved if searched in _searchable(link)]
    st.caption(plain(f"{german.number(len(shown))} von {german.number(len(saved))} Zuordnungen"))
    if not shown:
        return
    chosen = st.dataframe(
        _frame(shown),
        hide_index=True,
        height=HEIGHT if len(shown) > 8 else "content",  # noqa: PLR2004
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Leistung": st.column_config.Column(width=190),
            "Muster": st.column_config.Column(width=220),
            "Anteil": st.column_config.Column(alignment="right"),
        },
        alt="Tabelle aller Zuordnungen von Pfaden und Suchanfragen zu Leistungen.",
        key=f"zuordnungen-{searched}-{reading.workspace.links_revision()}",
    )
    rows = chosen["selection"]["rows"]
    if rows:
        _form(reading, shown[rows[0]], choices)
    else:
        st.caption("Eine Zeile links anhaken, um die Zuordnung zu ändern oder zu löschen.")


def _searchable(link: ServiceLink) -> str:
    return folded(" ".join((link.pattern, link.service_name, link.service_id, link.note, link.updated_by)))


def _frame(shown: list[ServiceLink]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Leistung": [link.service_name or link.service_id or TARGETS[link.target] for link in shown],
            "Muster": [link.pattern for link in shown],
            "Gilt für": [SOURCES[link.source] for link in shown],
            "Vergleich": [MATCH_NAMES[link.match] for link in shown],
            "Anteil": [german.percent(link.share, 0) for link in shown],
            "Herkunft": [_origin(link) for link in shown],
            "Notiz": [link.note for link in shown],
        }
    )


def _origin(link: ServiceLink) -> str:
    """Who changed it last and when; shipped links say so."""
    if link.origin == "shipped":
        return "mitgeliefert"
    moment = link.updated_at
    return f"{link.updated_by}, {german.date(moment.date())}" if moment else link.updated_by


def _form(reading: Reading, link: ServiceLink, choices: pd.DataFrame) -> None:
    """The fields of one link; what is saved rests on the version that was shown here."""
    stamp = f"{link.id}-{link.version}"
    names = {"": TARGETS["keine_leistung"], **dict(zip(choices["service_id"], choices["name"], strict=True))}
    if link.service_id not in names:
        names[link.service_id] = link.service_name or link.service_id
    with st.container(border=True, key="zuordnung-formular"):
        st.markdown("**Zuordnung ändern**")
        first, second = st.columns(2, gap="medium")
        first.text_input("Muster", link.pattern, key=f"muster-{stamp}", max_chars=300)
        own = list(MATCH_NAMES).index(link.match)
        pick("Vergleich", MATCH_NAMES, f"vergleich-{stamp}", at=first, index=own, filter_mode=None)
        own = list(names).index(link.service_id)
        pick("Leistung", names, f"leistung-{stamp}", at=second, index=own)
        second.number_input(
            "Anteil in Prozent",
            min_value=1,
            max_value=100,
            value=max(1, round(link.share * 100)),
            key=f"anteil-{stamp}",
            help="Bei Seiten, die mehrere Leistungen bedienen; Suchanfragen zählen immer ganz.",
        )
        st.text_input("Notiz", link.note, key=f"notiz-{stamp}", max_chars=300)
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Änderung speichern",
                type="primary",
                key=f"speichern-{stamp}",
                on_click=_save,
                args=(reading, link, choices),
            )
            st.button(
                "Zuordnung löschen",
                key=f"loeschen-{stamp}",
                on_click=link_actions.remove,
                args=(reading, link),
            )


def _save(reading: Reading, link: ServiceLink, choices: pd.DataFrame) -> None:
    """Take the fields over into the link that was shown, and save it."""
    stamp = f"{link.id}-{link.version}"
    entered = {name: st.session_state[f"{name}-{stamp}"] for name in FIELDS}
    service_id = entered["leistung"]
    if service_id in ("", *choices["service_id"]):
        target, _, name = link_actions.goal(service_id, "", choices)
    else:
        target, name = link.target, link.service_name
    edited = dataclasses.replace(
        link,
        pattern=str(entered["muster"]).strip(),
        match=entered["vergleich"],
        target=target,
        service_id=service_id,
        service_name=name,
        share=entered["anteil"] / 100,
        note=str(entered["notiz"]).strip(),
    )
    link_actions.change(reading, edited)
