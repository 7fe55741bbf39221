"""The workshop's screen: one scenario, its weights, and the view of the moment.

What does not depend on the sliders (measured criteria, draws, candidates) is asked once per snapshot,
workspace revision and scenario; moving a slider only weighs it anew and draws what is in sight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import streamlit as st

from portalkompass import charts
from portalkompass.answers.workshop import prioritisation as prioritising
from portalkompass.answers.workshop.decision import CRITERIA_FILE, Decision
from portalkompass.exhibit import Exhibit
from portalkompass.prioritisation import PrioritisationError, load_criteria
from portalkompass.screens import View
from portalkompass.screens.catalogue import DECIDE, WEIGH
from portalkompass.ui import url_state
from portalkompass.ui.auth import author, permissions
from portalkompass.ui.components import exhibits, messages, page
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.filters import filters, views
from portalkompass.ui.reading import Reading, current
from portalkompass.ui.streamlit_internals import DeltaGenerator
from portalkompass.ui.workshop import weights
from portalkompass.workspace import Scenario, WorkspaceError, save_scenario, scenario_list

SCENARIO, DARK = "szenario", "dunkel"
"""Parameters of the screen's own."""
ROW, ON_STAGE_ROW = "szenariozeile", "buehne"
"""Keys of the row with the scenario; by the second one our stylesheet knows the projector (`ui/shell/own`)."""
CHOSEN = "szenario-gewaehlt"
"""The last scenario that the session has shown: whoever comes back without a link finds it again."""
NUMBER = "szenario-nummer"
"""Its number, by which it is found again where someone renamed it meanwhile."""
NEXT = "szenario-naechstes"
SAID = "werkstatt-meldung"
NAMELESS = "Moderation"
"""Who writes where nobody signed in or gave a name: the one who moderates."""
ON_STAGE = (
    "ablauf",
    "einschaetzung",
    "stimmen",
    "rangfolge",
    "sicherheit",
    "quadrant",
    "plan",
    "beschluesse",
)
"""Views that the projector shows, by their slugs."""
MOVING = ("rangfolge",)
"""Views that a moved slider draws alone: nothing in them but their own state is changed by a callback."""
WITH_SLIDERS = (WEIGH, DECIDE)
"""Steps that are about weights; of the others' views only the list of scenarios takes them along."""
LARGER = 2.0
"""How much larger a chart's letters are on the projector."""
DENSE, TALLER = {"rank_shares": 1.75, "quadrant": LARGER}, 1.25
"""How much taller charts become, because names would touch in large letters; those with names of two lines more."""
FLAT = {"quadrant": 0.65}
"""Charts that lay out names by their height, and how flat they are laid out before they become taller."""
SMALLEST_LETTERS = 24
"""Pixels of a chart's letters on the projector."""
VEGAS_LABEL_LIMIT = 180
"""Pixels after which Vega cuts a label short where nothing else is said."""


@dataclass(frozen=True)
class Workshop:
    """The state of one run: what it stands on, the weights of the sliders (None: the scenario's own).

    What stands outside the view keeps the weights that the run began with.
    """

    reading: Reading
    ground: prioritising.Ground
    chosen: dict[str, float] | None
    decision: Decision
    stage: bool
    view: View
    row: DeltaGenerator
    head: DeltaGenerator
    """Places beside the scenario's box and below the choice of views, for what is said of the step."""

    def answered(self, *parts: str, extra: Exhibit | None = None) -> Answered:
        """The answer with these parts (see ``answers.prioritisation.answer_on``) and room for charts."""
        weights = None if self.chosen is None else tuple(sorted(self.chosen.items()))
        key = ("workshop", self.ground.question.filters, self.ground.basis.name, weights, parts)
        cached = self.reading.once(
            key, lambda: Answered(prioritising.answer_on(self.ground, self.decision, parts), {})
        )
        if extra is None:
            return cached
        answer = replace(cached.answer, exhibits=(*cached.answer.exhibits, extra))
        return replace(cached, answer=answer)

    def with_charts(self, answered: Answered, *names: str) -> Answered:
        """The same with the specifications of these charts; larger letters on the projector."""
        shown = [exhibit for exhibit in answered.answer.exhibits if exhibit.id in names]
        if self.stage:
            shown = [replace(one, height=round(FLAT.get(one.id, 1.0) * one.height)) for one in shown]
        drawn = charts.build_all(shown)
        if self.stage:
            for name, specification in drawn.items():
                enlarge(specification)
                specification["height"] = round(DENSE.get(name, TALLER) * specification["height"])
        return replace(answered, specifications=drawn)

    def draw(self, exhibit: Exhibit, *, heading: Literal["full", "none"] = "full") -> None:
        """An exhibit that is not part of the answer, with its chart."""
        answered = self.with_charts(self.answered(extra=exhibit), exhibit.id)
        exhibits.draw(answered, exhibit, heading=heading)


