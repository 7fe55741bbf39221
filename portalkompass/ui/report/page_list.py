"""The pages of a report in their order: which are shown, what people wrote on them, and new ones."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from portalkompass.answers.report.text_page import news
from portalkompass.exhibit import LONGEST_REMARK, MOST_HIGHLIGHTED
from portalkompass.screens import saved_report
from portalkompass.ui.components import messages
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking
from portalkompass.ui.reading import Reading
from portalkompass.ui.report import texts
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import (
    STANDARD_PAGES,
    Report,
    ReportPage,
    add_page,
    move_page,
    remove_page,
    show_page,
)
from portalkompass.workspace.reports.reports import STANDARD, TEXT, WRITTEN, told

KINDS = {"standard": "Standardseite", "own": "eigene Seite", "text": "Textseite"}
HEIGHT = 170
"""Pixels of the field for points."""
PLACE = "place"
"""What the form calls the place of the page, which is no cell."""
HIGHLIGHT = "Hervorheben"
HIGHLIGHT_HELP = "Diese Reihen sind farbig und beim Namen genannt, alle anderen treten grau zurück."
OWN_HEADLINE = "Überschrift (leer: die Aussage aus den Daten)"


def show(now: Reading, report: Report, pages: list[ReportPage], *, changeable: bool) -> None:
    """One line a page; the form of one of them is open at a time.

    A page of a property that is not open to the person is a line without its own words, to be moved or left out only.
    """
    for number, stored in enumerate(pages):
        page = saved_report.masked(stored, now.warehouse)
        readable = saved_report.is_open(stored, now.warehouse)
        with st.container(horizontal=True, vertical_alignment="center", key=f"seite-{page.id}", gap="small"):
            st.markdown(_line(report, page, number), width="stretch")
            if changeable:
                _controls(now, report, page, (number, len(pages)), readable=readable)
        before = texts.opened(report, str(page.id)) if changeable and readable else None
        if before is not None:
            _form(now, report, page, before, (number + 1, len(pages)))
    if changeable:
        _new_text(now, report, len(pages))
        _missing_standard(now, report, pages)


def _line(report: Report, page: ReportPage, number: int) -> str:
    name = f"{number + 1}. {plain(page.name)}"
    told_ = [KINDS[page.kind]]
    if page.kind == TEXT and (new := news(page, report.since)):
        told_.append(new)
    if not page.shown:
        told_.append("ausgelassen")
    return f"{name}\u2003:gray[{plain(' · '.join(told_))}]"


def _controls(
    now: Reading, report: Report, page: ReportPage, place: tuple[int, int], *, readable: bool
) -> None:
    """Buttons of a page; ``place`` is its number from 0 and how many there are."""
    workspace, (number, amount) = now.workspace, place
    st.button(
        "Auslassen" if page.shown else "Zeigen",
        key=f"seite-zeigen-{page.id}",
        type="tertiary",
        on_click=partial(texts.act, show_page, shown=not page.shown),
        args=(workspace, page),
    )
    for label, by, end in (("Nach oben", -1, number == 0), ("Nach unten", 1, number == amount - 1)):
        st.button(
            label,
            key=f"seite-{'hoch' if by < 0 else 'runter'}-{page.id}",
            type="tertiary",
            disabled=end,
            on_click=texts.act,
            args=(move_page, workspace, page, by),
        )
    if readable:
        st.button(
            "Bearbeiten",
            key=f"seite-bearbeiten-{page.id}",
            type="tertiary",
            on_click=texts.open_form,
            args=(now, report, str(page.id)),
        )
        asking.delete(
            f"Seite „{page.name}“ aus dem Bericht entfernen?",
            f"seite-weg-{page.id}",
            texts.act,
            (remove_page, workspace, page),
            "Entfernen",
        )


def _form(
    now: Reading, report: Report, page: ReportPage, before: texts.Cells, place: tuple[int, int]
) -> None:
    """The texts of one page as they were when the form was opened; below each what stood there in the last report.

    ``place`` is its place and the last one.
    """
    row, series = str(page.id), _series(now, report, page)
    begun = texts.begun(f"seite-headline-{row}")
    # No st.form: the server would not know what is typed in one, and another view would lose it.
    with st.container(border=True, key=f"seite-form-{row}"):
        entered: dict[str, object] = {}
        text = page.kind == TEXT
        entered["headline"] = st.text_input(
            WRITTEN["headline"] if text else OWN_HEADLINE,
            begun[row, "headline"],
            key=f"seite-headline-{row}",
        )
        _last_time(page, "headline")
        if text:
            entered |= _text_fields(page, begun, row)
        else:
            entered |= _chart_fields(page, begun, row, series)
        entered["note"] = st.text_area(
            "Notiz für die Vortragenden", begun[row, "note"], height=80, key=f"seite-note-{row}"
        )
        _last_time(page, "note")
        wanted = st.number_input(
            "Platz im Bericht",
            1,
            place[1],
            min(begun.get((row, PLACE), place[0]), place[1]),
            key=f"seite-platz-{row}",
            width=180,
        )
        with st.container(horizontal=True):
            saved = st.button("Speichern", type="primary", key=f"seite-speichern-{row}")
            st.button("Schließen", on_click=texts.close_form, key=f"seite-schliessen-{row}")
    texts.remember(row, entered | {PLACE: wanted})
    if saved:
        if wanted != place[0]:
            texts.act(move_page, now.workspace, page, wanted - place[0])
        texts.save(now, report, before, {(row, name): value for name, value in entered.items()})


def _text_fields(page: ReportPage, before: texts.Cells, row: str) -> dict[str, object]:
    points = st.text_area(
        "Punkte (je Zeile einer)", before[row, "points"], height=HEIGHT, key=f"seite-points-{row}"
    )
    _last_time(page, "points")
    development = st.text_input(
        WRITTEN["development"], before[row, "development"], key=f"seite-development-{row}"
    )
    _last_time(page, "development")
    with st.container(horizontal=True):
        responsible = st.text_input(
            WRITTEN["responsible"], before[row, "responsible"], key=f"seite-responsible-{row}", width=420
        )
        day = st.date_input(
            WRITTEN["day"], before[row, "day"], format="DD.MM.YYYY", key=f"seite-day-{row}", width=180
        )
    _last_time(page, "responsible")
    return {
        "points": points,
        "development": development,
        "responsible": responsible,
        "day": day if isinstance(day, dt.date) else None,
    }


def _series(now: Reading, report: Report, page: ReportPage) -> tuple[str, ...]:
    """The names that can be highlighted on the page, kept until anything is written or loaded."""

    def read() -> tuple[str, ...]:
        return saved_report.series_of(page, report, now.warehouse, now.workspace, now.settings)

    names: tuple[str, ...] = ()
    with messages.told(WarehouseError):
        names = now.once(("series of a page", page.id), read, "Die Seite wird gelesen …")
    return names


def _chart_fields(
    page: ReportPage, before: texts.Cells, row: str, series: tuple[str, ...]
) -> dict[str, object]:
    """A person's own sentence at the chart, and the series that they want to be seen."""
    entered: dict[str, object] = {}
    entered["remark"] = st.text_input(
        f"{WRITTEN['remark']} am Diagramm",
        before[row, "remark"],
        key=f"seite-remark-{row}",
        help=f"Ein Satz in höchstens {LONGEST_REMARK} Zeichen, der als Bemerkung über dem Diagramm steht.",
    )
    _last_time(page, "remark")
    stored = [name for name in before[row, "highlighted"].split("\n") if name]
    options = [*series, *(name for name in stored if name not in series)]
    if options:
        chosen = st.multiselect(
            HIGHLIGHT,
            options,
            stored,
            key=f"seite-highlighted-{row}",
            max_selections=MOST_HIGHLIGHTED,
            placeholder="alle gleich",
            help=HIGHLIGHT_HELP,
        )
        entered["highlighted"] = "\n".join(chosen)
    return entered


