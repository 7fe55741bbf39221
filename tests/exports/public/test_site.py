"""What is published: the same as any export says, nothing that it hides, and nothing of a title becomes markup."""

import csv
import dataclasses
import datetime as dt
import html.parser
import io
import itertools
import json
import re
import zipfile

import pandas as pd
import pytest

from portalkompass import german
from portalkompass.exhibit import Field, Mark
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.exports.papers.values import grid_of
from portalkompass.exports.public import bundle, csvw
from portalkompass.exports.public.site import NothingPublic
from portalkompass.exports.public.terms import Terms
from portalkompass.slide_set import SlideSet, TextPage, Words
from tests.charts import sample_exhibits as samples
from tests.hostile.texts import FORMULAS, MARKUP, UNSEEN

TERMS = Terms(
    "Stadt",
    "daten@stadt.example",
    "https://www.stadt.example/bericht/",
    "dl-de/by-2-0",
    "http://dcat-ap.de/def/contributors/stadt",
    "053160000000",
    imprint="https://www.stadt.example/impressum",
)
ALLOWED = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "main", "div", "nav", "section",
    "footer", "h1", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "figure", "table", "caption",
    "thead", "tbody", "tr", "th", "td", "details", "summary", "svg", "desc", "g", "path", "rect", "text",
    "tspan", "line", "defs", "clippath",
}  # fmt: skip
DAY = dt.date(2025, 12, 17)
ZIP = files.format_of("zip")
HIDDEN = "87"
"""A count that protects a smaller one, in every exhibit of ``counted``."""


def counted(kind="table", **parts):
    frame = pd.DataFrame(
        {
            "name": ["Wohngeld", "Reisepass", "Hundesteuer"],
            "applications": [3, int(HIDDEN), 4711],
            "application_rate": [0.1, 0.2, 0.3],
            "day": [dt.date(2025, 1, 1), None, dt.date(2025, 3, 1)],
            "sure": [True, False, True],
        }
    )
    fields = (
        Field("name", "Leistung"),
        Field("applications", "Anträge", "integer", help="Anträge im Zeitraum."),
        Field("application_rate", "Quote", "percent"),
        Field("day", "Tag", "date"),
        Field("sure", "Sicher", "bool"),
    )
    return samples.exhibit(kind, frame, fields, **parts)


def told():
    """Counts that an answer has hidden, with its own words in their place."""
    frame = pd.DataFrame({"name": ["A", "B"], "cases": [None, 40.0], "cases_hidden": ["40 bis 44", ""]})
    return samples.exhibit("table", frame, (Field("name", "Leistung"), Field("cases", "Fälle", "integer")))


def chart():
    return counted("bar", x="applications", y="name", alt=f"Balken: 3; {HIDDEN}; 4711")


def hostile(texts):
    frame = pd.DataFrame({"name": texts, "clicks": range(1000, 1000 + len(texts))})
    return samples.exhibit("bar", frame, (Field("name", "Seite"), Field("clicks", "Klicks", "integer")),
                           x="clicks", y="name", headline=texts[0], subtitle=texts[1])  # fmt: skip


def written(*pages, worker, title="Sachstand", terms=TERMS, sample=False):
    slides = SlideSet(title, ("Stadt", "Zeitraum: 2025"), pages, dt.date(2025, 12, 15), sample)
    return files.site_files(slides, terms, DAY, worker)


@pytest.fixture(scope="module")
def site(worker):
    text = TextPage(
        "text_1", "DMS", ("Pilot läuft", "Rollout folgt"), "Stadt", None, facts=(("Stand", "01.12.2025"),)
    )
    queries = dataclasses.replace(counted(), id="queries", headline="Suchanfragen", names_queries=True)
    watched = dataclasses.replace(counted(), id="tracked_queries", headline="„wohngeld“", unpublished=True)
    pages = (Words("summary", "Auf einen Blick", ("Ein Satz.",), "Google", None), counted(), told(), chart(),
             samples.trend(), text, queries, watched)  # fmt: skip
    made, closed = written(*pages, worker=worker)
    assert closed == ("Suchanfragen", "„wohngeld“")
    return made


