"""The way of an exhibit into a report: the draft that it is laid into, and what is kept of it.

What was collected lies in the workspace as a page of a draft, so that it survives reload and restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from portalkompass.answers.base.periods import main_site
from portalkompass.exhibit import Exhibit
from portalkompass.ui import reading, url_state
from portalkompass.ui.auth import author
from portalkompass.workspace import STANDARD_PAGES, Report, add_page, create_report, report_list

UNNAMED = "ohne Namen"
TITLE = "Sachstand Digitalisierung"
CHOSEN = "bericht-gewaehlt"
"""Where the session keeps the id of the report that is open."""


def drafts() -> dict[int, str]:
    """Names of the reports that pages can be laid into, by id; the one that was open or changed last first."""
    now = reading.current()
    open_ = [one for one in report_list(now.workspace) if not one.delivered and visible(one, now)]
    open_.sort(key=lambda one: str(one.id) != st.session_state.get(CHOSEN))
    return {one.id: one.name for one in open_}


def visible(report: Report, now: reading.Reading) -> bool:
    """Whether the person may see the report: it is of a property that is open to them."""
    return not now.warehouse.limited or report.site in now.warehouse.sites()


def add(
    exhibit: Exhibit,
    headline: str,
    report_id: int | None,
    remark: str = "",
    highlighted: Sequence[str] = (),
) -> str:
    """Lay it into the draft, last; without one (None) a new report begins. Returns the report's name.

    Raises:
        WorkspaceError: the report is full, delivered or gone, or the role does not reach.
    """
    # The report's answers are loaded with the first exhibit that is collected, not with the first screen.
    from portalkompass.screens.saved_report import packed_text

    now = reading.current()
    who = author.name() or UNNAMED
    site = site_of(now)
    if report_id is None:
        report_id = create(now, Report(free_name(now), site), who).id
    query = urlencode(url_state.link_query(site))
    values = {
        "headline": headline if headline.strip() != exhibit.headline else "",
        "remark": remark,
        "highlighted": "\n".join(highlighted),
        "title": exhibit.subtitle.partition(" · ")[0] or exhibit.headline,
        "link": f"/{url_state.shown()}?{query}" if url_state.shown() else "",
        "site": site,
        "snapshot": now.warehouse.snapshot,
        "made": packed_text(exhibit),
    }
    add_page(now.workspace, report_id, "own", exhibit.id, who, values)
    st.session_state[CHOSEN] = str(report_id)
    return next(one.name for one in report_list(now.workspace) if one.id == report_id)


def create(now: reading.Reading, report: Report, who: str) -> Report:
    """A new report with all standard pages and the usual text pages.

    Raises:
        WorkspaceError: its name is empty or taken, or the role does not reach.
    """
    from portalkompass.answers.report.text_page import usual_texts

    return create_report(now.workspace, report, tuple(STANDARD_PAGES), who, usual_texts(now.settings))


def site_of(now: reading.Reading) -> str:
    """The property that the screen shows."""
    return url_state.current().site or main_site(now.warehouse, now.settings)


def free_name(now: reading.Reading) -> str:
    """A name that no report has yet."""
    taken = {one.name for one in report_list(now.workspace)}
    numbered = (f"{TITLE} {number}" for number in range(2, len(taken) + 3))
    return next(name for name in (TITLE, *numbered) if name not in taken)
