"""Search Console exports made by hand, in the shape of the genuine ones."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

SITE = "https://www.musterstadt.example/"

GERMAN = {
    "Diagramm.csv": "Datum,Klicks,Impressionen,CTR,Position\n"
    "2025-11-01,3,10,30%,5\n2025-11-02,1,30,3.33%,9\n2025-11-03,0,0,0%,0",
    "Suchanfragen.csv": "Häufigste Suchanfragen,Klicks,Impressionen,CTR,Position\n"
    'hund anmelden,2,20,10%,4.5\n"hunde\nsteuer",1,10,10%,6\n"was kostet, ""genau"", ein hund",0,3,0%,12',
    "Seiten.csv": "Die häufigsten Seiten,Klicks,Impressionen,CTR,Position\n"
    f"{SITE}leistung/hundesteuer,2,20,10%,4\n{SITE}leistung/hundesteuer/?utm_source=x,1,5,20%,8\n"
    f"{SITE}mitarbeiter/erika-muster,1,4,25%,2\n{SITE}mitarbeiter/max-muster,0,6,0%,7",
    "Länder.csv": "Land,Klicks,Impressionen,CTR,Position\nDeutschland,4,40,10%,8",
    "Geräte.csv": "Gerät,Klicks,Impressionen,CTR,Position\nComputer,1,10,10%,11\nMobil,3,30,10%,7",
    "Darstellung in der Suche.csv": "",
    "Filter.csv": "Filtern,Wert\nSuchtyp,Web\nDatum,Letzte 28 Tage",
}

ENGLISH = {
    "Chart.csv": "Date,Clicks,Impressions,CTR,Position\n2025-11-01,3,10,30%,5\n2025-11-02,1,30,3.33%,9",
    "Queries.csv": "Top queries,Clicks,Impressions,CTR,Position\ndog tax,2,20,10%,4.5",
    "Pages.csv": f"Top pages,Clicks,Impressions,CTR,Position\n{SITE}leistung/hundesteuer,3,25,12%,4",
    "Countries.csv": "Country,Clicks,Impressions,CTR,Position\nGermany,4,40,10%,8",
    "Devices.csv": "Device,Clicks,Impressions,CTR,Position\nDesktop,1,10,10%,11\nMobile,3,30,10%,7",
    "Filters.csv": "Filter,Value\nSearch type,Image\nDate,Last 28 days",
}

FRENCH = {
    "Dates.csv": "Date,Clics,Impressions,CTR,Position\n2025-11-01,3,10,30%,5\n2025-11-02,1,30,3.33%,9",
    "Requêtes.csv": "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\ntaxe chien,2,20,10%,4.5",
    "Pages.csv": "Pages les plus populaires,Clics,Impressions,CTR,Position\n"
    f"{SITE}leistung/hundesteuer,3,25,12%,4",
    "Filtres.csv": "Filtre,Valeur\nType de recherche,Web",
}


PORTAL = "https://portal.stadt.example/"
_HEAD = "Klicks,Impressionen,CTR,Position\n"


def export(
    start: dt.date, end: dt.date, *, clicks: int = 4, position: int = 8, weekly: bool = False
) -> dict[str, str]:
    """An export of ``clicks`` in all, on 10 times as many impressions; the chart tells its first and last day."""
    chart = f"{start},{clicks},{clicks * 10},10%,{position}\n{end},0,0,0%,0\n"
    if weekly:
        chart = f"{start} - {end},{clicks},{clicks * 10},10%,{position}\n"
    return {
        "Diagramm.csv": f"{'Woche' if weekly else 'Datum'},{_HEAD}{chart}",
        "Suchanfragen.csv": f"Häufigste Suchanfragen,{_HEAD}hund anmelden,2,20,10%,4.5\nwas kostet das,1,9,10%,12\n",
        "Seiten.csv": f"Die häufigsten Seiten,{_HEAD}{PORTAL}leistung/hundesteuer,3,25,12%,4\n"
        f"{PORTAL}leistung/kfz,1,15,7%,9\n",
        "Länder.csv": f"Land,{_HEAD}Deutschland,3,39,10%,8\nSchweiz,1,1,100%,1\n",
        "Geräte.csv": f"Gerät,{_HEAD}Computer,1,10,10%,11\nMobil,3,30,10%,7\n",
        "Filter.csv": "Filtern,Wert\nSuchtyp,Web\nDatum,Benutzerdefiniert\n",
    }


def folder(parent: Path, tables: dict[str, str], name: str = "export") -> Path:
    """The tables as files of a folder, byte for byte."""
    path = parent / name
    path.mkdir()
    for file, text in tables.items():
        (path / file).write_bytes(text.encode())
    return path


def zipped(parent: Path, tables: dict[str, str | bytes], name: str = "export.zip") -> Path:
    """The tables as entries of a zip."""
    path = parent / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in tables.items():
            archive.writestr(file, content)
    return path
