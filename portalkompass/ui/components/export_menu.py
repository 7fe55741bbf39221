"""One menu for everything that can be taken along: headline, formats, clipboard, report."""

from __future__ import annotations

import functools
import hashlib
from typing import TYPE_CHECKING, Any

import streamlit as st

from portalkompass.exhibit import LONGEST_REMARK, MOST_HIGHLIGHTED, REMARK, Exhibit
from portalkompass.settings import load_settings
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import basket, clipboard, messages, slide_look
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import forms

if TYPE_CHECKING:
    from portalkompass.exports.files import Format
    from portalkompass.exports.images.composition import Size

ACROSS = 3


def button(exhibit: Exhibit) -> None:
    """The button below an exhibit; the menu is only built when it is opened. What stays inside has none."""
    if exhibit.inside:
        return
    if st.button(
        "Exportieren",
        key=f"export-{exhibit.id}",
        type="tertiary",
        help="Als PowerPoint, Bild, PDF, Excel, CSV oder offene Daten; in die Zwischenablage; in den Bericht",
    ):
        _menu(exhibit)


@st.dialog("Exportieren", width="medium")
def _menu(exhibit: Exhibit) -> None:
    # The libraries for slides and pictures are loaded with the first menu, not with the first screen.
    from portalkompass.exports import files
    from portalkompass.exports.images.composition import FULL
    from portalkompass.screens import publication

    key = f"export-{exhibit.id}"
    headline, remark, highlighted = _words(exhibit, key)
    offered = {form.id: form for form in files.formats(exhibit)}
    png, settings = offered.get("png"), load_settings()
    size, transparent = _picture_choices(key) if png else (FULL, False)
    if "pptx" in offered and not slide_look.usable(settings):
        del offered["pptx"]
    attempt = st.session_state.setdefault(f"{key}-versuch", slide_look.Attempt())
    made = functools.partial(
        _made,
        permissions.visitor(),
        attempt,
        exhibit,
        headline=headline,
        highlighted=highlighted,
        remark=remark,
        look=slide_look.look(settings),
        size=size,
        transparent=transparent,
        terms=publication.terms_of(settings),
    )
    notes = st.toggle("CSV mit Angaben im Kopf", key=f"{key}-angaben")
    made = functools.partial(made, notes=notes)
    cells = st.columns(ACROSS)
    clicked = [
        cells[number % ACROSS].download_button(
            form.label,
            data=functools.partial(made, form),
            file_name=files.file_name(exhibit, form),
            mime=form.mime,
            key=f"{key}-{form.id}",
            # What is drawn can fail: the menu waits for it and says why, the browser would only be told in English.
            on_click="ignore" if form.id in files.SPREADSHEETS else "rerun",
            width="stretch",
        )
        for number, form in enumerate(offered.values())
    ]
    if any(clicked):
        with st.spinner("Die Datei entsteht …"):
            sentence = attempt.fault()
        if sentence:
            st.error(plain(sentence))
    if why := files.why_fewer(exhibit):
        st.caption(plain(why))
    if png is None:
        return
    clipboard.copy_button("Bild kopieren", functools.partial(made, png), key=f"{key}-clipboard")
    _into_report(exhibit, headline, key, remark, highlighted)


def _words(exhibit: Exhibit, key: str) -> tuple[str, str, tuple[str, ...]]:
    """Headline, remark and the series that stand out, as a person wants them; kept while the menu is closed."""
    blank: dict[str, Any] = {f"{key}-headline": exhibit.headline}
    if not exhibit.names_queries:
        blank |= {f"{key}-remark": "", f"{key}-highlighted": []}
    among = {f"{key}-highlighted": exhibit.highlightable}
    with forms.fields(_draft(exhibit), blank, among):
        headline = st.text_area(
            "Überschrift",
            height=80,
            max_chars=300,
            key=f"{key}-headline",
            placeholder=exhibit.headline,
            help="Die Aussage der Folie. Der Vorschlag stammt aus den Daten und kann geändert werden; leer gilt er.",
        )
        st.caption(plain(f"{exhibit.subtitle} · {exhibit.footer}"))
        return headline, *_own_marks(exhibit, key)


def _draft(exhibit: Exhibit) -> str:
    """Where the words are kept: with this sentence of this period. Under other figures they might be wrong."""
    said = f"{exhibit.headline}\n{exhibit.subtitle}"
    return f"export-{exhibit.id}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _own_marks(exhibit: Exhibit, key: str) -> tuple[str, tuple[str, ...]]:
    """A person's own sentence at the chart, and the series that they want to be seen."""
    if exhibit.names_queries:
        return "", ()
    remark = st.text_input(
        REMARK,
        max_chars=LONGEST_REMARK,
        key=f"{key}-remark",
        help="Ein eigener Satz, der über dem Diagramm steht, als Bemerkung bezeichnet.",
    )
    names = exhibit.highlightable
    if not names:
        return remark, ()
    chosen = st.multiselect(
        "Hervorheben",
        names,
        key=f"{key}-highlighted",
        max_selections=MOST_HIGHLIGHTED,
        placeholder="alle gleich",
        help="Diese Reihen sind farbig und beim Namen genannt, alle anderen treten grau zurück.",
    )
    return remark, tuple(map(str, chosen))


def _into_report(
    exhibit: Exhibit, headline: str, key: str, remark: str, highlighted: tuple[str, ...]
) -> None:
    """Lay it into a draft; whoever may not write is told so."""
    if not permissions.allowed("edit"):
        return
    drafts = basket.drafts()
    chosen = next(iter(drafts), None)
    if len(drafts) > 1:
        chosen = st.selectbox("Bericht", list(drafts), format_func=drafts.__getitem__, key=f"{key}-report")
    if st.button("In den Bericht legen", key=f"{key}-basket", type="primary"):
        with messages.told():
            st.success(
                f"Liegt im Bericht „{plain(basket.add(exhibit, headline, chosen, remark, highlighted))}“."
            )


def _picture_choices(key: str) -> tuple[Size, bool]:
    """How pictures are cut, and whether a slide leaves half its room to words; other files do not depend on it."""
    from portalkompass.exports.files import SIZES
    from portalkompass.exports.images.composition import FULL

    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control("Größe", list(SIZES), default=next(iter(SIZES)), key=f"{key}-size")
        transparent = st.toggle("Hintergrund durchsichtig", key=f"{key}-transparent")
    return SIZES.get(str(name), FULL), transparent


def _made(
    visitor: permissions.Visitor,
    attempt: slide_look.Attempt,
    exhibit: Exhibit,
    form: Format,
    **choices: Any,  # noqa: ANN401
) -> bytes:
    """The file, made beside the menu's run, which learns from the attempt why there is none."""
    from portalkompass.exports import files

    with attempt:
        visitor.need("read")
        made = files.make(exhibit, form, **choices)
    visitor.done("export", what=exhibit.id, format=form.id)
    return made