def open_workshop(reading: Reading) -> Workshop | None:
    """Scenario and weights as chosen on the screen; None (with a sentence) where nothing can be ranked."""
    stage = on_stage()
    row = filters.row(ON_STAGE_ROW if stage else ROW)
    with row:
        asked, name, workshop = filters.usual(reading), _scenario(reading, hidden=stage), None
        _switch("Beamer-Ansicht", url_state.STAGE, "Große Schrift, wenige Bedienelemente")
        if stage:
            _switch("Dunkel", DARK, "Helle Schrift auf dunklem Grund")
    view = views.chosen("priorisierung", ON_STAGE if stage else ())
    head = st.container()
    with messages.told(PrioritisationError):
        ground = reading.once(
            ("ground", asked, name),
            lambda: prioritising.ground(reading.question(asked), name),
            "Kriterien werden gemessen …",
        )
        if ground.basis.matrix.empty:
            answer = prioritising.answer_on(ground, ground.weighed(None))
            page.message(answer)
            page.next_steps(answer)
        else:
            chosen = weights.asked(ground.basis)
            workshop = Workshop(reading, ground, chosen, ground.weighed(chosen), stage, view, row, head)
    return workshop


def show(workshop: Workshop, draw: Callable[[Workshop], None]) -> None:
    """Sliders, what they changed, and the view of the moment, which ``draw`` draws."""
    (_moving if workshop.view.slug in MOVING else _weighed)(workshop, draw)


@st.fragment
def _moving(workshop: Workshop, draw: Callable[[Workshop], None]) -> None:
    """The same where a moved slider runs this alone, to answer at once; the whole screen where its ground changed."""
    if not _still(workshop.reading):
        st.rerun(scope="app")
    _weighed(workshop, draw)


def _still(reading: Reading) -> bool:
    """Whether what was read is what would be read now; not where the login has ended, which the whole screen says."""
    try:
        now = current()
    except WorkspaceError:
        return False
    return (now.revision, now.warehouse.snapshot) == (reading.revision, reading.warehouse.snapshot)


def _weighed(workshop: Workshop, draw: Callable[[Workshop], None]) -> None:
    ground, view = workshop.ground, workshop.view
    hidden = view.part not in WITH_SLIDERS and view.slug != "szenarien"
    chosen = weights.chosen(ground.basis, narrow=workshop.stage, hidden=hidden)
    if chosen != workshop.chosen:
        workshop = replace(workshop, chosen=chosen, decision=ground.weighed(chosen))
    _changed(workshop)
    messages.said(SAID)
    draw(workshop)


def _changed(workshop: Workshop) -> None:
    """That the sliders are not where the scenario's weights are, and the button that makes them so."""
    changed, scenario = workshop.decision.changed_weights, workshop.ground.basis.kept
    if not changed:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":orange-badge[Gewichte geändert] {plain(changed)}")
        if scenario is None or workshop.stage or not permissions.may("moderate"):
            return
        if st.button("Gewichte der Regler übernehmen", key="szenario-gewichte"):
            _take_weights(workshop, scenario)


def _take_weights(workshop: Workshop, scenario: Scenario) -> None:
    if weights.just_clashed():
        st.error("Inzwischen wurden Gewichte gespeichert. Bitte beide Werte ansehen und noch einmal drücken.")
        return
    new = {**dict(scenario.weights), **dict(workshop.chosen or {})}
    save(workshop, lambda: replace(scenario, weights=new), "Gewichte übernommen.")


def on_stage() -> bool:
    """Whether the projector is shown; known before anything is drawn."""
    return url_state.on_stage()


def _turned_on(name: str) -> bool:
    return url_state.current().get(name).lower() == "true"


