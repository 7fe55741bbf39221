"""Free text without what looks like personal data: addresses, numbers, names after salutations."""

from __future__ import annotations

import re

LONGEST = 1_000
"""Characters that are kept of a text."""
_NOT_A_NAME = (
    "am|an|auf|aus|bei|beim|dort|die|der|das|dass|hat|hatte|hier|hinter|im|in|ist|kann|konnte|mit|nicht|oder|ohne|"
    "sagte|sie|sowie|über|und|vom|von|vor|war|waren|welche|wird|wurde|zu|zum|zur"
)
"""Words that follow a salutation and are none of the name: „die Frau am Schalter“."""
_WORD = r"(?:[^\W\d_]\.|[^\W\d_][\w'’-]*)"
_OF = r"(?:(?i:von|van|de|zu|al|el)(?:[ ](?i:der|den|dem))?[ ])"
_CAPITAL = r"[A-ZÄÖÜ](?:\.|[\w'’-]*)"
_NAME = (
    rf"(?:(?i:dr|prof|med|dipl|ing)\b\.?[ -]*)*(?:{_OF}{_CAPITAL}|(?!(?i:{_NOT_A_NAME})\b){_WORD})"
    rf"(?:[ ]{_OF}?{_CAPITAL}){{0,2}}"
)
_SALUTATION = (
    r"(?i:\b(?:herrn?|frau|frl|hr|fr|familie|fam|kollegen|kollegin|kollege|sachbearbeiter(?:in)?|mitarbeiter(?:in)?|"
    r"mrs?|ms|name ist|name:|heiße|heisse|namens|gezeichnet|gez)\b\.?:?\s+)"
)
_REGARDS = (
    r"(?i:\b(?:mit\s+freundlichen\s+gr(?:ü|ue)(?:ß|ss)en|(?:viele|freundliche|beste|liebe|schöne)\s+gr(?:ü|ue)(?:ß|ss)e|"
    r"gr(?:u|ü)(?:ß|ss)e?|mfg|lg|vg)\b[\s,.:!-]+)"
)
_MASKS = (
    (re.compile(r"(?i)\bhttps?://\S+|\bwww\.\S+"), "[Adresse]"),
    (re.compile(r"(?i)[\w.+-]+\s?(?:@|[(\[]\s?at\s?[)\]])\s?[\w-]+(?:\.[\w-]+)*"), "[E-Mail]"),
    (re.compile(r"(?i)\b[\w.+-]+\s+at\s+[\w-]+\s+(?:punkt|dot)\s+\w+"), "[E-Mail]"),
    (re.compile(r"@\w+"), "[Konto]"),
    (re.compile(r"(?i)\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){2,7}(?:\s?[a-z0-9]{1,3})?\b(?<=\d)"), "[IBAN]"),
    (re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)?\d{2}\b"), "[Datum]"),
    (re.compile(r"(?<!\w)(?:\+|0)(?:[\s./()-]{0,3}\d){5,}"), "[Telefon]"),
    (re.compile(r"\d(?:[\s./()-]{0,3}\d){5,}"), "[Nummer]"),
    (re.compile(r"\b[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}[EH]?\b"), "[Kennzeichen]"),
    (
        re.compile(
            r"(?i)\b[\w-]*(?:straße|strasse|str\.|weg|allee|platz|ring|gasse|damm|ufer)\s+\d{1,3}\s?[a-z]?\b"
        ),
        "[Anschrift]",
    ),
    (re.compile(rf"({_SALUTATION}){_NAME}"), r"\1[Name]"),
    (re.compile(rf"({_REGARDS}){_NAME}"), r"\1[Name]"),
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def masked(text: str) -> str:
    """One line without anything unseen, at most `LONGEST` characters, with a word in brackets for each thing masked.

    It knows spellings, no people: a name that nothing announces stays, so the text must stay in the house.
    """
    line = " ".join(_UNSEEN.sub(" ", text).split())
    for pattern, word in _MASKS:
        line = pattern.sub(word, line)
    return line[:LONGEST]
