"""What a tagged PDF says of itself, read with pypdf: the structure as a screen reader meets it."""

import io
import re
from dataclasses import dataclass

import pypdf
from page import validate_pdf_bytes
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

UA = re.compile(r"pdfuaid:part(?:=\"|>)1")


@dataclass(frozen=True)
class Element:
    """A structure element: its type, alternative text, attributes, and the elements below it."""

    kind: str
    alt: str
    scope: str
    children: tuple["Element", ...]

    def every(self, kind):
        """Elements of that type in reading order, itself included."""
        own = [self] if self.kind == kind else []
        return [*own, *(found for child in self.children for found in child.every(kind))]


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def tree(reader):
    """The structure as elements."""
    return _element(reader.root_object["/StructTreeRoot"].get_object())


def _element(entry):
    children = entry.get("/K")
    children = children.get_object() if children is not None else []
    children = children if isinstance(children, ArrayObject) else [children]
    below = [child.get_object() for child in children]
    return Element(
        str(entry.get("/S", "")),
        str(entry.get("/Alt", "")),
        _scope(entry.get("/A")),
        tuple(_element(child) for child in below if isinstance(child, DictionaryObject) and "/S" in child),
    )


def _scope(attributes):
    if attributes is None:
        return ""
    attributes = attributes.get_object()
    held = attributes if isinstance(attributes, ArrayObject) else [attributes]
    dictionaries = [one.get_object() for one in held]
    return next((str(one["/Scope"]) for one in dictionaries if "/Scope" in one), "")


def untagged(reader):
    """Operators that show text, paths or pictures outside of marked content, page by page."""
    found = []
    for number, page in enumerate(reader.pages, start=1):
        depth = 0
        for _, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif not depth and operator in (
                b"Tj",
                b"TJ",
                b"'",
                b'"',
                b"f",
                b"F",
                b"f*",
                b"B",
                b"S",
                b"s",
                b"Do",
                b"sh",
            ):
                found.append((number, operator))
    return found


def faults(content):
    """Everything that PDF/UA-1 asks of the file and that is not there, as sentences: page's findings, and our own."""
    reader = read(content)
    checked = validate_pdf_bytes(content, profile="ua1")
    root = reader.root_object
    told = [f"{one.rule_id}: {one.message}" for one in checked.failures]
    metadata = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    checks = {
        "no language": root.get("/Lang") == "de-DE",
        "not marked": root.get("/MarkInfo", {}).get("/Marked"),
        "title is not shown": root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"),
        "no PDF/UA mark": UA.search(metadata) and "pdfuaid" in metadata,
        "no title": reader.metadata.title and "dc:title" in metadata,
        "no order of tabs": all(page.get("/Tabs") == "/S" for page in reader.pages if "/Annots" in page),
        "fonts are not embedded": _fonts_embedded(reader),
    }
    told += [name for name, right in checks.items() if not right]
    structure = tree(reader)
    told += [f"figure without words: {figure}" for figure in structure.every("/Figure") if not figure.alt]
    told += [f"head without scope: {head}" for head in structure.every("/TH") if not head.scope]
    told += ["table without head" for table in structure.every("/Table") if not table.every("/TH")]
    told += [f"untagged: {one}" for one in untagged(reader)]
    if not structure.every("/H1"):
        told.append("no heading")
    return told


def _fonts_embedded(reader):
    fonts = [
        reader.get_object(number)
        for number in range(1, len(reader.xref_objStm) + len(reader.xref.get(0, {})) + 1)
    ]
    described = [one for one in fonts if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor"]
    return described and all({"/FontFile2", "/FontFile3"} & one.keys() for one in described)


def words(content):
    """The text of all pages on one line, and of each page alone."""
    pages = [" ".join(page.extract_text().replace("\xa0", " ").split()) for page in read(content).pages]
    return " ".join(pages), pages
