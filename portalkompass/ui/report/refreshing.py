"""An edited presentation of the report, uploaded, brought up to date and given back."""

from __future__ import annotations

import logging
from pathlib import PurePath

import streamlit as st

from portalkompass.screens.living_deck import report_of
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading

LOG = logging.getLogger(__name__)
MADE = "aufgefrischt"
"""Where the session keeps name, file and sentences of the last one."""


def refreshing(reading: Reading) -> None:
    """Upload, button, then the sentences on what changed and the download."""
    st.markdown(
        "Eine Präsentation aus diesem Bericht, die inzwischen bearbeitet wurde: Zahlen, Diagramme, Tabellen und "
        "Überschriften werden aufgefrischt; was von Hand geändert, verschoben, gelöscht oder ergänzt wurde, bleibt."
    )
    if not permissions.allowed("administer"):
        return  # who may hand a file to the server is told by its route, and that is theirs
    file = st.file_uploader("Bearbeitete Präsentation", type=["pptx"], key="auffrischen-datei")
    with_list = st.toggle("Liste der Änderungen als Folie am Ende", key="auffrischen-liste")
    if st.button("Auffrischen", key="auffrischen", disabled=file is None) and file is not None:
        st.session_state.pop(MADE, None)
        with st.spinner("Die Präsentation wird aufgefrischt …"):
            _refresh(reading, file.name, file.getvalue(), with_list)
    if MADE not in st.session_state:
        return
    name, content, sentences = st.session_state[MADE]
    visitor = permissions.visitor()

    def handed_out() -> bytes:
        visitor.need("read")
        visitor.done("export", what=name, format="pptx")
        return bytes(content)

    st.download_button(
        "Aufgefrischte Präsentation",
        data=handed_out,
        file_name=name,
        mime=slide_look.MIME["pptx"],
        key="auffrischen-herunterladen",
        on_click="ignore",
        type="primary",
    )
    for sentence in sentences or ("Keine Änderungen.",):
        st.markdown(f"- {plain(sentence)}")


def _refresh(reading: Reading, name: str, content: bytes, with_list: bool) -> None:
    # The libraries that draw are loaded with the first click, not with the first screen.
    from portalkompass.exports.files import refreshed_deck

    permissions.need("administer")
    try:
        made, changes = refreshed_deck(
            content,
            lambda named: report_of(named, reading.warehouse, reading.settings, reading.question),
            reading.warehouse.snapshot,
            slide_look.look(reading.settings),
            told=with_list,
        )
    except Exception as fault:
        LOG.exception("a presentation could not be brought up to date")
        sentence = slide_look.sentence_of(fault)
        permissions.done("upload", sentence, file=name)
        st.error(plain(sentence))
        return
    permissions.done("upload", file=name)
    st.session_state[MADE] = (
        f"{PurePath(name).stem}-aufgefrischt.pptx",
        made,
        [str(change) for change in changes],
    )
