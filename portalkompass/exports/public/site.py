"""A report as a static site: the page, its style and font, each exhibit's files, entries for data catalogues."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from pathlib import Path

from portalkompass.exhibit import Exhibit
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords, in_sight
from portalkompass.exports.images.image_child import FONTS
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import picture
from portalkompass.exports.public import bundle, catalogue_entries
from portalkompass.exports.public.catalogue_entries import Dataset, FileEntry
from portalkompass.exports.public.page import STYLE, TAKEN, Download, Place, to_html
from portalkompass.exports.public.terms import Terms

INDEX = "index.html"
DATA, FONT_FOLDER = "daten", "schrift"
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


class NothingPublic(Exception):
    """No page may be published; the message is a German sentence."""


def site(slides: OutgoingSlides, terms: Terms, published: dt.date, worker: ImageWorker) -> dict[str, bytes]:
    """Every file of the site by its path; whole tables in the files, what a slide has room for on the page.

    Raises:
        ImageFault: a chart could not be drawn.
        NotOnPaper: an exhibit names single queries or is empty.
    """
    files: dict[str, bytes] = {}
    places, datasets = [], []
    for key, page in _keyed(slides):
        if not isinstance(page, Exhibit):
            places.append(Place(key, page))
            continue
        made, entries, downloads = _dataset(key, page, terms, worker)
        files |= made
        datasets.append(Dataset(key, page, entries))
        places.append(Place(key, in_sight(page), downloads))
    told = catalogue_entries.catalogue(slides.title, datasets, terms, published)
    files |= {
        f"{FONT_FOLDER}/{path.name}": path.read_bytes() for path in sorted(FONTS.iterdir()) if path.is_file()
    }
    files[STYLE] = Path(__file__).with_name(STYLE).read_bytes()
    files[catalogue_entries.FILE] = f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()
    files[INDEX] = to_html(slides, places, terms, published, worker).encode()
    return files


def _dataset(
    key: str, exhibit: Outgoing, terms: Terms, worker: ImageWorker
) -> tuple[dict[str, bytes], tuple[FileEntry, ...], tuple[Download, ...]]:
    folder, stem = f"{DATA}/{key}", exhibit.file_stem
    parts = bundle.files(exhibit, key, terms)
    files = {f"{folder}/{name}": content for name, content in parts.items()}
    files[f"{folder}/{key}.zip"] = bundle.zipped(parts)
    entries = [
        FileEntry(f"{folder}/{key}.csv", "Tabelle (CSV)", "CSV", "text/csv"),
        FileEntry(
            f"{folder}/{key}.zip", "Tabelle mit Beschreibung der Spalten (ZIP)", "ZIP", "application/zip"
        ),
    ]
    downloads = [
        Download(f"{folder}/{key}.csv", "CSV", f"{stem}.csv"),
        Download(
            f"{folder}/{key}.csv-metadata.json",
            "Beschreibung der Spalten (CSVW)",
            f"{stem}.csv-metadata.json",
        ),
        Download(f"{folder}/{bundle.README}", "Erläuterungen", f"{stem}.txt"),
        Download(f"{folder}/{key}.zip", "Alles zusammen (ZIP)", f"{stem}.zip"),
    ]
    if exhibit.kind != "table":
        files[f"{folder}/{key}.svg"] = picture(in_sight(exhibit), "svg", worker)
        entries.append(FileEntry(f"{folder}/{key}.svg", "Diagramm (SVG)", "SVG", "image/svg+xml"))
        downloads.append(Download(f"{folder}/{key}.svg", "Diagramm (SVG)", f"{stem}.svg"))
    return files, tuple(entries), tuple(downloads)


def _keyed(slides: OutgoingSlides) -> list[tuple[str, Outgoing | OutgoingWords]]:
    """Each page under its key in letters of an address, counted where that is taken."""
    keyed: dict[str, Outgoing | OutgoingWords] = {}
    for key_, page in zip(slides.keys, slides.pages, strict=True):
        name = _NOT_IN_KEYS.sub("-", key_.lower()).strip("-") or "seite"
        names = itertools.chain((name,), (f"{name}-{number}" for number in itertools.count(2)))
        keyed[next(key for key in names if key not in keyed and key not in TAKEN)] = page
    return list(keyed.items())
