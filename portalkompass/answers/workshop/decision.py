"""The ranking of pending services under one scenario: shipped preset or saved in the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Part, Question
from portalkompass.answers.workshop.criterion_values import criterion_values, criterion_windows
from portalkompass.exhibit import Exhibit, Field, Kind
from portalkompass.workspace import Scenario, load_scenario, scenario_list

DEFAULT = "Nachfrage"
CANDIDATE = "Kandidat"
"""List and lane of what a scenario takes up beside the city's list; never among the pending services."""
CRITERIA_FILE = "criteria.toml"
SERVICE_COLUMNS = ("name", "list", "lane", "lane_reason", "latest_development", "trend_note")
LEAST_CHANGE = 0.005
"""Share of the weight that sliders can change without anybody seeing it: they have steps of whole points."""
ALL_KNOWN = "alle Werte bekannt"
NOTHING = "nichts bekannt"


@dataclass(frozen=True, eq=False)
class Basis:
    """All of a scenario but the weighting of the moment: what stays the same while sliders move.

    ``matrix``: services × criteria in the criteria's units, NaN unknown, with the columns of `prioritisation.ends`
    where values are intervals; ``weights``: the scenario's own, not
    normalised. ``kept`` is the saved scenario, None for a shipped preset; its matrix is that of its day.
    """

    name: str
    version: str
    services: pd.DataFrame
    matrix: pd.DataFrame
    criteria: tuple[prioritisation.Criterion, ...]
    weights: Mapping[str, float]
    data_date: dt.date | None
    kept: Scenario | None = None


