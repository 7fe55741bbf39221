"""The city's template for slides as set: usable, or a sentence on the screen that says what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from portalkompass.settings import Settings, Slides
from portalkompass.ui.components.text import plain

if TYPE_CHECKING:
    from portalkompass.exports.slides.template import Look


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
    sentence = _fault(own.template, own.title_layout, own.content_layout, _changed(own.template))
    if sentence and tell:
        st.error(plain(sentence))
    return not sentence


def _changed(template: str) -> float:
    path = Path(template)
    return path.stat().st_mtime if template and path.is_file() else 0.0


@st.cache_data(max_entries=4, show_spinner=False)
def _fault(template: str, title_layout: str, content_layout: str, changed: float) -> str:
    from portalkompass.exports.slides.template import Look, TemplateError, open_template

    try:
        open_template(Look(template, title_layout, content_layout))
    except TemplateError as fault:
        return str(fault)
    return ""
