"""The one door out of the app: control characters go, small counts of people are hidden.

Whatever writes a file or slide takes an ``Outgoing`` (or ``OutgoingWords``), which only this module makes: an
exhibit that did not pass is refused by mypy. ``exports.files`` sends everything through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any, NewType, TypeVar

import pandas as pd

from portalkompass import german
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.slide_set import SlideSet, TextPage, Words
from portalkompass.suppression import BELOW, SMALLEST, WITHHELD, hidden_name, is_small, suppress

COUNTED = ("applications", "cases")
"""Columns that begin so count applications or cases: people, not clicks."""
MADE_OF_COUNTS = ("application", "case", "digital")
"""Shares and rates whose names hold one of these words are made of such counts, which would follow from them."""
WHOLE_ROWS, FIRST_ROWS = 40, 20
"""Rows up to which a slide or picture shows a table whole, and how many it shows of a longer one."""
NOTE = (
    f"Werte unter {SMALLEST} stehen als „{BELOW}“, Summen mit solchen als Spanne („40 bis 44“); „{WITHHELD}“ und "
    "„mind.“ heißen: Ein größerer Wert ist verdeckt, weil sich sonst ein kleiner aus der Summe errechnen ließe."
)

TEXTS = (
    "headline",
    "subtitle",
    "source",
    "alt",
    "caution",
    "remark",
    "highlighted",
    "notes",
    "paragraphs",
    "label",
    "sentence",
    "news",
    "cautions",
)
"""What people read of an exhibit, a page of words or a mark, beside the frame and the fields."""

_BREAKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
# Control characters, bidirectional overrides, lone surrogates and non-characters: invisible or not XML.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)

Outgoing = NewType("Outgoing", Exhibit)
"""An exhibit that may leave the app, with clean texts and without small counts."""
OutgoingWords = NewType("OutgoingWords", Words)
"""A page of words that may leave the app."""
Item = TypeVar("Item", Exhibit, Words, Mark)


@dataclass(frozen=True, slots=True)
class OutgoingSlides:
    """Pages that may leave the app as one presentation; ``cover`` are the lines of its title slide, if it has one.

    ``ranks`` are theirs (1 the highest), where the cover has a hierarchy; see ``Cover.ranked``. ``keys`` are those of
    ``SlideSet.keyed``.
    """

    title: str
    pages: tuple[Outgoing | OutgoingWords, ...]
    sample: bool
    cover: tuple[str, ...] | None = None
    ranks: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


def clean(text: str) -> str:
    """The text on one line without anything unseen; what it says stays as it is."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).strip()


def outgoing(exhibit: Exhibit) -> Outgoing:
    """The exhibit as it may leave the app: clean texts, small counts hidden and said so. Twice changes nothing.

    One that stays inside leaves without a row.
    """
    if exhibit.inside:
        exhibit = replace(exhibit, frame=exhibit.frame.head(0))
    hidden = _clean_texts(_suppressed(exhibit))
    marks = tuple(_clean_texts(mark) for mark in hidden.marks)
    return Outgoing(replace(hidden, frame=_clean_cells(hidden.frame), marks=marks))


def in_sight(exhibit: Outgoing) -> Outgoing:
    """What a slide or picture has room for: a long table's first rows, said so, without the columns that are folded."""
    if exhibit.kind != "table":
        return exhibit
    fields = tuple(field for field in exhibit.fields if field.name not in exhibit.folded)
    rows = len(exhibit.frame)
    if rows <= WHOLE_ROWS:
        return Outgoing(replace(exhibit, fields=fields))
    first = f"die ersten {FIRST_ROWS} von {german.number(rows)} Zeilen"
    subtitle = " · ".join(filter(None, (exhibit.subtitle, first)))
    return Outgoing(replace(exhibit, fields=fields, frame=exhibit.frame.head(FIRST_ROWS), subtitle=subtitle))


def with_columns(exhibit: Outgoing, fields: tuple[Field, ...]) -> Outgoing:
    """The same with some of its columns only: what has passed the door stays passed."""
    return Outgoing(replace(exhibit, fields=fields))


def panels(exhibit: Outgoing) -> dict[str, Outgoing]:
    """Each of its measures as a line chart of its own, by the name of the measure."""
    return {exhibit.field(name).label: Outgoing(exhibit.panel(name)) for name in exhibit.panels}


