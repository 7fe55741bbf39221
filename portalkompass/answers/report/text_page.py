"""A page of a report that a person wrote, and what is different about it since the last report."""

from __future__ import annotations

import datetime as dt
import tomllib

from portalkompass import german
from portalkompass.settings import Settings
from portalkompass.slide_set import TextPage
from portalkompass.workspace import ReportPage, WorkspaceError
from portalkompass.workspace.reports.reports import WRITTEN

FILE = "report_texts.toml"
COMPARED = ("headline", "points", "development", "responsible", "day")
"""What a committee sees of a text page; the note is the speaker's."""


def usual_texts(settings: Settings) -> tuple[dict[str, str], ...]:
    """Headline and points (a line each) of the text pages that a new report begins with.

    Raises:
        WorkspaceError: the list of the city's own cannot be read.
    """
    path = settings.data_file(FILE)
    try:
        pages = tomllib.loads(path.read_text(encoding="utf-8-sig"))["pages"]
        return tuple(
            {"headline": str(page["headline"]), "points": "\n".join(map(str, page.get("points", ())))}
            for page in pages
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WorkspaceError(f"Die Liste der Textseiten ({path.name}) lässt sich nicht lesen.") from None


def text_page(page: ReportPage, city: str, since: dt.date | None, *, sample: bool) -> TextPage:
    """The page as a slide; ``since`` is the day of the last report. It has a date of its own and no data date."""
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
        data_date=None,
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
