"""A set of pages as a message: HTML with a picture, all figures in plain text, and a short text for a chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from portalkompass.charts.columns import said, texts
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, clean
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import slide_picture
from portalkompass.exports.letters.letter_html import (
    CHART_HEIGHT,
    CHART_WIDTH,
    PLACE,
    SAMPLE,
    SENT_BY,
    first_chart,
    in_app,
    sources,
    to_html,
)
from portalkompass.exports.markdown import defused
from portalkompass.slide_set import Words

CHAT_ROWS = 8
"""Rows of a table of words that a chat gets; of other tables and of charts it gets the headline."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that may leave the app; ``html`` shows ``picture`` (PNG) where it says ``cid:verlauf``."""

    subject: str
    html: str
    text: str
    chat: str
    picture: bytes | None


def to_letter(slides: OutgoingSlides, app_address: str, worker: ImageWorker) -> Letter:
    """The letter; its first chart is a picture, any further one a table.

    Raises:
        ImageFault: the picture could not be drawn.
    """
    chart = first_chart(slides)
    return Letter(
        ": ".join((*([SAMPLE] if slides.sample else []), slides.title)),
        to_html(slides, app_address),
        _text(slides, app_address),
        _chat(slides, app_address),
        None if chart is None else slide_picture(chart, CHART_WIDTH, CHART_HEIGHT, worker)[0],
    )


def as_email(letter: Letter, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The letter as a message with plain text, HTML and the picture inside; line breaks reach no header."""
    domain = sender.rpartition("@")[2]
    message, place = EmailMessage(), make_msgid(PLACE, domain)
    message["Subject"] = clean(letter.subject)
    message["From"], message["To"] = clean(sender), ", ".join(map(clean, recipients))
    message["Date"], message["Message-ID"] = localtime(), make_msgid(domain=domain)
    message["Content-Language"], message["Auto-Submitted"] = "de", "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    html = letter.html.replace(f"cid:{PLACE}", f"cid:{place[1:-1]}")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if letter.picture is not None:
        *_, part = message.iter_parts()
        assert isinstance(part, EmailMessage)
        file = f"{PLACE}.png"
        part.add_related(letter.picture, "image", "png", cid=place, disposition="inline", filename=file)
    return message


OWN_DATE = "own_bucket"
"""Column of a comparison's rows that holds the days they are of (`answers.courses.trending`)."""


def _text(slides: OutgoingSlides, app_address: str) -> str:
    """Everything that the HTML and its picture say, every row in words."""
    parts = ["\n".join((slides.title, *(slides.cover or ())))]
    for page in slides.pages:
        heading = f"{page.headline}\n{'-' * min(len(page.headline), 72)}"
        if isinstance(page, Words):
            parts.append("\n".join((heading, *page.paragraphs)))
        else:
            rows = (f"* {row}" for row in _rows(page))
            parts.append("\n".join((heading, page.subtitle, *rows, *page.cautions)))
    parts.append("\n".join((*sources(slides), *in_app(app_address), SENT_BY)))
    return "\n\n".join(parts) + "\n"


def _rows(page: Outgoing) -> list[str]:
    """Each row in words: of a line what is drawn, with the dates of the values; of everything else all columns."""
    if page.kind != "line":
        return said(page)
    # A line of the year before is drawn at this year's weeks: its values are not of these.
    dated = OWN_DATE if any(field.name == OWN_DATE for field in page.fields) else page.x
    roles = [name for name in (dated, page.y, page.series) if name]
    return said(replace(page, fields=tuple(map(page.field, roles))))


def _chat(slides: OutgoingSlides, app_address: str) -> str:
    """Alerts, summary and figures; of tables and charts their headline. Nobody is called by a name in a title."""
    lines = [f"**{_for_chat(slides.title)}**", *map(_for_chat, slides.cover or ())]
    for page in slides.pages:
        lines += ["", f"**{_for_chat(page.headline)}**"]
        if isinstance(page, Words):
            lines += [f"- {_for_chat(paragraph)}" for paragraph in page.paragraphs]
        elif not any(field.numeric for field in page.fields):
            lines += [f"- {_for_chat(row)}" for row in _short_rows(page)]
    lines += ["", *in_app(app_address), SENT_BY]
    return "\n".join(lines)


def _short_rows(page: Outgoing) -> Iterator[str]:
    """Klicks 7.931: 3,9 % weniger als im Zeitraum davor (…)."""
    for name, value, *rest in list(zip(*texts(page), strict=True))[:CHAT_ROWS]:
        yield f"{name} {value}: {'; '.join(text for text in rest if text)}".removesuffix(": ")


def _for_chat(text: str) -> str:
    return defused(text).replace("@", "@\u200b")
