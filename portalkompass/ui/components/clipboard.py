"""Buttons that put a picture or the address on the clipboard: the one thing that only a browser can do.

The script below is constant; data reach it as data. Browsers want the copy to begin within the click, so
it begins with a promise, and the picture, made on the server after the click, keeps it.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Mapping
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


_WIDE = """
button { width: 100%; font-size: 0.875rem; background: var(--st-background-color); }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
span:empty { display: none; }
span { display: block; margin: 0.25rem 0 0; overflow-wrap: anywhere; }
"""
_LINK_SCRIPT = """
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  button.textContent = data.label;
  button.onclick = () => {
    const address = new URL(window.location.href);
    address.hash = "";
    address.search = new URLSearchParams(data.query).toString();
    const done = () => { status.textContent = "Kopiert."; };
    const failed = () => { status.textContent = address.href; };
    try { navigator.clipboard.writeText(address.href).then(done, failed); } catch (fault) { failed(); }
  };
  if (parentElement.query !== JSON.stringify(data.query)) { status.textContent = ""; }
  parentElement.query = JSON.stringify(data.query);
}
"""


@functools.cache
def _link_component() -> Any:  # noqa: ANN401
    return st.components.v2.component("portalkompass_link", html=_BUTTON, css=_LOOK + _WIDE, js=_LINK_SCRIPT)


def copy_link_button(label: str, query: Mapping[str, str], *, key: str) -> None:
    """The button; it copies the address of this screen with these parameters. No run of the script is needed."""
    _link_component()(data={"label": label, "query": dict(query)}, key=key)
