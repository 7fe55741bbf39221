"""The detail view of a screen: one page of the portal, or one service.

It is searched by its name, which then stands in the URL, or clicked in a table of any screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from portalkompass.exhibit import Exhibit
from portalkompass.settings import ROOT
from portalkompass.ui.filters import filters


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` is the URL parameter; ``column`` tells the rows of a table apart; ``screen`` shows it in detail."""

    key: str
    column: str
    label: str
    placeholder: str
    screen: Path

    @property
    def _clicked(self) -> str:
        return f"{self.key}-geklickt"

    def picker(self, by_name: Mapping[str, str]) -> str:
        """The search field over names; the id (or address) of what is chosen, empty while nothing is."""
        clicked = st.session_state.pop(self._clicked, None)
        if clicked is not None:
            st.session_state[self.key] = next((name for name, id_ in by_name.items() if id_ == clicked), None)
        return filters.search(self.label, by_name, self.key, self.placeholder)

    def back(self) -> None:
        """The way back to the list."""
        st.button(
            "Zurück zur Liste",
            key=f"{self.key}-zurueck",
            icon=":material/arrow_back:",
            on_click=filters.empty,
            args=(self.key,),
        )

    def click(self, exhibit: Exhibit, key: str) -> None:
        """What a click on a row of the table ``key`` does: it is shown in detail with the next run."""
        rows = st.session_state[key].selection.rows
        clicked = exhibit.frame[self.column].iloc[rows[0]] if rows else None
        if isinstance(clicked, str) and clicked:
            st.session_state[self._clicked] = clicked

    def follow(self) -> None:
        """Lead from another screen to what was clicked there."""
        if self._clicked in st.session_state:
            st.switch_page(self.screen)


PAGE = Choice(
    key="seite",
    column="url",
    label="Seite im Einzelnen",
    placeholder="Titel suchen oder unten eine Zeile anklicken",
    screen=ROOT / "pages" / "traffic" / "pages.py",
)
SERVICE = Choice(
    key="leistung",
    column="service",
    label="Leistung im Einzelnen",
    placeholder="Namen suchen oder unten eine Zeile anklicken",
    screen=ROOT / "pages" / "services" / "services.py",
)
