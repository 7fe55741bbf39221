"""Texts of a report in a form: saved cell by cell, merged with what others saved while the form was open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from portalkompass.screens.saved_report import is_open
from portalkompass.ui.auth import author
from portalkompass.ui.components import messages
from portalkompass.ui.components.basket import UNNAMED
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts
from portalkompass.ui.reading import Reading
from portalkompass.workspace import (
    Clash,
    Report,
    cells_of,
    clashes_of,
    pages_of,
    save_texts,
    settle_clash,
)
from portalkompass.workspace.reports.report_edits import TOP
from portalkompass.workspace.reports.reports import told

OPENED, SAID = "bericht-form", "bericht-gesagt"
KEPT = "Beide Fassungen bleiben hier stehen, auch nach dem Neuladen, bis jemand wählt; bis dahin gilt die gespeicherte."
LONGEST_ON_A_BUTTON = 40
"""Characters of a value on a button; the whole value stands above it."""
Cells = Mapping[tuple[str, str], Any]
"""Values by row (page) and column."""


def who() -> str:
    """Whoever writes."""
    return author.name() or UNNAMED


def open_form(now: Reading, report: Report, row: str) -> None:
    """Open the form of a row (``TOP`` or a page's id): a save rests on what the report says in this moment, or on what
    it said before somebody typed what still stands in the form.
    """
    cells = cells_of(report, pages_of(now.workspace, report.id))
    draft = drafts.read(_name(report.id, row))
    before = {(row, name): value for name, value in draft.get("cells", {}).items() if (row, name) in cells}
    typed = {(row, name): value for name, value in draft.get("typed", {}).items()}
    st.session_state[OPENED] = {
        "report": report.id,
        "row": row,
        "cells": cells | before,
        "typed": typed,
        "blank": None,
    }


def reopen(now: Reading, report: Report) -> None:
    """Open the form that was typed in last and neither saved nor closed, unless one of this report is open."""
    form = st.session_state.get(OPENED)
    if form and form["report"] == report.id:
        return
    rows = {
        TOP,
        *(str(page.id) for page in pages_of(now.workspace, report.id) if is_open(page, now.warehouse)),
    }
    started = [row for name in drafts.names(_name(report.id, "")) if (row := name.rpartition(" ")[2]) in rows]
    if started:
        open_form(now, report, started[-1])


def leave_form() -> None:
    """The form goes out of sight; what stands in it is there when its report is opened again."""
    st.session_state.pop(OPENED, None)


def close_form() -> None:
    """The form goes, and with it what stands in it."""
    if form := st.session_state.pop(OPENED, None):
        drafts.forget(_name(form["report"], form["row"]))


def opened(report: Report, row: str) -> Cells | None:
    """What the report said when the form of this row was opened; None while it is closed."""
    form = st.session_state.get(OPENED)
    return form["cells"] if form and (form["report"], form["row"]) == (report.id, row) else None


def begun(key: str) -> Cells:
    """What the fields of the open form begin with: the report as it was opened, or what was typed before the view was
    left. ``key`` is that of one of its fields: while it is there, the others are, too.
    """
    form: dict[str, Any] = st.session_state[OPENED]
    if key not in st.session_state or "begun" not in form:
        form["begun"] = {**form["cells"], **form["typed"]}
    begins: Cells = form["begun"]
    return begins


def remember(row: str, entered: Mapping[str, object]) -> None:
    """Keep what stands in the fields of the open form, and what the report said before: another view forgets them, and
    so does the browser when it loads the page again. ``entered`` may name more than the cells of the row.
    """
    if not (form := st.session_state.get(OPENED)):
        return
    if not form["typed"]:
        form["blank"] = dict(entered)
    form["typed"] = {(row, name): value for name, value in entered.items()}
    cells = {name: form["cells"][row, name] for name in entered if (row, name) in form["cells"]}
    changed = entered != form["blank"]
    drafts.keep(_name(form["report"], row), {"cells": cells, "typed": entered} if changed else {})


def save(now: Reading, report: Report, before: Cells, mine: Cells) -> None:
    """Save the form; where it cannot be saved it stays open with what was entered."""
    with messages.told():
        clashing = save_texts(now.workspace, report.id, before, mine, who())
        close_form()
        if not clashing:
            messages.say(SAID, "Gespeichert.")
        st.rerun()


def clashes(now: Reading, report: Report) -> None:
    """Both values of each cell that two people changed differently, with a choice; till then the stored one counts.

    Whoever may write sees them, but those of pages that are not open to them.
    """
    closed = {str(page.id) for page in pages_of(now.workspace, report.id) if not is_open(page, now.warehouse)}
    waiting = [clash for clash in clashes_of(now.workspace, report) if clash.cell[0] not in closed]
    for number, clash in enumerate(waiting):
        at = f", {clash.at.astimezone():%H:%M}" if clash.at else ""
        with st.container(border=True, key=f"bericht-widerspruch-{number}"):
            st.markdown(
                f"**{plain(clash.label)}**: "
                + plain(
                    f"gespeichert ist „{told(clash.theirs)}“ ({clash.who or 'jemand anderes'}{at}); "
                    f"eingetragen wurde auch „{told(clash.mine)}“ ({clash.writer})."
                )
            )
            st.caption(KEPT)
            with st.container(horizontal=True):
                st.button(
                    plain(f"„{_short(clash.theirs)}“ behalten"),
                    key=f"bericht-behalten-{number}",
                    on_click=_settle,
                    args=(now, report, clash, False),
                )
                st.button(
                    plain(f"„{_short(clash.mine)}“ übernehmen"),
                    key=f"bericht-uebernehmen-{number}",
                    on_click=_settle,
                    args=(now, report, clash, True),
                )


def act(change: Any, *args: Any, **named: Any) -> None:  # noqa: ANN401
    """Callback of a button: the change in the workspace with the name of whoever clicks; a fault says why not."""
    with messages.told():
        change(*args, who(), **named)


def forget(report: Report) -> None:
    """The report is gone, and with it what was typed in its forms."""
    st.session_state.pop(OPENED, None)
    for name in drafts.names(_name(report.id, "")):
        drafts.forget(name)


def _name(report: int, row: str) -> str:
    return f"bericht {report} {row}"


def _settle(now: Reading, report: Report, clash: Clash, mine: bool) -> None:
    with messages.told():
        settle_clash(now.workspace, report.id, clash, who(), mine=mine)


def _short(value: object) -> str:
    text = told(value)
    return text if len(text) <= LONGEST_ON_A_BUTTON else f"{text[:LONGEST_ON_A_BUTTON]} …"
