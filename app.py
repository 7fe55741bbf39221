"""ASGI entry, run by ``streamlit run app.py``: Streamlit behind the headers it cannot set itself."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from portalkompass.ui.gate import Gate, warm_up

app = st.App("portalkompass/ui/frame.py", lifespan=warm_up, middleware=[Middleware(Gate)])
