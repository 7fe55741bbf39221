"""Uploading a file: check first, show what it holds, load only when confirmed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.settings import load_settings
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import messages
from portalkompass.ui.components.list_columns import LABELS
from portalkompass.ui.components.text import plain
from portalkompass.ui.data import column_mapping, directory_choice, inbox
from portalkompass.ui.data.import_process import ImportFault, run_import
from portalkompass.ui.reading import Reading

ENDINGS = ["zip", "csv", "tsv", "txt", "xlsx", "json"]
KINDS = {
    "search_console_export": "Search-Console-Export",
    "portal": "Portalzahlen",
    "ozg": "OZG-Liste",
    "service_directory": "Leistungsverzeichnis der Stadt",
    "pvog": "Onlinedienste (Open-PVOG)",
    "service_cases": "Fallzahlen je Leistung und Monat",
    "service_offers": "Angebote von Onlinediensten",
    "dashboard_usage": "Nutzung laut Dashboard des Bundes",
    "service_feedback": "Rückmeldungen zu Leistungen",
    "benchmarks": "Kennzahlen einer anderen Stadt",
    "bulk_export": "Bulk-Export der Search Console",
    "search_console_rows": "Suchzahlen je Tag (Google)",
}
HEADS = {
    "date": "Tag",
    "period_start": "Von",
    "period_end": "Bis",
    "url": "Seite",
    "page": "Seite",
    "title": "Titel",
    "query": "Suchanfrage",
    "country": "Land",
    "device": "Gerät",
    "clicks": "Klicks",
    "impressions": "Impressionen",
    "position": "Position",
    "visits": "Besuche",
    "page_views": "Seitenansichten",
    "unique_page_views": "Eindeutige Seitenansichten",
    "service_starts": "Starts",
    "applications": "Anträge",
    "cases_total": "Fälle gesamt",
    "leika_key": "Leistungsschlüssel",
    "ars": "Regionalschlüssel",
    "host": "Anbieter",
    "online_status": "Status",
    "active": "Aktiv",
    "area_wide": "Flächendeckung",
    "export_date": "Exportdatum",
    "city": "Stadt",
    "measure": "Kennzahl",
    "value": "Wert",
    "basis": "Fälle dahinter",
    "months": "Monate",
    "as_of": "Stand",
    "service": "Leistung",
    "field": "Feld",
    "before": "Bisher",
    "after": "Neu",
}
"""How the loader's columns are called on the screen, beside those of the OZG list; others keep their name."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
BY_FILE = "Aus der Datei erkennen"
DONE = "upload-done"


def panel(reading: Reading) -> None:
    """Upload, preview, confirmation; afterwards the new snapshot is shown with the next run."""
    if not permissions.allowed("administer"):
        return
    messages.said(DONE)
    if "upload-reports" in st.session_state:
        _confirm(reading)
    elif column_mapping.LOOK in st.session_state:
        _map()
    else:
        _choose(reading)


def _choose(reading: Reading) -> None:
    turn = st.session_state.setdefault("upload-turn", 0)
    file = st.file_uploader(
        "Datei auswählen (Suchdaten, Portal- und Fallzahlen, Rückmeldungen, Listen, Angebote, Zahlen anderer)",
        type=ENDINGS,
        key=f"upload-file-{turn}",
        help="ZIP, CSV, Excel oder JSON, höchstens 100 MB. Zuerst wird nur geprüft; geladen wird nach Bestätigung. "
        "Gelesen werden Search-Console-Exporte, Portalzahlen, Fallzahlen der Fachverfahren, Rückmeldungen, OZG-Liste, "
        "Leistungsverzeichnis, Open-PVOG, Angebote von Onlinediensten, Bundes-Dashboard, Kennzahlen anderer Städte.",
    )
    profiles = [BY_FILE, *column_mapping.names()]
    sites = (BY_FILE, *load_settings().search_console.sites, *reading.warehouse.sites())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        site = st.selectbox(
            "Gehört zur Property",
            list(dict.fromkeys(sites)),
            width=380,
            accept_new_options=True,
            help="Nur nötig, wenn die Datei keine ganzen Webadressen nennt. Eine neue Property wird eingetippt: "
            "„https://www.beispiel.de/“ oder „sc-domain:beispiel.de“.",
        )
        profile = BY_FILE
        if len(profiles) > 1:
            profile = str(st.selectbox("Spalten", profiles, width=280, filter_mode=None))
        checked = st.button("Datei prüfen", type="primary", disabled=file is None)
    if not (checked and file is not None):
        return
    path = inbox.keep(load_settings().data_dir / "inbox", file.name, file.getvalue())
    chosen = {"site": site, "profile": profile}
    wishes = {name: str(value) for name, value in chosen.items() if value not in (None, BY_FILE)}
    try:
        _check(path, wishes)
    except ImportFault as fault:
        if column_mapping.offer(path):
            st.session_state["upload-path"] = str(path)
            st.session_state["upload-wishes"] = wishes
            st.session_state["upload-fault"] = str(fault)
            st.rerun()
        inbox.discard(path)
        st.error(plain(str(fault)))
        return
    st.rerun()


def _check(path: Path, wishes: Mapping[str, Any]) -> None:
    """Preview the file and keep what was found for the confirmation."""
    with st.spinner("Die Datei wird geprüft …"):
        reports = run_import(path, preview=True, **wishes)
    st.session_state["upload-path"] = str(path)
    st.session_state["upload-wishes"] = dict(wishes)
    st.session_state["upload-reports"] = reports


def _map() -> None:
    """The columns of an unknown file, until they are mapped or the file is given up."""
    mapped = column_mapping.draw(st.session_state["upload-fault"], _close)
    if not mapped:
        return
    with messages.told(ImportFault):
        _check(Path(st.session_state["upload-path"]), st.session_state["upload-wishes"] | mapped)
        st.rerun()


