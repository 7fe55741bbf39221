"""Weights of the criteria: sliders, and swing weighting step by step; untouched ones are the scenario's own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.criterion_values import CHANGES
from portalkompass.answers.workshop.decision import Basis
from portalkompass.prioritisation import Criterion
from portalkompass.prioritisation.pairwise import of_points
from portalkompass.screens.address import State
from portalkompass.ui import url_state
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts, forms
from portalkompass.ui.streamlit_internals import DeltaGenerator
from portalkompass.ui.workshop import pairwise_panel

COLUMNS = 2
MOST = 100
EQUAL = 50
SHOWN, CLASHES, CLASHING = "gewichte-zu", "gewichte-beide", "gewichte-eben"
"""Which weights the sliders began with; sliders that clash with what someone saved, and those new in this run."""
SWING_KEY, PAIRS = "swing", "paarvergleich"
SWUNG = "swing-szenario"
"""Of which scenario the guided comparison is."""
PREFIX = "gewicht-"
"""Begins the parameter of a criterion's weight."""
EXPLANATION = (
    "Startwerte: Alle Kriterien zählen zunächst gleich. Das ist keine Empfehlung; Gewichte werden "
    "gemeinsam festgelegt. Gezählt wird ihr Verhältnis zueinander, nicht ihre Summe."
)
OWN = "Gewichte des Szenarios. Gezählt wird ihr Verhältnis zueinander, nicht ihre Summe."
LOCKED = (
    "Festgeschrieben: Die Gewichte bleiben, wie sie beschlossen sind. Zum Ausprobieren unter „Szenarien“ eine Kopie "
    "speichern."
)
SWING = (
    "Swing-Verfahren: Stellen Sie sich eine Leistung vor, die bei jedem Kriterium den schlechtesten Wert hat. "
    "Sie dürfen ein Kriterium vom schlechtesten auf den besten Wert heben: Das wichtigste erhält 100 Punkte. "
    "Danach vergleichen Sie jeden anderen Schritt mit diesem."
)
STEP = 5
"""Points from one position of a slider to the next."""
LEFT_OPEN = "In Klammern: was die Stufen von 5 Punkten offen lassen"


def points(basis: Basis) -> dict[str, int]:
    """The scenario's weights as slider positions 0 … 100: equal ones in the middle, others in proportion."""
    weights = {one.id: float(basis.weights.get(one.id, 0.0)) for one in basis.criteria}
    positive = [value for value in weights.values() if value > 0]
    if not positive:
        return dict.fromkeys(weights, 0)
    if basis.kept is not None and 1 < max(positive) <= MOST:
        return {name: round(value) for name, value in weights.items()}  # saved as points, from these sliders
    scale = min(EQUAL * len(positive) / sum(positive), MOST / max(positive))
    return {name: round(value * scale) for name, value in weights.items()}


def asked(basis: Basis) -> dict[str, float] | None:
    """What `chosen` is before anything is drawn: the weights as the address has them."""
    start = points(basis)
    return _unless_own(basis, {name: _where(basis, name, value) for name, value in start.items()}, start)


def chosen(basis: Basis, *, narrow: bool = False, hidden: bool = False) -> dict[str, float] | None:
    """Criterion id → weight as set on the screen; None while all stand at the scenario's own value.

    ``hidden``: the sliders are not drawn, because the view is not about weights; the address still counts. All at 0 is
    answered with a sentence, and None. What is locked keeps its weights: its sliders cannot be moved.
    """
    start = points(basis)
    _follow(basis, start)
    if hidden:
        weights = {name: _where(basis, name, value) for name, value in start.items()}
    else:
        weights = _sliders(basis, start, narrow=narrow)
        _clashes(basis, weights, start)
    return _unless_own(basis, weights, start)


def _unless_own(
    basis: Basis, weights: Mapping[str, int], start: Mapping[str, int]
) -> dict[str, float] | None:
    """The weights; None where they are the scenario's own, must be them, or are no weights at all."""
    locked = basis.kept is not None and basis.kept.locked
    if locked or weights == start or not any(weights.values()):
        return None
    return {name: float(value) for name, value in weights.items()}


def _where(basis: Basis, criterion: str, start: int) -> int:
    """Where a slider stands: as the address says, unless the scenario is locked."""
    asked = None if basis.kept is not None and basis.kept.locked else _asked(url_state.current(), criterion)
    return start if asked is None else asked


