"""An answer as plain JSON values and as Markdown: what scripts read, with the same suppression as any export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from portalkompass import german
from portalkompass.answers import Answer, Figure
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.scope import Match, Scope
from portalkompass.exhibit import Exhibit
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.markdown import defused
from portalkompass.metrics.selection import Period
from portalkompass.screens.catalogue import slug
from portalkompass.screens.requests import Request


def as_json(request: Request, question: Question, answer: Answer) -> dict[str, Any]:
    """The answer in the shape of the command ``ask``: numbers unrounded, days ISO, small counts hidden."""
    return {
        "screen": request.screen.slug,
        "view": request.view.slug,
        "filters": _filters(request),
        "period": _period(question.now),
        "like": _period(question.like),
        "before": _period(question.before),
        "data_date": plain(answer.data_date),
        "origin": question.warehouse.origin,
        "message": answer.message,
        "figures": [_figure(figure, question) for figure in answer.figures],
        "exhibits": [_exhibit(outgoing(exhibit)) for exhibit in answer.exhibits],
        "caveats": list(answer.caveats),
        "next_steps": list(answer.next_steps),
    }


def as_markdown(answer: Answer) -> str:
    """Message, figures and tables for people; cells are written as on the screen."""
    parts = [f"**{defused(answer.message)}**"]
    if answer.figures:
        rows = [(figure.label, figure.value, figure.change) for figure in answer.figures]
        parts.append(_table(("Kennzahl", "Wert", "Veränderung"), rows))
    for exhibit in map(outgoing, answer.exhibits):
        columns = [german.texts(exhibit.frame[field.name], field.format) for field in exhibit.fields]
        heads = tuple(
            f"{field.label} ({field.unit})" if field.unit else field.label for field in exhibit.fields
        )
        parts += [
            f"## {defused(exhibit.headline)}",
            defused(exhibit.subtitle),
            _table(heads, list(zip(*columns, strict=True))),
        ]
        parts.append("\n".join(f"- {defused(line)}" for line in (*exhibit.notes, exhibit.footer)))
    lists = (("Hinweise", answer.caveats), ("Nächste Schritte", answer.next_steps))
    parts += [
        f"## {head}\n\n" + "\n".join(f"- {defused(line)}" for line in lines) for head, lines in lists if lines
    ]
    return "\n\n".join(parts) + "\n"


def _filters(request: Request) -> dict[str, object]:
    asked = request.filters
    return {
        "site": asked.site,
        "from": asked.start.isoformat(),
        "to": asked.end.isoformat(),
        "compare": asked.compare,
        "compare_from": plain(asked.compare_from),
        "compare_to": plain(asked.compare_to),
        "grain": asked.grain,
        "type": asked.search_type,
        **_scope(asked.scope),
        **request.keywords,
    }


def _scope(scope: Scope) -> dict[str, str]:
    """The filters that were given, by their name on the command line."""
    plain_names = {"service": "only_service"}
    parts = {name: getattr(scope, name) for name in scope.__dataclass_fields__}
    return {
        f"{name}_{value.how}" if isinstance(value, Match) else plain_names.get(name, name): (
            value.text if isinstance(value, Match) else value
        )
        for name, value in parts.items()
        if value
    }


def _figure(figure: Figure, question: Question) -> dict[str, Any]:
    """Period and comparison are those of the answer where the figure has no days of its own."""
    compared = figure.change_number is not None
    return {
        "id": figure.id or slug(figure.label),
        "label": figure.label,
        "value": figure.value,
        "number": figure.number,
        "change": figure.change,
        "change_number": figure.change_number,
        "like_number": figure.like_number,
        "before_number": figure.before_number,
        "period": _period(question.now),
        "like": _period(question.like) if compared else None,
        "before": _period(question.before) if compared else None,
        "definition": figure.help,
    }


def _exhibit(exhibit: Exhibit) -> dict[str, Any]:
    names = [field.name for field in exhibit.fields]
    return {
        "id": exhibit.id,
        "kind": exhibit.kind,
        "headline": exhibit.headline,
        "subtitle": exhibit.subtitle,
        "fields": [
            {"name": field.name, "label": field.label, "unit": field.unit, "definition": field.help}
            for field in exhibit.fields
        ],
        "rows": [
            {name: plain(value) for name, value in zip(names, row, strict=True)}
            for row in exhibit.frame[names].itertuples(index=False, name=None)
        ],
        "notes": list(exhibit.notes),
        "source": exhibit.source,
        "data_date": plain(exhibit.data_date),
    }


def plain(value: object) -> object:
    """A cell as a JSON value: days ISO, missing values null, numbers as they are."""
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if german.is_missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _period(period: Period | None) -> dict[str, str] | None:
    return None if period is None else {"from": period.start.isoformat(), "to": period.end.isoformat()}


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(defused(str(cell)) for cell in line) + " |" for line in lines)