def _confirm(reading: Reading) -> None:
    rows = service_list.services(reading.warehouse, reading.settings)
    names = dict(zip(rows["service"], rows["name"], strict=True))
    for report in st.session_state["upload-reports"]:
        preview(report, names)
    asked = directory_choice.draw(reading, st.session_state["upload-reports"])
    questions = [
        question for report in st.session_state["upload-reports"] for question in report.get("questions", ())
    ]
    for question in questions:
        st.warning(plain(question))
    st.info(plain(_destination(reading)))
    agreed = not questions or st.checkbox(
        "Ja, so laden" if asked else "Ja, trotzdem laden", key="upload-agreed"
    )
    with st.container(horizontal=True):
        if asked is not None and asked.changed and st.button("Auswahl neu prüfen", type="primary"):
            _decide(asked.decisions)
        waiting = asked is not None and asked.changed
        load = st.button(
            "Daten übernehmen", type="secondary" if waiting else "primary", disabled=waiting or not agreed
        )
        st.button("Verwerfen", on_click=_close)
    if load:
        with messages.told(ImportFault):
            with st.spinner("Die Daten werden geladen und als neuer Datenstand veröffentlicht …"):
                reports = run_import(
                    Path(st.session_state["upload-path"]),
                    preview=False,
                    confirmed=agreed and bool(questions),
                    **st.session_state["upload-wishes"],
                )
            messages.say(DONE, " ".join(report["message"] for report in reports))
            _close()
            st.rerun()


def _decide(decisions: Mapping[str, str]) -> None:
    """Check the directory again with what a person chose for its rows."""
    wishes = dict(st.session_state["upload-wishes"])
    wishes["decisions"] = {**wishes.get("decisions", {}), **decisions}
    with messages.told(ImportFault):
        _check(Path(st.session_state["upload-path"]), wishes)
        directory_choice.begin_anew()
        st.session_state.pop("upload-agreed", None)
        st.rerun()


def _destination(reading: Reading) -> str:
    """Where the rows go: always to the live data, also while sample data are on the screen."""
    goal = f"Ziel: die echten Daten im Ordner {load_settings().warehouse_dir}."
    if not reading.settings.demo:
        return goal
    return f"{goal} Die Beispieldaten bleiben, wie sie sind; nach dem Laden zeigt die App die echten Daten."


def _close() -> None:
    inbox.discard(Path(st.session_state.pop("upload-path")))
    directory_choice.forget(st.session_state.get("upload-reports", ()))
    for name in ("upload-wishes", "upload-reports", "upload-fault", column_mapping.LOOK):
        st.session_state.pop(name, None)
    st.session_state["upload-turn"] += 1


def preview(report: dict[str, Any], services: Mapping[str, str]) -> None:
    """What the file holds, in words, with its first rows and what would change; services by their names."""
    st.markdown(f"**Vorschau: {plain(report['file_name'])}** – noch nichts geladen")
    facts = {
        "Art": KINDS.get(report["kind"], report["kind"]),
        "Property": report["site"] or german.MISSING,
        "Zeitraum": _period(report),
        "Zeilen": german.number(report["rows_in"]),
        "davon verwendbar": german.number(report["rows_loaded"]),
        "abgewiesen": german.number(report["rows_rejected"]),
    }
    st.table(pd.DataFrame([{name: plain(value) for name, value in facts.items()}]), hide_index=True)
    if report.get("recognised"):
        why = f" ({'; '.join(report['reasons'])})" if report["reasons"] else ""
        st.caption(plain(f"Erkannt als: {report['recognised']}{why}"))
    if report["message"]:
        st.markdown(plain(report["message"]))
    if report.get("contained"):
        st.caption(plain(report["contained"]))
    for warning in report["warnings"]:
        st.warning(plain(warning))
    if report["differences"]:
        st.caption("Unterschiede zum bisherigen Stand")
        _rows(
            [_named(entry, services) for entry in report["differences"]],
            "Unterschiede zum bisherigen Stand der Liste",
        )
    if report["sample"]:
        st.caption("Die ersten Zeilen der Datei, wie sie geladen würden")
        _rows(report["sample"], "Die ersten Zeilen der Datei")


def _named(entry: Mapping[str, Any], services: Mapping[str, str]) -> dict[str, Any]:
    """A difference with the service's name and the field's label; one that came or went says so."""
    label = "ganze Leistung" if entry["field"] == "service" else LABELS.get(entry["field"], entry["field"])
    return {**entry, "service": services.get(entry["service"], entry["service"]), "field": label}


def _rows(rows: list[dict[str, Any]], alt: str) -> None:
    """Rows of the report as German text, numbers on the right."""
    frame = pd.DataFrame(rows)
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    config = {
        str(name): st.column_config.Column(
            HEADS.get(str(name), LABELS.get(str(name), str(name))),
            alignment="right" if name in numeric else "left",
        )
        for name in frame
    }
    st.dataframe(frame.map(_cell), hide_index=True, column_config=config, alt=alt)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int):
        return german.number(value)
    if isinstance(value, float) and not german.is_missing(value):
        return german.number(value, 0 if value.is_integer() else 2)
    if isinstance(value, str) and DAY.fullmatch(value):
        return german.date(dt.date.fromisoformat(value))
    return german.MISSING if german.is_missing(value) else str(value)


def _period(report: dict[str, Any]) -> str:
    if not report["period_start"]:
        return german.MISSING
    return german.period(
        dt.date.fromisoformat(report["period_start"]), dt.date.fromisoformat(report["period_end"])
    )
