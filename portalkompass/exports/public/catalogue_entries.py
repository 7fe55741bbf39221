"""Entries for open-data catalogues: DCAT-AP.de as JSON-LD, a dataset for each exhibit with its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.public.terms import Terms

FILE = "katalog.jsonld"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority/"
GERMAN = f"{_EU}language/DEU"
PUBLIC = f"{_EU}access-right/PUBLIC"
REGION = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a dataset: path below the address, what it is, its code in the EU's list and its media type."""

    path: str
    title: str
    code: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """An exhibit under the name of its place on the page, with its files."""

    key: str
    exhibit: Outgoing
    files: tuple[FileEntry, ...]


def catalogue(title: str, datasets: Iterable[Dataset], terms: Terms, published: dt.date) -> dict[str, Any]:
    """The catalogue with all datasets; addresses need ``terms.address``."""
    entry = {
        "@id": f"{terms.address}{FILE}",
        "@type": "dcat:Catalog",
        "dct:title": _german(title),
        "dct:description": _german(f"Daten zum Bericht „{title}“ als offene Daten."),
        "dct:publisher": _publisher(terms),
        "dct:language": {"@id": GERMAN},
        "dct:modified": _day(published),
        "foaf:homepage": {"@id": terms.address},
        "dcat:dataset": [_dataset(dataset, terms, published) for dataset in datasets],
    }
    if terms.chosen:
        entry["dct:license"] = {"@id": terms.chosen.entry}
    return {"@context": CONTEXT, "@graph": [entry]}


def _dataset(dataset: Dataset, terms: Terms, published: dt.date) -> dict[str, Any]:
    # Its rows change with the data, whenever they are published.
    modified = dataset.exhibit.data_date or published
    exhibit, address = dataset.exhibit, f"{terms.address}#{dataset.key}"
    sample = ("Beispieldaten",) if exhibit.sample else ()
    entry: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": address,
        "dct:title": _german(" · ".join((*sample, _title(exhibit)))),
        "dct:description": _german(
            ". ".join(filter(None, (exhibit.headline, exhibit.subtitle, exhibit.footer)))
        ),
        "dct:publisher": _publisher(terms),
        "dct:language": {"@id": GERMAN},
        "dct:modified": _day(modified),
        "dct:accessRights": {"@id": PUBLIC},
        "dcat:keyword": [_german(word) for word in ("Digitalisierung", "Onlinezugangsgesetz", *sample)],
        "dcat:theme": [{"@id": f"{_EU}data-theme/{code}"} for code in terms.themes],
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [_distribution(file, address, terms, modified) for file in dataset.files],
    }
    if exhibit.period:
        first, last = exhibit.period
        entry["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(first),
            "dcat:endDate": _day(last),
        }
    if terms.contact:
        entry["dcat:contactPoint"] = {
            # Without the ontology a checker does not know that the second is one of the first.
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": terms.publisher,
            "vcard:hasEmail": {"@id": f"mailto:{terms.contact}"},
        }
    if terms.contributor:
        entry["dcatde:contributorID"] = {"@id": terms.contributor}
    if terms.region:
        entry["dct:spatial"] = {"@id": f"{REGION}{terms.region}", "@type": "dct:Location"}
    return entry


def _title(exhibit: Outgoing) -> str:
    """What is shown, without the days, which have a place of their own."""
    return exhibit.subtitle.partition(" · ")[0] or exhibit.headline


def _distribution(file: FileEntry, landing: str, terms: Terms, modified: dt.date) -> dict[str, Any]:
    address = f"{terms.address}{file.path}"
    entry: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _german(file.title),
        "dct:format": {"@id": f"{_EU}file-type/{file.code}"},
        "dcat:mediaType": {"@id": f"{MEDIA_TYPES}{file.media_type}"},
        "dcat:accessURL": {"@id": landing},
        "dcat:downloadURL": {"@id": address},
        "dct:modified": _day(modified),
    }
    if terms.chosen:
        entry["dct:license"] = {"@id": terms.chosen.entry}
    if terms.attribution:
        entry["dcatde:licenseAttributionByText"] = _german(terms.attribution)
    return entry


def _publisher(terms: Terms) -> dict[str, Any]:
    kind = ["foaf:Agent", "foaf:Organization"]
    return {"@id": f"{terms.address}#herausgeber", "@type": kind, "foaf:name": terms.publisher}


def _german(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "de"}


def _day(day: dt.date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
