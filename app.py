"""ASGI entry, run by ``streamlit run app.py``: Streamlit behind the login and the headers it cannot set itself."""

from __future__ import annotations

from portalkompass.ui.shell import garbage_collection

garbage_collection.pause()  # before the imports, which are the larger part of the start

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from portalkompass.ui.auth import login_pages
from portalkompass.ui.auth.auth_mode import base_path, configured_mode
from portalkompass.ui.shell import own_files
from portalkompass.ui.shell.security_headers import SecurityHeaders
from portalkompass.ui.voting.voting_network import lifespan
from portalkompass.ui.voting.voting_routes import ROUTES

mode = configured_mode()
routes = [
    Route(base_path() + route.path, route.endpoint, methods=list(route.methods or ()))
    for route in (*login_pages.ROUTES, *own_files.ROUTES, *ROUTES)
]
app = st.App(
    "portalkompass/ui/shell/frame.py",
    secrets=mode.secrets,
    lifespan=lifespan,
    routes=routes,
    middleware=[Middleware(SecurityHeaders), mode.middleware],
)
