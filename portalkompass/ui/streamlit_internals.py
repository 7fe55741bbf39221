"""All of Streamlit that the app relies on without being promised it: paths, cookies, messages, its page, some names.

Everything else of the app takes Streamlit as ``st`` alone. tests/ui/test_streamlit_internals.py holds each thing here
against the installed Streamlit, so that a new version that changes one is noticed there, and not at the door.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit
from streamlit import config
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig
from streamlit.errors import StreamlitAPIException
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

__all__ = [
    "ColumnConfig", "DeltaGenerator", "StreamlitAPIException", "below", "config", "decode_xsrf_token_string",
    "generate_login_redirect_url", "get_cookie_with_chunks", "script_is_running",
]  # fmt: skip

COOKIE = "_streamlit_user"
"""Cookie of the login, signed by itsdangerous with its own name as salt; split into chunks where it is long."""
TOKENS_COOKIE = "_streamlit_user_tokens"
"""Cookie with the provider's tokens (id_token, access_token), signed and split in the same way."""
BROWSER_COOKIE = "_streamlit_xsrf"
"""Cookie of a browser until it is closed: a random token, masked anew with every answer."""
COOKIE_SECONDS = 2592000
"""How long Streamlit lets it live: cut to the length of a session on the way out."""
CALLBACK = "/oauth2callback"
"""Where the provider sends people back to."""
LOGIN, LOGOUT = "/auth/login", "/auth/logout"
"""On to the provider and away from it. Where the provider cannot be reached, LOGIN answers 400; where it confirms
nothing although the login was begun here, CALLBACK deletes the login cookie.
"""
HEALTH = "/_stcore/health"
UPLOAD = "/_stcore/upload_file"
"""Uploads are put here; whatever else changes something is held to the same role."""
AGENT = "/_stcore/agent"
"""Remote control of the app, shut here whatever the settings say."""
FIGURES = ("/_stcore/metrics", "/_stcore/script-health-check")
"""About the server, nobody's business outside."""
FILES = ("_stcore", "media", "component", "static", "app/static")
"""Where scripts and files are served from; everything else is a screen."""
STATIC = Path(streamlit.__file__).parent / "static"
PAGE = (STATIC / "index.html").read_text(encoding="utf-8")
"""The one HTML page, whose inline scripts the policy names by their digest."""
PAGE_LANGUAGE = b'<html lang="en">'
PAGE_TITLE = b"<title>Streamlit</title>"
PAGE_NO_SCRIPT = b"You need to enable JavaScript to run this app."
"""What is replaced in it."""
TEST_IDS = frozenset(
    {
        "InputInstructions",
        "stApp",
        "stColumn",
        "stDataFrameColumnFormattingMenu",
        "stDataFrameColumnMenu",
        "stDataFrameColumnVisibilityMenu",
        "stDataFrame",
        "stDateInput",
        "stDateInputField",
        "stDialog",
        "stElementContainer",
        "stElementToolbar",
        "stFileUploader",
        "stFileUploaderDropzone",
        "stFullScreenFrame",
        "stHeader",
        "stHorizontalBlock",
        "stImage",
        "stMain",
        "stMainBlockContainer",
        "stMainMenuList",
        "stMainMenuPopover",
        "stMarkdownBadge",
        "stMarkdownContainer",
        "stMetric",
        "stMultiSelect",
        "stSelectbox",
        "stSelectboxVirtualDropdown",
        "stSidebar",
        "stSkipToContent",
        "stStatusWidget",
        "stTextArea",
        "stTextInput",
        "stTooltipContent",
        "stVegaLiteChart",
    }
)
"""Names of its parts that our own script and stylesheet look for (`portalkompass/ui/shell/own`)."""
LONGEST_STATUS = 1000
"""Bytes; messages with content are longer and need not be read."""


def below(*paths: str) -> re.Pattern[str]:
    """What finds these paths, and whatever lies below them, however many slashes and whatever case are written."""
    written = "|".join(re.escape(path).replace("/", "/+") for path in paths)
    return re.compile(rf"(?:{written})(?:/|$)", re.IGNORECASE)


def script_is_running(message: bytes) -> bool | None:
    """Whether a script runs from now on, by what the server tells the browser; None: it tells other things."""
    if len(message) > LONGEST_STATUS:
        return None
    told = ForwardMsg.FromString(message)
    if told.WhichOneof("type") != "session_status_changed":
        return None
    return bool(told.session_status_changed.script_is_running)
