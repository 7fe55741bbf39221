"""What single cells of a table of cases mean: service, month, channel, counts, days and euros."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from etl.files.german_numbers import parse_count, parse_decimal, refuse_excel_fault
from etl.sources.service_tables.known_services import KnownServices, service_parsers, whole_month
from portalkompass.schema import ALL_CHANNELS, CHANNELS, UNKNOWN_CHANNEL
from portalkompass.spelling import key as folded_key

CHANNEL_WORDS: Mapping[str, str] = {
    "online": "online, onlinedienst, online-dienst, online-antrag, onlineantrag, digital, internet, portal, "
    "serviceportal, elektronisch",
    "form": "formular, pdf, pdf-formular, e-mail, email, mail, formular/e-mail",
    "counter": "schalter, vor ort, persönlich, vorsprache, bürgerbüro, bürgeramt, termin, counter, präsenz",
    "post": "post, brief, postalisch, schriftlich, papier, fax",
    "phone": "telefon, telefonisch, phone, hotline, anruf, 115",
    UNKNOWN_CHANNEL: "nicht genannt, unbekannt, sonstige, sonstiges, andere",
    ALL_CHANNELS: "alle, alle wege, alle kanäle, gesamt, insgesamt, summe, all",
}
"""German words of each channel; what a table calls its columns or writes into its cells."""
_CHANNEL_OF = {
    folded_key(word): channel for channel, words in CHANNEL_WORDS.items() for word in words.split(",")
} | {channel: channel for channel in CHANNELS}
_GROUPED_MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+")
_CURRENCY = re.compile(r"\s*(?:€|eur|euro)\s*", re.IGNORECASE)
_LONGEST_DAYS = 3_650.0


def channel_of(text: str) -> str | None:
    """The channel that a word names; None for another word."""
    return _CHANNEL_OF.get(folded_key(text))


def case_parsers(services: KnownServices, today: dt.date) -> Mapping[str, Callable[[str], Any]]:
    """The parser of each field; each raises ValueError with a German reason.

    ``month`` is its first day, ``days`` and ``cost`` are decimal numbers; an empty cell of a figure is None: unknown.
    """
    return {
        **service_parsers(services),
        "month": lambda text: whole_month(text, today),
        "channel": _channel,
        "processing_days": _days,
        "cost": _money,
        **dict.fromkeys(("cases", "applications", "end_to_end", "backlog"), parse_count),
    }


def _channel(text: str) -> str:
    channel = channel_of(text)
    if channel is None:
        words = "Online, Formular, Schalter, Post und Telefon"
        raise ValueError(f"unbekannter Kanal; erlaubt sind {words}" if text.strip() else "der Kanal fehlt")
    return channel


def _days(text: str) -> float | None:
    refuse_excel_fault(text)
    number = parse_decimal(re.sub(r"\s*(?:tage?|days?)\s*$", "", text, flags=re.IGNORECASE))
    if number is not None and not 0 <= number <= _LONGEST_DAYS:
        raise ValueError("keine Bearbeitungszeit in Tagen (0 bis 3650)")
    return number


def _money(text: str) -> float | None:
    """Euros; money has two decimals at most, so that 1.234 is a thousand and more."""
    refuse_excel_fault(text)
    cell = _CURRENCY.sub("", text).strip()
    number = parse_decimal(cell.replace(".", "") if _GROUPED_MONEY.fullmatch(cell) else cell)
    if number is not None and number < 0:
        raise ValueError("Kosten können nicht negativ sein")
    return number
