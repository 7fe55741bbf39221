"""All kinds of tables, and which of them a table is.

Adding a kind: its entry beside its relatives in this folder. Every two kinds are held apart by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from etl.files.kinds.case_kinds import CASE_KINDS
from etl.files.kinds.kind import Kind, Recognition, judged
from etl.files.kinds.list_kinds import LIST_KINDS
from etl.files.kinds.look import Look
from etl.files.kinds.portal_kinds import PORTAL_KINDS
from etl.files.kinds.search_kinds import SEARCH_KINDS
from etl.files.kinds.search_reports import SEARCH_REPORTS
from etl.files.sheets import Sheet

KINDS: tuple[Kind, ...] = (*SEARCH_KINDS, *SEARCH_REPORTS, *PORTAL_KINDS, *CASE_KINDS, *LIST_KINDS)
NOTHING: Mapping[str, str] = MappingProxyType({})


def recognise(sheet: Sheet, known: Mapping[str, str] = NOTHING) -> Recognition:
    """The kind that fits the table best; of equal ones the first of the list.

    ``known``: heading → meaning, where the settings name one ("" = the column is to be left out).
    """
    if sheet.fault or not sheet.header:
        return Recognition(None)
    look = Look(sheet, known)
    fitting = [found for kind in KINDS if (found := judged(kind, look)) is not None]
    return max(fitting, key=lambda found: found.score, default=Recognition(None))


def kind_named(name: str) -> Kind:
    """The kind of that name."""
    return next(kind for kind in KINDS if kind.name == name)
