"""Slides in the city's template: usable, or a sentence on the screen that says what is missing; the download."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from portalkompass.settings import Settings, Slides
from portalkompass.slide_set import SlideSet
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.text import plain

if TYPE_CHECKING:
    from portalkompass.exports.slides.template import Look

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def download(
    label: str,
    settings: Settings,
    make: Callable[[], SlideSet],
    file_stem: str,
    key: str,
    *,
    type: Literal["primary", "secondary"] = "secondary",
    disabled: bool = False,
) -> None:
    """The button for a presentation; slides and file are made when it is clicked."""

    visitor = permissions.visitor()

    def file() -> bytes:
        visitor.need("read")
        # The libraries for slides are loaded with the first click, not with the first screen.
        from portalkompass.exports.files import deck_file

        made = deck_file(make(), look(settings))
        visitor.done("export", what=file_stem, format="pptx")
        return made

    st.download_button(
        label,
        data=file,
        file_name=f"{file_stem}.pptx",
        mime=PPTX,
        key=key,
        on_click="ignore",
        type=type,
        disabled=disabled,
    )


def look(settings: Settings) -> Look:
    """Template and layouts of the settings."""
    from portalkompass.exports.slides.template import Look

    return Look(**settings.slides.model_dump())


def usable(settings: Settings, *, tell: bool = True) -> bool:
    """Whether slides can be made; where not, the reason stands on the screen (with ``tell``), not a dead button.

    The shipped template is not opened for this; one of the city is, once per state of its file.
    """
    own = settings.slides
    if own == Slides():
        return True
    path = Path(own.template)
    changed = path.stat().st_mtime if own.template and path.is_file() else 0.0
    sentence = _fault(own.template, own.title_layout, own.content_layout, changed)
    if sentence and tell:
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
