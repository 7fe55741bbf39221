"""A table of cases parsed column by column: one row per service, month and channel, the others with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING
from etl.files.tabular import Sheet
from etl.reports import Rejection
from etl.sources.balance import Balance
from etl.sources.cases.case_cells import case_parsers, channel_of
from etl.sources.file_kind import ragged_faults
from etl.sources.service_tables.known_services import KnownServices
from etl.sources.service_tables.service_rows import Beside, Faults, mask_of, read_table
from portalkompass.schema import ALL_CHANNELS, UNKNOWN_CHANNEL
from portalkompass.settings import Settings

KEY = ["service", "month", "channel"]
COUNTS = ("cases", "applications", "end_to_end", "backlog")
FIGURES = (*COUNTS, "processing_days", "cost")
_FIELDS: Mapping[str, tuple[str, ...]] = {
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
_NEEDED = {"Monat": ("month",), "Fälle oder eine andere Zahl": FIGURES}
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
    table = read_table(
        sheet,
        _FIELDS,
        _NEEDED,
        case_parsers(services, settings.current_day()),
        settings,
        Beside(beside, rows, _CASES) if beside else None,
    )
    columns, frame, faults = table.columns, table.frame, table.faults
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
    further = _further(frame[table.own], columns, faults)
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
    of_figures = {concept for name in FIGURES for concept in _FIELDS[name]}
    figures = [name for name in sheet.header if look.concepts.get(name, frozenset()) & of_figures]
    totals = [one for one in sheet.header if one in beside and one not in single]
    totals += [one for one in figures if look.concepts[one] & set(_FIELDS["cases"])]
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
    lost = [name for name in figures if not look.concepts[name] & set(_FIELDS["cases"])]
    return long, shown, tuple(lost)


def _note_larger_parts(frame: pd.DataFrame, columns: Mapping[str, str], faults: Faults) -> None:
    for name, words in _PARTS:
        if name in frame and "cases" in frame:
            faults.note((frame[name] > frame["cases"]).to_numpy(), columns[name], f"mehr {words} als Fälle")


def _note_repeated(frame: pd.DataFrame, columns: Mapping[str, str], faults: Faults) -> None:
    """A month told twice: none of both is known to be right, unless both say the same."""
    rows = frame[faults.good]
    same = rows.duplicated()
    faults.note(mask_of(frame, same[same].index), columns["month"], "steht wortgleich schon weiter oben")
    rows = rows[~same]
    double = rows.duplicated(KEY, keep=False)
    reason = "der Monat steht für diese Leistung und diesen Kanal mit anderen Zahlen noch einmal da"
    faults.note(mask_of(frame, double[double].index), columns["month"], reason)


def _further(frame: pd.DataFrame, columns: Mapping[str, str], faults: Faults) -> pd.DataFrame:
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
        faults.note(mask_of(faults.good, rows[below]), columns["cases"], reason)
        whole = beyond[~below]
        more = whole[whole > 0].rename("cases").reset_index()
        extra.append(more.assign(channel=UNKNOWN_CHANNEL))
        settled = whole.dropna().index
    else:
        settled = group[:0]
    if summed.any():
        reason = "Summe der Kanäle; Summen werden aus den Zeilen gebildet"
        faults.note(mask_of(faults.good, placed.index[summed]), columns["channel"], reason, "total")
    lost = placed[single & ~good & ~group.isin(settled)][KEY]
    lost = lost.assign(channel=lost["channel"].fillna(UNKNOWN_CHANNEL), cases=float("nan")).drop_duplicates(
        KEY
    )
    there = pd.MultiIndex.from_frame(placed[good][KEY])
    extra.append(lost[~pd.MultiIndex.from_frame(lost[KEY]).isin(there)])
    filled = [part for part in extra if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else extra[0]


def _balance(
    frame: pd.DataFrame, good: pd.DataFrame, further: pd.DataFrame, faults: Faults, ragged: int
) -> Balance:
    """In cases, else in applications; without either only in rows."""
    rows = len(good) + faults.faulty + ragged
    for name, unit in (("cases", "Fälle"), ("applications", "Anträge")):
        if name in frame:
            loaded = good[name].sum() + (further[name].sum() if name in further else 0)
            lost = frame.loc[faults.fault_rows, name].sum()
            return Balance(unit, rows, len(good), int(loaded + lost), int(loaded))
    return Balance("", rows, len(good), 0, 0)
