"""The screen Bericht: the standard slides with one click, and the template they are put into."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.base import service_list
from portalkompass.answers.report.report import TITLE, left_out, refusal, slides
from portalkompass.screens import address, living_deck
from portalkompass.slide_set import SlideSet
from portalkompass.ui import url_state
from portalkompass.ui.components import slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters.filters import day as day_chosen
from portalkompass.ui.reading import Reading


def standard(reading: Reading, filters: Filters) -> None:
    """The standard deck of the period; it is put together when it is asked for."""
    with st.container(border=True, key="bericht-standard"):
        st.markdown(
            "Titel, Status der OZG-Leistungen (aktuell und anstehend), Abdeckung, Google-Position von Oktober zu "
            "Oktober, meistgeklickte Seiten, Klicks je Monat, Nachfrage, Fälle, Reihenfolge mit Belastbarkeit, "
            "Entscheidungen, Veränderungen seit dem letzten Bericht, Definitionen und Quellen."
        )
        filters = replace(filters, as_of=_as_of(reading))
        since = st.date_input(
            "Letzter Bericht am (für den Vergleich)",
            None,
            format="DD.MM.YYYY",
            key="letzter-bericht",
            width=280,
            help="Ohne Angabe wird mit dem vorigen Stand der OZG-Liste verglichen.",
        )
        day = since if isinstance(since, dt.date) else None
        if refused := refusal(reading.question(filters)):
            st.error(plain(refused))
            return
        if missing := left_out(reading.question(filters), day):
            st.caption(plain(f"Ohne Folie, weil noch ohne Inhalt: {'; '.join(missing)}."))
        stand = reading.warehouse.data_date(filters.site)
        empty = SlideSet(TITLE, (), (), stand, reading.warehouse.sample)
        slide_look.downloads(
            "Bericht",
            reading.settings,
            lambda: slides(reading.question(filters), since=day),
            empty.file_stem,
            "bericht-herunterladen",
            with_slides=slide_look.usable(reading.settings),
            origin=(_address(filters.as_of, day), reading.warehouse.snapshot),
        )


def _address(as_of: dt.date | None, since: dt.date | None) -> str:
    """The address of the report that is shown: a relative period stays one."""
    asked = address.write(url_state.current().elsewhere())
    return living_deck.address_of(asked | {living_deck.AS_OF: as_of, living_deck.SINCE: since})


def template(reading: Reading) -> None:
    """*Vorlage prüfen*: what the template of the settings makes of slides; opened only when it is asked for."""
    if st.button("Vorlage prüfen", key="vorlage-pruefen"):
        slide_look.checked(reading.settings)


def _as_of(reading: Reading) -> dt.date | None:
    """The day whose state of the OZG list holds on every slide; None is the newest, the only one without others."""
    days = service_list.days(reading.warehouse, reading.settings)
    if len(days) < 2:  # noqa: PLR2004
        return None
    return day_chosen(
        "OZG-Liste: Stand vom",
        "stand",
        days[0],
        max(days[-1], reading.settings.current_day()),
        width=280,
        help="Listen, Zahlen, Reihenfolge und Entscheidungen auf allen Folien sind dann die jenes Tages. Ohne Angabe "
        f"gilt der neueste Stand ({german.date(days[-1])}).",
    )
