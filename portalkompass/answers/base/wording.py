"""German sentences about changes and periods, the same words on every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from portalkompass import german
from portalkompass.metrics.comparison import SMALL_BASE, Exposure
from portalkompass.metrics.trends import Grain


def position_change(now: float | None, before: float | None, than: str = "") -> tuple[str, bool | None]:
    """("15,1 Plätze besser als im Vorjahr", True); what rounds to the same tenth is unchanged.

    Without ``than``, here and below, only the change is said: "15,1 Plätze besser".
    """
    if now is None or before is None or pd.isna(now) or pd.isna(before):
        return "", None
    gain = shown_difference(before, now)
    if gain == 0:
        return _unchanged(than), None
    places = f"{german.number(abs(gain), 1)}{german.NBSP}{'Platz' if abs(gain) == 1 else 'Plätze'}"
    return f"{places} {'besser' if gain > 0 else 'schlechter'}{_as(than)}", gain > 0


def shown_difference(one: float, other: float) -> float:
    """What a reader gets who subtracts ``other`` from ``one`` as both are printed, with one decimal.

    A change stands beside its two values, and 27.4 less 10.2 is 17.2, whatever the unrounded values say.
    """
    return float(german.rounded(float(one), 1) - german.rounded(float(other), 1))


def most_clicks(rows: pd.DataFrame, by: str, period: str) -> str:
    """Which of ``rows`` (most clicks first, with their share) has most clicks; where there is none, just that."""
    first = rows.iloc[0]
    if not first["clicks"] > 0:
        return f"Kein Klick im Zeitraum {period}"
    tie = tied(rows["clicks"], "weiteres")
    return f"Die meisten Klicks: {first[by]} ({share_of_all(first['share'], 0)}{tie})"


def tied(values: Iterable[float], one: str = "weitere") -> str:
    """What a sentence about the first of ``values`` (the largest first) says of others as large: ", ebenso 2 weitere".

    As large as they are printed, without decimals; "" where it stands alone. ``one`` fits the noun ("weiterer Tag").
    """
    first, *others = (german.number(value) for value in values)
    same = sum(other == first for other in others)
    return f", ebenso {german.count(same, one, 'weitere')}" if same else ""


NOTHING_LEFT = 1e-9
"""Shares that differ from none or all by less are sums of floats that do not come out even."""


def share_of_all(share: float | None, decimals: int = 1) -> str:
    """A share in percent; what only rounds to none or to all of it is "unter 0,1 %" or "über 99,9 %"."""
    told, step = german.percent(share, decimals), 10.0 ** -(decimals + 2)
    if share is None or german.is_missing(share):
        return told
    if share > NOTHING_LEFT and told == german.percent(0, decimals):
        return f"unter {german.percent(step, decimals)}"
    if share < 1 - NOTHING_LEFT and told == german.percent(1, decimals):
        return f"über {german.percent(1 - step, decimals)}"
    return told


def begins(words: str) -> str:
    """Words as the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


INSIDE = "Im Verlauf des Zeitraums"
"""Begins a headline that sets the last month of the period against its first, whatever is compared with."""
EQUAL_DAYS = "auf gleich viele Tage umgerechnet"
"""Said of a difference of sums where the earlier one is of more or fewer days."""
GAPS = "nicht verglichen, weil Tage fehlen"
FEW = "davor zu wenige für einen Vergleich in Prozent"
NOT_A_CHANGE = frozenset({GAPS, FEW})
"""Words in place of a change: what stands before them is no comparison."""


def amount_change(
    now: float | None,
    before: float | None,
    than: str = "",
    exposure: Exposure | None = None,
    *,
    more_is_good: bool | None = True,
) -> tuple[str, bool | None]:
    """("12,3 % mehr als im Vorjahr", True); empty where one side is unknown.

    With an ``exposure`` of different numbers of days: "6,1 % mehr je Tag als …"; `GAPS` where it is too uneven, `FEW`
    where so little (or nothing) was before that a percentage of it says nothing (`metrics.comparison.SMALL_BASE`).
    """
    if now is None or before is None or pd.isna(now) or pd.isna(before):
        return "", None
    if exposure is not None and not exposure.comparable:
        return GAPS, None
    if before < SMALL_BASE:
        return FEW, None
    earlier = float(before) * ((exposure.factor if exposure else None) or 1.0)
    change = float(german.rounded((float(now) / earlier - 1) * 100, 1))
    daily = " je Tag" if exposure is not None and exposure.per_day else ""
    if change == 0:
        return f"{daily} {_unchanged(than)}".strip(), None
    good = None if more_is_good is None else (change > 0) is more_is_good
    share = f"{german.number(abs(change), 1)}{german.NBSP}%"
    return f"{share} {'mehr' if change > 0 else 'weniger'}{daily}{_as(than)}", good


def same_days(exposure: Exposure | None, sums: str = "die Klicks") -> tuple[str, ...]:
    """A note where both periods have different numbers of days with data, so a difference is not that of sums."""
    if exposure is None or not _converted(exposure):
        return ()
    return (
        f"Verglichen werden {german.number(exposure.like)} mit {german.number(exposure.before)} Tagen; für Unterschied "
        f"und Veränderung sind {sums} zuvor {EQUAL_DAYS}.",
    )


def on_equal_days(words: str, exposure: Exposure | None) -> str:
    """The words of a difference of sums, which say where it is not that of the sums beside it."""
    return f"{words}, {EQUAL_DAYS}" if _converted(exposure) else words


def _converted(exposure: Exposure | None) -> bool:
    return exposure is not None and exposure.per_day and exposure.comparable


def rate_change(now: float | None, before: float | None, than: str = "") -> tuple[str, bool | None]:
    """("0,8 Prozentpunkte mehr als im Vorjahr", True); a difference of shares is no percentage."""
    if now is None or before is None or pd.isna(now) or pd.isna(before):
        return "", None
    change = shown_difference(float(now) * 100, float(before) * 100)
    if change == 0:
        return _unchanged(than), None
    points = german.number(abs(change), 1)
    noun = "Prozentpunkt" if abs(change) == 1 else "Prozentpunkte"
    return f"{points}{german.NBSP}{noun} {'mehr' if change > 0 else 'weniger'}{_as(than)}", change > 0


def _as(than: str) -> str:
    return f" als {than}" if than else ""


def _unchanged(than: str) -> str:
    if not than:
        return "unverändert"
    dative = f"dem {than[3:]}" if than.startswith("im ") else than
    return f"unverändert gegenüber {dative}"


BY_GRAIN: dict[Grain, str] = {"day": "Tagen", "week": "Wochen", "month": "Monaten"}


def listed(
    names: Iterable[str], amounts: Iterable[float], write: Callable[[float], str] = german.number
) -> str:
    """Hund anmelden 120; Wohnsitz 80: the rows of a chart as a sentence."""
    return "; ".join(f"{name} {write(amount)}" for name, amount in zip(names, amounts, strict=True))