def _last_time(page: ReportPage, name: str) -> None:
    """What stood there in the last report, where it is not what stands there now."""
    last = (page.before or {}).get(name)
    if last and last != getattr(page, name):
        st.caption(plain(f"Letztes Mal: {told(last)}"))


def _new_text(now: Reading, report: Report, amount: int) -> None:
    # Another key after each new page, so that the box is closed then.
    with st.popover("Textseite anlegen", key=f"textseite-neu-{report.id}-{amount}"):
        fields = ("headline", "points", "development", "responsible", "day")
        with forms.fields(
            "textseite", {f"textseite-{name}": None if name == "day" else "" for name in fields}
        ):
            headline = st.text_input(WRITTEN["headline"], key="textseite-headline")
            points = st.text_area("Punkte (je Zeile einer)", height=HEIGHT, key="textseite-points")
            development = st.text_input(WRITTEN["development"], key="textseite-development")
            responsible = st.text_input(WRITTEN["responsible"], key="textseite-responsible")
            day = st.date_input(WRITTEN["day"], None, format="DD.MM.YYYY", key="textseite-day")
        saved = st.button("Anlegen", type="primary", key="textseite-anlegen")
        if not saved:
            return
        values = {
            "headline": headline,
            "points": points,
            "development": development,
            "responsible": responsible,
            "day": day if isinstance(day, dt.date) else None,
        }
        with messages.told():
            add_page(now.workspace, report.id, TEXT, "text", texts.who(), values)
            forms.saved("textseite")
            messages.say(texts.SAID, "Textseite angelegt, am Ende des Berichts.")
            st.rerun()


def _missing_standard(now: Reading, report: Report, pages: list[ReportPage]) -> None:
    """Standard pages that were taken out, to be put back."""
    there = {page.key for page in pages if page.kind == STANDARD}
    missing = [key for key in STANDARD_PAGES if key not in there]
    if not missing:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Standardseite wieder aufnehmen",
            missing,
            format_func=STANDARD_PAGES.__getitem__,
            key="seite-fehlt",
        )
        st.button("Aufnehmen", key="seite-aufnehmen", on_click=_take_back, args=(now, report, key))


def _take_back(now: Reading, report: Report, key: str) -> None:
    with messages.told():
        add_page(now.workspace, report.id, STANDARD, key, texts.who(), {})
