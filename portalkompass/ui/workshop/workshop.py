"""The workshop's screen: one scenario, its weights, and the view of the moment.

What does not depend on the sliders (measured criteria, draws, candidates) is asked once per snapshot,
workspace revision and scenario; moving a slider only weighs it anew and draws what is in sight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from portalkompass import charts
from portalkompass.answers import Filters
from portalkompass.answers.workshop import prioritisation as prioritising
from portalkompass.answers.workshop.decision import CRITERIA_FILE, DEFAULT, Decision
from portalkompass.exhibit import Exhibit
from portalkompass.prioritisation import PrioritisationError, load_criteria
from portalkompass.ui.auth import author
from portalkompass.ui.components import page
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters import filters
from portalkompass.ui.reading import Reading
from portalkompass.ui.workshop import weights
from portalkompass.workspace import scenario_list

KEPT = 30
CHOSEN = "szenario-gewaehlt"
SAID = "werkstatt-meldung"
NAMELESS = "Moderation"
"""Who writes where nobody signed in or gave a name: the one who moderates."""
VIEWS = {
    "rangfolge": "Rangfolge",
    "sicherheit": "Sicherheit",
    "vergleich": "Warum?",
    "quadrant": "Quadrant",
    "einschaetzung": "Einschätzungen",
    "grundlagen": "Bahnen",
    "stimmen": "Stimmen",
    "szenarien": "Szenarien",
}
ON_STAGE = ("rangfolge", "sicherheit", "quadrant", "stimmen")
"""Views that the projector shows."""
DENSE = {"rank_shares": 1.4, "quadrant": 1.15}
"""Charts whose names would touch in large letters, and how much taller they become."""


@dataclass(frozen=True)
class Workshop:
    """The state of one run: what it stands on, the weights of the sliders (None: the scenario's own)."""

    reading: Reading
    ground: prioritising.Ground
    chosen: dict[str, float] | None
    decision: Decision
    stage: bool

    def answered(self, *parts: str, extra: Exhibit | None = None) -> Answered:
        """The answer with these parts (see ``answer_on``) and room for charts."""
        kept = _cached_answer(self._key(), parts, self.ground, self.decision)
        if extra is None:
            return kept
        answer = replace(kept.answer, exhibits=(*kept.answer.exhibits, extra))
        return Answered(answer, {}, kept.grids)

    def _key(self) -> tuple[object, ...]:
        """What the answers depend on: the ground and the weights."""
        reading, basis = self.reading, self.ground.basis
        weights = None if self.chosen is None else tuple(sorted(self.chosen.items()))
        site = self.ground.question.filters.site
        return (reading.settings.origin, reading.warehouse.name, reading.revision, site, basis.name, weights)

    def with_charts(self, answered: Answered, *names: str) -> Answered:
        """The same with the specifications of these charts; larger letters on the projector."""
        shown = [exhibit for exhibit in answered.answer.exhibits if exhibit.id in names]
        drawn = charts.build_all(shown)
        if self.stage:
            for name, specification in drawn.items():
                enlarge(specification)
                if name in DENSE:
                    specification["height"] = round(DENSE[name] * specification["height"])
        return Answered(answered.answer, drawn, answered.grids)


def open_workshop(reading: Reading) -> Workshop | None:
    """Scenario and weights as chosen on the screen; None (with a sentence) where nothing can be ranked."""
    stage = st.toggle(
        "Beamer-Ansicht", key="beamer", bind="query-params", help="Große Schrift, wenige Bedienelemente"
    )
    if stage:
        st.set_page_config(initial_sidebar_state="collapsed")
    name = _scenario(reading, hidden=stage)
    try:
        ground = _ground(reading, filters.usual(reading), name)
        if ground.basis.matrix.empty:
            chosen = None
            page_answer = prioritising.answer_on(ground, ground.weighed(None))
            page.message(page_answer)
            page.next_steps(page_answer)
            return None
        chosen = weights.chosen(ground.basis, narrow=stage)
        return Workshop(reading, ground, chosen, ground.weighed(chosen), stage)
    except PrioritisationError as fault:
        st.error(plain(str(fault)))
        return None


def on_stage() -> bool:
    """Whether the projector is shown; known before anything is drawn."""
    asked = st.session_state.get("beamer", st.query_params.get("beamer", ""))
    return str(asked).lower() == "true"


def view(*, stage: bool) -> str:
    """The view chosen on the screen; its slug stands in the URL."""
    slugs = [slug for slug in VIEWS if not stage or slug in ON_STAGE]
    if st.session_state.get("ansicht") not in (None, *slugs):
        st.session_state["ansicht"] = slugs[0]
    asked = "ansicht" in st.session_state or "ansicht" in st.query_params
    chosen: str | None = st.segmented_control(
        "Ansicht",
        slugs,
        default=None if asked else slugs[0],
        required=True,
        format_func=lambda slug: VIEWS.get(slug, slug),
        key="ansicht",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or slugs[0]


def who() -> str:
    """The name that stands beside a change."""
    return author.name() or NAMELESS


def go_to(scenario: str) -> None:
    """Show another scenario with the next run."""
    st.session_state["szenario-naechstes"] = scenario


def say(sentence: str) -> None:
    """A sentence for the next run."""
    st.session_state[SAID] = sentence


def said() -> None:
    """The sentence of the run before, once, above whatever view is open."""
    if sentence := st.session_state.pop(SAID, ""):
        st.success(plain(sentence))


def _scenario(reading: Reading, *, hidden: bool) -> str:
    presets = [one.name for one in load_criteria(reading.settings.data_file(CRITERIA_FILE)).presets]
    saved = scenario_list(reading.workspace)
    names = list(dict.fromkeys([*presets, *(str(name) for name in saved["name"])]))
    wanted = st.session_state.pop("szenario-naechstes", None)
    if wanted in names:
        st.session_state["szenario"] = wanted
    elif st.session_state.get("szenario") not in (None, *names):
        st.session_state["szenario"] = DEFAULT
    if hidden:
        # the choice of a box that is not drawn is forgotten by Streamlit; this copy is not
        kept = st.session_state.get(CHOSEN, st.query_params.get("szenario", DEFAULT))
        return str(kept if kept in names else DEFAULT)
    locked = set(saved.loc[saved["locked"].astype(bool), "name"])
    st.session_state.setdefault(
        "szenario", st.session_state.get(CHOSEN, st.query_params.get("szenario", names[0]))
    )
    if st.session_state["szenario"] not in names:
        st.session_state["szenario"] = names[0]
    chosen = str(
        st.selectbox(
            "Szenario",
            names,
            format_func=lambda name: f"{name} (festgeschrieben)" if name in locked else str(name),
            key="szenario",
            filter_mode=None,
            width=420,
        )
    )
    st.session_state[CHOSEN] = chosen
    return chosen


def _ground(reading: Reading, asked: Filters, scenario: str) -> prioritising.Ground:
    key = (reading.settings.origin, reading.warehouse.name, reading.revision, asked.site, scenario)
    return _cached_ground(key, reading, asked)


@st.cache_resource(max_entries=KEPT, show_spinner="Kriterien werden gemessen …")
def _cached_ground(key: tuple[object, ...], _reading: Reading, _asked: Filters) -> prioritising.Ground:
    return prioritising.ground(_reading.question(_asked), str(key[-1]))


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _cached_answer(
    key: tuple[object, ...], parts: tuple[str, ...], _ground: prioritising.Ground, _decision: Decision
) -> Answered:
    """The answer under these weights; with it the tables that were drawn of it."""
    return Answered(prioritising.answer_on(_ground, _decision, parts), {})


def enlarge(specification: dict[str, Any], by: float = 1.5) -> None:
    """Letters of a chart large enough for the last row, on the axes as beside the marks."""
    for part in specification["config"].values():
        if isinstance(part, dict):
            _scale(part, by)
    legend = specification["config"].get("legend")
    if isinstance(legend, dict):
        legend["columns"] = 1
    for layer in specification["layer"]:
        _scale(layer["mark"], by)
        for channel in layer["encoding"].values():
            if isinstance(axis := channel.get("axis") if isinstance(channel, dict) else None, dict):
                _scale(axis, by)


def _scale(part: dict[str, Any], by: float) -> None:
    for name, size in part.items():
        if name.endswith(("ontSize", "LineHeight")) and isinstance(size, int | float):
            part[name] = round(size * by)
