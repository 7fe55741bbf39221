"""Tables of the documents that follow from the code; ``UPDATE_DOCS=1`` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from portalkompass.answers import Answer
from portalkompass.screens import SCREENS, Screen, Topic, View

UPDATE = os.environ.get("UPDATE_DOCS") == "1"


def every_topic() -> dict[str, Topic]:
    """Topics of all views and details by id, in the order of the screens."""
    views = [view.topic for screen in SCREENS for view in screen.views if view.topic]
    details = [topic for screen in SCREENS for topic in screen.details.values()]
    return {topic.id: topic for topic in (*views, *details)}


def screen_table() -> str:
    """One row a view: screen, page file, parameter of the address, view, topic."""
    rows = [row for screen in SCREENS for row in _rows(screen)]
    return _table(("screen", "page", "parameter", "view", "topic"), rows)


def exhibit_table(answers: Iterable[tuple[str, Answer]]) -> str:
    """One row a topic: its answer function's module, and ids and kinds of its exhibits in their order."""
    rows = [
        (f"`{name}`", f"`{_module(every_topic()[name])}`", ", ".join(_exhibits(answer)))
        for name, answer in answers
    ]
    return _table(("topic", "module", "exhibits"), rows)


def shown_in(document: Path, name: str) -> str:
    """The table between the marks of that name."""
    return _split(document.read_text(encoding="utf-8"), name)[1].strip()


def write(document: Path, name: str, table: str) -> None:
    """Put the table between the marks of that name."""
    before, _, after = _split(document.read_text(encoding="utf-8"), name)
    document.write_text(f"{before}\n{table}\n{after}", encoding="utf-8")


def _rows(screen: Screen) -> list[tuple[str, ...]]:
    parts = [(_view(view), view.topic) for view in screen.views]
    details = [(f"in full: `--{key}`", topic) for key, topic in screen.details.items()]
    head = (f"{screen.title} (`/{screen.slug}`)", f"`pages/{screen.file}`", _code(screen.parameter))
    return [
        (*(head if number == 0 else ("", "", "")), view, _code(topic.id if topic else ""))
        for number, (view, topic) in enumerate((*parts, *details))
    ]


def _view(view: View) -> str:
    return f"{view.title} (`{view.slug}`)"


def _code(text: str) -> str:
    return f"`{text}`" if text else "–"


def _module(topic: Topic) -> str:
    return topic.load().__module__.removeprefix("portalkompass.answers.")


def _exhibits(answer: Answer) -> list[str]:
    return [f"{exhibit.id} ({exhibit.kind})" for exhibit in answer.exhibits] or ["none on the sample data"]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _split(text: str, name: str) -> tuple[str, str, str]:
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, _, rest = text.partition(begin)
    table, _, after = rest.partition(end)
    assert rest
    assert after
    return before + begin, table, end + after
