"""The screens in the side column, as links that carry period, comparison and filters along.

Streamlit's own navigation forgets the parameters of the address on the way; these links hold them, also for a new tab.
"""

from __future__ import annotations

import streamlit as st

from portalkompass.ui import url_state


def draw(screen: st.Page, screens: list[st.Page]) -> None:
    """All screens; the link of the one in sight leads to just what is in sight."""
    along = url_state.elsewhere()
    with st.sidebar.container(gap="xxsmall", key="ansichten-liste"):
        for other in screens:
            here = other.url_path == screen.url_path
            query = st.query_params.to_dict() if here else along
            st.page_link(other, label=other.title, query_params=query, width="stretch")
