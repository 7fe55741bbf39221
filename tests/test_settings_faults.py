"""A fault in the settings is a German sentence that names key, remedy and place, and never the value."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import random
import re
import string
import typing
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from etl.errors import LoadError
from etl.operations.monitoring import concerns
from etl.sources.matomo.access import read_token
from etl.sources.search_console.client import read_key
from etl.sources.transport import open_http
from portalkompass.exports.papers.word import NotOnPaper, to_docx
from portalkompass.exports.slides.template import Look, TemplateError, open_template
from portalkompass.operations.messages import SendingError, send_mail
from portalkompass.settings import Settings, SettingsError, load_settings
from portalkompass.settings_faults import BETWEEN, LOCAL_FILE, PREFIX, keys_of
from portalkompass.ui.auth.identity import open_oidc
from portalkompass.ui.auth.proxy_sign_in import ProxySignIn
from tests.conftest import command

EACH = 15
"""Drawn faults of each kind: over 200."""
THRESHOLD = "digest.alerts.threshold"
CHECKED = {
    *("memory_limit", "operations.notify.mail_from", "login.proxy.header"),
    *(f"publication.{name}" for name in ("address", "contact", "contributor_id")),
    *(f"publication.{name}" for name in ("imprint", "privacy", "accessibility")),
}
"""Keys with a sentence of their own for what is no such value."""
SECRET = "geheim-7f3a"
NOBODY = 65534
"""An account that owns nothing."""
ENGLISH = (
    "Input should",
    "Extra inputs",
    "valid",
    "Error",
    "error",
    "pydantic",
    "Traceback",
    "field",
    "parse",
)


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A settings.local.toml of its own, and settings that are read anew."""
    file = tmp_path / "settings.local.toml"
    file.write_text("", encoding="utf-8")
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)  # it would win over the file
    monkeypatch.setenv(LOCAL_FILE, str(file))
    load_settings.cache_clear()
    yield file
    load_settings.cache_clear()


def told() -> str:
    load_settings.cache_clear()
    with pytest.raises(SettingsError) as fault:
        load_settings()
    return str(fault.value)


def leaves(model: type[BaseModel] = Settings, before: str = "") -> Iterator[tuple[str, str]]:
    """Keys that hold a single value or a list, with the kind of value."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from leaves(inner, f"{before}{name}.")
        elif typing.get_origin(inner) is tuple:
            yield before + name, "list"
        elif typing.get_origin(inner) is typing.Literal:
            yield before + name, "choice"
        elif inner in (int, float, bool, str):
            yield before + name, inner.__name__


def misspelt(chance: random.Random, key: str) -> str:
    """The key's own name with a letter twice, gone, or changed."""
    before, _, name = key.rpartition(".")
    known = set(keys_of(Settings))
    while True:
        place = chance.randrange(1, len(name))
        letter = chance.choice(string.ascii_lowercase)
        wrong = chance.choice(
            (
                name[:place] + name[place - 1 :],
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place + 1 :],
            )
        )
        wrong = f"{before}.{wrong}".removeprefix(".")
        if wrong not in known:
            return wrong


REMEDY = {
    "int": "ganze Zahl",
    "float": "Zahl",
    "bool": "true oder false",
    "list": "Liste in eckigen Klammern",
    "choice": "erlaubt:",
    "str": "Text sein",
}
KEYS = [one for one in leaves() if one[0] != "demo"]
SECTIONS = sorted({key.rpartition(".")[0] for key, _ in KEYS} - {""})
NAMED = ("Gemeint ist wohl", "andere Stelle", "Erlaubt sind")


@dataclasses.dataclass(frozen=True)
class Fault:
    """Settings that cannot be used: the file, the variables, and what the sentence must say (of ``any_of`` one)."""

    text: str | bytes = ""
    variables: Mapping[str, str] = dataclasses.field(default_factory=dict)
    says: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ("",)
    local: Callable[[Path], Path] = lambda file: file
    """Makes something else of the file's place; returns where the settings are looked for."""


def written(key: str, value: str, chance: random.Random) -> tuple[str, str]:
    """The key with that value as a file, and its place."""
    section, _, name = key.rpartition(".")
    head = f"[{section}]\n" if section else ""
    text = "# eigene Werte\n" * chance.randrange(4) + f"{head}{name} = {value}\n"
    if chance.random() < 0.3:
        text = f"\ufeff{text}"
    return text, f"settings.local.toml, Zeile {text.count(chr(10))}"


def variable(key: str) -> str:
    return PREFIX + key.upper().replace(".", BETWEEN)


