"""German writing of the oracle: its own, so that a fault of the app's cannot hide in both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MONTHS = [
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
]
SHORT = ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."]


def figure(value: float, decimals: int = 0) -> str:
    """1234.56 → 1.234,6 with one decimal; minus as a typographic sign."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    whole, _, part = f"{abs(rounded):.{decimals}f}".partition(".")
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    text = ".".join(groups) + (f",{part}" if part else "")
    return f"−{text}" if rounded < 0 else text


def between(value: float, other: float) -> float:
    """What a reader gets who subtracts two values as they are shown, with one decimal."""
    return rounded(rounded(value) - rounded(other))


def rounded(value: float) -> float:
    """As it is shown with one decimal."""
    return float(Decimal(repr(float(value))).quantize(Decimal("0.1"), ROUND_HALF_UP))


def signed(value: float, decimals: int) -> str:
    """With a plus; what rounds to zero has no sign."""
    text = figure(value, decimals)
    if not any(digit in text for digit in "123456789"):
        return text.lstrip("−")
    return text if text.startswith("−") else f"+{text}"


def round_to(value: float, step: int) -> float:
    """To the nearest multiple; half of a step to the even one, as Python's own rounding."""
    return round(value / step) * step


def percent(value: float, decimals: int = 1) -> str:
    """0.5 → 50,0 %."""
    return f"{figure(value * 100, decimals)}{NBSP}%"


def portion(share: float, decimals: int = 1) -> str:
    """A share of all: only nothing is 0 %, and only everything 100 %."""
    shown = percent(share, decimals)
    if 1e-9 < share < 0.5 and shown == percent(0, decimals):
        return f"unter {percent(10 ** -(decimals + 2), decimals)}"
    if 0.5 < share < 1 - 1e-9 and shown == percent(1, decimals):
        return f"über {percent(1 - 10 ** -(decimals + 2), decimals)}"
    return shown


def count(amount: float, one: str, many: str) -> str:
    """1 Klick, 2 Klicks."""
    return f"{figure(amount)}{NBSP}{one if figure(amount) == '1' else many}"


def tied(values: Iterable[float], one: str = "weitere") -> str:
    """Said behind the largest where others are as large when printed."""
    shown = [figure(value) for value in sorted(values, reverse=True)]
    same = shown.count(shown[0]) - 1
    return f", ebenso {count(same, one, 'weitere')}" if same else ""


def _whole(start: dt.date, end: dt.date) -> bool:
    return start.day == 1 and (end + dt.timedelta(days=1)).day == 1


def period(start: dt.date, end: dt.date, names: list[str] = MONTHS) -> str:
    """Months by name where whole, else days."""
    if not _whole(start, end):
        first = start.strftime("%d.%m.%Y")
        return first if start == end else f"{first} bis {end.strftime('%d.%m.%Y')}"
    last = f"{names[end.month - 1]} {end.year}"
    if (start.year, start.month) == (end.year, end.month):
        return last
    first = names[start.month - 1] + ("" if start.year == end.year else f" {start.year}")
    return f"{first} bis {last}"


def short(start: dt.date, end: dt.date) -> str:
    """The same with short months."""
    return period(start, end, SHORT)
