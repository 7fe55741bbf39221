"""An edited deck brought up to date: what was made here takes over today's numbers, what a person did stays.

A shape whose text, cells or figures are no longer those that were made was edited by hand: it is left alone and named
where today's would be others. Place, size, colours, order, own slides and own shapes are never touched.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE

from portalkompass import german
from portalkompass.exhibit import REMARK
from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.living import figures, origin, parts, words
from portalkompass.exports.slides.living.opening import NotLiving
from portalkompass.exports.slides.living.origin import Tag

NOTHING_OF_OURS = (
    "In dieser Präsentation steht nichts, was aus dem Portalkompass stammt und aufgefrischt werden könnte."
)
MOST_ADDRESSES = 8
"""Different questions that one deck may ask; each is a whole report."""
ROLES = {
    "title": "Überschrift",
    "subtitle": "Untertitel",
    "remark": REMARK,
    "cautions": "Hinweise",
    "source": "Quelle",
    "text": "Text",
    "notes": "Notizen",
    "chart": "Diagramm",
    "table": "Tabelle",
    "picture": "Bild",
}
SINGLE = frozenset({"title", "subtitle", "remark", "source"})
"""Roles of shapes that hold one line when they are made."""
LONGEST = 160
"""Letters of a text that a sentence quotes."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a shape: ``kept`` ones were edited by hand and left alone."""

    slide: int
    sentence: str
    kept: bool = False

    def __str__(self) -> str:
        return f"Folie {self.slide}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The deck of today and what changed in it."""

    deck: Pptx
    changes: tuple[Change, ...]

    @property
    def content(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self.deck.save(file)
        return file.getvalue()


def addresses(deck: Pptx) -> tuple[str, ...]:
    """The addresses whose answers the deck shows.

    Raises:
        NotLiving: nothing in it was made here.
    """
    found = dict.fromkeys(tag.origin.address for _, _, tag in _tagged(deck))
    if not found:
        raise NotLiving(NOTHING_OF_OURS)
    if len(found) > MOST_ADDRESSES:
        raise NotLiving("Die Präsentation nennt mehr verschiedene Berichte, als eine haben kann.")
    return tuple(found)


def refreshed(deck: Pptx, today: Mapping[str, bytes], snapshot: str) -> Refreshed:
    """The deck with what its shapes show today; ``today`` holds a presentation with origins for each address."""
    fresh: dict[str, dict[tuple[str, str, int], Pptx]] = {
        address: {tag.key: shape for _, shape, tag in _tagged(Presentation(io.BytesIO(made)))}
        for address, made in today.items()
    }
    origin.adopt_placeholders(deck)
    changes: list[Change] = []
    gone: dict[tuple[int, str], None] = {}
    first: dict[tuple[str, str], int] = {}
    listed = _tagged(deck)
    rows = _rows(listed)
    for number, shape, tag in listed:
        known = fresh[tag.origin.address]
        first.setdefault((tag.origin.address, tag.page), number)
        if tag.role == "table":
            counterparts = [one for key, one in sorted(known.items()) if key[:2] == (tag.page, "table")]
        else:
            # A page that goes on with more slides than today's has no second title there; its first one says the same.
            same = known.get(tag.key) or (
                known.get((tag.page, tag.role, 1)) if tag.role in origin.TEXTS - {"text"} else None
            )
            counterparts = [same] if same is not None else []
        if not counterparts:
            there = any(page == tag.page for page, _, _ in known)
            gone[number, ROLES.get(tag.role, tag.role) if there and tag.role == "remark" else ""] = None
            continue
        changes += _updated(number, shape, tag, counterparts, snapshot, rows.get(tag.page, {}))
    changes += [
        Change(number, f"{what} heute nicht mehr Teil des Berichts; unverändert gelassen".strip(), kept=True)
        for number, what in gone
    ]
    changes += _new_remarks(fresh, first, {tag.key for _, _, tag in listed})
    origin.note_placeholders(deck)
    return Refreshed(deck, tuple(sorted(changes, key=lambda change: change.slide)))


def _new_remarks(
    fresh: Mapping[str, Mapping[tuple[str, str, int], Pptx]],
    first: Mapping[tuple[str, str], int],
    there: Collection[tuple[str, str, int]],
) -> list[Change]:
    """Remarks of today on pages of the deck that have none: nothing is drawn on an edited slide, so they are told.

    ``first`` is the first slide of each address and page.
    """
    remarks = {place: fresh[place[0]].get((place[1], "remark", 1)) for place in first}
    return [
        Change(
            first[place],
            f"im Bericht steht heute zusätzlich „{_short(shape.text_frame.text)}“",
            kept=True,
        )
        for place, shape in remarks.items()
        if shape is not None and (place[1], "remark", 1) not in there
    ]


def _tagged(deck: Pptx) -> list[tuple[int, Pptx, Tag]]:
    return [
        (number, shape, tag)
        for number, slide in enumerate(deck.slides, start=1)
        for shape in origin.with_notes(slide)
        if (tag := origin.read(shape)) is not None and origin.fits(shape, tag)
    ]


def _rows(listed: list[tuple[int, Pptx, Tag]]) -> dict[str, parts.Rows]:
    """The rows of each page's tables on all of its slides, as they are now."""
    found: dict[str, parts.Rows] = {}
    for _, shape, tag in listed:
        if tag.role == "table":
            for name, rows in parts.rows_by_name(shape.table).items():
                found.setdefault(tag.page, {}).setdefault(name, []).extend(map(copy.deepcopy, rows))
    return found


def _updated(
    number: int, shape: Pptx, tag: Tag, counterparts: list[Pptx], snapshot: str, rows: parts.Rows
) -> list[Change]:
    name, changes = ROLES.get(tag.role, tag.role), []
    edited = origin.hash_of(origin.content(shape)) != tag.content
    before = origin.content(shape)
    if edited:
        now = _today(shape, tag, counterparts)
        if origin.hash_of(now) != tag.content:
            told = (
                f"; heute stünde dort: „{_short(now)}“"
                if tag.role in origin.TEXTS
                else ", obwohl sich die Zahlen geändert haben"
            )
            changes.append(Change(number, f"{name} von Hand geändert und belassen{told}", kept=True))
    else:
        try:
            lost = _take_over(shape, tag, counterparts, rows)
        except parts.Unfit as fault:
            changes.append(Change(number, f"{name} nicht aufgefrischt: {fault}", kept=True))
            return changes
        after = origin.content(shape)
        if after != before:
            changes.append(Change(number, f"{name}: {_said(tag, before, after)}"))
        changes += [Change(number, f"{name}: {sentence}") for sentence in lost]
    said, held = origin.alt(counterparts[0]), origin.alt(shape)
    # LibreOffice drops those of charts and tables: they are given back.
    described = bool(held) and tag.alt != origin.hash_of(held)
    # Today's words would contradict what was edited and kept.
    if said and not edited and not described:
        shape._element._nvXxPr.cNvPr.set("descr", said)
    if said and described and origin.hash_of(said) != tag.alt:
        told = f"; heute stünde dort: „{_short(said)}“"
        changes.append(
            Change(number, f"{name}: Alternativtext von Hand geändert und belassen{told}", kept=True)
        )
    written = replace(tag, origin=replace(tag.origin, snapshot=snapshot))
    # What was edited stays known as edited: its hash is still that of what was made.
    content = tag.content if edited else origin.hash_of(origin.content(shape))
    alt = tag.alt if edited or described else origin.hash_of(origin.alt(shape))
    origin.put(shape, replace(written, content=content, alt=alt))
    return changes


def _take_over(shape: Pptx, tag: Tag, counterparts: list[Pptx], rows: parts.Rows) -> list[str]:
    """What the shape shows today; a sentence for each thing done by hand that could not stay."""
    if tag.role == "chart":
        return figures.write_figures(shape.chart, counterparts[0].chart)
    if tag.role == "picture":
        return _replace_picture(shape, counterparts[0])
    lost = (
        parts.write_rows(shape.table, _dealt(tag, counterparts), rows)
        if tag.role == "table"
        else words.write_lines(
            shape.text_frame, _lines(shape, tag, counterparts[0]), single=tag.role in SINGLE
        )
    )
    return [f"Hervorhebung von „{_short(one)}“ entfallen" for one in lost]


def _today(shape: Pptx, tag: Tag, counterparts: list[Pptx]) -> str:
    """What the shape would say today."""
    if tag.role in origin.TEXTS:
        return "\n".join(_lines(shape, tag, counterparts[0]))
    return origin.content(counterparts[0])


def _lines(shape: Pptx, tag: Tag, counterpart: Pptx) -> list[str]:
    lines = [paragraph.text for paragraph in counterpart.text_frame.paragraphs]
    if tag.role == "title":
        return [parts.counted_as(shape.text_frame.text, lines[0])]
    return lines


def _dealt(tag: Tag, counterparts: list[Pptx]) -> list[list[str]]:
    """The rows of today that stand on this slide of a table: all of them, shared by as many slides as there were."""
    rows = [[[cell.text_frame.text for cell in row.cells] for row in one.table.rows] for one in counterparts]
    head, body = rows[0][0], [row for one in rows for row in one[1:]]
    each = -(-len(body) // tag.of)
    return [head, *body[(tag.number - 1) * each : tag.number * each]]


def _replace_picture(shape: Pptx, counterpart: Pptx) -> list[str]:
    """The file of today's picture in the frame of the old one, under the effects that somebody gave it.

    The SVG beside it goes, and so does the original that artistic effects keep: both show the old picture.
    """
    part, _ = shape.part.get_or_add_image_part(io.BytesIO(counterpart.image.blob))
    blip = shape._element.blipFill.blip
    blip.rEmbed = shape.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    artistic = bool(blip.xpath("./a:extLst/a:ext/*[local-name()='imgProps']"))
    for one in blip.xpath("./a:extLst/a:ext[*[local-name()='svgBlip' or local-name()='imgProps']]"):
        extensions = one.getparent()
        extensions.remove(one)
        if len(extensions) == 0:
            blip.remove(extensions)
    return ["künstlerischer Effekt entfallen, er zeigte das alte Bild"] if artistic else []


def _said(tag: Tag, before: str, after: str) -> str:
    if tag.role in ("title", "subtitle"):
        return f"„{_short(before)}“ → „{_short(after)}“"
    if tag.role == "chart":
        return _figures_changed(before, after)
    if tag.role == "table":
        return _cells_changed(before, after)
    return "aufgefrischt"


def _figures_changed(before: str, after: str) -> str:
    old, new = (_points(json.loads(text)) for text in (before, after))
    changed = sum(old.get(place) != value for place, value in new.items()) + len(old.keys() - new.keys())
    return f"{german.count(changed, 'Wert', 'Werte')} geändert"


def _points(series: list[tuple[str, list[list[str]]]]) -> dict[tuple[str, str], str]:
    return {
        (name, (categories or across)[at] if at < len(categories or across) else str(at)): value
        for name, (categories, values, across, up, _) in series
        for at, value in enumerate(values or up)
    }


def _cells_changed(before: str, after: str) -> str:
    old, new = (json.loads(text) for text in (before, after))
    known = {row[0]: row for row in old}
    added = [row[0] for row in new if row[0] not in known]
    gone = [row[0] for row in old if row[0] not in {row[0] for row in new}]
    changed = sum(row != known[row[0]] for row in new if row[0] in known)
    told = [f"{german.count(changed, 'Zeile', 'Zeilen')} geändert"] if changed else []
    told += [f"neu: {german.listing([_short(one) for one in added])}"] if added else []
    told += [f"entfallen: {german.listing([_short(one) for one in gone])}"] if gone else []
    return "; ".join(told) or "neu geordnet"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 2]} …"