def outgoing_slides(slides: SlideSet) -> OutgoingSlides:
    """The presentation as it may leave the app."""
    sample = ("Beispieldaten",) if slides.sample else ()
    pages = tuple(
        outgoing_words(page) if isinstance(page, Words) else outgoing(page) for page in slides.pages
    )
    keys = tuple(key for key, _ in slides.keyed)
    if slides.cover is None:
        cover = (*sample, *map(clean, slides.subtitle))
        return OutgoingSlides(clean(slides.title), pages, slides.sample, cover, keys=keys)
    ranked = (*slides.cover.ranked, *((3, word) for word in sample))
    ranks, lines = tuple(rank for rank, _ in ranked), tuple(clean(line) for _, line in ranked)
    return OutgoingSlides(clean(slides.title), pages, slides.sample, lines, ranks, keys)


def outgoing_words(page: Words) -> OutgoingWords:
    """A page of words as it may leave the app: clean texts."""
    cleaned = _clean_texts(page)
    if isinstance(cleaned, TextPage):
        facts = tuple((clean(label), clean(text)) for label, text in cleaned.facts)
        cleaned = replace(cleaned, facts=facts)
    return OutgoingWords(cleaned)


def on_screen(frame: pd.DataFrame, field: Field) -> list[str]:
    """A column as German text for the screen: what is hidden in a file is hidden there, too."""
    values = frame[field.name]
    texts = german.texts(values, field.format)
    if hidden_name(field.name) in frame:
        return [word or text for word, text in zip(frame[hidden_name(field.name)], texts, strict=True)]
    if not _counts_people(field):
        return texts
    return [BELOW if is_small(value) else text for value, text in zip(values, texts, strict=True)]


def _clean_texts(item: Item) -> Item:
    """An exhibit, page of words or mark whose own texts are clean."""
    own = (field.name for field in fields(item))  # an exhibit's cautions are made of its caution and marks
    texts: dict[str, Any] = {name: getattr(item, name) for name in own if name in TEXTS}
    for name, text in texts.items():
        texts[name] = clean(text) if isinstance(text, str) else tuple(map(clean, text))
    return replace(item, **texts)


def _clean_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame whose texts are clean."""
    texts = frame.select_dtypes(["object", "string", "category"])
    return frame.assign(**texts.map(lambda value: clean(value) if isinstance(value, str) else value))


def _suppressed(exhibit: Exhibit) -> Exhibit:
    """Small counts hidden, and why. A table says what stands in their place, a chart loses the value.

    Answers hide them already, by rows that no exhibit holds, and say so in a ``…_hidden`` column beside the count.
    A count of people without such a column is hidden by the rows of the exhibit alone, with the rates made of it.
    """
    frame, touched, hidden = exhibit.frame.copy(), pd.Series(False, index=exhibit.frame.index), False
    for field in exhibit.fields:
        if hidden_name(field.name) in frame:
            words = frame[hidden_name(field.name)].astype("object")
            hidden |= bool((words != "").any())
            if exhibit.kind == "table":
                frame[field.name] = frame[field.name].astype("object").mask(words != "", words)
        elif _counts_people(field):
            touched |= _hide_column(frame, field.name, in_words=exhibit.kind == "table")
    if not touched.any() and not hidden:
        return exhibit
    for field in exhibit.fields:
        if field.format in ("percent", "percent_change") and any(
            word in field.name for word in MADE_OF_COUNTS
        ):
            frame[field.name] = frame[field.name].astype("object").mask(touched, None)
    notes = exhibit.notes if NOTE in exhibit.notes else (*exhibit.notes, NOTE)
    return replace(exhibit, frame=frame, notes=notes, alt=f"{exhibit.subtitle}. Kleine Werte sind verdeckt.")


def _hide_column(frame: pd.DataFrame, name: str, *, in_words: bool) -> pd.Series[bool]:
    """Hide the column's small counts, and those that give them away, in place; which rows were hidden."""
    values = pd.to_numeric(frame[name], errors="coerce")
    numbers = [None if pd.isna(value) else float(value) for value in values]
    states = pd.Series(suppress(numbers), index=values.index, dtype="object")
    small, hidden = states == "below", states != "shown"
    if small.any():
        words = frame[name].astype("object").mask(small, BELOW).mask(hidden & ~small, WITHHELD)
        frame[name] = words if in_words else values.mask(hidden)
    return hidden


def _counts_people(field: Field) -> bool:
    return field.name.startswith(COUNTED)
