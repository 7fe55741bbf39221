"""What filters, devices and search types are called in Search Console's UI exports, by language.

Headings and file names are the business of `etl.files.kinds`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Literal, TypeVar, get_args

from etl.files.kinds.look import Look
from etl.files.kinds.registry import NOTHING, recognise
from etl.files.kinds.vocabulary import concept_words, plain
from etl.files.tabular import Sheet

TableName = Literal["days", "queries", "pages", "countries", "devices", "appearance", "filters", "hours"]
Metric = Literal["clicks", "impressions", "ctr", "position"]

KEYS: Mapping[TableName, tuple[str, ...]] = {
    "days": ("date",),
    "hours": ("hour", "date"),
    "queries": ("query",),
    "pages": ("page",),
    "countries": ("country",),
    "devices": ("device",),
    "appearance": ("appearance",),
}
"""What the column of keys of each table means."""
_DATE_FILTERS = concept_words("date")
_TYPE_FILTERS = concept_words("search_type")
_SEARCH_TYPES = {
    "web": ("web", "internet", "sieć", "www"),
    "image": (
        *("image", "images", "bild", "bilder", "imagen", "imágenes", "immagine", "immagini", "afbeelding"),
        *("afbeeldingen", "obraz", "obrazy", "grafika", "görsel", "görseller", "resim"),
    ),
    "video": (
        "video",
        "videos",
        "vidéo",
        "vidéos",
        "vídeo",
        "vídeos",
        "video's",
        "wideo",
        "filmy",
        "videolar",
    ),
    "news": (
        *(
            "news",
            "nachrichten",
            "actualités",
            "noticias",
            "notizie",
            "nieuws",
            "wiadomości",
            "haberler",
            "haber",
        ),
    ),
    "discover": ("discover",),
    "googleNews": (
        "google news",
        "google nachrichten",
        "google actualités",
        "google noticias",
        "google haberler",
    ),
}
_DEVICES = {
    "DESKTOP": (
        *(
            "computer",
            "desktop",
            "ordinateur",
            "ordenador",
            "escritorio",
            "computadora",
            "komputer",
            "bilgisayar",
        ),
        *("masaüstü", "pc"),
    ),
    "MOBILE": (
        *(
            "mobil",
            "mobile",
            "mobilgerät",
            "móvil",
            "dispositivos móviles",
            "cellulare",
            "mobiel",
            "mobiele telefoon",
        ),
        *("telefon", "komórka", "urządzenie mobilne", "urządzenia mobilne", "smartphone"),
    ),
    "TABLET": ("tablet", "tablette", "tableta", "tabletas"),
}
_Name = TypeVar("_Name", bound=str)


def _meaning(word: str, names: Mapping[_Name, Container[str]]) -> _Name | None:
    """What a word stands for, whatever its case; None if it stands for none of these."""
    return next((name for name, words in names.items() if plain(word) in words), None)


def table_of(sheet: Sheet) -> TableName | None:
    """Which table of an export the sheet is; None if it is none."""
    name = recognise(sheet).name
    return next((table for table in get_args(TableName) if table == name), None)


def heading_of_key(sheet: Sheet, table: TableName) -> str:
    """The column that holds the keys: days, queries, pages …"""
    return Look(sheet, NOTHING).heading(*KEYS[table]) or sheet.header[0]


def metrics_of(sheet: Sheet) -> dict[Metric, str]:
    """Metric → heading, of the metrics that the sheet has."""
    look = Look(sheet, NOTHING)
    found = {metric: look.heading(metric) for metric in get_args(Metric)}
    return {metric: heading for metric, heading in found.items() if heading is not None}


def search_type_of(text: str) -> str | None:
    """``web``, ``image`` … for a filter's value in any of the languages; None if it is none of them."""
    return _meaning(text, _SEARCH_TYPES)


def filter_kind(name: str) -> Literal["search_type", "date", "content"]:
    """What a filter narrows: everything that is neither search type nor date cuts content away."""
    if plain(name) in _TYPE_FILTERS:
        return "search_type"
    return "date" if plain(name) in _DATE_FILTERS else "content"


def device_of(text: str) -> str:
    """A device as the API names it; an unknown one stays as it is, in upper case."""
    return _meaning(text, _DEVICES) or text.strip().upper()