def _sliders(basis: Basis, start: Mapping[str, int], *, narrow: bool) -> dict[str, int]:
    """All sliders with what leads to weights; where they stand."""
    locked = basis.kept is not None and basis.kept.locked
    with st.expander(
        "Gewichte der Kriterien (Startwerte)" if basis.kept is None else "Gewichte der Kriterien",
        key="gewichte",
    ):
        if not narrow:
            st.caption(LOCKED if locked else EXPLANATION if basis.kept is None else OWN)
        cells = st.columns(COLUMNS, gap="large")
        weights: dict[str, int] = {}
        for index, criterion in enumerate(basis.criteria):
            weights[criterion.id] = _slider(
                cells[index % COLUMNS], criterion, start[criterion.id], disabled=locked
            )
        if total := sum(weights.values()):
            shares = [
                f"{one.label} {german.percent(weights[one.id] / total, 0)}"
                for one in basis.criteria
                if weights[one.id]
            ]
            st.caption(plain(f"Anteile am Gewicht: {' · '.join(shares)}"))
        else:
            st.warning("Mindestens ein Kriterium braucht ein Gewicht. Gerechnet wird mit den Startwerten.")
        if not narrow and not locked:
            with st.container(horizontal=True):
                st.button("Zurücksetzen", key="gewichte-zurueck", on_click=_set, args=({},))
                st.session_state.setdefault(SWING_KEY, bool(drafts.read(_guided(basis.name))))
                guided = st.toggle("Geführt vergleichen (Swing-Verfahren)", key=SWING_KEY)
                st.session_state.setdefault(PAIRS, pairwise_panel.begun(basis.name))
                pairs = len(basis.criteria) > 1 and st.toggle("Paarweise vergleichen", key=PAIRS)
            take = functools.partial(_take, basis.name)
            if guided:
                _guide(basis.name, basis.criteria, take)
            if pairs:
                steps = {one.id: ends(one) for one in basis.criteria}
                pairwise_panel.show(basis.name, basis.criteria, steps, take)
    return weights


def _follow(basis: Basis, start: Mapping[str, int]) -> None:
    """Sliders that were moved stay while someone saves the scenario anew; where the saved weight of one changed, too,
    both are shown. All others stand at the saved weights anyway.
    """
    state, address = st.session_state, url_state.current()
    before = state.get(SHOWN)
    state[SHOWN] = {"name": basis.name, "start": dict(start)}
    state[CLASHING] = []
    if before is None or before["name"] != basis.name:
        state[CLASHES] = []
        return
    for name, saved in start.items():
        mine = _asked(address, name)
        if mine is not None and saved not in (before["start"].get(name, saved), mine):
            state[CLASHING].append(name)
    state[CLASHES] = [*state.get(CLASHES, []), *state[CLASHING]]


def _clashes(basis: Basis, weights: Mapping[str, int], start: Mapping[str, int]) -> None:
    """Sliders that were moved while someone else saved another weight, with both values."""
    labels = {criterion.id: criterion.label for criterion in basis.criteria}
    both = [name for name in st.session_state.get(CLASHES, []) if weights.get(name) != start.get(name)]
    st.session_state[CLASHES] = both
    for name in dict.fromkeys(both):
        by = f" (von {basis.kept.updated_by})" if basis.kept and basis.kept.updated_by else ""
        st.warning(
            plain(
                f"„{labels[name]}“: Gespeichert ist inzwischen {start[name]}{by}, Ihr Regler steht auf {weights[name]}."
            )
        )


def just_clashed() -> bool:
    """Whether this run is the first to show that someone saved another weight for a moved slider."""
    return bool(st.session_state.get(CLASHING))


def untouched(state: State) -> State:
    """The state whose sliders all stand at the scenario's own weights."""
    return state.with_own(**dict.fromkeys((name for name, _ in state.own if name.startswith(PREFIX)), ""))


def _set(weights: Mapping[str, int]) -> None:
    """Sliders of the criteria of these ids stand there, all others at the scenario's own weights."""
    own = {PREFIX + name: str(value) for name, value in weights.items()}
    url_state.put(untouched(url_state.current()).with_own(**own))


def _asked(state: State, criterion: str) -> int | None:
    """The weight that the address gives a criterion; None where it gives none or no weight."""
    asked = state.get(PREFIX + criterion)
    return int(asked) if asked.isdecimal() and int(asked) <= MOST else None


