from pathlib import Path

import pytest

from portalkompass.prioritisation import (
    PrioritisationError,
    load_criteria,
    start_weights,
    with_anchors,
)
from portalkompass.settings import SHIPPED_DATA
from tests.prioritisation.example import CRITERIA

SHIPPED = load_criteria(SHIPPED_DATA / "criteria.toml")
ONE = """version = "1"
[[criteria]]
id = "clicks"
label = "Klicks"
kind = "measured"
axis = "nutzen"
unit = "Klicks"
direction = "higher"
scale = "log"
lower = 100
upper = 20000
weight = 1
help = "Quelle"
"""


def test_the_shipped_presets_hold_what_the_method_says() -> None:
    demand = SHIPPED.chosen(SHIPPED.preset("Nachfrage").criteria)
    everything = SHIPPED.preset("alle").criteria
    assert {criterion.kind for criterion in demand} == {"measured"}
    assert len({criterion.weight for criterion in demand}) == 1
    assert set(everything) == {criterion.id for criterion in SHIPPED.criteria}


def test_the_council_mandate_is_shown_but_counts_nothing_at_first() -> None:
    assert start_weights(SHIPPED.criteria)["council_mandate"] == 0
    assert [criterion.label for criterion in SHIPPED.criteria][-1] == "Auftrag des Rates 07.07.2025"


def test_every_criterion_names_its_source() -> None:
    assert [criterion.id for criterion in SHIPPED.criteria if "Quelle:" not in criterion.help] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("lower = 100\n", ""), "criteria.1.lower: fehlt"),
        (("lower = 100", "lower = 0"), "untere Anker größer als 0"),
        (("lower = 100", "lower = 30000"), "untere Anker muss kleiner"),
        (("lower = 100", "lower = nan"), "lower: ist keine endliche Zahl"),
        (('"higher"', '"up"'), "direction: hat keinen erlaubten Wert"),
        (('"log"', '"ladder"'), "Stufen"),
        (("weight = 1", "weight = -1"), "weight: ist kleiner als 0"),
        (("unit =", "einheit ="), "einheit: ist nicht vorgesehen"),
        (('id = "clicks"', 'id = "Klicks!"'), "Kleinbuchstaben"),
        (("version", "= version"), "lässt sich nicht lesen"),
    ],
)
def test_every_fault_is_a_german_sentence_with_its_place(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    path = tmp_path / "criteria.toml"
    path.write_text(ONE.replace(*change), encoding="utf-8")
    with pytest.raises(PrioritisationError, match=sentence):
        load_criteria(path)


def test_a_file_that_an_editor_of_windows_saved_is_read(tmp_path: Path) -> None:
    path = tmp_path / "criteria.toml"
    path.write_bytes(ONE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert [criterion.id for criterion in load_criteria(path).criteria] == ["clicks"]


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(PrioritisationError, match="mitgeliefert sind: Nachfrage, Alle Kriterien"):
        SHIPPED.preset("Wunsch")


def test_unknown_criteria_are_named() -> None:
    with pytest.raises(PrioritisationError, match="Unbekannte Kriterien: wunsch"):
        SHIPPED.chosen(["clicks", "wunsch"])


def test_anchors_of_a_scenario_replace_the_shipped_ones() -> None:
    found = with_anchors(CRITERIA, {"clicks": (10, 1000)})
    assert [(one.lower, one.upper) for one in found] == [(10, 1000), (1, 5), (0, 1)]


def test_anchors_that_make_no_scale_are_refused() -> None:
    with pytest.raises(PrioritisationError, match="„Clicks“: der untere Anker"):
        with_anchors(CRITERIA, {"clicks": (10, 10)})
