"""A page of a report that a person wrote, and what is different about it since the last report."""

from __future__ import annotations

import datetime as dt

from portalkompass import german
from portalkompass.slide_set import TextPage
from portalkompass.workspace import ReportPage
from portalkompass.workspace.reports.reports import WRITTEN

COMPARED = ("headline", "points", "development", "responsible", "day")
"""What a committee sees of a text page; the note is the speaker's."""


def text_page(
    page: ReportPage, city: str, day: dt.date | None, since: dt.date | None, *, sample: bool
) -> TextPage:
    """The page as a slide. ``day`` is the data date, ``since`` that of the last report."""
    facts = (
        (WRITTEN["development"], page.development),
        (WRITTEN["responsible"], page.responsible),
        (WRITTEN["day"], german.date(page.day) if page.day else ""),
    )
    return TextPage(
        id=f"text_{page.id}",
        headline=page.headline,
        paragraphs=page.bullets,
        source=city,
        data_date=page.day or day,
        notes=tuple(line for line in page.note.split("\n") if line),
        sample=sample,
        empty=not (page.points or page.development),
        facts=tuple((label, text) for label, text in facts if text),
        news=news(page, since),
    )


def news(page: ReportPage, since: dt.date | None) -> str:
    """What is different since the last report: "Neu" for a page it had not, else the changed parts; "" without one."""
    when = f"seit dem {german.date(since)}" if since else "seit dem letzten Bericht"
    if page.before is None:
        return ""
    if not page.before:
        return f"Neu {when}"
    parts = changed(page)
    return f"Geändert {when}: {german.listing(parts)}" if parts else f"Unverändert {when}"


def changed(page: ReportPage) -> list[str]:
    """The parts of the page that differ from the last report, in words; none where there was no last report."""
    before = page.before or {}
    now = {name: getattr(page, name) for name in COMPARED}
    told = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in now.items()}
    return [WRITTEN[name] for name in COMPARED if before and (told[name] or "") != (before.get(name) or "")]