def somewhere(key: str, chance: random.Random, value: str, quoted: str, *says: str, **more: Any) -> Fault:
    """The value in the file or in a variable, as the draw has it."""
    if chance.random() < 0.5:
        text, place = written(key, quoted, chance)
        return Fault(text, says=(place, *says), **more)
    return Fault(variables={variable(key): value}, says=(variable(key), *says), **more)


def wrong_type(chance: random.Random) -> Fault:
    key, kind = chance.choice(KEYS)
    if kind in ("list", "str"):
        text, place = written(key, "7" if kind == "str" else f'"{SECRET}"', chance)
        return Fault(text, says=(place, f"„{key}“", REMEDY[kind]))
    return somewhere(key, chance, SECRET, f'"{SECRET}"', f"„{key}“", REMEDY[kind])


def beyond_its_bounds(chance: random.Random) -> Fault:
    key, kind = chance.choice([one for one in KEYS if one[1] in ("int", "float") and one[0] != THRESHOLD])
    number = chance.choice(
        ("-1", "999999999999", "-1000000") + (("inf", "nan", "1e300") if kind == "float" else ())
    )
    remedy = ("mindestens", "größer als", "höchstens", "endliche Zahl")
    return somewhere(key, chance, number, number, f"„{key}“", any_of=remedy)


def unknown_key(chance: random.Random) -> Fault:
    key, _ = chance.choice(KEYS)
    near = misspelt(chance, key)
    far = (
        f"{key.rpartition('.')[0]}.{chance.choice(('xqzwv', 'k', 'ÄÖ'.lower(), 'passwort-2'))}".removeprefix(
            "."
        )
    )
    wrong = chance.choice((near, far))
    quoted = ".".join(part if part.isascii() else f'"{part}"' for part in wrong.split("."))
    text, place = written(quoted, f'"{SECRET}"', chance)
    return Fault(
        text, says=(f"„{wrong}“ ist unbekannt", "settings.local.toml" if place else ""), any_of=NAMED
    )


def unknown_section(chance: random.Random) -> Fault:
    wrong = chance.choice((misspelt(chance, chance.choice(SECTIONS)), "xqzwv"))
    text, place = written(f"{wrong}.x", "1", chance)
    number = int(place.rpartition(" ")[2]) - 1
    return Fault(
        text, says=(f"„{wrong}“ ist unbekannt", f"settings.local.toml, Zeile {number}"), any_of=NAMED
    )


def unknown_variable(chance: random.Random) -> Fault:
    key, _ = chance.choice(KEYS)
    section, _, name = chance.choice([one for one, _ in KEYS if "." in one]).rpartition(".")
    wrong = chance.choice((misspelt(chance, key), f"{misspelt(chance, section)}.{name}", "xqzwv", "a.b.c"))
    remedy = ("Gemeint ist wohl PORTALKOMPASS_", "settings.toml")
    return Fault(variables={variable(wrong): SECRET}, says=(variable(wrong),), any_of=remedy)


def no_toml(chance: random.Random) -> Fault:
    line = chance.choice(
        ("a b", "=", "[", "[city", "city]", "x =", 'x = "a', "x = 'a", "x = 1,5", "x = Köln", "x: 1", 'x = "\\q"',
         "x = 01", "x = True", "x = \"a\x1bb\"", "x = \"a\x00b\"", "x\x07 = 1", "x = 2025-13-40", "\ufeffx = 1", "{}",
         "x = " + "9" * 5000, "x = " + "[" * 3000)
    )  # fmt: skip
    before = "# eigene Werte\n" * chance.randrange(4)
    where = (f"Zeile {before.count(chr(10)) + 1}", "zu viele Ziffern", "lässt sich nicht lesen")
    return Fault(before + line + "\ny = 1\n", says=("settings.local.toml",), any_of=where)


def told_twice(chance: random.Random) -> Fault:
    key, _ = chance.choice([one for one in KEYS if "." in one[0]])
    section, _, name = key.rpartition(".")
    text = chance.choice((f"[{section}]\n{name} = 1\n{name} = 2\n", f"[{section}]\n[{section}]\n"))
    line = text.count("\n")
    return Fault(text, says=(f"settings.local.toml, Zeile {line}", "nur einmal"))


def other_encoding(chance: random.Random) -> Fault:
    text = f'[city]\nname = "{chance.choice("äöüßé")}"\n'
    return Fault(
        text.encode(chance.choice(("latin-1", "cp1252", "utf-16", "utf-32"))), says=(".toml", "UTF-8")
    )


