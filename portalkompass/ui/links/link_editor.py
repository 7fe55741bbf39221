"""All links as a list; the chosen one can be changed or deleted. A save that comes too late shows both versions."""

from __future__ import annotations

import dataclasses
from functools import partial

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.links.mapping_faults import MATCH_NAMES
from portalkompass.spelling import folded
from portalkompass.ui.components import page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.editing import asking, records
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
NAME = "zuordnungen"
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
    chosen = records.listed(
        NAME,
        shown,
        _frame(shown),
        height=HEIGHT if len(shown) > 8 else "content",  # noqa: PLR2004
        column_config={
            "Leistung": st.column_config.Column(width=190),
            "Muster": st.column_config.Column(width=220),
            "Anteil": st.column_config.Column(alignment="right"),
        },
        alt="Tabelle aller Zuordnungen von Pfaden und Suchanfragen zu Leistungen.",
    )
    if chosen is not None:
        _form(reading, chosen, choices, next((link for link in saved if link.id == chosen.id), None))
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


def _form(reading: Reading, link: ServiceLink, choices: pd.DataFrame, stored: ServiceLink | None) -> None:
    """The fields of one link as opened; what is saved rests on that version. ``stored`` is what it is now."""
    stamp = str(link.id)
    keys = [f"{name}-{stamp}" for name in FIELDS]
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
                args=(reading, choices, link),
            )
            asking.delete(
                f"Zuordnung „{link.pattern}“ löschen?",
                f"loeschen-{stamp}",
                _remove,
                (reading, link),
                "Zuordnung löschen",
            )
        records.newer(
            NAME,
            stored,
            lambda: link_actions.side_by_side(_entered(choices, link), stored),
            keys,
            partial(_save, reading, choices),
        )
    records.remember(NAME, keys)


def _entered(choices: pd.DataFrame, link: ServiceLink) -> ServiceLink:
    """The link with what stands in the fields."""
    entered = {name: st.session_state[f"{name}-{link.id}"] for name in FIELDS}
    service_id = entered["leistung"]
    if service_id in ("", *choices["service_id"]):
        target, _, name = link_actions.goal(service_id, "", choices)
    else:
        target, name = link.target, link.service_name
    return dataclasses.replace(
        link,
        pattern=str(entered["muster"]).strip(),
        match=entered["vergleich"],
        target=target,
        service_id=service_id,
        service_name=name,
        share=entered["anteil"] / 100,
        note=str(entered["notiz"]).strip(),
    )


def _save(reading: Reading, choices: pd.DataFrame, link: ServiceLink) -> None:
    """Save what stands in the fields over the link as it was opened; where that is refused, all stays as it is."""
    link_actions.change(reading, _entered(choices, link))
    if link_actions.DONE in st.session_state:
        records.close(NAME)


def _remove(reading: Reading, link: ServiceLink) -> None:
    link_actions.remove(reading, link)
    if link_actions.DONE in st.session_state:
        records.close(NAME)
