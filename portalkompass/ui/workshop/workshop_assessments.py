"""Assessments in an editable table: value with anchored wording, confidence and note for every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.scenario_book import (
    CONFIDENCES,
    assessed_criteria,
    assessment_table,
    level_text,
    with_assessments,
)
from portalkompass.prioritisation import Criterion
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop.workshop import Workshop, say, who
from portalkompass.workspace import Scenario, WorkspaceError, save_scenario

UNKNOWN = "unbekannt"
ONLY_OPEN = (
    "Einschätzungen gehören zu einem eigenen Szenario. Bitte „Alle Kriterien“ wählen und unter „Szenarien“ "
    "als eigenes Szenario speichern."
)


def show(workshop: Workshop) -> None:
    """One criterion at a time as the group talks about it; everything that was said so far below."""
    found = workshop.ground.basis
    criteria = assessed_criteria(found)
    kept = found.kept
    if kept is None or not criteria:
        st.info(ONLY_OPEN)
        return
    if not permissions.may("moderate"):
        permissions.hint("moderate")
    elif kept.locked:
        st.info(f"„{plain(kept.name)}“ ist festgeschrieben. Für Änderungen bitte eine Kopie anlegen.")
    else:
        one = _criterion(criteria)
        st.caption(plain(one.help))
        if one.levels:
            st.markdown("\n".join(f"- **{level.value:g}** · {plain(level.label)}" for level in one.levels))
        _table(workshop, kept, one)
    exhibit = assessment_table(workshop.ground.question, workshop.decision, kept.assessments)
    if exhibit is not None:
        exhibits.draw(workshop.answered(extra=exhibit), exhibit)


def _criterion(criteria: tuple[Criterion, ...]) -> Criterion:
    by_id = {one.id: one for one in criteria}
    name = st.selectbox(
        "Kriterium",
        list(by_id),
        format_func=lambda slug: by_id[slug].label if slug in by_id else slug,
        key="einschaetzung-kriterium",
        filter_mode=None,
    )
    return by_id[name]


def _table(workshop: Workshop, kept: Scenario, one: Criterion) -> None:
    names = workshop.decision.names
    rows = pd.DataFrame([_row(kept, one, service, names) for service in kept.matrix.index])
    options = [UNKNOWN, *(_option(one, level.value) for level in one.levels)]
    value_column = (
        st.column_config.SelectboxColumn("Wert", options=options, required=True, width="large")
        if one.levels
        else st.column_config.NumberColumn("Wert", help=plain(one.unit), min_value=0.0, width="medium")
    )
    with st.form(f"einschaetzung-{one.id}", border=False):
        edited = st.data_editor(
            rows,
            hide_index=True,
            disabled=["service", "Leistung"],
            column_order=["Leistung", "Wert", "Sicherheit", "Notiz"],
            column_config={
                "Wert": value_column,
                "Sicherheit": st.column_config.SelectboxColumn("Sicherheit", options=["", *CONFIDENCES]),
                "Notiz": st.column_config.TextColumn("Notiz", max_chars=300, width="large"),
            },
            placeholder="",
            key=f"tabelle-{one.id}-{kept.version}",
        )
        pressed = st.form_submit_button("Einschätzungen speichern", type="primary")
    if pressed:
        cells = {str(row["service"]): {one.id: _cell(one, row)} for row in edited.to_dict("records")}
        try:
            save_scenario(workshop.reading.workspace, with_assessments(kept, cells), who())
        except WorkspaceError as fault:
            st.error(plain(str(fault)))
            return
        say(f"Einschätzungen zu „{one.label}“ gespeichert.")
        st.rerun()


def _row(kept: Scenario, one: Criterion, service: str, names: Mapping[str, str]) -> dict[str, Any]:
    cell = kept.assessments.get(service, {}).get(one.id, {})
    known = kept.matrix[one.id].to_dict()[service] if one.id in kept.matrix.columns else None
    value = None if german.is_missing(known) else float(str(known))
    shown = value if not one.levels else UNKNOWN if value is None else _option(one, value)
    return {
        "service": service,
        "Leistung": names.get(service, service),
        "Wert": shown,
        "Sicherheit": cell.get("confidence") or "",
        "Notiz": cell.get("note") or "",
    }


def _option(one: Criterion, value: object) -> str:
    number = f"{float(str(value)):g}"
    text = level_text(one, value)
    return f"{number} · {text}" if text else number


def _cell(one: Criterion, row: Mapping[Any, Any]) -> dict[str, Any]:
    given = row["Wert"]
    if one.levels:
        by_option = {_option(one, level.value): level.value for level in one.levels}
        value = by_option.get(str(given))
    else:
        value = None if german.is_missing(given) else float(given)
    return {
        "value": value,
        "confidence": str(row["Sicherheit"] or ""),
        "note": str(row["Notiz"] or "").strip(),
    }
