"""The stored reports: choose one, write its head, deliver it, continue it, take it along as slides."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import partial

import streamlit as st

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.exports import files
from portalkompass.screens import address, saved_report
from portalkompass.screens.address import FIXED, FREE
from portalkompass.slide_set import SlideSet
from portalkompass.ui import url_state
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import basket, messages, slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms
from portalkompass.ui.editing import asking
from portalkompass.ui.reading import Reading
from portalkompass.ui.report import page_list, texts
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import (
    Report,
    WorkspaceError,
    delete_report,
    deliver_report,
    next_report,
    pages_of,
    report_list,
)
from portalkompass.workspace.reports.report_edits import TOP
from portalkompass.workspace.reports.reports import HEAD, free_comparison

PARAMETER, NONE = "bericht", "ohne"
DAY, NARROW = "DD.MM.YYYY", 190
COMPARISONS = address.labels(address.COMPARISONS)
ACROSS = 3
"""Pictures of pages beside each other."""


def picked(now: Reading) -> Report | None:
    """The choice among the reports, and the way to a new one; None for the standard report that nobody keeps.

    Without a choice the report that was open stays, else the draft changed last, else the report that the next one
    continues: the last one handed over.
    """
    reports = {str(one.id): one for one in report_list(now.workspace) if basket.visible(one, now)}
    asked = url_state.current().get(PARAMETER) or str(st.session_state.get(basket.CHOSEN, ""))
    if asked not in (*reports, NONE):
        drafts = (key for key, one in reports.items() if not one.delivered)
        asked = next(drafts, next(iter(reports), NONE))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if reports:
            st.session_state[PARAMETER] = asked
            st.selectbox(
                "Bericht",
                [*reports, NONE],
                format_func=lambda key: (
                    _named(reports[key]) if key in reports else "Standard, ohne zu speichern"
                ),
                key=PARAMETER,
                on_change=_pick,
                width=480,
            )
        if permissions.may("edit"):
            author.ask()
            _new(now)
    messages.said(texts.SAID)
    return reports.get(asked)


def _named(report: Report) -> str:
    at = report.delivered_at
    return f"{report.name} ({f'übergeben am {german.date(at.date())}' if at else 'Entwurf'})"


def _pick() -> None:
    chosen = str(st.session_state[PARAMETER])
    _open(chosen)


def _open(chosen: str) -> None:
    """Let this report be the open one, for the address and for what is collected next."""
    st.session_state[basket.CHOSEN] = chosen
    texts.leave_form()
    url_state.put(url_state.current().with_own(**{PARAMETER: chosen}))


def _new(now: Reading) -> None:
    """A new report with all standard pages."""
    # Another key after each new report, so that the box is closed then.
    with st.popover("Neuer Bericht", key=f"bericht-neu-{st.session_state.get(basket.CHOSEN, '')}"):
        free = basket.free_name(now)
        with forms.fields(
            "bericht-neu", {"bericht-neu-name": free, "bericht-neu-gremium": "", "bericht-neu-sitzung": None}
        ):
            name = st.text_input(HEAD["name"], key="bericht-neu-name")
            committee = st.text_input(HEAD["committee"], key="bericht-neu-gremium")
            session = st.date_input(HEAD["session"], None, format=DAY, key="bericht-neu-sitzung")
        if not st.button("Anlegen", type="primary", key="bericht-neu-anlegen"):
            return
        with messages.told():
            day = session if isinstance(session, dt.date) else None
            head = Report(name.strip(), basket.site_of(now), committee.strip(), day)
            made = basket.create(now, head, texts.who())
            forms.saved("bericht-neu")
            _open(str(made.id))
            messages.say(texts.SAID, f"Bericht „{made.name}“ angelegt.")
            st.rerun()


def show(now: Reading, report: Report) -> None:
    """The chosen report whole."""
    st.session_state[basket.CHOSEN] = str(report.id)
    mine = permissions.may("edit")
    changeable = mine and not report.delivered
    if changeable:
        texts.reopen(now, report)
        texts.clashes(now, report)
    st.caption(plain(_told(now, report)))
    with st.container(horizontal=True, vertical_alignment="center"):
        _download(now, report)
        if changeable and texts.opened(report, TOP) is None:
            st.button(
                "Angaben bearbeiten",
                key="bericht-angaben",
                on_click=texts.open_form,
                args=(now, report, TOP),
            )
        if mine:
            _actions(now, report)
    if changeable:
        _head(now, report)
    pages = pages_of(now.workspace, report.id)
    st.header("Seiten", anchor=False)
    _left_out(now, report)
    page_list.show(now, report, pages, changeable=changeable)
    if st.toggle("Vorschau der Seiten", key="bericht-vorschau"):
        _preview(now, report)


def _told(now: Reading, report: Report) -> str:
    """The head in one line."""
    if report.frozen is not None:
        return " · ".join(line for _, line in _made(now, report).cover.ranked)
    told = ""
    with messages.told(WarehouseError):
        asked = saved_report.filters_of(report, now.warehouse, now.settings)
        session = f"Sitzung am {german.date(report.session)}" if report.session else "ohne Sitzungstag"
        days = report.compare_days
        against = german.period_short(*days) if days else COMPARISONS.get(report.compare, report.compare)
        compared = f"Vergleich: {against}"
        as_of = f"Stand vom {german.date(report.as_of)}" if report.as_of else "neuester Stand"
        since = f"letzter Bericht {german.date(report.since)}" if report.since else ""
        state = (
            f"verglichen mit dem Stand vom {german.date(report.since_state)}" if report.since_state else ""
        )
        parts = (
            report.committee,
            session,
            german.period_short(asked.start, asked.end),
            compared,
            as_of,
            since,
            state,
        )
        told = " · ".join(filter(None, parts))
    return told


def _made(now: Reading, report: Report) -> saved_report.MadeReport:
    """The report with its pages, kept until anything is written or loaded."""

    def make() -> saved_report.MadeReport:
        return saved_report.made(report, now.warehouse, now.workspace, now.settings)

    return now.once(("stored report", report.id), make, "Die Seiten entstehen …")


def _left_out(now: Reading, report: Report) -> None:
    """Which shown pages will not be slides; of a draft only those that are known without making all pages."""
    pages = pages_of(now.workspace, report.id)
    if report.frozen is not None:
        missing = _made(now, report).slides.left_out
    else:
        missing = ()
        with messages.told(WarehouseError, WorkspaceError):
            question = now.question(saved_report.filters_of(report, now.warehouse, now.settings))
            missing = saved_report.left_out(report, pages, question)
    if missing:
        st.caption(plain(f"Ohne Folie, weil noch ohne Inhalt: {'; '.join(missing)}."))


def _download(now: Reading, report: Report) -> None:
    frozen = report.frozen or {}
    stand = now.warehouse.data_date(report.site)
    if frozen.get("data_date"):
        stand = dt.date.fromisoformat(frozen["data_date"])
    sample = bool(frozen.get("sample", now.warehouse.sample))
    slide_look.downloads(
        "Bericht",
        now.settings,
        lambda: saved_report.made(report, now.warehouse, now.workspace, now.settings).slides,
        SlideSet(report.name, (), (), stand, sample).file_stem,
        "bericht-herunterladen",
        with_slides=slide_look.usable(now.settings),
    )


def _actions(now: Reading, report: Report) -> None:
    if not report.delivered:
        with st.popover("Übergeben", key="bericht-uebergeben-frage"):
            st.markdown(
                "Danach bleiben Zahlen, Listen und Texte dieses Berichts, wie sie sind, auch wenn neue Daten kommen."
            )
            st.button(
                "Ja, übergeben",
                key="bericht-uebergeben",
                type="primary",
                on_click=_deliver,
                args=(now, report),
            )
    _again(now, report)
    asking.delete(
        f"Bericht „{report.name}“ mit allen Seiten löschen? Das lässt sich nicht zurücknehmen.",
        "bericht-loeschen",
        _delete,
        (now, report),
    )


def _deliver(now: Reading, report: Report) -> None:
    """Freeze what was in sight; where somebody changed it since, it stays a draft, and that is said."""
    with messages.told(WarehouseError, WorkspaceError):
        pages, kept = saved_report.frozen(
            saved_report.made(report, now.warehouse, now.workspace, now.settings)
        )
        deliver_report(now.workspace, report, pages, kept, texts.who())
        texts.forget(report)
        messages.say(texts.SAID, f"„{report.name}“ ist übergeben und bleibt, wie er ist.")


def _delete(now: Reading, report: Report) -> None:
    with messages.told():
        delete_report(now.workspace, report, texts.who())
        st.session_state.pop(basket.CHOSEN, None)
        texts.forget(report)
        url_state.put(url_state.current().with_own(**{PARAMETER: ""}))
        messages.say(texts.SAID, f"Bericht „{report.name}“ gelöscht.")


def _again(now: Reading, report: Report) -> None:
    """*Wie letztes Mal, neue Daten*: the next report from this one."""
    with st.popover("Wie letztes Mal, neue Daten", key=f"bericht-weiter-{report.id}"):
        stand = now.warehouse.data_date(report.site)
        proposed = f"{basket.TITLE}, {german.month(stand)}" if stand else basket.free_name(now)
        with forms.fields(
            "bericht-weiter", {"bericht-weiter-name": proposed, "bericht-weiter-sitzung": None}
        ):
            name = st.text_input(HEAD["name"], key="bericht-weiter-name")
            session = st.date_input(HEAD["session"], None, format=DAY, key="bericht-weiter-sitzung")
            st.caption(
                "Seiten, Reihenfolge und Texte kommen mit; Zeitraum und Stand wandern zu den neuesten Daten, "
                "verglichen wird mit diesem Bericht."
            )
        if not st.button("Anlegen", type="primary", key="bericht-weiter-anlegen"):
            return
        with messages.told(WarehouseError, WorkspaceError):
            day = session if isinstance(session, dt.date) else None
            head = saved_report.following(report, name.strip(), day, now.warehouse, now.settings)
            made = next_report(now.workspace, report, head, texts.who())
            forms.saved("bericht-weiter")
            _open(str(made.id))
            messages.say(texts.SAID, f"Bericht „{made.name}“ angelegt, nach „{report.name}“.")
            st.rerun()


def _head(now: Reading, report: Report) -> None:
    """What stands at the head of the report, in a form that opens on request."""
    before = texts.opened(report, TOP)
    if before is None:
        return
    days = service_list.days(now.warehouse, now.settings)
    begun = texts.begun("bericht-kopf-name")
    value = {name: begun[TOP, name] for name in HEAD}
    compared = Report("", compare=value["compare"]).compare_days
    key = "bericht-kopf-{}".format
    date = partial(st.date_input, format=DAY, width=NARROW)
    # No st.form: the server would not know what is typed in one, and another view would lose it.
    with st.container(border=True, key="bericht-kopf"):
        entered: dict[str, object] = {}
        with st.container(horizontal=True):
            entered["name"] = st.text_input(HEAD["name"], value["name"], key=key("name"), width=420)
            entered["committee"] = st.text_input(
                HEAD["committee"], value["committee"], key=key("committee"), width=420
            )
        with st.container(horizontal=True):
            entered["session"] = date(HEAD["session"], value["session"], key=key("session"))
            entered["since"] = date(HEAD["since"], value["since"], key=key("since"))
            entered["since_state"] = date(
                HEAD["since_state"],
                value["since_state"],
                key=key("since_state"),
                help="Womit Listen und Zahlen verglichen werden. Ohne Angabe der Stand am Tag des letzten Berichts.",
            )
            entered["as_of"] = date(
                HEAD["as_of"],
                value["as_of"],
                key=key("as_of"),
                min_value=min(filter(None, (days[0], value["as_of"]))) if days else None,
                help="Tag, von dem alles ist: Listen, Zahlen, Reihenfolge, Entscheidungen. Ohne Angabe der neueste.",
            )
        entered["decision"] = st.text_input(
            f"{HEAD['decision']} (Fundstelle)", value["decision"], key=key("decision"), width=640
        )
        with st.container(horizontal=True):
            entered["period"] = st.selectbox(
                HEAD["period"],
                list(address.PERIODS),
                index=list(address.PERIODS).index(value["period"]),
                format_func=address.PERIODS.__getitem__,
                key=key("period"),
                filter_mode=None,
                width=260,
            )
            entered["start"] = date(f"{HEAD['start']} (frei)", value["start"], key=key("start"))
            entered["end"] = date(f"{HEAD['end']} (frei)", value["end"], key=key("end"))
            entered["compare"] = st.selectbox(
                HEAD["compare"],
                list(COMPARISONS),
                index=list(COMPARISONS).index(FREE if compared else value["compare"])
                if compared or value["compare"] in COMPARISONS
                else 0,
                format_func=COMPARISONS.__getitem__,
                key=key("compare"),
                filter_mode=None,
                width=220,
            )
            against = []
            for end, day in zip(("ab", "bis"), compared or (None, None), strict=True):
                name = f"compare-{end}"
                against.append(date(f"Vergleich {end} (frei)", begun.get((TOP, name), day), key=key(name)))
        with st.container(horizontal=True):
            saved = st.button("Speichern", type="primary", key="bericht-kopf-speichern")
            st.button("Schließen", on_click=texts.close_form, key="bericht-kopf-schliessen")
    days_against = dict(zip(("compare-ab", "compare-bis"), against, strict=True))
    texts.remember(TOP, entered | days_against)
    if not saved:
        return
    if entered["period"] == FIXED and not (entered["start"] and entered["end"]):
        st.error("Ein freier Zeitraum braucht den ersten und den letzten Tag.")
        return
    if entered["compare"] == FREE:
        chosen = [day for day in against if isinstance(day, dt.date)]
        if len(chosen) != len(against):
            st.error("Ein freier Vergleich braucht den ersten und den letzten Tag.")
            return
        entered["compare"] = free_comparison(*chosen)
    texts.save(now, report, before, {(TOP, name): entry for name, entry in entered.items()})


def _preview(now: Reading, report: Report) -> None:
    """Each page as a picture, with what is to be known about it."""
    with messages.told(WarehouseError, WorkspaceError):
        made = _made(now, report)
        shown = [(number, page) for number, page in enumerate(made.pages, start=1) if page.place.shown]
        for start in range(0, len(shown), ACROSS):
            row = shown[start : start + ACROSS]
            for cell, (number, page) in zip(st.columns(ACROSS), row, strict=False):
                with cell.container(border=True):
                    _picture(now, page, number)


def _picture(now: Reading, made: saved_report.MadePage, number: int) -> None:
    name = plain(f"{number}. {made.place.name}")
    if made.page is None:
        st.caption(f"{name}: {plain(made.why)}")
        return
    page = made.page
    digest = hashlib.sha256(saved_report.packed_text(page).encode()).hexdigest()
    image = now.warehouse.once(("report preview", digest), lambda: files.preview(page))
    st.image(image, width="stretch", caption=name)
    if made.why:
        st.caption(plain(made.why))