def _slider(cell: DeltaGenerator, criterion: Criterion, start: int, *, disabled: bool) -> int:
    """One weight. That of a locked scenario has a key of its own: neither session nor address can move it."""
    key = f"gewicht-fest-{criterion.id}" if disabled else PREFIX + criterion.id
    asked = None if disabled else _asked(url_state.current(), criterion.id)
    st.session_state[key] = start if asked is None else asked
    return cell.slider(
        plain(criterion.label),
        min_value=0,
        max_value=MOST,
        step=5,
        key=key,
        disabled=disabled,
        help=plain(criterion.help),
        on_change=_weighed,
        args=(key, start),
    )


def _weighed(key: str, start: int) -> None:
    """A weight that is the scenario's own does not stand in the address."""
    value = st.session_state[key]
    url_state.put(url_state.current().with_own(**{key: "" if value == start else str(value)}))


def _guide(scenario: str, criteria: tuple[Criterion, ...], take: Callable[[Mapping[str, int]], None]) -> None:
    """Swing weighting: the most important step first, each other one compared with it; kept like a form."""
    labels = {criterion.id: criterion.label for criterion in criteria}
    blank: dict[str, Any] = {"swing-erster": next(iter(labels)), "swing-schritt": 0}
    blank |= {f"swing-{name}": EQUAL for name in labels}
    if st.session_state.get(SWUNG) != scenario:
        for key in blank:
            st.session_state.pop(key, None)
    st.session_state[SWUNG] = scenario
    forms.begin(_guided(scenario), blank, {"swing-erster": labels})
    st.caption(SWING)
    question = "1. Welcher Schritt vom schlechtesten zum besten Wert bringt am meisten?"
    first = pick(question, labels, "swing-erster", filter_mode=None)
    others = [criterion for criterion in criteria if criterion.id != first]
    step = min(st.session_state["swing-schritt"], len(others))
    given = {first: MOST}
    for number, other in enumerate(others[: step + 1], start=2):
        question = (
            f"{number}. Wenn „{plain(labels[first])}“ 100 Punkte bringt: wie viele bringt der Schritt bei "
            f"„{plain(other.label)}“ ({plain(ends(other))})?"
        )
        given[other.id] = st.slider(question, 0, MOST, step=STEP, key=f"swing-{other.id}")
    forms.keep(_guided(scenario))
    if step >= len(others) - 1:
        found = of_points({name: float(given.get(name, 0)) for name in labels}, STEP)
        lines = pairwise_panel.interval_lines(criteria, found)
        st.markdown("\n".join(f"- {line}" for line in lines), help=LEFT_OPEN)
    with st.container(horizontal=True):
        if step < len(others) - 1:
            steps = {"swing-schritt": step + 1}
            st.button("Weiter", key="swing-weiter", on_click=st.session_state.update, args=(steps,))
        else:
            complete = {name: given.get(name, 0) for name in labels}
            st.button(
                "Gewichte übernehmen", key="swing-fertig", type="primary", on_click=take, args=(complete,)
            )


def _take(scenario: str, weights: Mapping[str, int]) -> None:
    """The weights of the guided comparison become those of the sliders; the comparison is over."""
    st.session_state.update({SWING_KEY: False, PAIRS: False})
    forms.saved(_guided(scenario))
    pairwise_panel.forget(scenario)
    _set(weights)


def _guided(scenario: str) -> str:
    return f"swing {scenario}"


def ends(criterion: Criterion) -> str:
    """The step in words, from the worst to the best value: "von 100 zu 20.000 Klicks, Dez. 2024 bis Nov. 2025"."""
    low, high, unit = _both_ends(criterion)
    step = f"von {low} zu {high}{unit}"
    return f"{step}, {criterion.window}" if criterion.window else step


def reach(criterion: Criterion) -> str:
    """The same in the fewest words, without its months, for a ballot: "100 bis 20.000 Klicks"."""
    low, high, unit = _both_ends(criterion)
    return f"{low} bis {high}{unit}"


def _both_ends(criterion: Criterion) -> tuple[str, str, str]:
    """The worst value, the best one, and the unit that follows them with a blank before it."""
    low, high = (
        (criterion.lower, criterion.upper)
        if criterion.direction == "higher"
        else (criterion.upper, criterion.lower)
    )
    if criterion.levels:
        levels = {level.value: level.label for level in criterion.levels}
        return f"„{levels.get(low, low)}“", f"„{levels.get(high, high)}“", ""
    unit = criterion.unit.partition(" (")[0]
    # A percentage says by its sign what it is; the label says of what.
    form = "percent_change" if criterion.id in CHANGES else "percent" if unit.startswith("Anteil") else ""
    worst, best = (german.value(end, form or "integer") for end in (low, high))
    return worst, best, "" if form else f" {unit}"
