"""All of Streamlit that the login relies on without being promised it: names, paths, cookies, two functions.

tests/ui/auth/test_streamlit_internals.py holds each against the installed Streamlit, so that a new version that
changes one is noticed there and not at the door.
"""

from __future__ import annotations

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.user_info import generate_login_redirect_url

__all__ = ["generate_login_redirect_url", "get_cookie_with_chunks"]

COOKIE = "_streamlit_user"
"""Cookie of the login, signed by itsdangerous with its own name as salt; split into chunks where it is long."""
COOKIE_SECONDS = 2592000
"""How long Streamlit lets it live: cut to the length of a session on the way out."""
CALLBACK = "/oauth2callback"
"""Where the provider sends people back to."""
LOGIN, LOGOUT = "/auth/login", "/auth/logout"
HEALTH = "/_stcore/health"
UPLOAD = "/_stcore/upload_file"
"""Uploads are put here; whatever else changes something is held to the same role."""
AGENT = "/_stcore/agent"
"""Remote control of the app, shut here whatever the settings say."""
FIGURES = ("/_stcore/metrics", "/_stcore/script-health-check")
"""About the server, nobody's business outside."""
