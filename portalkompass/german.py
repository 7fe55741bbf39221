"""Numbers, days and words as German text: the one place for answers, charts and exports.

Missing values (None, NaN, NaT) become an en dash, never 0. Minus is U+2212, thousands are separated by a
dot, units by a no-break space. Rounding is half away from zero on the decimal text of the value, so that
8,85 never becomes 8,8.
"""

from __future__ import annotations

import datetime as dt
import errno
import functools
import math
import re
from collections.abc import Callable, Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pandas as pd

MISSING = "–"
MINUS = "−"
NBSP = "\u00a0"
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
"""White space but the no-break spaces."""
_SPACES = re.compile(r"(\s+)")
_LEADING_HYPHEN = re.compile(r"(?<!\w)-(?=[^\W\d_])")
_TOGETHER = re.compile(
    r"(?<=\bIn) (?=(?:Umsetzung|Vorbereitung)\b)"
    r"|(?<=\d) (?=(?:In (?:Umsetzung|Vorbereitung)|live|mit Termin|überfällig|offen)\b)"
)
"""Spaces at which no line ends: inside a status, and between its count and it."""
MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
"""The one list of them; etl reads files by the same names."""
MONTHS_SHORT = (
    *("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni"),
    *("Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
)
_FILE_FAULTS = {
    errno.ENOSPC: "der Datenträger ist voll",
    errno.EDQUOT: "das Speicherkontingent ist aufgebraucht",
    errno.EFBIG: "die Datei würde zu groß",
    errno.EROFS: "der Datenträger ist schreibgeschützt",
    errno.EACCES: "die Rechte fehlen",
    errno.EPERM: "die Rechte fehlen",
    errno.ENOENT: "Datei oder Ordner fehlt",
    errno.ENOTDIR: "ein Teil des Pfades ist kein Ordner",
    errno.EISDIR: "das ist ein Ordner",
    errno.EIO: "der Datenträger meldet einen Lese- oder Schreibfehler",
}
_GERMAN_MARKS = str.maketrans(",.", ".,")


def why_unreadable(error: Exception) -> str:
    """Why a file cannot be read or written, in words that name no class and quote no library."""
    if isinstance(error, OSError):
        return _FILE_FAULTS.get(error.errno or 0, "das Betriebssystem nennt keinen Grund")
    if isinstance(error, UnicodeDecodeError):
        return "die Datei ist nicht in UTF-8 gespeichert"
    return "der Inhalt ist beschädigt oder von anderer Form"


def is_missing(value: object) -> bool:
    """None, NaN, NaT and NA: nothing is known."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return not isinstance(value, int) and str(value) in {"NaT", "<NA>"}


def together(text: str) -> str:
    """The text with a no-break space where no line may end: in "4 In Umsetzung"."""
    return _TOGETHER.sub(NBSP, text)


def unbroken(text: str, hyphen: str = "\u2011", only: Collection[str] | None = None) -> str:
    """The text so that no line ends inside a status ("In Umsetzung") or behind a hyphen that a word begins with.

    There stands another ``hyphen`` ("und -marke"), and a no-break space. With ``only`` hyphens of these words alone:
    whoever looks for "-marke" finds the others as they are typed.
    """
    held = together(text)
    if only is None:
        return _LEADING_HYPHEN.sub(hyphen, held)
    parted = _SPACES.split(held)
    return "".join(_LEADING_HYPHEN.sub(hyphen, part) if part in only else part for part in parted)


def breakable(text: str) -> bool:
    """Whether a line could end where ``unbroken`` lets none end."""
    return _LEADING_HYPHEN.search(text) is not None or _TOGETHER.search(text) is not None


def words(text: str) -> list[str]:
    """Parts between which a line may break; a no-break space keeps its neighbours together."""
    return _BREAKS.split(text.strip())


def number(value: float | None, decimals: int = 0) -> str:
    """18925 → 18.925; 23.94 with one decimal → 23,9."""
    if value is None or is_missing(value):
        return MISSING
    # A whole number, as nearly all cells of tables are; rounding would take ten times as long.
    if not decimals and value == int(value):
        text = f"{abs(int(value)):,}".translate(_GERMAN_MARKS)
        return f"{MINUS}{text}" if value < 0 else text
    shown = rounded(value, decimals)
    text = f"{abs(shown):,.{decimals}f}".translate(_GERMAN_MARKS)
    return f"{MINUS}{text}" if shown < 0 else text


def rounded(value: float, decimals: int = 0) -> Decimal:
    """The value that ``number`` prints: 23.94 with one decimal → 23.9, exactly."""
    return Decimal(str(value)).quantize(_unit(decimals), rounding=ROUND_HALF_UP)


@functools.cache
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def signed(value: float | None, decimals: int = 0) -> str:
    """3 → +3; −2,4; what rounds to zero carries no sign (±0 would suggest a direction)."""
    text = number(value, decimals)
    shows_zero = not any(digit in "123456789" for digit in text)
    return text if shows_zero or text.startswith(MINUS) else f"+{text}"


def percent(fraction: float | None, decimals: int = 1) -> str:
    """0.0719 → 7,2 %."""
    if fraction is None or is_missing(fraction):
        return MISSING
    return f"{number(fraction * 100, decimals)}{NBSP}%"


def percent_change(fraction: float | None, decimals: int = 1) -> str:
    """0.15 → +15,0 %."""
    if fraction is None or is_missing(fraction):
        return MISSING
    return f"{signed(fraction * 100, decimals)}{NBSP}%"


def date(day: dt.date | None) -> str:
    """15.12.2025."""
    return MISSING if day is None or is_missing(day) else f"{day:%d.%m.%Y}"


def month(day: dt.date | None) -> str:
    """Oktober 2025."""
    return MISSING if day is None or is_missing(day) else f"{MONTHS[day.month - 1]} {day.year}"


def month_short(day: dt.date | None) -> str:
    """Okt. 2025."""
    return MISSING if day is None or is_missing(day) else f"{MONTHS_SHORT[day.month - 1]} {day.year}"


def timestamp(moment: dt.datetime | None) -> str:
    """15.12.2025, 09:05 Uhr."""
    if moment is None or is_missing(moment):
        return MISSING
    return f"{moment:%d.%m.%Y, %H:%M} Uhr"


def local_time(moment: dt.datetime | None) -> str:
    """A moment in UTC (with or without zone) as the clock on a German wall shows it."""
    if moment is None or is_missing(moment):
        return MISSING
    aware = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    return timestamp(aware.astimezone(ZoneInfo("Europe/Berlin")))


def period(start: dt.date, end: dt.date) -> str:
    """Whole months by name (Dezember 2024 bis November 2025, Mai bis Juli 2025), anything else by day."""
    whole = start.day == 1 and (end + dt.timedelta(days=1)).day == 1
    if not whole:
        return date(start) if start == end else f"{date(start)} bis {date(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return month(start)
    if start.year == end.year:
        return f"{MONTHS[start.month - 1]} bis {month(end)}"
    return f"{month(start)} bis {month(end)}"


def period_short(start: dt.date, end: dt.date) -> str:
    """The same with short months (Aug. bis Nov. 2025), for cards and heads of columns."""
    whole = start.day == 1 and (end + dt.timedelta(days=1)).day == 1
    if not whole:
        return period(start, end)
    if (start.year, start.month) == (end.year, end.month):
        return month_short(start)
    first = MONTHS_SHORT[start.month - 1] if start.year == end.year else month_short(start)
    return f"{first} bis {month_short(end)}"


def count(amount: float | None, one: str, many: str) -> str:
    """1 Klick, 18.925 Klicks, with a no-break space."""
    shown = number(amount)
    return f"{shown}{NBSP}{one if shown == '1' else many}"


def having(amount: int, part: int, one: str, many: str, what: str) -> str:
    """How many there are and how many of them have it: "3 Zusagen, 2 davon mit Klicks", "1 Zusage mit Klicks"."""
    told = count(amount, one, many)
    if part == amount == 1:
        return f"{told} mit {what}"
    how_many = "alle" if part == amount else f"{number(part)} davon" if part else "keine"
    return f"{told}, {how_many} mit {what}"


def listing(words: Sequence[str], joint: str = "und") -> str:
    """a, b und c."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


_FIGURES: dict[str, Callable[[float], str]] = {
    "integer": number,
    "decimal1": functools.partial(number, decimals=1),
    "decimal2": functools.partial(number, decimals=2),
    "percent": percent,
    "percent_change": percent_change,
    "signed": functools.partial(signed, decimals=1),
    "signed_integer": signed,
}


def value(raw: object, format: str) -> str:
    """A cell as text by its exhibit format; text and unknown formats are printed as they are."""
    if is_missing(raw):
        return MISSING
    if format == "bool":
        return "ja" if raw else "nein"
    if isinstance(raw, tuple):
        return f"{number(raw[0], 1)} → {number(raw[-1], 1)}" if raw else MISSING
    if isinstance(raw, dt.date):
        return month(raw) if format == "month" else date(raw)
    write = _FIGURES.get(format)
    if write is None or isinstance(raw, str):  # words in a column of figures, such as "< 5"
        return str(raw)
    return write(raw if type(raw) is float else float(str(raw)))


def texts(values: pd.Series[Any], format: str) -> list[str]:
    """All cells of a column as text."""
    return [value(raw, format) for raw in values.tolist()]
