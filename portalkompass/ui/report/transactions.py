"""Bericht: the monthly file of transactions for the central statistics component."""

from __future__ import annotations

import streamlit as st

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.services.transactions import headline, months_told, transactions
from portalkompass.exports.transactions_file import SchemaFault, make, read_schema
from portalkompass.ui.components.text import plain
from portalkompass.ui.reading import Reading


def transactions_file(reading: Reading, filters: Filters) -> None:
    """Month and download; a sentence where no department told online applications, or the columns are faulty."""
    question = reading.question(filters)
    months = months_told(question)
    if not months:
        st.caption("Noch sind keine Fallzahlen des Kanals Online geladen (Daten → Laden).")
        return
    month = st.selectbox("Monat", months, format_func=german.month, key="transaktionen-monat", width=280)
    try:
        schema = read_schema(reading.settings.data_file("transactions.toml"))
    except SchemaFault as fault:
        st.error(plain(str(fault)))
        return
    made = transactions(question, month, schema.several_keys)
    city = reading.settings.city
    sample = "beispieldaten_" if reading.warehouse.sample else ""
    st.download_button(
        "Monatsdatei (CSV)",
        make(month, made.rows, schema, ars=city.ars, municipality=city.name),
        f"{sample}transaktionen_{month:%Y-%m}.csv",
        "text/csv",
        key="transaktionen-herunterladen",
        on_click="ignore",
    )
    st.caption(plain(" ".join((f"{headline(made)}.", *made.left_out))))
