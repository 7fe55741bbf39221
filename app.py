"""ASGI entry, run by ``streamlit run app.py``: Streamlit behind the headers it cannot set itself."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from portalkompass.ui.access import OnlyHere
from portalkompass.ui.gate import Gate
from portalkompass.ui.voting_network import lifespan
from portalkompass.ui.voting_routes import ROUTES

app = st.App(
    "portalkompass/ui/frame.py",
    lifespan=lifespan,
    routes=ROUTES,
    middleware=[Middleware(Gate), Middleware(OnlyHere)],
)
