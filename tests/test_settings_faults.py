"""A fault in the settings is a German sentence that names key, remedy and place, and never the value."""

from __future__ import annotations

import os
import random
import string
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from portalkompass.settings import Settings, SettingsError, load_settings
from portalkompass.settings_faults import BETWEEN, LOCAL_FILE, PREFIX, keys_of
from tests.conftest import command

DRAWS = 200
SECRET = "geheim-7f3a"
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


def test_200_drawn_faults_each_name_key_remedy_and_place(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(29)
    keys = [one for one in leaves() if one[0] != "demo"]
    for _ in range(DRAWS):
        key, kind = chance.choice(keys)
        in_file = chance.random() < 0.5 or kind in ("list", "str")
        wrong_key = chance.random() < 0.4
        written = misspelt(chance, key) if wrong_key else key
        section, _, name = written.rpartition(".")
        variable = PREFIX + written.upper().replace(".", BETWEEN)
        if in_file:
            value = "7" if kind == "str" and not wrong_key else f'"{SECRET}"'
            comment = "# eigene Werte\n" * chance.randrange(4)
            head = f"[{section}]\n" if section else ""
            text = f"{comment}{head}{name} = {value}\n"
            local.write_text(text, encoding=chance.choice(("utf-8", "utf-8-sig")))
            place = f"settings.local.toml, Zeile {text.count(chr(10))}"
        else:
            local.write_text("", encoding="utf-8")
            monkeypatch.setenv(variable, SECRET)
            place = variable
        sentence = told()
        if not in_file:
            monkeypatch.delenv(variable)
        context = f"{written}: {sentence}"
        assert place in sentence, context
        assert SECRET not in sentence, context
        assert "\n" not in sentence, context
        assert not [word for word in ENGLISH if word in sentence.replace(written, "").replace(key, "")], (
            context
        )
        if wrong_key:
            assert (
                "Gemeint ist wohl" in sentence or "andere Stelle" in sentence or "Erlaubt sind" in sentence
            ), context
        else:
            assert f"„{key}“" in sentence, context
            assert REMEDY[kind] in sentence, context


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
