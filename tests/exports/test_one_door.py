"""Nothing is written to a file or slide that did not pass ``disclosure_control``; mypy holds the types."""

import importlib
import inspect
import pkgutil
import re
import typing

import portalkompass.exports
from portalkompass.exhibit import Exhibit
from portalkompass.exports import files
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.tables import to_csv
from portalkompass.settings import ROOT
from portalkompass.slide_set import SlideSet, Words

DOOR = {"portalkompass.exports.files", "portalkompass.exports.disclosure_control"}


def functions():
    """Every function of the room with its full name, private ones too."""
    found = {}
    for module in pkgutil.walk_packages(portalkompass.exports.__path__, "portalkompass.exports."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name:
                found[f"{module.name}.{name}"] = function
    return found


def unchecked(function):
    """The parameters that would take something that did not pass the door."""
    tree = [*inspect.get_annotations(function, eval_str=False).items()]
    return [name for name, words in tree if re.search(r"\b(Exhibit|Words|SlideSet)\b", str(words))]


def test_only_the_door_takes_an_exhibit_that_did_not_pass():
    names = functions()
    assert names.keys() >= {"portalkompass.exports.tables.to_csv", "portalkompass.exports.files.make"}
    taking = {name.rpartition(".")[0] for name, function in names.items() if unchecked(function)}
    assert taking == DOOR


def test_only_the_door_says_that_something_passed():
    made = re.compile(r"\b(Outgoing|OutgoingWords)\(|cast\(\s*\"?(Outgoing|OutgoingWords)\b")
    makers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "portalkompass").rglob("*.py")
        if made.search(path.read_text(encoding="utf-8"))
    }
    assert makers == {"portalkompass/exports/disclosure_control.py"}


def test_the_types_are_what_this_test_looks_for():
    assert typing.get_type_hints(to_csv)["exhibit"] is Outgoing
    assert (Outgoing.__supertype__, files.make.__annotations__["exhibit"]) == (Exhibit, "Exhibit")
    assert unchecked(files.deck_file) == ["slides"]
    assert (SlideSet.__name__, Words.__name__) == ("SlideSet", "Words")
