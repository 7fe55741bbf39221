"""What a plan is made of: projects with their effort, money and conditions, and the limits of departments and years.

Quarters are numbered from 0, the first of the plan. A project begins in one quarter, takes ``duration`` of them with
the same effort each, and is live in its last. A dependant begins in the quarter after that at the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portalkompass import german
from portalkompass.prioritisation.criteria import PrioritisationError

QUARTERS_OF_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be there before a project may begin, and the first quarter that has it."""

    label: str
    quarter: int


@dataclass(frozen=True)
class Project:
    """One service to digitise.

    ``effort``: person-days by department over the whole project; None is unknown, never 0. ``once`` and ``yearly``:
    euros, None unknown: the first falls in the year of the start, a quarter of the second in every quarter after the
    go-live. ``due``: the quarter in which it must be live at the latest by law, if that lies in the plan. ``needs``:
    projects that must be live before. ``condition``: what has to be settled first and has no date yet, in words.
    ``unanswered``: departments that take part and have not named their effort.
    """

    id: str
    effort: Mapping[str, float] | None
    duration: int = 1
    once: float | None = 0.0
    yearly: float | None = 0.0
    gates: tuple[Gate, ...] = ()
    due: int | None = None
    needs: tuple[str, ...] = ()
    condition: str = ""
    unanswered: tuple[str, ...] = ()

    @property
    def earliest(self) -> int:
        """The first quarter in which it may begin."""
        return max((gate.quarter for gate in self.gates), default=0)

    @property
    def days(self) -> float:
        """Person-days of all departments; NaN where those of any are unknown."""
        return float("nan") if self.effort is None or self.unanswered else float(sum(self.effort.values()))


@dataclass(frozen=True)
class Limits:
    """The year of each quarter; ``capacity``: person-days by department and quarter; ``budget``: euros by year.

    None, and a department or year that is not named, is not limited.
    """

    years: tuple[int, ...]
    capacity: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    budget: Mapping[int, float | None] = field(default_factory=dict)

    @property
    def quarters(self) -> int:
        """How many quarters the plan has."""
        return len(self.years)

    @property
    def money_counts(self) -> bool:
        """Whether any year of the plan has a budget."""
        return any(self.budget.get(year) is not None for year in self.years)


def lacking(project: Project, limits: Limits) -> str:
    """Why a project cannot be planned, in German words; "" where it can."""
    if project.effort is None:
        return "Aufwand fehlt"
    if project.unanswered:
        return f"Aufwand von {german.listing(project.unanswered)} fehlt"
    if limits.money_counts and (project.once is None or project.yearly is None):
        return "Kosten fehlen"
    if project.condition:
        return project.condition
    return ""


def check(projects: Iterable[Project], limits: Limits) -> None:
    """Refuse what no plan can be made of.

    Raises:
        PrioritisationError: a project stands twice, needs one that is not there or waits for itself, a number is
            negative or not finite, or capacities are not given for every quarter.
    """
    known = list(projects)
    ids = [project.id for project in known]
    if len(set(ids)) < len(ids):
        raise PrioritisationError("Eine Leistung steht doppelt im Plan.")
    for project in known:
        numbers = [*(project.effort or {}).values(), project.once or 0.0, project.yearly or 0.0]
        if not all(0 <= number < float("inf") for number in numbers) or project.duration < 1:
            raise PrioritisationError(f"„{project.id}“: Aufwand, Kosten und Dauer müssen Zahlen ab 0 sein.")
        if missing := sorted(set(project.needs) - set(ids)):
            raise PrioritisationError(
                f"„{project.id}“ setzt voraus, was nicht im Plan steht: {', '.join(missing)}."
            )
    if any(len(own) != limits.quarters for own in limits.capacity.values()):
        raise PrioritisationError("Die Kapazität einer Stelle ist nicht für jedes Quartal angegeben.")
    if around := waits_for_itself({project.id: project.needs for project in known}):
        raise PrioritisationError(f"Diese Leistungen warten im Kreis aufeinander: {', '.join(around)}.")


def waits_for_itself(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The projects that wait, directly or not, for themselves, sorted; empty where there are none."""
    return tuple(sorted(one for one in needs if one in before(one, needs)))


def before(project: str, needs: Mapping[str, Sequence[str]]) -> set[str]:
    """Everything that has to be live before a project, directly or not."""
    found: set[str] = set()
    waiting = list(needs.get(project, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(needs.get(one, ()))
    return found


def used(project: Project, start: int, limits: Limits) -> dict[tuple[str, int], float]:
    """(department, quarter) → person-days, and ("", year) → euros, of a project that begins in that quarter."""
    amounts: dict[tuple[str, int], float] = {}
    for department, days in (project.effort or {}).items():
        for quarter in range(start, min(start + project.duration, limits.quarters)):
            if days:
                amounts[department, quarter] = days / project.duration
    money: dict[tuple[str, int], float] = {("", limits.years[start]): project.once or 0.0}
    for quarter in range(start + project.duration, limits.quarters):
        place = ("", limits.years[quarter])
        money[place] = money.get(place, 0.0) + (project.yearly or 0.0) / QUARTERS_OF_A_YEAR
    return amounts | {place: euros for place, euros in money.items() if euros}
