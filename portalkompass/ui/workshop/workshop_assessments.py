"""Assessments in an editable table: value with anchored wording, confidence and note for every cell."""

from __future__ import annotations

import streamlit as st

from portalkompass.answers.workshop.scenario_book import CONFIDENCES, assessed_criteria, assessment_table
from portalkompass.answers.workshop.scenario_sheets import assessment_sheet, options
from portalkompass.prioritisation import Criterion
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.editing import sheets
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.rounds import assessing_panel
from portalkompass.ui.workshop.workshop import Workshop, who
from portalkompass.workspace import Scenario

CHARACTER, PADDING, WIDEST = 7, 45, 380
"""Pixels of a character in the table, of what stands around a text in it, and of a value at most."""
ALL_MEASURED = (
    "Alle Kriterien dieses Szenarios sind gemessen; einzuschätzen ist nichts. Weitere Kriterien: Ablauf."
)


def show(workshop: Workshop) -> None:
    """One criterion at a time as the group talks about it; everything that was said so far below."""
    scenario = workshop.ground.basis.kept
    criteria = {criterion.id: criterion for criterion in assessed_criteria(workshop.ground.basis)}
    if scenario is None or not criteria:
        if scenario is not None:
            st.caption(ALL_MEASURED)
        workshop_start.measured(workshop)
        return
    taken = assessing_panel.show(workshop, scenario)
    if workshop.stage and taken:
        return
    if not workshop.stage and not scenario.locked and permissions.allowed("moderate"):
        author.ask()
        labels = {name: criterion.label for name, criterion in criteria.items()}
        name = pick("Kriterium", labels, "einschaetzung-kriterium", filter_mode=None)
        _table(workshop, scenario, criteria[name])
    exhibit = assessment_table(workshop.ground.question, workshop.decision, scenario.assessments)
    if exhibit is not None:
        workshop.draw(exhibit)
    elif not taken and (workshop.stage or scenario.locked or not permissions.may("moderate")):
        workshop_start.measured(workshop)


def _wide(criterion: Criterion) -> int:
    """Pixels in which the longest wording of a step stands whole."""
    longest = max(map(len, options(criterion)))
    return min(CHARACTER * longest + PADDING, WIDEST)


def _table(workshop: Workshop, scenario: Scenario, criterion: Criterion) -> None:
    st.caption(plain(criterion.help))
    if criterion.levels:
        st.markdown("\n".join(f"- **{level.value:g}** · {plain(level.label)}" for level in criterion.levels))
    value_column = (
        st.column_config.SelectboxColumn(
            "Wert", options=options(criterion), required=True, width=_wide(criterion)
        )
        if criterion.levels
        else st.column_config.NumberColumn("Wert", help=plain(criterion.unit), min_value=0.0, width=120)
    )
    columns = {
        "value": value_column,
        "listed": st.column_config.TextColumn("Laut Liste", disabled=True, width=180),
        "confidence": st.column_config.SelectboxColumn("Sicherheit", options=["", *CONFIDENCES], width=90),
        "note": st.column_config.TextColumn("Notiz", max_chars=300, width=150),
        "votes": st.column_config.TextColumn("Stimmen", disabled=True, width="medium"),
    }
    place = sheets.Place(workshop.reading.workspace, scenario, assessment_sheet(criterion), who)
    sheets.show(place, "Leistung", columns, placeholder="")
