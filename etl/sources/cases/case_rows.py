"""A table of cases parsed column by column: one row per service, month and channel, the others with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.errors import LoadError
from etl.files.distinct import Cells, Mask, distinct
from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING
from etl.files.tabular import Sheet
from etl.reports import Rejection, RejectionKind
from etl.sources.balance import Balance
from etl.sources.cases.case_cells import KnownServices, case_parsers, channel_of
from etl.sources.file_kind import ragged_faults
from portalkompass.schema import ALL_CHANNELS, UNKNOWN_CHANNEL
from portalkompass.settings import Settings

KEY = ["service", "month", "channel"]
COUNTS = ("cases", "applications", "end_to_end", "backlog")
FIGURES = (*COUNTS, "processing_days", "cost")
_CONCEPTS: Mapping[str, tuple[str, ...]] = {
    "service_id": ("service_id",),
    "leika_key": ("leika_key",),
    "service_name": ("leika_name",),
    "month": ("period", "date"),
    "channel": ("case_channel",),
    "cases": ("cases_total",),
    "applications": ("applications",),
    "end_to_end": ("end_to_end",),
    "backlog": ("backlog",),
    "processing_days": ("processing_days",),
    "cost": ("case_cost",),
}
"""Field → meanings of the headings that hold it (`etl.files.kinds.vocabulary`)."""
_SERVICE = ("service_id", "service_name", "leika_key")
"""Fields that can say which service a row is of, the surest first."""
_CHANNEL, _CASES, _TOTAL = "Kanal", "Fälle", "Gesamt"
_PARTS = (("applications", "Anträge"), ("end_to_end", "Fälle von Ende zu Ende"))


@dataclass(frozen=True, slots=True)
class CaseRows:
    """``rows``: service, month, channel and the figures that the table has; a missing figure is unknown.

    Beside the ``loaded`` rows of the file, ``rows`` holds what it tells without a row of its own: cases that a total
    has beyond its channels, and channels whose figures could not be used, as unknown, so that no share takes the rest
    for the whole. ``balance`` holds the cases (or applications) of the file against those loaded. ``left_out``:
    headings of figures that a table with channels side by side tells for all of them only.
    """

    file_name: str
    rows: pd.DataFrame
    loaded: int
    rejected: tuple[Rejection, ...]
    balance: Balance
    left_out: tuple[str, ...] = ()


def parse(sheet: Sheet, services: KnownServices, settings: Settings) -> CaseRows:
    """Parse every row.

    A row is rejected, for its first fault, when a cell cannot be read, a part is larger than its whole, the row belongs
    to another city, or another row tells of the same service, month and channel.

    Raises:
        LoadError: a needed column is missing, two columns mean the same, or all rows are of another city.
    """
    beside: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    rows = sheet.rows
    if sum(channel_of(heading) not in (None, ALL_CHANNELS) for heading in sheet.header) and not _by_row(
        sheet
    ):
        sheet, beside, left_out = _one_row_a_channel(sheet)
    columns = _columns(sheet)
    parsers = case_parsers(services, settings.current_day())
    cells = {name: distinct(sheet.columns[heading], parsers[name]) for name, heading in columns.items()}
    faults = _Faults(sheet, columns, beside, rows)
    _refuse_other_cities(sheet, settings, faults)
    own = faults.good.copy()
    frame = pd.DataFrame({name: _values(of_name) for name, of_name in cells.items()}, index=range(sheet.rows))
    ways = {name: cells.pop(name) for name in _SERVICE if name in cells}
    frame["service"] = reduce(
        lambda surer, other: surer.where(surer.notna(), other), (frame[name] for name in ways)
    )
    _note_services(frame, ways, columns, faults)
    for name, of_name in cells.items():
        faults.note_cells(of_name, columns[name])
    if "channel" not in frame:
        frame["channel"] = ALL_CHANNELS
    figures = [name for name in FIGURES if name in frame]
    empty = frame[figures].isna().all(axis=1).to_numpy()
    if beside:
        faults.leave_out(empty)  # no cell, no row: a gap beside other channels is no fault
    else:
        faults.note(empty, columns[figures[0]], "die Zeile enthält keine Zahl")
    _note_larger_parts(frame, columns, faults)
    _note_repeated(frame, columns, faults)
    further = _further(frame[own], columns, faults)
    good = frame[faults.good][[*KEY, *figures]]
    rejected = (*ragged_faults(sheet), *faults.rejections())
    balance = _balance(frame, good, further, faults, len(sheet.ragged))
    whole = pd.concat([good, further]) if len(further) else good
    whole = whole.sort_values(KEY, ignore_index=True)
    return CaseRows(sheet.file_name, whole, len(good), rejected, balance, left_out)


def _by_row(sheet: Sheet) -> bool:
    """Whether a column says the channel of each row."""
    return Look(sheet, NOTHING).heading("case_channel") is not None


def _one_row_a_channel(sheet: Sheet) -> tuple[Sheet, tuple[str, ...], tuple[str, ...]]:
    """The table with a row for each of the channels that stand side by side, and for their total where there is one.

    Also the headings of these, in the order of the rows, and those of figures of all channels, which are left out.
    """
    beside = [heading for heading in sheet.header if channel_of(heading)]
    single = [heading for heading in beside if channel_of(heading) != ALL_CHANNELS]
    look = Look(sheet, NOTHING)
    of_figures = {concept for name in FIGURES for concept in _CONCEPTS[name]}
    figures = [name for name in sheet.header if look.concepts.get(name, frozenset()) & of_figures]
    totals = [one for one in sheet.header if one in beside and one not in single]
    totals += [one for one in figures if look.concepts[one] & set(_CONCEPTS["cases"])]
    shown = (*single, *totals[:1])
    kept = [heading for heading in sheet.header if heading not in {*beside, *figures}]
    base, blocks = sheet.columns.select(kept), []
    for heading in shown:
        word = heading if heading in single else _TOTAL
        name = pa.DictionaryArray.from_arrays(
            pa.repeat(pa.scalar(0, pa.int32()), sheet.rows), pa.array([word])
        )
        block = base.append_column(_CHANNEL, name).append_column(_CASES, sheet.columns[heading])
        blocks.append(block)
    columns = pa.concat_tables(blocks, promote_options="permissive").unify_dictionaries()
    lines = pa.chunked_array([chunk for _ in shown for chunk in sheet.lines.chunks], pa.int64())
    long = replace(sheet, header=(*kept, _CHANNEL, _CASES), columns=columns, lines=lines)
    lost = [name for name in figures if not look.concepts[name] & set(_CONCEPTS["cases"])]
    return long, shown, tuple(lost)


def _columns(sheet: Sheet) -> dict[str, str]:
    """Field → heading.

    Raises:
        LoadError: two headings mean the same, or a needed one is missing.
    """
    look = Look(sheet, NOTHING)
    named: dict[str, str] = {}
    for name, concepts in _CONCEPTS.items():
        headings = [
            one for one in look.header if look.concepts[one] & set(concepts) and one not in named.values()
        ]
        if len(headings) > 1:
            raise LoadError(
                f"{sheet.file_name}: Die Spalten „{headings[0]}“ und „{headings[1]}“ bedeuten dasselbe. Bitte eine "
                "davon löschen oder umbenennen."
            )
        if headings:
            named[name] = headings[0]
    missing = [
        words
        for words, there in (
            ("Leistung (Name, Kennung oder Leistungsschlüssel)", any(name in named for name in _SERVICE)),
            ("Monat", "month" in named),
            ("Fälle oder eine andere Zahl", any(name in named for name in FIGURES)),
        )
        if not there
    ]
    if missing:
        raise LoadError(
            f"{sheet.file_name}: Es fehlt die Spalte {', '.join(missing)}; vorhanden sind {', '.join(sheet.header)}."
        )
    return named


def _values(cells: Cells) -> pd.Series[Any]:
    """The parsed values row by row; numbers as numbers, missing as NaN."""
    values = cells.values or [None]
    numbers = all(isinstance(value, int | float) or value is None for value in values)
    array = np.array(values, dtype="float64" if numbers else "object")
    return pd.Series(array[cells.codes])


class _Faults:
    """The first fault of each row, and rows that are none of their own."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, str], beside: tuple[str, ...], rows: int) -> None:
        self._sheet, self._columns, self._rows = sheet, columns, rows
        self._beside = beside
        self.good: Mask = np.ones(sheet.rows, dtype=bool)
        self._found: list[tuple[int, str, str, RejectionKind]] = []

    def note(self, rows: Mask, heading: str, reason: str, kind: RejectionKind = "fault") -> None:
        """The rows have this fault, if they have none yet."""
        new = np.flatnonzero(rows & self.good)
        self._found += [(int(row), heading, reason, kind) for row in new]
        self.good[new] = False

    def leave_out(self, rows: Mask) -> None:
        """The rows are none."""
        self.good &= ~rows

    def note_cells(self, cells: Cells, heading: str) -> None:
        """The rows whose cell could not be parsed."""
        for code, reason in cells.reasons.items():
            self.note(cells.codes == code, heading, reason, cells.kinds.get(code, "fault"))

    def rejections(self) -> list[Rejection]:
        """All of them by line."""
        lines = self._sheet.lines.to_pylist()
        return [
            Rejection(
                self._sheet.file_name,
                lines[row],
                self._beside[row // self._rows] if self._beside and heading == _CASES else heading,
                str(self._sheet.columns[heading][row].as_py() or ""),
                f"{reason}.",
                kind,
            )
            for row, heading, reason, kind in sorted(self._found)
        ]

    @property
    def fault_rows(self) -> list[int]:
        """Rows with a fault of their own; the others only sum some."""
        return [row for row, _, _, kind in self._found if kind == "fault"]

    @property
    def faulty(self) -> int:
        """How many these are."""
        return len(self.fault_rows)


def _refuse_other_cities(sheet: Sheet, settings: Settings, faults: _Faults) -> None:
    """Rows that a column of regional keys gives to another city.

    Raises:
        LoadError: all of them are.
    """
    heading = Look(sheet, NOTHING).heading("ars")
    if heading is None or not sheet.rows:
        return
    ars = settings.city.ars
    own = {ars, ars[:5] + ars[9:], ars.lstrip("0"), (ars[:5] + ars[9:]).lstrip("0")}
    texts = sheet.columns[heading].to_pylist()
    other = np.array([bool(text and text.strip().lstrip("'") not in own) for text in texts], dtype=bool)
    if other.all():
        raise LoadError(
            f"{sheet.file_name}: Alle Zeilen gehören nach der Spalte „{heading}“ nicht zu "
            f"{settings.city.name}. Bitte die Fälle der eigenen Stadt laden."
        )
    faults.note(other, heading, f"gehört nicht zu {settings.city.name}")


def _note_services(
    frame: pd.DataFrame, ways: Mapping[str, Cells], columns: Mapping[str, str], faults: _Faults
) -> None:
    """Rows whose service nothing tells, or of which two columns name different ones; sums of all services."""
    for name, cells in ways.items():
        for code, kind in cells.kinds.items():
            faults.note(cells.codes == code, columns[name], cells.reasons[code], kind)
    unknown = frame["service"].isna().to_numpy()
    for name, cells in ways.items():
        filled = np.array([bool(text.strip()) for text in cells.texts] or [False])[cells.codes]
        for code, reason in cells.reasons.items():
            faults.note(unknown & filled & (cells.codes == code), columns[name], reason)
    first = columns[next(iter(ways))]
    faults.note(unknown, first, "die Leistung fehlt")
    for name in ways:
        differing = frame[name].notna() & (frame[name] != frame["service"])
        faults.note(differing.to_numpy(), first, "Name und Schlüssel gehören zu verschiedenen Leistungen")


def _note_larger_parts(frame: pd.DataFrame, columns: Mapping[str, str], faults: _Faults) -> None:
    for name, words in _PARTS:
        if name in frame and "cases" in frame:
            faults.note((frame[name] > frame["cases"]).to_numpy(), columns[name], f"mehr {words} als Fälle")


def _note_repeated(frame: pd.DataFrame, columns: Mapping[str, str], faults: _Faults) -> None:
    """A month told twice: none of both is known to be right, unless both say the same."""
    rows = frame[faults.good]
    same = rows.duplicated()
    faults.note(_mask(frame, same[same].index), columns["month"], "steht wortgleich schon weiter oben")
    rows = rows[~same]
    double = rows.duplicated(KEY, keep=False)
    reason = "der Monat steht für diese Leistung und diesen Kanal mit anderen Zahlen noch einmal da"
    faults.note(_mask(frame, double[double].index), columns["month"], reason)


def _further(frame: pd.DataFrame, columns: Mapping[str, str], faults: _Faults) -> pd.DataFrame:
    """What the table tells without a row of its own: service, month, channel, cases.

    A total beside channels is none of them: what it has beyond their sum is of an unknown channel, and a total below it
    is a fault. Without a total the channels whose row or cell cannot be used are unknown.
    """
    placed = frame[frame["service"].notna() & frame["month"].notna()]
    group = pd.MultiIndex.from_frame(placed[KEY[:2]])
    single = (placed["channel"] != ALL_CHANNELS).to_numpy()
    good = faults.good[placed.index.to_numpy(dtype=int)]
    summed = ~single & good & group.isin(group[single].unique())
    extra = [pd.DataFrame(columns=[*KEY, "cases"])]
    if summed.any() and "cases" in frame:
        told = placed[single & good].groupby(KEY[:2])["cases"].sum()
        totals = placed[summed].set_index(KEY[:2])["cases"]
        beyond = totals - told.reindex(totals.index).fillna(0.0)
        below = (beyond < 0).to_numpy()
        rows = placed.index[summed]
        reason = "weniger Fälle als die Summe der Kanäle"
        faults.note(_mask(faults.good, rows[below]), columns["cases"], reason)
        whole = beyond[~below]
        more = whole[whole > 0].rename("cases").reset_index()
        extra.append(more.assign(channel=UNKNOWN_CHANNEL))
        settled = whole.dropna().index
    else:
        settled = group[:0]
    if summed.any():
        reason = "Summe der Kanäle; Summen werden aus den Zeilen gebildet"
        faults.note(_mask(faults.good, placed.index[summed]), columns["channel"], reason, "total")
    lost = placed[single & ~good & ~group.isin(settled)][KEY]
    lost = lost.assign(channel=lost["channel"].fillna(UNKNOWN_CHANNEL), cases=float("nan")).drop_duplicates(
        KEY
    )
    there = pd.MultiIndex.from_frame(placed[good][KEY])
    extra.append(lost[~pd.MultiIndex.from_frame(lost[KEY]).isin(there)])
    filled = [part for part in extra if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else extra[0]


def _mask(frame: pd.DataFrame | Mask, rows: pd.Index[Any]) -> Mask:
    mask = np.zeros(len(frame), dtype=bool)
    mask[rows.to_numpy(dtype=int)] = True
    return mask


def _balance(
    frame: pd.DataFrame, good: pd.DataFrame, further: pd.DataFrame, faults: _Faults, ragged: int
) -> Balance:
    """In cases, else in applications; without either only in rows."""
    rows = len(good) + faults.faulty + ragged
    for name, unit in (("cases", "Fälle"), ("applications", "Anträge")):
        if name in frame:
            loaded = good[name].sum() + (further[name].sum() if name in further else 0)
            lost = frame.loc[faults.fault_rows, name].sum()
            return Balance(unit, rows, len(good), int(loaded + lost), int(loaded))
    return Balance("", rows, len(good), 0, 0)