def wrong_shape(chance: random.Random) -> Fault:
    """A list or section where a single value stands, a value or list where a section does."""
    key, kind = chance.choice(KEYS)
    if chance.random() < 0.5:
        value, says = (
            chance.choice(("{a = 1}", '[["a"]]') if kind == "list" else ('["a"]', "{a = 1}", "[[1]]")),
            key,
        )
    else:
        says = chance.choice(SECTIONS)
        value = chance.choice(('"a"', "3", '["a"]', "true"))
    text, place = written(says, value, chance)
    inner = (f"„{says}“", f"„{says}.")
    return Fault(text, says=(place, "muss" if kind != "choice" or says != key else ""), any_of=inner)


def sections_for_one(chance: random.Random) -> Fault:
    section = chance.choice([one for one in SECTIONS if "." not in one])
    return Fault(f"[[{section}]]\n", says=(f"„{section}“ muss ein Abschnitt", "settings.local.toml, Zeile 1"))


def control_character(chance: random.Random) -> Fault:
    key = chance.choice([one for one, kind in KEYS if kind == "str" and one not in CHECKED])
    character = chance.choice("\n\r\t\x1b\x07\x7f\x85")
    quoted = f'"{SECRET}\\u{ord(character):04x}"'
    return somewhere(
        key, chance, SECRET + character, quoted, f"„{key}“ enthält ein Steuerzeichen", "in einer Zeile"
    )


def empty(chance: random.Random) -> Fault:
    key, kind = chance.choice(
        [
            one for one in KEYS if one[1] not in ("str", "list") and one[0] != "publication.licence"
        ]  # may be ""
        + [("data_dir", "path"), ("memory_limit", "amount")]
    )
    remedy = (REMEDY.get(kind, "nötig ist"),)
    blank = chance.choice(("", "  ")) if kind == "path" else ""
    return somewhere(key, chance, blank, f'"{blank}"', f"„{key}“", any_of=remedy)


def no_such_list(chance: random.Random) -> Fault:
    """Lists and sections in variables are JSON."""
    key = chance.choice([one for one, kind in KEYS if kind == "list" and one not in CHECKED])
    value = chance.choice((SECRET, "[a]", '["a"', "{", "[" * 5000, "'a'"))
    return Fault(variables={variable(key): value}, says=("Umgebungsvariable", variable(key), '["a", "b"]'))


def no_such_file(chance: random.Random) -> Fault:
    def away(file: Path) -> Path:
        return file.with_name("fehlt.toml")

    def folder(file: Path) -> Path:
        return file.parent

    def dangling(file: Path) -> Path:
        link = file.with_name("verweis.toml")
        link.unlink(missing_ok=True)
        link.symlink_to("fehlt.toml")
        return link

    def within_a_file(file: Path) -> Path:
        return file / "settings.toml"

    place, says = chance.choice(
        ((away, "gibt es nicht"), (folder, "ist ein Ordner; nötig ist eine Datei"), (dangling, "verweis.toml"),
         (within_a_file, "gibt es nicht"))
    )  # fmt: skip
    return Fault(local=place, says=(says,))


KINDS = (
    wrong_type,
    beyond_its_bounds,
    unknown_key,
    unknown_section,
    unknown_variable,
    no_toml,
    told_twice,
    other_encoding,
    wrong_shape,
    sections_for_one,
    control_character,
    empty,
    no_such_list,
    no_such_file,
)


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_faults_of_every_kind_name_key_remedy_and_place(
    local: Path, monkeypatch: pytest.MonkeyPatch, kind: Callable[[random.Random], Fault]
) -> None:
    chance = random.Random(29)
    for _ in range(EACH):
        fault = kind(chance)
        local.write_bytes(fault.text if isinstance(fault.text, bytes) else fault.text.encode())
        with monkeypatch.context() as patch:
            patch.setenv(LOCAL_FILE, str(fault.local(local)))
            for name, value in fault.variables.items():
                patch.setenv(name, value)
            sentence = told()
        context = f"{fault.text!r:.200} {fault.variables!r:.200}: {sentence}"
        assert SECRET not in sentence, context
        assert sentence.isprintable(), context
        assert not [one for one in fault.says if one not in sentence], context
        assert [one for one in fault.any_of if one in sentence], context
        told_words = re.sub(
            r"„[^“]*“|[A-Z_]{8,}|Erlaubt sind hier: [^.]*|Gemeint ist wohl [^.]*", "", sentence
        )
        assert not [word for word in ENGLISH if word in told_words], context


def _mail(settings: Settings) -> None:
    send_mail(settings.operations.notify, EmailMessage())


