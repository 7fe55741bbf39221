"""The detail view of a screen: one page of the portal, or one service.

It is searched by its name, or clicked in a table of any screen; its address or id then stands in the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from portalkompass.exhibit import Exhibit
from portalkompass.screens import address
from portalkompass.settings import ROOT
from portalkompass.ui import url_state
from portalkompass.ui.components.text import plain


@dataclass(frozen=True, slots=True)
class Choice:
    """``part`` of the state is shown in detail on ``screen``; ``column`` tells the rows of a table apart."""

    part: Literal["page", "service", "query"]
    column: str
    label: str
    placeholder: str
    slug: str
    screen: Path

    @property
    def _box(self) -> str:
        return f"{self.part}-im-einzelnen"

    def picker(self, by_name: Mapping[str, str], *, others: bool = False) -> str:
        """The search field over names; the id (or address) of what is chosen, empty while nothing is.

        Older addresses hold the name. What the period does not know is said, and nothing is shown in detail; with
        ``others`` the names are only the likeliest ones, and whatever is typed is shown.
        """
        asked = getattr(url_state.current(), self.part)
        id_ = by_name.get(asked, asked)
        name = next((one for one, own in by_name.items() if own == id_), None) if id_ else None
        if others and id_ and name is None:
            name, by_name = id_, {id_: id_, **by_name}
        st.session_state[self._box] = name
        st.selectbox(
            self.label,
            list(by_name),
            index=None,
            placeholder=self.placeholder,
            key=self._box,
            on_change=self._chosen,
            args=(by_name,),
            label_visibility="collapsed",
            accept_new_options=others,
            width=260 if asked else 440,
        )
        if asked:
            self._back()
        if asked and name is None:
            st.warning(f"„{plain(asked)}“ gibt es im Zeitraum nicht.")
        return id_ if name else ""

    def _chosen(self, by_name: Mapping[str, str]) -> None:
        name = st.session_state[self._box]
        url_state.change(**{self.part: by_name.get(name, name).strip() if name else ""})

    def _back(self) -> None:
        st.button(
            "Zurück zur Liste",
            key=f"{self._box}-zurueck",
            icon=":material/arrow_back:",
            on_click=url_state.change,
            kwargs={self.part: ""},
        )

    def click(self, exhibit: Exhibit, key: str) -> None:
        """What a click on a row of the table ``key`` does: it is shown in detail, on the screen that does that."""
        rows = st.session_state[key].selection.rows
        clicked = exhibit.frame[self.column].iloc[rows[0]] if rows else None
        if not isinstance(clicked, str) or not clicked:
            return
        part: dict[str, Any] = {self.part: clicked}
        if url_state.shown() in ("", self.slug):
            url_state.change(**part)
        else:
            there = replace(url_state.current().elsewhere(), **part)
            st.switch_page(self.screen, query_params=address.write(there))


PAGE = Choice(
    part="page",
    column="url",
    label="Seite im Einzelnen",
    placeholder="Eine Seite im Einzelnen: Titel suchen oder unten eine Zeile anklicken",
    slug="seiten",
    screen=ROOT / "pages" / "traffic" / "pages.py",
)
QUERY = Choice(
    part="query",
    column="query",
    label="Suchanfrage im Einzelnen",
    placeholder="Eine Suchanfrage im Einzelnen: eintippen oder unten eine Zeile anklicken",
    slug="suchanfragen",
    screen=ROOT / "pages" / "traffic" / "queries.py",
)
SERVICE = Choice(
    part="service",
    column="service",
    label="Leistung im Einzelnen",
    placeholder="Eine Leistung im Einzelnen: Namen suchen oder unten eine Zeile anklicken",
    slug="leistungen",
    screen=ROOT / "pages" / "services" / "services.py",
)
