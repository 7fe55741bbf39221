"""Faults of settings as German sentences: the key, what is allowed, the nearest key, and where it stands.

A value is never named: it may be a secret.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import typing
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

PREFIX = "PORTALKOMPASS_"
BETWEEN = "__"
LOCAL_FILE = "PORTALKOMPASS_LOCAL_SETTINGS"
"""The one variable that is no setting: another place of settings.local.toml."""

_MUST = {
    "int_": "muss eine ganze Zahl sein",
    "float_": "muss eine Zahl sein",
    "bool_": "muss true oder false sein",
    "date_": "muss ein Tag der Form JJJJ-MM-TT sein",
    "string_type": "muss ein Text sein",
    "string_too_short": "darf nicht leer sein",
    "too_short": "darf nicht leer sein",
    "tuple_type": "muss eine Liste in eckigen Klammern sein",
    "dict_type": "muss ein Abschnitt mit Namen und Werten sein",
    "model_": "muss ein Abschnitt mit eigenen Schlüsseln sein",
    "path_type": "muss ein Pfad sein",
    "missing": "fehlt",
    "string_pattern": "hat unzulässige Zeichen; nötig sind Buchstaben, Ziffern und Bindestriche",
    "finite_number": "muss eine endliche Zahl sein",
}
_BOUNDS = (
    ("ge", "mindestens {}"),
    ("gt", "größer als {}"),
    ("le", "höchstens {}"),
    ("lt", "kleiner als {}"),
)


class FileFault(ValueError):
    """A file of settings cannot be read; the message is a German sentence."""


def read_toml(file: Path) -> dict[str, Any]:
    """A file of settings, empty where there is none; a byte order mark, as editors on Windows write it, is no fault.

    Raises:
        FileFault: it cannot be read, with the line where it says no more TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise FileFault(
            f"{file.name} ist nicht in UTF-8 gespeichert. Bitte in dieser Kodierung speichern."
        ) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        place = f", Zeile {found[1]}" if found else ", am Ende"
        raise FileFault(
            f"{file.name}{place}: Das ist keine gültige Zeile der Form „schlüssel = wert“ (Texte in "
            "Anführungszeichen, jeder Schlüssel und Abschnitt nur einmal, Dezimalpunkt statt Komma)."
        ) from None
    except FileNotFoundError:
        if file.is_symlink():
            raise FileFault(f"{file} verweist auf eine Datei, die es nicht gibt.") from None
        return {}
    except IsADirectoryError:
        raise FileFault(f"{file} ist ein Ordner; nötig ist eine Datei.") from None
    except ValueError:
        raise FileFault(f"{file.name}: Eine Zahl hat zu viele Ziffern.") from None
    except (OSError, RecursionError):
        raise FileFault(f"{file} lässt sich nicht lesen; bitte Ort und Rechte prüfen.") from None


def sentence_of(
    fault: ErrorDetails, model: type[BaseModel], files: Sequence[Path], env: Mapping[str, str]
) -> str:
    """One fault that pydantic found, in German: key, what is wrong and allowed, and where it stands."""
    path = tuple(fault["loc"])
    key = key_of(path)
    kind = fault["type"]
    if kind == "extra_forbidden":
        remark = f"ist unbekannt. {nearest(path, model)}"
    else:
        remark = f"{_remark(fault, _field_at(path, model))}."
    return f"„{key}“ {remark} ({place_of(path, files, env)})" if path else remark


def key_of(path: Sequence[str | int]) -> str:
    """The key as a person writes it; entries of lists are counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _remark(fault: ErrorDetails, field: FieldInfo | None) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "literal_error" and field:
        return f"ist nicht vorgesehen; erlaubt: {', '.join(map(str, _literals(field.annotation)))}"
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal") and field:
        bounds = [
            text.format(f"{getattr(one, name):.10g}".replace(".", ","))
            for one in field.metadata
            for name, text in _BOUNDS
            if getattr(one, name, None) is not None
        ]
        return f"muss {' und '.join(bounds)} sein"
    if kind in ("value_error", "assertion_error"):
        return f"ist nicht verwendbar: {context.get('error', 'Wert nicht erlaubt')}"
    for beginning, text in _MUST.items():
        if kind.startswith(beginning):
            return text
    return "hat einen Wert, der hier nicht erlaubt ist"


def _literals(annotation: object) -> Iterator[object]:
    for part in typing.get_args(annotation):
        if isinstance(part, (str, int)):
            yield part
        else:
            yield from _literals(part)


def nearest(path: Sequence[str | int], model: type[BaseModel]) -> str:
    """What was meant by an unknown key, or what there is at its place."""
    section = _model_at(path[:-1], model)
    there = sorted(section.model_fields) if section else []
    wrong = str(path[-1])
    before = key_of([part for part in path[:-1] if not isinstance(part, int)])
    if close := difflib.get_close_matches(wrong.lower(), there, n=1, cutoff=0.6):
        return f"Gemeint ist wohl „{'.'.join(filter(None, (before, close[0])))}“."
    elsewhere = {key.rpartition(".")[2]: key for key in keys_of(model)}
    if wrong.lower() in elsewhere:
        return f"Der Schlüssel gehört an eine andere Stelle: „{elsewhere[wrong.lower()]}“."
    return f"Erlaubt sind hier: {', '.join(there)}."


def keys_of(model: type[BaseModel], before: str = "") -> list[str]:
    """Every key with its sections, e.g. ``login.session_hours``; sections themselves come before what is in them."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        found.append(before + name)
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += keys_of(inner, f"{before}{name}.")
    return found


