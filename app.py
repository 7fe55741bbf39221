"""ASGI entry, run by ``streamlit run app.py``: Streamlit behind the door and the headers it cannot set itself."""

from __future__ import annotations

import gc

# Imports leave no garbage behind, and looking for it takes a fifth of the start; ui/gate.py switches it on again.
gc.disable()

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from portalkompass.ui.auth import login_pages
from portalkompass.ui.auth.auth_mode import base_path, doorway
from portalkompass.ui.shell.security_headers import Gate
from portalkompass.ui.voting.voting_network import lifespan
from portalkompass.ui.voting.voting_routes import ROUTES

door = doorway()
routes = [
    Route(base_path() + one.path, one.endpoint, methods=list(one.methods or ()))
    for one in (*login_pages.ROUTES, *ROUTES)
]
app = st.App(
    "portalkompass/ui/shell/frame.py",
    secrets=door.secrets,
    lifespan=lifespan,
    routes=routes,
    middleware=[Middleware(Gate), door.middleware],
)