def _switch(label: str, name: str, told: str) -> None:
    """A switch whose state is in the address."""
    st.session_state[name] = _turned_on(name)
    st.toggle(label, key=name, help=told, on_change=_turn, args=(name,))


def _turn(name: str) -> None:
    url_state.put(url_state.current().with_own(**{name: "true" if st.session_state[name] else ""}))


def who() -> str:
    """The name that stands beside a change."""
    return author.name() or NAMELESS


def save(
    workshop: Workshop,
    draft: Callable[[], Scenario],
    sentence: str,
    then: Callable[[], object] = lambda: None,
) -> None:
    """Save the scenario that ``draft`` makes, and show it with the next run; ``then`` follows a save that succeeded."""

    def write() -> None:
        saved = save_scenario(workshop.reading.workspace, draft(), who())
        st.session_state[NEXT] = saved.name
        then()

    act(write, sentence)


def act(action: Callable[[], object], sentence: str = "") -> None:
    """Do it, and say so above whatever view is open in the next run; what goes wrong is said at once."""
    with messages.told(PrioritisationError, WorkspaceError):
        action()
        messages.say(SAID, sentence)
        st.rerun(scope="app")


def _scenario(reading: Reading, *, hidden: bool) -> str:
    """The scenario of the address, else the one chosen last; ``hidden`` while the projector shows no box for it."""
    state = st.session_state
    presets = [preset.name for preset in load_criteria(reading.settings.data_file(CRITERIA_FILE)).presets]
    saved = scenario_list(reading.workspace)
    names = list(dict.fromkeys([*presets, *(str(name) for name in saved["name"])]))
    if (saved_now := state.pop(NEXT, None)) in names:
        show_scenario(saved_now)
    asked = url_state.current().get(SCENARIO) or state.get(CHOSEN)
    by_number = {int(number): str(name) for number, name in zip(saved["id"], saved["name"], strict=True)}
    renamed = by_number.get(state.get(NUMBER, 0)) if asked == state.get(CHOSEN) else None
    if asked not in names and renamed is not None:
        show_scenario(asked := renamed)
    state[CHOSEN] = name = asked if asked in names else names[0]
    state[NUMBER] = next((number for number, own in by_number.items() if own == name), 0)
    if not hidden:
        locked = set(saved.loc[saved["locked"].astype(bool), "name"])
        labels = {one: f"{one} (festgeschrieben)" if one in locked else one for one in names}
        labels = {one: f"Szenario: {label}" for one, label in labels.items()}
        state[SCENARIO] = name
        look: dict[str, Any] = {"filter_mode": None, "width": 420, "label_visibility": "collapsed"}
        pick("Szenario", labels, SCENARIO, on_change=lambda: show_scenario(state[SCENARIO]), **look)
    return name


def show_scenario(scenario: str) -> None:
    """Another scenario, or a new version of it, brings its own weights along."""
    url_state.put(weights.untouched(url_state.current()).with_own(**{SCENARIO: scenario}))


def enlarge(specification: dict[str, Any], by: float = LARGER) -> None:
    """Letters of a chart large enough for the last row, on the axes as beside the marks, with the room they need."""
    config = specification["config"]
    for part in config.values():
        if isinstance(part, dict):
            _scale(part, by)
    config["axis"]["labelLimit"] = round(VEGAS_LABEL_LIMIT * by)
    if isinstance(legend := config.get("legend"), dict):
        legend["columns"] = 1
        legend["offset"] = round(legend["offset"] * 2 * by)  # an axis may have its title there
    for layer in specification["layer"]:
        _scale(layer["mark"], by)
        for channel in layer["encoding"].values():
            if not isinstance(channel, dict):
                continue
            if isinstance(axis := channel.get("axis"), dict):
                _scale(axis, by)
            if isinstance(legend := channel.get("legend"), dict) and "offset" in legend:
                legend["offset"] = round(legend["offset"] * by)


def _scale(part: dict[str, Any], by: float) -> None:
    for name, size in part.items():
        if not isinstance(size, int | float):
            continue
        if name.endswith("ontSize"):
            part[name] = max(round(size * by), SMALLEST_LETTERS)
        elif name.endswith(("LineHeight", "Limit", "dx")):
            part[name] = round(size * by)
