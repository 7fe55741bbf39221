"""The last loads, and taking one import back."""

from __future__ import annotations

import streamlit as st

from portalkompass.ui.auth import permissions
from portalkompass.ui.components import exhibits, messages
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.data.import_process import ImportFault, run_undo
from portalkompass.ui.reading import Reading
from portalkompass.warehouse import waiting as pauses

DONE = "undo-done"
LOADED = ("done", "partial")
"""States of a run that loaded something."""


def waiting(reading: Reading) -> None:
    """That a load waits for somebody else's quota, and until when: it does not hang."""
    if pause := pauses.sentence(reading.settings.warehouse_dir):
        st.info(plain(f"Ein Ladevorgang wartet: {pause}."))


def show(reading: Reading, answered: Answered) -> None:
    """The list, below it the imports that can be taken back; each needs a second click."""
    exhibit = answered.exhibit("runs")
    if exhibit is None or exhibit.frame.empty:
        return
    exhibits.draw(answered, exhibit)
    messages.said(DONE)
    runs = exhibit.frame
    files = runs[runs["state"].isin(LOADED) & runs["file_name"].fillna("").ne("")].to_dict("records")
    imports = {str(run["run_id"]): f"{run['started']}: {run['file_name']}" for run in files}
    if not imports or not permissions.may("administer"):
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="undo"):
        chosen = pick(
            "Import zurücknehmen",
            {"": "keinen"} | imports,
            None,
            width=520,
            filter_mode=None,
            help="Entfernt genau das, was dieser Import geladen hat. Der Ladevorgang bleibt in der Liste stehen.",
        )
        clicked = st.button("Zurücknehmen", disabled=not chosen)
    if clicked and chosen:
        with messages.told(ImportFault):
            with st.spinner("Der Import wird zurückgenommen …"):
                messages.say(DONE, run_undo(chosen, demo=reading.settings.demo))
            st.rerun()
