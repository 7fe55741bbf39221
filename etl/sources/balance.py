"""What a file contains against what is loaded of it, in rows and in its main figure: the same rule for every import."""

from __future__ import annotations

from dataclasses import dataclass

from etl.reports import counted, german_count

WARN_SHARE = 0.01
"""From this share of what the file contains on, what is not loaded is said as a share."""
REFUSE_SHARE = 0.25
"""Above this share of unreadable figures the file is not loaded: the rest would be taken for the whole."""
SHRINK_SHARE = 0.2
"""A list that is shorter than the loaded one by more than this share is loaded only after a person has said yes."""
ENOUGH_ROWS = 10
"""Of fewer rows a share says nothing; their figures still do."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Rows and the sum of one figure (``unit``, in German): all of the file, and those loaded.

    ``remainder``: the figure of rows in which the source itself has put together what is too small to be listed.
    Sum rows are in none of these. ``stated``: the sum that the file itself names, if any. ``unread``: rows whose figure
    is no number, so that no sum can tell what they hold.
    """

    unit: str
    rows: int
    rows_loaded: int
    total: int
    loaded: int
    remainder: int = 0
    stated: int | None = None
    unread: int = 0

    @property
    def lost_share(self) -> float:
        """Share of the figure that could not be read and is no remainder."""
        return (self.total - self.loaded - self.remainder) / self.total if self.total else 0.0

    @property
    def lost_row_share(self) -> float:
        """Share of the rows that are not loaded."""
        return 1 - self.rows_loaded / self.rows if self.rows else 0.0


def contained(balance: Balance) -> str:
    """``Enthalten: 6 Zeilen mit 715 Seitenansichten; geladen: 2 Zeilen mit 570.``"""
    whole, taken = (counted(number, "Zeile", "Zeilen") for number in (balance.rows, balance.rows_loaded))
    if not balance.total:
        return f"Enthalten: {whole}; geladen: {taken}."
    sums = german_count(balance.total), german_count(balance.loaded)
    unit = balance.unit if balance.unit.endswith(("n", "s")) else f"{balance.unit}n"  # Fälle: mit 5 Fällen
    return f"Enthalten: {whole} mit {sums[0]} {unit}; geladen: {taken} mit {sums[1]}."


def too_little(balance: Balance) -> str:
    """Why a file is held back of which too much would be missing, in German; "" where enough is loaded."""
    if balance.rows >= ENOUGH_ROWS and balance.unread > REFUSE_SHARE * balance.rows:
        rows = f"{german_count(balance.unread)} von {counted(balance.rows, 'Zeile', 'Zeilen')}"
        return f"in {rows} ließ sich die Zahl nicht lesen; bitte ganze Zahlen exportieren"
    few = balance.rows >= ENOUGH_ROWS and not balance.total and balance.lost_row_share > REFUSE_SHARE
    if balance.lost_share <= REFUSE_SHARE and not few:
        return ""
    if not balance.total:
        rows = f"{german_count(balance.rows_loaded)} von {german_count(balance.rows)}"
        return f"nur ein Teil der Zeilen ({rows}) ließ sich lesen"
    share = percent(balance.loaded / balance.total)
    figure = f"{german_count(balance.loaded)} von {german_count(balance.total)}"
    return f"nur {share} der {balance.unit} ({figure}) ließen sich lesen"


def shrinks(before: int, now: int) -> bool:
    """Whether a list is so much shorter than the loaded one that a person is asked first."""
    return before > 0 and now < (1 - SHRINK_SHARE) * before


def balance_warnings(balance: Balance) -> list[str]:
    """German sentences where the loaded rows are not all that the file contains."""
    warnings = []
    if balance.total and balance.lost_share >= WARN_SHARE:
        missing = balance.total - balance.loaded - balance.remainder
        warnings.append(
            f"Enthalten sind {german_count(balance.total)} {balance.unit}, geladen werden "
            f"{german_count(balance.loaded)}: "
            f"{percent(balance.lost_share)} ({german_count(missing)}) stehen in abgewiesenen Zeilen."
        )
    if balance.remainder:
        warnings.append(
            f"{german_count(balance.remainder)} {balance.unit} ({percent(balance.remainder / balance.total)} von "
            f"{german_count(balance.total)}) stehen in Sammelzeilen und gehören zu keiner Seite; bitte alle Zeilen "
            "exportieren."
        )
    if balance.stated is not None and balance.stated != balance.total:
        warnings.append(
            f"Die Summenzeile nennt {german_count(balance.stated)} {balance.unit}, die Zeilen ergeben "
            f"{german_count(balance.total)}. Vermutlich wurden nicht alle Zeilen exportiert."
        )
    return warnings


def percent(share: float) -> str:
    """``12,3 %``; never 0 % or 100 % for what is only nearly so."""
    text = f"{min(max(100 * share, 0.1), 99.9) if 0 < share < 1 else 100 * share:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',')}\u00a0%"
