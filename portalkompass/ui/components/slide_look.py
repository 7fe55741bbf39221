"""Decks as files: slides in the city's template, or a sentence that says what is missing; accessible PDF; downloads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from portalkompass.settings import Settings, Slides
from portalkompass.slide_set import SlideSet
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.text import plain
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import WorkspaceError

if TYPE_CHECKING:
    from portalkompass.exports.slides.template import Look

LOG = logging.getLogger(__name__)
LONGEST_WAIT = 60.0
"""Seconds after which a screen does not wait for its slides any longer."""
MIME = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Form = Literal["pptx", "pdf", "docx", "handout"]
"""What a deck becomes; the handout is a PDF, too."""


PAPERS: dict[Form, str] = {"pdf": "PDF (barrierefrei)", "docx": "Word", "handout": "Handzettel"}
"""What a deck becomes on paper, and what the button for it says."""


def downloads(
    what: str,
    settings: Settings,
    make: Callable[[], SlideSet],
    file_stem: str,
    key: str,
    *,
    with_slides: bool,
    origin: tuple[str, str] | None = None,
) -> None:
    """The buttons for all files that a deck becomes; without slides where their template cannot be used."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if with_slides:
            two = bool(st.session_state.get(f"{key}-zwei"))
            label = f"{what} als PowerPoint"
            download(label, settings, make, file_stem, key, origin=origin, type="primary", two=two)
        for form, label in PAPERS.items():
            download(label, settings, make, file_stem, f"{key}-{form}", form=form)
        if with_slides:
            st.toggle("Zwei Diagramme je Folie", key=f"{key}-zwei", help="Nur in PowerPoint")


def download(
    label: str,
    settings: Settings,
    make: Callable[[], SlideSet],
    file_stem: str,
    key: str,
    *,
    form: Form = "pptx",
    origin: tuple[str, str] | None = None,
    type: Literal["primary", "secondary"] = "secondary",
    disabled: bool = False,
    two: bool = False,
) -> None:
    """The button for a presentation or a paper of its pages; slides and file are made when it is clicked.

    ``origin`` are address and snapshot: a presentation with them can be brought up to date later. ``two`` puts two
    charts on a slide.

    The file is made beside the screen's run, which the click starts, too: that run waits for it and says why there is
    none, since the browser would only be told in English that something failed.
    """
    ending, name = ("pdf", f"{file_stem}-handzettel") if form == "handout" else (form, file_stem)
    visitor = permissions.visitor()
    attempt = st.session_state.setdefault(f"{key}-versuch", Attempt())

    def file() -> bytes:
        # The libraries for slides are loaded with the first click, not with the first screen.
        from portalkompass.exports import files

        with attempt:
            visitor.need("read")
            slides = make()
            if form == "pptx":
                from portalkompass.exports.slides.living.origin import Origin

                made_of = Origin(*origin) if origin else None
                made = files.deck_file(slides, look(settings), origin=made_of, two=two)
            else:
                own = settings.word.template
                made = files.paper_file(slides, form, author=settings.city.name, template=own)
            visitor.done("export", what=file_stem, format=form)
        return made

    clicked = st.download_button(
        label,
        data=file,
        file_name=f"{name}.{ending}",
        mime=MIME[ending],
        key=key,
        on_click="rerun",
        type=type,
        disabled=disabled,
    )
    if clicked:
        with st.spinner("Die Datei entsteht …"):
            sentence = attempt.fault()
        if sentence:
            st.error(plain(sentence))


class Attempt:
    """One making of a file, which another thread waits for."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._sentence = ""

    def __enter__(self) -> None:
        self._sentence = ""
        self._ended.clear()

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if fault is not None:
            LOG.error("no presentation or paper", exc_info=fault)
            self._sentence = sentence_of(fault)
        self._ended.set()

    def fault(self, seconds: float = LONGEST_WAIT) -> str:
        """Why there is no file, as a sentence; empty where there is one, or none yet after so many seconds."""
        self._ended.wait(seconds)
        self._ended.clear()
        return self._sentence


def sentence_of(fault: BaseException) -> str:
    """What is said of a file that was not made: the fault's own sentence, if it has one for people."""
    from portalkompass.exports.files import TooMuchMarked
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.papers.content import NotOnPaper
    from portalkompass.exports.slides.deck import NotASlide
    from portalkompass.exports.slides.living.opening import NotLiving
    from portalkompass.exports.slides.template import TemplateError

    of_files = (TemplateError, NotASlide, NotOnPaper, NotLiving, ImageFault, TooMuchMarked)
    if isinstance(fault, (*of_files, WarehouseError, WorkspaceError)):
        return str(fault)
    return "Die Datei konnte nicht erstellt werden. Das Protokoll des Servers nennt den Grund."


def look(settings: Settings) -> Look:
    """Template and layouts of the settings."""
    from portalkompass.exports.slides.template import Look

    return Look(**settings.slides.model_dump())


def usable(settings: Settings) -> bool:
    """Whether slides can be made; where not, the reason stands on the screen, not a dead button.

    The shipped template is not opened for this; one of the city is, once per state of its file.
    """
    own = settings.slides
    if own == Slides():
        return True
    path = Path(own.template)
    changed = path.stat().st_mtime if own.template and path.is_file() else 0.0
    sentence = _fault(own.template, own.title_layout, own.content_layout, changed)
    if sentence:
        st.error(plain(sentence))
    return not sentence


@lru_cache(maxsize=4)
def _fault(template: str, title_layout: str, content_layout: str, changed: float) -> str:
    from portalkompass.exports.slides.template import Look, TemplateError, open_template

    try:
        open_template(Look(template, title_layout, content_layout))
    except TemplateError as fault:
        return str(fault)
    return ""


def checked(settings: Settings) -> None:
    """Every layout of the template with the room it leaves and what will not fit, before anybody waits."""
    from portalkompass.exports.slides.template_check import check

    found = check(look(settings))
    if found.fault:
        st.error(plain(found.fault))
    for layout in found.layouts:
        used = f" – {layout.used_for}" if layout.used_for else ""
        state = "" if layout.usable else ", nicht verwendbar"
        drawn, said = st.columns([1, 2], gap="medium")
        drawn.image(layout.sample, width="stretch", alt=f"Muster im Layout {layout.name}")
        said.markdown(f"**{plain(layout.name)}**{used}: frei {layout.room}{state}")
        for sentence in layout.sentences:
            said.markdown(f"- {plain(sentence)}")
