"""A button that puts a picture on the clipboard: the one thing that only a browser can do.

The script below is constant; data reach it as data. Browsers want the copy to begin within the click, so
it begins with a promise, and the picture, made on the server after the click, keeps it.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

_BUTTON = '<button type="button"></button><span role="status"></span>'
_LOOK = """
button { font: inherit; color: var(--st-text-color); background: transparent; cursor: pointer;
         border: 1px solid var(--st-border-color); border-radius: 4px; padding: 0.4rem 0.75rem; }
span { margin-left: 0.75rem; font-size: 0.875rem; }
"""
_SCRIPT = """
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  button.textContent = data.label;
  if (parentElement.waiting && data.turn > parentElement.turn) {
    const waiting = parentElement.waiting;
    parentElement.waiting = null;
    if (data.picture) {
      const bytes = Uint8Array.from(atob(data.picture), (letter) => letter.charCodeAt(0));
      waiting.resolve(new Blob([bytes], { type: "image/png" }));
    } else {
      waiting.reject(new Error("no picture"));
    }
  }
  parentElement.turn = data.turn;
  button.onclick = () => {
    status.textContent = "Bild wird erzeugt …";
    const picture = new Promise((resolve, reject) => { parentElement.waiting = { resolve, reject }; });
    const done = () => { status.textContent = "Das Bild liegt in der Zwischenablage."; };
    const failed = () => { status.textContent = "Kopieren nicht möglich. Bitte das PNG herunterladen."; };
    try {
      navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]).then(done, failed);
    } catch (fault) { failed(); }
    setTriggerValue("wanted", true);
  };
}
"""


@functools.cache
def _component() -> Any:  # noqa: ANN401
    """Registered once per process, when it is first needed."""
    return st.components.v2.component("portalkompass_clipboard", html=_BUTTON, css=_LOOK, js=_SCRIPT)


def copy_button(label: str, make: Callable[[], bytes], *, key: str) -> None:
    """The button; ``make`` draws the PNG when it was clicked. What it raises is told in the status line."""
    state: Any = st.session_state
    turn_key, picture_key = f"{key}-turn", f"{key}-picture"

    def draw_picture() -> None:
        try:
            made = base64.b64encode(make()).decode("ascii")
        except Exception:
            made = ""
        state[picture_key] = made
        state[turn_key] = state.get(turn_key, 0) + 1

    data = {"label": label, "turn": state.get(turn_key, 0), "picture": state.get(picture_key, "")}
    _component()(data=data, key=key, on_wanted_change=draw_picture)
    state[picture_key] = ""  # sent once
