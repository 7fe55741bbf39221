"""What stands in a form and is not saved yet: neither another view nor a reload of the browser loses it.

Every form of the app keeps its draft here, under the name of the form. A draft is its person's alone: of the signed-in
one, without a login of the browser. It is gone once the form was saved or discarded, and after some days.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from typing import Any

import streamlit as st

from portalkompass.settings import load_settings
from portalkompass.ui.auth import permissions
from portalkompass.ui.streamlit_internals import BROWSER_COOKIE, decode_xsrf_token_string
from portalkompass.warehouse import snapshots
from portalkompass.workspace import Workspace, WorkspaceError, keep_typed, typed_by, workspace_of

_DRAFTS = "entwuerfe"


def read(form: str) -> dict[str, Any]:
    """What was typed in this form and not saved; empty without."""
    return dict(_own().get(form, {}))


def names(beginning: str) -> list[str]:
    """The forms with such a name that have a draft; the one typed in last stands last."""
    return [form for form in _own() if form.startswith(beginning)]


def keep(form: str, content: Mapping[str, Any]) -> None:
    """Keep what stands in the form; nothing (empty) forgets it. Written only where it has changed.

    Where the workspace cannot be written the session still has it, and the save of the form says why not.
    """
    own = _own()
    if own.get(form, {}) == content:
        return
    own.pop(form, None)
    if content:
        own[form] = dict(content)
    with contextlib.suppress(WorkspaceError):
        if owner := _owner():
            keep_typed(_workspace(), owner, form, content)


def forget(form: str) -> None:
    """The form was saved or discarded."""
    keep(form, {})


def _own() -> dict[str, dict[str, Any]]:
    """The drafts of this session, read once from the workspace that it looks at."""
    state, place = st.session_state, ""
    with contextlib.suppress(WorkspaceError):
        workspace, owner = _workspace(), _owner()
        place = workspace.url
        if _DRAFTS not in state or state[_DRAFTS][0] != place:
            state[_DRAFTS] = (place, typed_by(workspace, owner) if owner else {})
    drafts: dict[str, dict[str, Any]] = state.setdefault(_DRAFTS, (place, {}))[1]
    return drafts


def _workspace() -> Workspace:
    return permissions.guarded(workspace_of(snapshots.in_use(load_settings())))


def _owner() -> str:
    """What stands for the person, without a login for the browser; "" for one that sends no cookie.

    Raises:
        NotAllowed: the login has ended.
    """
    person = permissions.person()
    if login := person.subject or person.key:
        return f"person {login}"
    token, _ = decode_xsrf_token_string(st.context.cookies.get(BROWSER_COOKIE, ""))
    return f"browser {hashlib.sha256(token).hexdigest()}" if token else ""