@dataclass(frozen=True, eq=False)
class Decision:
    """A scenario's name, its services (index: id), how the model values them, and the ranking.

    ``ranking`` has the columns of ``prioritisation.ranking`` with name, list, ``told`` (the name, marked where
    nothing of the service is known) and ``standing`` (what the points stand on). Saved scenarios come with the
    matrix of their day: ``data_date`` is then theirs. ``changed_weights`` says which weights are not the scenario's own
    (sliders), empty where all are.
    """

    scenario: str
    services: pd.DataFrame
    criteria: tuple[prioritisation.Criterion, ...]
    evaluation: prioritisation.Evaluation
    ranking: pd.DataFrame
    data_date: dt.date | None
    changed_weights: str = ""

    @property
    def title(self) -> str:
        """Szenario „Nachfrage“; says where its weights are not those that are saved."""
        return f"Szenario „{self.scenario}“" + (" mit geänderten Gewichten" if self.changed_weights else "")

    @cached_property
    def names(self) -> dict[str, str]:
        """Service id -> name."""
        return {str(key): str(name) for key, name in self.services["name"].items()}

    @cached_property
    def told(self) -> dict[str, str]:
        """Service id -> name as sentences and charts call it: marked where nothing is known, so its points are none."""
        return dict(zip(self.ranking["service_id"], self.ranking["told"], strict=True))

    @cached_property
    def by_lane(self) -> dict[str, pd.DataFrame]:
        """Lane -> its rows of the ranking; only lanes that have any."""
        return {str(lane): rows for lane, rows in self.ranking.groupby("lane", sort=False)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Criterion id -> label."""
        return {criterion.id: criterion.label for criterion in self.criteria}

    @cached_property
    def lanes(self) -> dict[str, str]:
        """Service id -> lane; empty text without one."""
        return {str(key): str(lane or "") for key, lane in self.services["lane"].items()}

    def exhibit(
        self,
        question: Question,
        id: str,
        frame: pd.DataFrame,
        fields: tuple[Field, ...],
        kind: Kind = "table",
        **parts: Part,
    ) -> Exhibit:
        """An exhibit of the ranking: unless told otherwise a table that bears the scenario's name and data date."""
        names = {"id", "service_id", *(field.name for field in fields)}
        source = f"{service_list.SOURCE}; {question.google}"
        usual: dict[str, Part] = {"subtitle": self.title, "source": source, "data_date": self.data_date}
        shown = frame[[name for name in frame.columns if name in names]]
        return question.exhibit(id, kind, shown, fields, **(usual | parts))


def basis(question: Question, scenario: str | None = None, year: pd.DataFrame | None = None) -> Basis:
    """The scenario of this name, its matrix measured now (a preset) or as it was saved.

    A saved scenario goes before a preset of the same name. ``year`` are the demand rows of the last 12
    full months, where the caller has them already.

    Raises:
        PrioritisationError: the criteria file is faulty, or there is no such preset.
        WorkspaceError: the workspace cannot be read.
    """
    name = scenario or DEFAULT
    if name in set(scenario_list(question.workspace)["name"]):
        return basis_of(load_scenario(question.workspace, name))
    shipped = prioritisation.load_criteria(question.settings.data_file(CRITERIA_FILE))
    preset = shipped.preset(name)
    rows = criterion_values(question, year)
    pending = rows[(rows["list"] == service_list.PENDING) & (rows["go_live"] != service_list.LIVE)]
    months = criterion_windows(question)
    criteria = tuple(
        criterion.model_copy(update={"window": months.get(criterion.id, "")})
        for criterion in shipped.chosen(preset.criteria)
    )
    matrix = pending.reindex(columns=_columns(criteria, pending))
    weights = prioritisation.start_weights(criteria)
    return Basis(preset.name, shipped.version, _texts(pending), matrix, criteria, weights, question.data_date)


def basis_of(scenario: Scenario) -> Basis:
    """A saved scenario with its own matrix, criteria and anchors; needs neither warehouse nor criteria file."""
    defined = [prioritisation.Criterion.model_validate(dict(criterion)) for criterion in scenario.criteria]
    criteria = prioritisation.with_anchors(defined, dict(scenario.anchors))
    return Basis(
        scenario.name,
        scenario.criteria_version,
        _texts(scenario.services),
        scenario.matrix.reindex(columns=_columns(criteria, scenario.matrix)),
        criteria,
        {**prioritisation.start_weights(criteria), **dict(scenario.weights)},
        scenario.data_date,
        scenario,
    )


def weighed(base: Basis) -> Decision:
    """The ranking under the scenario's own weights.

    Raises:
        PrioritisationError: no weight is above 0.
    """
    return decided(base, prioritisation.evaluate(base.matrix, base.criteria, base.weights))


def decided(base: Basis, evaluation: prioritisation.Evaluation) -> Decision:
    """The ranking that follows from an evaluation of the scenario's services."""
    texts = base.services
    lanes = {str(key): lane for key, lane in texts["lane"].items()}
    ranks = prioritisation.ranking(evaluation, lanes)
    for column in ("name", "list"):
        ranks[column] = ranks["service_id"].map(texts[column].to_dict())
    ranks["rank_overall"] = _overall(ranks)
    told = ["score_low", "score_high", "known_criteria", "criteria"]
    ranks["standing"] = [standing(row) for row in ranks[told].to_dict("records")]
    blank = ranks["known_criteria"] == 0
    ranks["told"] = [
        f"{name} ({NOTHING})" if none else name for name, none in zip(ranks["name"], blank, strict=True)
    ]
    return Decision(
        base.name, texts, base.criteria, evaluation, ranks, base.data_date, _changed_weights(base, evaluation)
    )


def own_shares(base: Basis) -> dict[str, float]:
    """The scenario's own weights, sum 1; all 0 where none is above 0."""
    names = [criterion.id for criterion in base.criteria]
    if not any(base.weights.get(name, 0.0) > 0 for name in names):
        return dict.fromkeys(names, 0.0)
    return {str(name): float(share) for name, share in prioritisation.normalised(base.weights, names).items()}


def _changed_weights(base: Basis, evaluation: prioritisation.Evaluation) -> str:
    """„Klicks“ 50 % statt 33 %; …: which weights differ from the scenario's own by more than rounding."""
    own, now = own_shares(base), evaluation.shares
    return "; ".join(
        f"„{criterion.label}“ {german.percent(now[criterion.id], 0)} statt {german.percent(own[criterion.id], 0)}"
        for criterion in base.criteria
        if abs(now[criterion.id] - own[criterion.id]) > LEAST_CHANGE
    )


def known_enough(row: Mapping[Hashable, Any]) -> bool:
    """Whether a sentence may name this service as first: at least half of the counted criteria are known."""
    return 2 * int(row["known_criteria"]) >= int(row["criteria"])


def rivals(ranking: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a ranking have a rank that says something: listed services with another one in their lane."""
    listed = ranking["list"] != CANDIDATE
    return listed & (listed.groupby(ranking["lane"]).transform("sum") > 1)


def leading(rows: pd.DataFrame, rank: str = "rank") -> tuple[list[str], str]:
    """Who is first of these rows of a ranking, and what has to be said with it.

    Names as `Decision.told` has them; none where too little is known of the first for a sentence. The remark is
    empty where the values that are missing cannot change who is first.
    """
    first = rows[rank].to_numpy() == 1
    if not first.any():
        return [], ""
    known, asked = (rows[name].to_numpy()[first] for name in ("known_criteria", "criteria"))
    if (2 * known < asked).any():  # as `known_enough` has it
        return [], f"zu wenig bekannt für einen ersten Rang ({known.min()} von {asked[0]} Kriterien)"
    lowest, others = rows["score_low"].to_numpy()[first].min(), rows["score_high"].to_numpy()[~first]
    sure = not others.size or float(lowest) > float(others.max())
    return rows.loc[first, "told"].tolist(), "" if sure else "nicht sicher: Spannen überschneiden sich"


def standing(row: Mapping[Hashable, Any]) -> str:
    """What the points of a row of the ranking stand on: known values, or an estimate between which ends."""
    low, high = (german.number(float(row[name]), 1) for name in ("score_low", "score_high"))
    if not row["known_criteria"]:
        return (
            f"geschätzt, {NOTHING}: {german.number(row['score_low'])} bis {german.number(row['score_high'])}"
        )
    if row["known_criteria"] < row["criteria"]:
        return f"zum Teil geschätzt: {low} bis {high}"
    return ALL_KNOWN if low == high else f"{ALL_KNOWN}, mit Spanne: {low} bis {high}"


def points_told(row: Mapping[Hashable, Any]) -> str:
    """The points of a row of the ranking; where nothing is known, with what they stand on."""
    points = german.number(float(row["score"]), 1)
    return points if row["known_criteria"] else f"{points}, {standing(row)}"


def _columns(criteria: Sequence[prioritisation.Criterion], matrix: pd.DataFrame) -> list[str]:
    """The criteria, then the columns of their intervals, so far as there are any."""
    names = [criterion.id for criterion in criteria]
    return [*names, *(end for name in names for end in prioritisation.ends(name) if end in matrix.columns)]


def _overall(ranks: pd.DataFrame) -> pd.Series[int]:
    """1 + how many listed services score higher; candidates are counted for nobody, themselves included."""
    scores = ranks["score"].round(9)
    listed = np.sort(scores[ranks["list"] != CANDIDATE].to_numpy())
    higher = len(listed) - np.searchsorted(listed, scores.to_numpy(), side="right")
    return pd.Series(1 + higher, index=ranks.index, dtype="int64")


def _texts(services: pd.DataFrame) -> pd.DataFrame:
    texts = services.reindex(columns=list(SERVICE_COLUMNS))
    return texts.astype("object").where(texts.notna(), None)


def ranking_rows(decision: Decision) -> list[dict[str, Any]]:
    """The ranking in the shape that is relied on from outside; scores unrounded, lane None without one."""
    return [
        {
            **{name: record[name] for name in ("service_id", "name", "list")},
            "lane": record["lane"] or None,
            **{name: int(record[name]) for name in ("rank", "rank_low", "rank_high", "rank_overall")},
            **{name: float(record[name]) for name in ("score", "score_low", "score_high")},
            **{name: int(record[name]) for name in ("known_criteria", "criteria")},
        }
        for record in decision.ranking.to_dict("records")
    ]
