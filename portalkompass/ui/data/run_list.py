"""The last loads; taking one import back, and reading one again."""

from __future__ import annotations

import streamlit as st

from portalkompass.ui.auth import permissions
from portalkompass.ui.components import exhibits, messages
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.data.import_process import ImportFault, run_reread, run_undo
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
    """The list, below it the imports that can be taken back or read again; each needs a second click."""
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
            "Import zurücknehmen oder neu lesen",
            {"": "keinen"} | imports,
            None,
            width=520,
            filter_mode=None,
            help="Zurücknehmen entfernt genau das, was dieser Import geladen hat, und sein Original. Neu lesen lädt "
            "ihn aus dem aufbewahrten Original noch einmal, mit der heutigen Version, und nennt die Zahlen "
            "vorher und nachher. Der Ladevorgang bleibt in der Liste stehen.",
        )
        taken_back = st.button("Zurücknehmen", disabled=not chosen)
        read_again = st.button("Neu lesen", disabled=not chosen)
    if chosen and (taken_back or read_again):
        with messages.told(ImportFault):
            with st.spinner(
                "Der Import wird zurückgenommen …" if taken_back else "Der Import wird neu gelesen …"
            ):
                act = run_undo if taken_back else run_reread
                messages.say(DONE, act(chosen, demo=reading.settings.demo))
            st.rerun()
