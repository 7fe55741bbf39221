"""ASGI entry, run by ``streamlit run app.py``: Streamlit behind the door and the headers it cannot set itself."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount

from portalkompass.ui import login_pages
from portalkompass.ui.doorway import base_path, doorway
from portalkompass.ui.gate import Gate
from portalkompass.ui.voting_network import lifespan
from portalkompass.ui.voting_routes import ROUTES

door = doorway()
routes = [*login_pages.ROUTES, *ROUTES]
app = st.App(
    "portalkompass/ui/frame.py",
    secrets=door.secrets,
    lifespan=lifespan,
    routes=[Mount(base_path(), routes=routes)] if base_path() else routes,
    middleware=[Middleware(Gate), door.middleware],
)