def unprintable(model: BaseModel) -> tuple[str | int, ...] | None:
    """Where a text has a control character or is none (bytes that are no UTF-8).

    A break would end a line of a mail or of the log, a zero ends a path. Patterns may have lines and tabs.
    """
    return _unprintable((), model)


def _unprintable(path: tuple[str | int, ...], value: object) -> tuple[str | int, ...] | None:
    if isinstance(value, str | Path):
        free = "\n\r\t" if path[-1:] == ("pattern",) else ""
        found = (one for one in str(value) if one not in free)
        return path if any(unicodedata.category(one) in ("Cc", "Cs") for one in found) else None
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, BaseModel):
        inner = value
    elif isinstance(value, Mapping):
        if any(_unprintable(path, name) is not None for name in value):
            return path
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    faults = (_unprintable((*path, name), one) for name, one in inner)
    return next((one for one in faults if one is not None), None)


def unknown_variables(env: Mapping[str, str], model: type[BaseModel]) -> list[str]:
    """A sentence for every variable that begins like a setting and is none; it would be passed over in silence."""
    known = {key.upper().replace(".", BETWEEN) for key in keys_of(model)}
    open_ended = tuple(f"{key.upper().replace('.', BETWEEN)}{BETWEEN}" for key in _open_keys(model))
    faults = []
    for name in sorted(env):
        rest = name.upper().removeprefix(PREFIX)
        if not name.upper().startswith(PREFIX) or name == LOCAL_FILE:
            continue
        if rest in known or rest.startswith(open_ended):
            continue
        close = difflib.get_close_matches(rest, sorted(known), n=1, cutoff=0.6)
        meant = f" Gemeint ist wohl {PREFIX}{close[0]}." if close else " Die Namen stehen in settings.toml."
        faults.append(f"Die Umgebungsvariable {name} gehört zu keiner Einstellung.{meant}")
    return faults


def _open_keys(model: type[BaseModel], before: str = "") -> list[str]:
    """Keys whose own names are free: tables of columns, Spark's properties."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if typing.get_origin(inner) is dict:
            found.append(before + name)
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            found += _open_keys(inner, f"{before}{name}.")
    return found


def place_of(path: Sequence[str | int], files: Sequence[Path], env: Mapping[str, str]) -> str:
    """Where the value came from: a variable, or file and line; the first that has it wins."""
    names = [str(part) for part in path if not isinstance(part, int)]
    for length in range(len(names), 0, -1):
        wanted = (PREFIX + BETWEEN.join(names[:length])).upper()
        for name in env:
            if name.upper() == wanted:
                return f"Umgebungsvariable {name}"
    for file in files:
        if line := _line_of(path, file):
            return f"{file.name}, Zeile {line}"
    return "nirgends angegeben"


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*["']?([A-Za-z0-9_-]+)["']?\s*(?:=|\.)""")


def _line_of(path: Sequence[str | int], file: Path) -> int:
    """The line of a key, or of its section where the key itself is missing or a part of a value; 0 if neither."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return 0
    best, best_length = 0, 0
    section: list[str | int] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            name = header[2].replace('"', "").replace(" ", "")
            section = list(name.split("."))
            if header[1] == "[[":
                section.append(seen.get(name, 0))
                seen[name] = seen.get(name, 0) + 1
            here = section
        elif key := _KEY.match(line):
            here = [*section, key[1]]
        else:
            continue
        if here[-1:] == [0] and len(here) == len(path) + 1:
            here = here[:-1]  # a list of sections where one value is wanted
        if len(here) > best_length and list(path[: len(here)]) == here:
            best, best_length = number, len(here)
    return best


def _model_at(path: Sequence[str | int], model: type[BaseModel]) -> type[BaseModel] | None:
    if not path:
        return model
    field = _field_at(path, model)
    inner: object = field.annotation if field else None
    while inner is not None:
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
        inner = next((part for part in typing.get_args(inner) if part is not Ellipsis), None)
    return None


def _field_at(path: Sequence[str | int], model: type[BaseModel]) -> FieldInfo | None:
    names = [part for part in path if not isinstance(part, int)]
    if not names:
        return None
    section = _model_at(names[:-1], model) if len(names) > 1 else model
    return section.model_fields.get(str(names[-1])) if section else None