class Reader(html.parser.HTMLParser):
    """Elements with their attributes, headings, and what is read in each section."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.texts, self.section, self.open = [], {}, "", []
        self.feed(content.decode())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.open.append(tag)
        if tag == "section":
            self.section = dict(attributes)["id"]

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        self.texts.setdefault(
            (self.section, next((t for t in self.open if t in ("svg", "table")), "")), []
        ).append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def shown(site):
    return Reader(site["index.html"])


def test_the_files_are_those_of_any_export(site, worker):
    for key, exhibit in (("probe-table", counted()), ("probe-table-2", told()), ("probe-bar", chart())):
        assert site[f"daten/{key}/{key}.csv"] == files.make(exhibit, files.format_of("csv"))
    drawn, exported = (
        site["daten/probe-bar/probe-bar.svg"],
        files.make(chart(), files.format_of("svg"), worker=worker),
    )
    clip = re.compile(rb"clip\d+")  # which the drawing library counts on from picture to picture
    assert clip.sub(b"", drawn) == clip.sub(b"", exported)
    assert not [name for name in site if "queries" in name]
    assert not [name for name, content in site.items() if "„wohngeld“".encode() in content]


def test_nothing_stands_anywhere_that_an_export_hides(site, shown):
    for name, content in site.items():
        if not name.startswith("schrift/") and not name.endswith(".zip"):
            assert not re.search(rf"(?<![\d.,#]){HIDDEN}(?![\d.,]*\d)", content.decode("utf-8-sig")), name
    for key, exhibit in (("probe-table", counted()), ("probe-table-2", told()), ("probe-bar", chart())):
        grid = grid_of(outgoing(exhibit))
        cells = shown.texts[key, "table"]
        assert cells[-len(grid.rows) * len(grid.head) :] == [cell for row in grid.rows for cell in row]
    drawn = set(shown.texts["probe-bar", "svg"])
    assert {"4.711", "Wohngeld", "Reisepass"} <= drawn
    assert not drawn & {"3", HIDDEN}


def test_every_chart_is_one_picture_with_a_name_and_has_its_values_as_a_table(shown):
    charts = shown.of("svg")
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(charts) == 2
    assert len(ids) == len(set(ids))
    for attributes in charts:
        assert attributes["role"] == "img"
        assert set(attributes["aria-labelledby"].split()) <= set(ids)
    clips = [
        value
        for _, attributes in shown.elements
        for value in attributes.values()
        if value.startswith("url(#")
    ]
    assert {clip[5:-1] for clip in clips} <= set(ids)
    assert "Werte des Diagramms: Ø Position" in " ".join(shown.texts["probe-line", "table"])


def test_a_reader_finds_language_landmarks_headings_and_heads_of_tables(shown):
    assert shown.of("html") == [{"lang": "de"}]
    names = [tag for tag, _ in shown.elements]
    assert [names.count(one) for one in ("main", "header", "footer", "nav", "h1", "title")] == [
        1,
        1,
        1,
        1,
        1,
        3,
    ]
    levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert {attributes.get("scope") for attributes in shown.of("th")} == {"col", "row"}
    assert names.count("table") == names.count("caption") == names.count("thead") == 4
    assert shown.of("a")[0] == {"class": "skip", "href": "#inhalt"}


def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(site, shown):
    ids = {attributes["id"] for _, attributes in shown.elements if "id" in attributes}
    for attributes in shown.of("a"):
        href = attributes["href"]
        assert href.startswith(("https://", "mailto:")) or href[1:] in ids or href in site, href
    assert [one["href"] for one in shown.of("link")] == ["seite.css", "katalog.jsonld"]
    assert set(re.findall(rb'url\("([^"]+)"\)', site["seite.css"])) <= {name.encode() for name in site}
    assert "script" not in {tag for tag, _ in shown.elements}


def test_no_text_becomes_markup_and_no_file_is_written_elsewhere(worker):
    texts = [text for text in (*MARKUP, *FORMULAS, *UNSEEN) if text.strip()]
    text = TextPage("../../x", texts[2], tuple(texts), texts[3], None, facts=((texts[4], texts[5]),))
    made, _ = written(
        hostile(texts), dataclasses.replace(counted(), id="<b>/.."), text, title=texts[6], worker=worker
    )
    read = Reader(made["index.html"])
    assert {tag for tag, _ in read.elements} <= ALLOWED
    assert not [a for _, attributes in read.elements for a in attributes if a.startswith("on") or a == "src"]
    assert {one["href"].partition(":")[0] for one in read.of("a") if ":" in one["href"]} <= {
        "https",
        "mailto",
    }
    assert all(re.fullmatch(r"[A-Za-z0-9.\-/]+", name) and ".." not in name for name in made)
    assert "<script>" in "".join(part for parts in read.texts.values() for part in parts)


def test_a_site_without_any_page_is_none(worker):
    queries = dataclasses.replace(counted(), names_queries=True)
    for pages in ((), (queries,)):
        with pytest.raises(NothingPublic, match="Es wurde nichts veröffentlicht"):
            written(*pages, worker=worker)


def test_the_place_of_a_page_is_its_own_whatever_stands_before_it(worker):
    first, second = counted(), dataclasses.replace(counted(), headline="Zweite")
    keys = {"top-1a": first, "top-2b": second}

    def headlines(*order):
        slides = SlideSet("S", (), tuple(keys[key] for key in order), DAY, keys=order)
        made, _ = files.site_files(slides, TERMS, DAY, worker)
        return {
            key: json.loads(made[f"daten/{key}/{key}.csv-metadata.json"])["dc:title"]
            for key in order
            if f"daten/{key}/{key}.csv" in made
        }

    assert headlines("top-1a", "top-2b") == headlines("top-2b", "top-1a")
    assert headlines("top-2b") == {"top-2b": "Zweite"}


def test_an_address_that_is_none_is_read_and_not_linked(worker):
    odd = ["https://[kaputt", "https://www.stadt.example/a", "javascript:alert(1)"]
    fields = (Field("url", "Adresse", "link"), Field("name", "Seite"))
    rows = samples.exhibit("table", pd.DataFrame({"url": odd, "name": list("abc")}), fields)
    made, _ = written(rows, worker=worker)
    read = Reader(made["index.html"])
    assert {one["href"] for one in read.of("a")} & set(odd) == {odd[1]}
    assert set(odd) <= set(read.texts["probe-table", "table"])


def columns_of(content, described):
    """The rows of a CSV file and what its description says of them."""
    dialect = described["dialect"]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=dialect["delimiter"]))
    return rows[0], rows[1:], described["tableSchema"]["columns"]


def fits(text, datatype):
    """Whether a cell is of that kind, by the rules of CSV on the Web."""
    if datatype == "string":
        return True
    base, form = datatype["base"], datatype["format"]
    if base in ("integer", "decimal"):
        assert form == {"decimalChar": ",", "groupChar": "."}
        return bool(re.fullmatch(r"[+-]?\d+" if base == "integer" else r"[+-]?\d+(,\d+)?", text))
    if base == "date":
        assert form == "dd.MM.yyyy"
        return german.date(dt.date(*map(int, reversed(text.split("."))))) == text
    return base == "boolean" and text in form.split("|")


EVERY = (*samples.EVERY_KIND, counted(), told(), dataclasses.replace(counted(), sample=True))


@pytest.mark.parametrize("exhibit", EVERY, ids=lambda one: one.kind)
def test_the_description_of_the_columns_fits_every_cell(exhibit):
    made = bundle.files(outgoing(exhibit), "daten", TERMS)
    described = json.loads(made["daten.csv-metadata.json"])
    heads, rows, columns = columns_of(made["daten.csv"], described)
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert (described["url"], [column["titles"] for column in columns]) == ("daten.csv", heads)
    names = [column["name"] for column in columns]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in names)
    for row in rows:
        for text, column in zip(row, columns, strict=True):
            assert (
                text in column["null"]
                if "null" in column and text in column["null"]
                else fits(text, column["datatype"])
            ), (text, column)


def test_words_for_hidden_values_are_missing_to_a_program_and_numbers_stay_numbers():
    columns = {column["name"]: column for column in csvw.columns(outgoing(counted()))}
    assert columns["applications"]["null"] == ["", "< 5", "geheim"]
    assert columns["applications"]["datatype"]["base"] == "integer"
    assert [columns[name]["datatype"]["base"] for name in ("application_rate", "day", "sure")] == [
        "decimal", "date", "boolean"]  # fmt: skip
    (cases,) = [column for column in csvw.columns(outgoing(told())) if column["name"] == "cases"]
    assert cases["null"] == ["", "40 bis 44"]


def test_open_data_leave_with_definition_source_day_and_licence():
    mark = Mark(dt.date(2025, 9, 1), "Umstellung", "Google hat umgestellt.")
    exhibit = dataclasses.replace(
        counted(), period=(dt.date(2025, 1, 1), dt.date(2025, 3, 31)), marks=(mark,)
    )
    content = files.make(exhibit, ZIP, headline="Meine Überschrift", terms=TERMS)
    assert content == files.make(exhibit, ZIP, headline="Meine Überschrift", terms=TERMS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name.partition(".")[2] for name in archive.namelist()] == ["csv", "csv-metadata.json", "txt"]
        text = archive.read(bundle.README).decode("utf-8-sig")
        assert (
            archive.read(bundle.README)[:3] == b"\xef\xbb\xbf"
        )  # or some editors take it for another encoding
    for part in ("Meine Überschrift", "Zeitraum: Januar bis März 2025", "Quelle: Q", "Datenstand: 15.12.2025",
                 "Lizenz: Datenlizenz Deutschland – Namensnennung – Version 2.0", "- Anträge: Anträge im Zeitraum.",
                 "- 01.09.2025: Google hat umgestellt.", "Namensnennung: Stadt", "stehen als „< 5“"):  # fmt: skip
        assert part in text, part
    assert "keine Lizenz festgelegt" in bundle.readme(outgoing(exhibit), "x", Terms())
    assert "Zeitraum: kein Zeitraum angegeben" in bundle.readme(outgoing(counted()), "x", Terms())
    with pytest.raises(ValueError, match="must not become zip"):
        files.make(dataclasses.replace(exhibit, names_queries=True), ZIP)
    with pytest.raises(ValueError, match="must not become zip"):
        files.make(dataclasses.replace(exhibit, unpublished=True), ZIP)


def test_a_data_catalogue_finds_publisher_licence_period_and_files(site):
    told = json.loads(site["katalog.jsonld"])
    (catalogue,) = told["@graph"]
    assert catalogue["dct:modified"]["@value"] == DAY.isoformat()
    assert (catalogue["@type"], catalogue["dct:publisher"]["foaf:name"]) == ("dcat:Catalog", "Stadt")
    datasets = {one["@id"].partition("#")[2]: one for one in catalogue["dcat:dataset"]}
    assert list(datasets) == ["probe-table", "probe-table-2", "probe-bar", "probe-line"]
    for key, one in datasets.items():
        assert one["dct:title"]["@value"]
        assert one["dct:description"]["@value"]
        # The rows are of their data date, whenever they are published.
        assert one["dct:modified"] == {"@value": "2025-12-15", "@type": "xsd:date"}
        assert one["dcatde:contributorID"] == {"@id": "http://dcat-ap.de/def/contributors/stadt"}
        assert one["dct:spatial"]["@id"].endswith("/regionalKey/053160000000")
        assert one["dcat:theme"] == [
            {"@id": "http://publications.europa.eu/resource/authority/data-theme/GOVE"}
        ]
        assert one["dcat:contactPoint"]["vcard:hasEmail"] == {"@id": "mailto:daten@stadt.example"}
        for file in one["dcat:distribution"]:
            assert file["dcat:downloadURL"]["@id"].removeprefix(TERMS.address) in site
            assert file["dct:modified"] == one["dct:modified"]
            assert file["dcat:accessURL"]["@id"] == f"{TERMS.address}#{key}"
            assert file["dct:license"] == {"@id": "http://dcat-ap.de/def/licenses/dl-by-de/2.0"}
            assert file["dcatde:licenseAttributionByText"]["@value"] == "Stadt"


EU, DE = "http://publications.europa.eu/resource/authority/", "http://dcat-ap.de/def/"
RULES = {
    "dcat:Catalog": {
        "dct:title": (1, 9, "de"),
        "dct:description": (1, 9, "de"),
        "dct:publisher": (1, 1, "foaf:Agent"),
        "dcat:dataset": (1, 99, "dcat:Dataset"),
        "dct:language": (0, 9, f"{EU}language/"),
        "dct:license": (0, 1, f"{DE}licenses/"),
        "dct:modified": (0, 1, "xsd:date"),
        "foaf:homepage": (0, 1, "https://"),
    },
    "dcat:Dataset": {
        "dct:title": (1, 9, "de"),
        "dct:description": (1, 9, "de"),
        "dct:identifier": (0, 9, str),
        "dct:publisher": (1, 1, "foaf:Agent"),
        "dcat:contactPoint": (1, 9, "vcard:Kind"),
        "dcatde:contributorID": (1, 1, f"{DE}contributors/"),
        "dcat:theme": (1, 9, f"{EU}data-theme/"),
        "dcat:keyword": (1, 9, "de"),
        "dcat:distribution": (1, 9, "dcat:Distribution"),
        "dcat:landingPage": (0, 9, "https://"),
        "dct:accessRights": (0, 1, f"{EU}access-right/PUBLIC"),
        "dct:language": (0, 9, f"{EU}language/"),
        "dct:modified": (0, 1, "xsd:date"),
        "dct:spatial": (0, 9, "dct:Location"),
        "dct:temporal": (0, 9, "dct:PeriodOfTime"),
    },
    "dcat:Distribution": {
        "dcat:accessURL": (1, 9, "https://"),
        "dcat:downloadURL": (0, 9, "https://"),
        "dct:title": (0, 9, "de"),
        "dct:format": (1, 1, f"{EU}file-type/"),
        "dcat:mediaType": (0, 1, "https://www.iana.org/assignments/media-types/"),
        "dct:license": (1, 1, f"{DE}licenses/"),
        "dcatde:licenseAttributionByText": (0, 9, "de"),
        "dct:modified": (0, 1, "xsd:date"),
    },
    "foaf:Agent": {"foaf:name": (1, 9, str)},
    "vcard:Kind": {"vcard:fn": (1, 1, str), "vcard:hasEmail": (1, 1, "mailto:")},
    "dct:PeriodOfTime": {"dcat:startDate": (1, 1, "xsd:date"), "dcat:endDate": (1, 1, "xsd:date")},
    "dct:Location": {},
}
"""Of each class of DCAT-AP.de 3.0 that is written: how often a property stands, and what its value is.

