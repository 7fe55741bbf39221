"""What leaves the app is made safe once, here: control characters go, small counts of people are hidden.

Every exporter passes its exhibit through ``outgoing`` first; doing it twice changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.suppression import SMALLEST, suppress

BELOW, WITHHELD = f"< {SMALLEST}", "geheim"
COUNTED = ("applications", "cases")
"""Columns that begin so count applications or cases: people, not clicks."""
NOTE = (
    f"Anträge und Fälle unter {SMALLEST} stehen als „{BELOW}“; „{WITHHELD}“ heißt: Der Wert ist verdeckt, "
    "weil sich sonst ein kleiner Wert aus der Summe errechnen ließe."
)

_BREAKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
# Control characters, bidirectional overrides, lone surrogates and non-characters: invisible or not XML.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text on one line without anything unseen; what it says stays as it is."""
    return _BREAKS.sub(" ", _UNSEEN.sub("", text)).strip()


def outgoing(exhibit: Exhibit) -> Exhibit:
    """The exhibit as it may leave the app: clean texts, small counts hidden and said so."""
    hidden = _suppressed(exhibit)
    return replace(
        hidden,
        frame=_cleaned(hidden.frame),
        headline=clean(hidden.headline),
        subtitle=clean(hidden.subtitle),
        source=clean(hidden.source),
        alt=clean(hidden.alt),
        notes=tuple(clean(note) for note in hidden.notes),
        marks=tuple(
            Mark(mark.date, clean(mark.label), clean(mark.sentence), mark.end) for mark in hidden.marks
        ),
    )


def _cleaned(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [
        name
        for name in frame.columns
        if pd.api.types.is_object_dtype(frame[name]) or pd.api.types.is_string_dtype(frame[name])
    ]
    return frame.assign(**{str(name): frame[name].map(_clean_cell) for name in texts})


def _clean_cell(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _suppressed(exhibit: Exhibit) -> Exhibit:
    """Counts below 5 hidden; rates made of them too. A chart loses the value, a table says why."""
    counted = [field.name for field in exhibit.fields if field.name.startswith(COUNTED)]
    frame, touched = exhibit.frame.copy(), pd.Series(False, index=exhibit.frame.index)
    for name in counted:
        values = pd.to_numeric(frame[name], errors="coerce")
        states = suppress([None if pd.isna(value) else float(value) for value in values]).states
        small = pd.Series([state == "below" for state in states], index=values.index, dtype=bool)
        if not small.any():
            continue
        further = pd.Series([state == "withheld" for state in states], index=values.index, dtype=bool)
        words = frame[name].astype("object").mask(small, BELOW).mask(further, WITHHELD)
        frame[name] = words if exhibit.kind == "table" else values.mask(small | further)
        touched |= small | further
    if not touched.any():
        return exhibit
    for name in _rates(exhibit.fields):
        frame[name] = frame[name].astype("object").mask(touched, None)
    return replace(
        exhibit,
        frame=frame,
        notes=(*exhibit.notes, NOTE),
        alt=f"{exhibit.subtitle}. Kleine Werte sind verdeckt.",
    )


def _rates(fields: tuple[Field, ...]) -> list[str]:
    """Columns from which a hidden count could be worked out: shares and rates of applications and cases."""
    return [
        field.name
        for field in fields
        if field.format in ("percent", "percent_change")
        and any(word in field.name for word in ("application", "case", "digital"))
    ]
