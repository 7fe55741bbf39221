"""What all commands share: the data they work on, days, and where results are written."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portalkompass import german
from portalkompass.settings import Settings, load_settings
from portalkompass.warehouse.snapshots import replace_whole

if TYPE_CHECKING:
    from portalkompass.answers import Filters
    from portalkompass.warehouse.reader import Warehouse

Demo = Annotated[bool, typer.Option("--demo", help="Beispieldaten statt der eigenen auswerten.")]


class NoData(Exception):
    """There is nothing to report on; the message says what to do."""


@contextmanager
def as_no_data(*kinds: type[Exception]) -> Iterator[None]:
    """Faults of these kinds, whose message is a sentence for the reader, become ``NoData``."""
    try:
        yield
    except kinds as error:
        raise NoData(str(error)) from None


def settings_of(demo: bool) -> Settings:
    """The settings, or those of the sample data.

    Raises:
        SettingsError: they cannot be read.
    """
    settings = load_settings()
    return settings.as_demo() if demo else settings


def open_warehouse(demo: bool) -> tuple[Warehouse, Settings]:
    """The warehouse to report on.

    Raises:
        NoData: nothing was loaded yet.
    """
    from portalkompass.operations import SafekeepingError, finish_pending
    from portalkompass.warehouse import snapshots
    from portalkompass.warehouse.reader import NOTHING_PUBLISHED, open_published

    settings = snapshots.in_use(load_settings(), demo=demo)
    # A restore that was killed half-way is finished, or laid aside, before anything is read.
    with as_no_data(SafekeepingError):
        if told := finish_pending(settings):
            typer.echo(told, err=True)
    warehouse = open_published(settings)
    if warehouse.name == NOTHING_PUBLISHED:
        step = "python -m etl demo" if demo else "python -m etl run“ oder „python -m etl import DATEI"
        raise NoData(f"Es sind noch keine Daten geladen. Nächster Schritt: „{step}“.")
    return warehouse, settings


def filters_of(
    warehouse: Warehouse,
    settings: Settings,
    first: dt.date | None,
    last: dt.date | None,
    as_of: dt.date | None = None,
) -> Filters:
    """The default question with another period, or with the OZG list as of another day.

    Raises:
        BadParameter: the period ends before it begins.
    """
    from dataclasses import replace

    from portalkompass.answers import default_filters

    chosen = default_filters(warehouse, settings, as_of=as_of)
    start, end = first or chosen.start, last or chosen.end
    if start > end:
        raise typer.BadParameter(f"Der erste Tag ({start}) liegt nach dem letzten ({end}).")
    return replace(chosen, start=start, end=end)


def day(text: str, option: str) -> dt.date | None:
    """The day of an option; None where it was not given.

    Raises:
        BadParameter: it is no day.
    """
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option}: „{text}“ ist kein Tag der Form JJJJ-MM-TT.") from None


def write_json(result: object, out: Path | None = None) -> None:
    """JSON to the file or to stdout, unrounded, German letters as they are."""
    write(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n", out)


def write(content: str | bytes, out: Path | None = None) -> None:
    """To the file or to stdout, always UTF-8 whatever the terminal's code page.

    A file that is there stays as it is until the new one is whole: it may be the only copy of an edited deck.

    Raises:
        NoData: the file cannot be written.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    try:
        if out.exists() and not out.is_file():  # a device or a pipe: nothing there to keep
            out.write_bytes(raw)
        else:
            replace_whole(out.resolve(), raw)
    except OSError as error:
        raise NoData(f"{out} lässt sich nicht schreiben: {german.why_unreadable(error)}.") from None