A class, the language of a text, the type of a day, the beginning of an address, or plain text.
"""


def listed(value):
    return value if isinstance(value, list) else [value]


def judged(node):
    """Faults of a node and of all below it, as the shapes of DCAT-AP.de 3.0 would name them."""
    (kind,) = (one for one in listed(node["@type"]) if one in RULES)
    rules = RULES[kind]
    yield from (f"{kind}: {name} is not known" for name in node if name[0] != "@" and name not in rules)
    for name, (least, most, wanted) in rules.items():
        values = listed(node.get(name, []))
        if not least <= len(values) <= most:
            yield f"{kind}: {name} stands {len(values)} times"
        for value in values:
            if wanted is str:
                right = isinstance(value, str) and bool(value)
            elif wanted in RULES:
                right = wanted in listed(value["@type"])
                yield from judged(value)
            elif wanted == "de":
                right = (
                    set(value) == {"@value", "@language"} and value["@language"] == wanted and value["@value"]
                )
            elif wanted == "xsd:date":
                right = value["@type"] == wanted and dt.date.fromisoformat(value["@value"])
            else:
                right = set(value) == {"@id"} and value["@id"].startswith(wanted)
            if not right:
                yield f"{kind}: {name} is {value}"


def test_every_entry_has_what_dcat_ap_de_demands_with_the_right_kind_of_value(site):
    told = json.loads(site["katalog.jsonld"])
    (catalogue,) = told["@graph"]
    assert list(judged(catalogue)) == []
    used = set(re.findall(r'"(?:@type": ")?(dcat|dcatde|dct|foaf|vcard|xsd):', json.dumps(told)))
    assert used == set(told["@context"])
    # The check sees what is missing and what is of another kind.
    first = catalogue["dcat:dataset"][0]
    del first["dct:title"], first["dcat:distribution"][0]["dcat:accessURL"]
    first["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": ""}
    first["dct:modified"] = {"@value": "2025", "@type": "xsd:gYear"}
    assert [fault.partition(" ")[2].partition(" ")[0] for fault in judged(catalogue)] == [
        "dct:title", "foaf:name", "dcat:accessURL", "dct:modified"]  # fmt: skip


def test_a_period_stands_in_the_catalogue_and_sample_data_say_so(worker):
    exhibit = dataclasses.replace(counted(), sample=True, period=(dt.date(2025, 1, 1), dt.date(2025, 3, 31)))
    made, _ = written(
        exhibit, worker=worker, sample=True, terms=dataclasses.replace(TERMS, licence="cc-zero")
    )
    (one,) = json.loads(made["katalog.jsonld"])["@graph"][0]["dcat:dataset"]
    assert one["dct:temporal"]["dcat:startDate"]["@value"] == "2025-01-01"
    assert one["dct:temporal"]["dcat:endDate"]["@value"] == "2025-03-31"
    assert one["dct:title"]["@value"].startswith("Beispieldaten · ")
    assert "dcatde:licenseAttributionByText" not in one["dcat:distribution"][0]
    assert "Beispieldaten: keine echten Zahlen." in made["index.html"].decode()
