"""Criteria: what counts, on which scale, between which anchors; read from a versioned file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from portalkompass import german


class PrioritisationError(Exception):
    """Criteria, weights or values cannot be used; the message is a German sentence."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Level(_Frozen):
    """One step of a ladder and its wording."""

    value: float
    label: str = Field(min_length=1)


class Criterion(_Frozen):
    """One criterion; ``lower`` and ``upper`` are fixed anchors in ``unit``, ``weight`` the start value.

    ``window`` are the months that measured values are of, in German words; the file leaves it empty.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    kind: Literal["measured", "assessed"]
    axis: Literal["nutzen", "umsetzbarkeit"]
    unit: str
    window: str = ""
    direction: Literal["higher", "lower"]
    scale: Literal["linear", "log", "ladder"]
    lower: float
    upper: float
    weight: float = Field(ge=0)
    help: str = Field(min_length=1)
    levels: tuple[Level, ...] = ()

    @property
    def heading(self) -> str:
        """The label, with the months that the values are of."""
        return f"{self.label}, {self.window}" if self.window else self.label

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.lower >= self.upper:
            raise ValueError("der untere Anker muss kleiner sein als der obere")
        if self.scale == "log" and self.lower <= 0:
            raise ValueError("auf einer logarithmischen Skala muss der untere Anker größer als 0 sein")
        if (self.scale == "ladder") != bool(self.levels):
            raise ValueError("Stufen (levels) gehören zu jeder Stufenskala (ladder) und nur dorthin")
        if any(not self.lower <= level.value <= self.upper for level in self.levels):
            raise ValueError("eine Stufe liegt jenseits der Anker")
        return self


class Preset(_Frozen):
    """A chosen set of criteria to start a scenario from."""

    id: str
    name: str
    criteria: tuple[str, ...] = Field(min_length=1)
    note: str = ""


class CriteriaSet(_Frozen):
    """All criteria of one version, in their order of display."""

    version: str = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    presets: tuple[Preset, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"doppelt vergeben: {', '.join(twice)}")
        for preset in self.presets:
            if unknown := sorted(set(preset.criteria) - set(ids)):
                raise ValueError(f"„{preset.name}“ nennt unbekannte Kriterien: {', '.join(unknown)}")
        return self

    def chosen(self, ids: Sequence[str]) -> tuple[Criterion, ...]:
        """The criteria of the given ids in the set's order.

        Raises:
            PrioritisationError: an id is not in the set.
        """
        if unknown := sorted(set(ids) - {criterion.id for criterion in self.criteria}):
            raise PrioritisationError(f"Unbekannte Kriterien: {', '.join(unknown)}.")
        return tuple(criterion for criterion in self.criteria if criterion.id in ids)

    def preset(self, name: str) -> Preset:
        """The preset with this id or name.

        Raises:
            PrioritisationError: there is none; names those there are.
        """
        for preset in self.presets:
            if name in (preset.id, preset.name):
                return preset
        names = ", ".join(preset.name for preset in self.presets)
        raise PrioritisationError(f"Ein Szenario „{name}“ gibt es nicht; mitgeliefert sind: {names}.")


def load_criteria(path: Path) -> CriteriaSet:
    """Read and check a criteria file (TOML).

    Raises:
        PrioritisationError: the file is missing or faulty; every fault with its place.
    """
    try:
        return CriteriaSet.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        faults = "; ".join(_fault(fault["loc"], fault["type"], fault["msg"]) for fault in error.errors())
        raise PrioritisationError(f"{path.name} ist fehlerhaft – {faults}.") from None
    except tomllib.TOMLDecodeError as error:
        place = "".join(f" (Zeile {line})" for line in re.findall(r"line (\d+)", str(error))[:1])
        raise PrioritisationError(
            f"{path.name} lässt sich nicht lesen: Die Datei ist kein gültiges TOML{place}."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PrioritisationError(
            f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}."
        ) from None


def with_anchors(
    criteria: Sequence[Criterion], anchors: Mapping[str, tuple[float, float]]
) -> tuple[Criterion, ...]:
    """The criteria with the anchors (lower, upper) of a scenario; criteria it does not name keep theirs.

    Raises:
        PrioritisationError: an anchor pair does not make a scale.
    """
    return tuple(
        _anchored(criterion, *anchors[criterion.id]) if criterion.id in anchors else criterion
        for criterion in criteria
    )


def start_weights(criteria: Sequence[Criterion]) -> dict[str, float]:
    """The shipped weights (*Startwerte*), not normalised."""
    return {criterion.id: criterion.weight for criterion in criteria}


def _anchored(criterion: Criterion, lower: float, upper: float) -> Criterion:
    try:
        return Criterion.model_validate({**criterion.model_dump(), "lower": lower, "upper": upper})
    except ValidationError as error:
        first = error.errors()[0]
        raise PrioritisationError(
            f"„{criterion.label}“: {_fault((), first['type'], first['msg'])}."
        ) from None


_KINDS = {
    "missing": "fehlt",
    "extra_forbidden": "ist nicht vorgesehen",
    "literal_error": "hat keinen erlaubten Wert",
    "float_parsing": "ist keine Zahl",
    "float_type": "ist keine Zahl",
    "finite_number": "ist keine endliche Zahl",
    "string_type": "ist kein Text",
    "string_too_short": "ist leer",
    "too_short": "ist leer",
    "greater_than_equal": "ist kleiner als 0",
    "string_pattern_mismatch": "darf nur Kleinbuchstaben, Ziffern und „_“ enthalten",
}


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    text = _KINDS.get(kind, message.removeprefix("Value error, "))
    return f"{where}: {text}" if where else text