def _watched(settings: Settings) -> None:
    raise LoadError(" ".join(concerns(settings)))


LOGIN = """login.address = 'https://a.example'
login.metadata_url = 'https://a.example'
login.client_id = 'a'
login.read = ['a']
"""
GATE = f"{LOGIN}login.mode = 'proxy'\nlogin.proxy.issuer = 'a'\nlogin.proxy.audience = 'a'\n"
FILES: dict[str, tuple[str, Callable[[Settings], object]]] = {
    "search_console.credentials_file": ("", lambda now: read_key(now.search_console)),
    "search_console.ca_file": ("", lambda now: open_http(now.search_console, "search_console")),
    "matomo.token_file": ("", lambda now: read_token(now.matomo)),
    "matomo.ca_file": ("", lambda now: open_http(now.matomo, "matomo")),
    "operations.certificate_file": ("", _watched),
    "operations.notify.smtp_password_file": ("operations.notify.smtp_user = 'a'\n", _mail),
    "operations.notify.ca_file": ("", _mail),
    "login.client_secret_file": (LOGIN, lambda now: open_oidc(now.login)),
    "login.proxy.keys": (GATE, lambda now: ProxySignIn(open_oidc(now.login))),
    "slides.template": ("", lambda now: open_template(Look(now.slides.template))),
    "word.template": ("", lambda now: to_docx(None, None, now.word.template)),
}
"""Files that settings name: what must stand beside them, and what reads them."""


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Where tests run as root every file is readable; not for this account."""
    before = os.geteuid()
    os.seteuid(NOBODY if before == 0 else before)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("state", ["missing", "folder", "empty", "bytes", "closed"])
def test_a_file_that_settings_name_and_that_is_of_no_use_is_told_with_its_key(
    local: Path, tmp_path: Path, state: str
) -> None:
    for key, (beside, ask) in FILES.items():
        if key.endswith(".ca_file") and state in ("empty", "bytes", "closed") and "notify" not in key:
            continue  # read when the connection is opened (tests/etl/sources)
        suffix = {"slides.template": ".pptx", "word.template": ".docx"}.get(key, ".txt")
        file = tmp_path / f"{key}-{state}{suffix}"
        if state == "folder":
            file.mkdir()
        elif state != "missing":
            file.write_bytes(bytes(range(256)) * 9 if state == "bytes" else b"")
        local.write_text(f"{beside}{key} = '{file}'\n", encoding="utf-8")
        load_settings.cache_clear()
        settings = load_settings().model_copy(update={"data_dir": Path("/nirgends")})
        file.chmod(0) if state == "closed" else None
        with (
            as_nobody() if state == "closed" else contextlib.nullcontext(),
            pytest.raises((SettingsError, LoadError, SendingError, TemplateError, NotOnPaper)) as fault,
        ):
            ask(settings)
        sentence = str(fault.value)
        file.chmod(0o700) if state == "closed" else None
        assert key in sentence, (key, sentence)
        assert sentence.endswith("."), sentence
        assert not re.search(r"Traceback|Errno|\w+(Error|Exception)\b", sentence), sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[login]\nsession_hours = 0\n", "muss größer als 0 und höchstens 720 sein. (settings.local.toml, Zeile 2)"),
        ("sesion_hours = 3\n", "„sesion_hours“ ist unbekannt."),
        ("session_hours = 3\n", "Der Schlüssel gehört an eine andere Stelle: „login.session_hours“."),
        ("[logn]\nread = []\n", "„logn“ ist unbekannt. Gemeint ist wohl „login“. (settings.local.toml, Zeile 1)"),
        ("memory_limit = '12 Bananen'\n", "nötig ist eine Menge wie 200MB oder 4GB. (settings.local.toml, Zeile 1)"),
        ("[city]\nname = Köln\n", "settings.local.toml, Zeile 2: Das ist keine gültige Zeile"),
        ("today = '2025-13-01'\n", "„today“ muss ein Tag der Form JJJJ-MM-TT sein"),
        ("[[query_topics]]\nname = 'A'\npattern = 'a'\n[[query_topics]]\nname = 'B'\npattern = '('\n",
         "„query_topics.2.pattern“ ist nicht verwendbar: kein regulärer Ausdruck"),
        ("[digest]\nmail_to = ['team']\n",
         "„digest.mail_to.1“ ist nicht verwendbar: nötig ist eine E-Mail-Adresse"),
        ("[digest]\nmail_to = ['a@b.example\\r\\nBcc: c@d.example']\n".replace("'", '"'), "„digest.mail_to.1“"),
        ("[[digest.alerts]]\nname = 'A'\nrule = 'below'\n",
         "„digest.alerts.1“ ist nicht verwendbar: rule = \"below\" braucht einen Wert in threshold"),
        ("[[digest.alerts]]\nname = 'A'\nrule = 'unter'\nthreshold = 1\n",
         "„digest.alerts.1.rule“ ist nicht vorgesehen; erlaubt: above, below, beyond_chance"),
        ("[[digest.alerts]]\nname = 'A'\nrule = 'beyond_chance'\nquery = 'x'\n",
         "rule = \"beyond_chance\" prüft Klicks von Seiten, ohne query und threshold"),
        ("[[digest.alerts]]\nname = 'A'\nrule = 'above'\nthreshold = 1\nquery = 'x'\nservice = 'y'\n",
         "nur eines von page_contains, query und service ist möglich. (settings.local.toml, Zeile 1)"),
        ("[[digest.alerts]]\nname = 'A'\nrule = 'above'\nthreshold = 1\n" * 2,
         "„digest.alerts“ ist nicht verwendbar: zwei Alarme heißen gleich"),
        ("[[municipalities]]\nkey = 'a'\n", "„municipalities.1.sites“ fehlt. (settings.local.toml, Zeile 1)"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_names_the_line_and_what_is_allowed(
    local: Path, text: str, expected: str
) -> None:
    local.write_text(text, encoding="utf-8")
    assert expected in told()


def test_generous_limits_and_patterns_of_several_lines_are_no_faults(local: Path) -> None:
    topic = '[[query_topics]]\nname = "A"\npattern = """(?x)\n\thund\n"""\n'
    proxy = "[login.proxy]\nmax_age_seconds = 604800\n"
    local.write_text(
        f"[operations]\nkeep_audit_days = 99999\n[matomo]\npublish_every_seconds = 604800\n{proxy}{topic}",
        "utf-8",
    )
    load_settings.cache_clear()
    settings = load_settings()
    assert (settings.operations.keep_audit_days, settings.login.proxy.max_age_seconds) == (99_999, 604_800)
    assert settings.query_topics[0].pattern == "(?x)\n\thund\n"
    local.write_text(topic.replace("hund", "hu\\u0007nd"), "utf-8")
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match="enthält ein Steuerzeichen"):
        load_settings()


def test_a_byte_order_mark_is_read_and_another_encoding_is_named(local: Path) -> None:
    local.write_text('[city]\nname = "Köln"\n', encoding="utf-8-sig")
    load_settings.cache_clear()
    assert load_settings().city.name == "Köln"
    local.write_text('[city]\nname = "Köln"\n', encoding="latin-1")
    assert told().endswith(
        "settings.local.toml ist nicht in UTF-8 gespeichert. Bitte in dieser Kodierung speichern."
    )
    local.write_text('[city]\nname = "Köln"\n', encoding="utf-16")
    assert "nicht in UTF-8" in told()


def test_variables_that_are_no_setting_are_refused(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALKOMPASS_OPERATION__LOG", "json")
    assert told() == (
        "Die Umgebungsvariable PORTALKOMPASS_OPERATION__LOG gehört zu keiner Einstellung. "
        "Gemeint ist wohl PORTALKOMPASS_OPERATIONS__LOG."
    )
    monkeypatch.delenv("PORTALKOMPASS_OPERATION__LOG")
    monkeypatch.setenv("PORTALKOMPASS_SPARK__PROPERTIES__EXECUTOR", "2g")
    load_settings.cache_clear()
    assert load_settings().spark.properties == {"executor": "2g"}
    monkeypatch.setenv("PORTALKOMPASS_MUNICIPALITIES", SECRET)
    sentence = told()
    assert '["a", "b"]' in sentence
    assert SECRET not in sentence
    monkeypatch.delenv("PORTALKOMPASS_MUNICIPALITIES")
    monkeypatch.setenv(LOCAL_FILE, str(local) + ".fehlt")
    assert told() == f"Die Datei aus {LOCAL_FILE} gibt es nicht."


@pytest.mark.parametrize(
    "arguments",
    [("etl", "status"), ("etl", "run"), ("portalkompass", "ranking"), ("portalkompass", "prepare")],
)
def test_commands_say_it_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = command(tmp_path, *arguments, PORTALKOMPASS_LOGIN__SESSION_HOURS="0", PYTHONWARNINGS="ignore")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "„login.session_hours“ muss größer als 0" in done.stderr
    assert os.linesep not in done.stdout
