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
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop.workshop import Workshop, edited, save
from portalkompass.workspace import Scenario

UNKNOWN = "unbekannt"
ONLY_OPEN = (
    "Einschätzungen gehören zu einem eigenen Szenario. Bitte „Alle Kriterien“ wählen und unter „Szenarien“ "
    "als eigenes Szenario speichern."
)


def show(workshop: Workshop) -> None:
    """One criterion at a time as the group talks about it; everything that was said so far below."""
    scenario = workshop.ground.basis.kept
    criteria = {criterion.id: criterion for criterion in assessed_criteria(workshop.ground.basis)}
    if scenario is None or not criteria:
        st.info(ONLY_OPEN)
        return
    if permissions.allowed("moderate"):
        if scenario.locked:
            st.info(f"„{plain(scenario.name)}“ ist festgeschrieben. Für Änderungen bitte eine Kopie anlegen.")
        else:
            labels = {name: criterion.label for name, criterion in criteria.items()}
            name = pick("Kriterium", labels, "einschaetzung-kriterium", filter_mode=None)
            _table(workshop, scenario, criteria[name])
    exhibit = assessment_table(workshop.ground.question, workshop.decision, scenario.assessments)
    if exhibit is not None:
        workshop.draw(exhibit)


def _table(workshop: Workshop, scenario: Scenario, criterion: Criterion) -> None:
    st.caption(plain(criterion.help))
    if criterion.levels:
        st.markdown("\n".join(f"- **{level.value:g}** · {plain(level.label)}" for level in criterion.levels))
    names = workshop.decision.names
    rows = pd.DataFrame([_row(scenario, criterion, service, names) for service in scenario.matrix.index])
    options = [UNKNOWN, *(_option(criterion, level.value) for level in criterion.levels)]
    value_column = (
        st.column_config.SelectboxColumn("Wert", options=options, required=True, width="large")
        if criterion.levels
        else st.column_config.NumberColumn("Wert", help=plain(criterion.unit), min_value=0.0, width="medium")
    )
    columns = {
        "Leistung": "Leistung",
        "Wert": value_column,
        "Sicherheit": st.column_config.SelectboxColumn("Sicherheit", options=["", *CONFIDENCES]),
        "Notiz": st.column_config.TextColumn("Notiz", max_chars=300, width="large"),
    }
    name, label = f"einschaetzung-{criterion.id}", "Einschätzungen speichern"
    changed = edited(name, scenario, rows, columns, label, placeholder="")
    if changed is not None:
        edited_rows = changed.to_dict("records")
        cells = {str(row["service"]): {criterion.id: _cell(criterion, row)} for row in edited_rows}
        done = f"Einschätzungen zu „{criterion.label}“ gespeichert."
        save(workshop, lambda: with_assessments(scenario, cells), done)


def _row(scenario: Scenario, criterion: Criterion, service: str, names: Mapping[str, str]) -> dict[str, Any]:
    cell = scenario.assessments.get(service, {}).get(criterion.id, {})
    measured = (
        scenario.matrix[criterion.id].to_dict()[service] if criterion.id in scenario.matrix.columns else None
    )
    value = None if german.is_missing(measured) else float(str(measured))
    shown = value if not criterion.levels else UNKNOWN if value is None else _option(criterion, value)
    return {
        "service": service,
        "Leistung": names.get(service, service),
        "Wert": shown,
        "Sicherheit": cell.get("confidence") or "",
        "Notiz": cell.get("note") or "",
    }


def _option(criterion: Criterion, value: object) -> str:
    number = f"{float(str(value)):g}"
    text = level_text(criterion, value)
    return f"{number} · {text}" if text else number


def _cell(criterion: Criterion, row: Mapping[Any, Any]) -> dict[str, Any]:
    given = row["Wert"]
    if criterion.levels:
        by_option = {_option(criterion, level.value): level.value for level in criterion.levels}
        value = by_option.get(str(given))
    else:
        value = None if german.is_missing(given) else float(given)
    return {
        "value": value,
        "confidence": str(row["Sicherheit"] or ""),
        "note": str(row["Notiz"] or "").strip(),
    }
