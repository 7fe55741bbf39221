"""*Zuordnung*: what is mapped, what is not, and proposals that a person accepts or rejects by click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.proposals import ListFault
from portalkompass.screens.catalogue import MAPPING_BOARD
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import answer_cache, exhibits, messages, page
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.links import link_actions, link_editor, page_moves, rejected_proposals
from portalkompass.ui.links.link_actions import Item
from portalkompass.ui.reading import Reading
from portalkompass.ui.shell import fault_messages

SHOWN = 8
MORE = "zuordnung-mehr"


def show(reading: Reading, filters: Filters) -> None:
    """The whole view."""
    with fault_messages.as_sentences(), messages.told(ListFault):
        result = answer_cache.ask(MAPPING_BOARD, reading, filters)
        page.top(result)
        if result.exhibit("mapping_coverage") is None:
            page.next_steps(result.answer)
            return
        if not permissions.allowed("edit"):
            exhibits.show(result, "mapping_coverage", "mapping_conflicts", "dead_links")
            return
        exhibits.show(result, "mapping_coverage")
        author.ask()
        _open_items(reading, filters, result)
        choices = _rows(result, "mapping_choices")
        link_editor.show(reading, filters, choices)
        page_moves.show(reading, filters)
        rejected_proposals.show(reading, filters.site, choices)
        exhibits.show(result, "mapping_conflicts", "dead_links")


def _open_items(reading: Reading, filters: Filters, result: Answered) -> None:
    """Unmapped pages and queries, the largest first."""
    pages, queries = _rows(result, "unmapped_pages"), _rows(result, "unmapped_queries")
    page.section("Offen: Seiten und Suchanfragen ohne Leistung")
    link_actions.report(link_actions.OPEN)
    kinds = {"seiten": "Seiten", "suchanfragen": "Suchanfragen"}
    kind = st.segmented_control(
        "Was zuordnen",
        list(kinds),
        format_func=lambda slug: kinds.get(slug, slug),
        default="seiten",
        required=True,
        key="offen",
        label_visibility="collapsed",
    )
    rows = queries if kind == "suchanfragen" else pages
    exhibit = result.exhibit("unmapped_queries" if kind == "suchanfragen" else "unmapped_pages")
    if exhibit is None:
        st.info("Suchanfragen je Seite sind für den Zeitraum nicht geladen.")
        return
    if rows.empty:
        st.info("Hier ist nichts offen.")
        return
    st.caption(plain(f"{exhibit.headline} · {exhibit.subtitle}"))
    shown = st.session_state.get(MORE, SHOWN)
    for row in rows.head(shown).to_dict("records"):
        _row(reading, filters.site, row, result)
    if len(rows) > shown:
        more = {MORE: shown + SHOWN}
        st.button("Weitere anzeigen", key="weitere", on_click=st.session_state.update, args=(more,))
    exhibits.notes(exhibit.notes)


def _row(reading: Reading, site: str, row: Mapping[Any, Any], result: Answered) -> None:
    """One page or query with its figures on the left, what can be done with it on the right."""
    source, subject = ("url", str(row["url"])) if "url" in row else ("query", str(row["query"]))
    item = Item(site, source, subject, str(row.get("label", subject)))
    key = f"{source}-{subject}"
    proposals, choices = _rows(result, "mapping_proposals"), _rows(result, "mapping_choices")
    own = proposals[(proposals["source"] == source) & (proposals["subject"] == subject)]
    with st.container(border=True, key=f"offen-{key}"):
        left, right = st.columns([35, 65], gap="medium")
        with left:
            st.markdown(f"**{plain(item.label)}**")
            st.caption("  \n".join(plain(line) for line in _facts(row)))
        with right:
            for proposal in own.to_dict("records"):
                _proposal(reading, item, proposal, choices, key)
            if own.empty:
                st.caption("Kein Vorschlag, der sicher genug wäre.")
            with st.container(horizontal=True, gap="small"):
                st.button(
                    "Keine Leistung",
                    key=f"keine-{key}",
                    on_click=link_actions.exclude,
                    args=(reading, item),
                )
                _otherwise(reading, item, choices, key)


def _facts(row: Mapping[Any, Any]) -> list[str]:
    counts = [
        german.count(float(str(row["clicks"])), "Klick", "Klicks"),
        german.count(float(str(row["impressions"])), "Impression", "Impressionen"),
    ]
    if "unique_page_views" in row and not german.is_missing(row["unique_page_views"]):
        counts.append(german.count(float(str(row["unique_page_views"])), "Seitenansicht", "Seitenansichten"))
    return [*([str(row["path"])] if "path" in row else []), " · ".join(counts)]


def _proposal(reading: Reading, item: Item, row: Mapping[Any, Any], choices: pd.DataFrame, key: str) -> None:
    target, service_id, _ = link_actions.goal(str(row["service_id"]), "", choices)
    name = str(row["name"])
    sure = german.percent(float(str(row["confidence"])), 0)
    reason = plain(f"Übereinstimmung {sure} · erkannt an „{row['evidence']}“")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.markdown(f"{plain(name)}  \n:gray[:small[{reason}]]", width="stretch")
        st.button(
            "Zuordnen",
            type="primary",
            key=f"ja-{key}-{service_id}",
            help=f"{plain(item.label)} gehört zu {plain(name)}",
            on_click=link_actions.assign,
            args=(reading, item, target, service_id, name),
        )
        st.button(
            "Ablehnen",
            key=f"nein-{key}-{service_id}",
            help="Wird für diese Zeile nicht mehr vorgeschlagen",
            on_click=link_actions.decline,
            args=(reading, item, service_id, name),
        )


def _otherwise(reading: Reading, item: Item, choices: pd.DataFrame, key: str) -> None:
    """Any service of the pick list, or one that is not on it; made only when opened."""
    with st.popover("Andere Leistung", key=f"anders-{key}", on_change="rerun") as opened:
        if not opened.open:
            return
        labels = dict(zip(choices["service_id"], choices["name"] + " – " + choices["group"], strict=True))
        listed, free = f"wahl-{key}", f"frei-{key}"
        with forms.fields(listed, {listed: None, free: ""}, {listed: [None, *labels]}):
            pick("Aus der Auswahlliste", labels, listed, index=None, placeholder="Leistung suchen")
            st.text_input("Oder eine neue Leistung ohne Status", key=free, max_chars=120)
        st.button(
            "Zuordnen",
            type="primary",
            key=f"anders-ja-{key}",
            on_click=link_actions.assign_picked,
            args=(reading, item, choices, listed, free),
        )


def _rows(result: Answered, name: str) -> pd.DataFrame:
    exhibit = result.exhibit(name)
    return pd.DataFrame() if exhibit is None else exhibit.frame
