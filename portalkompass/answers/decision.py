"""The ranking of pending services under one scenario: shipped preset or saved in the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from portalkompass.answers import ozg
from portalkompass.answers.measured import measured
from portalkompass.answers.question import Question
from portalkompass.prioritisation import (
    Criterion,
    Evaluation,
    evaluate,
    load_criteria,
    ranking,
    start_weights,
    with_anchors,
)
from portalkompass.workspace import load_scenario, scenario_list

DEFAULT = "Nachfrage"
CRITERIA_FILE = "criteria.toml"
SERVICE_COLUMNS = ("name", "list", "lane", "lane_reason", "latest_development")


@dataclass(frozen=True, eq=False)
class Decision:
    """A scenario's name, its services (index: id), how the model values them, and the ranking.

    ``ranking`` has the columns of ``prioritisation.ranking`` with name and list. ``saved`` scenarios come
    with the matrix of their day: ``data_date`` is then theirs.
    """

    scenario: str
    saved: bool
    services: pd.DataFrame
    criteria: tuple[Criterion, ...]
    evaluation: Evaluation
    ranking: pd.DataFrame
    data_date: dt.date | None

    @property
    def names(self) -> dict[str, str]:
        """Service id -> name."""
        return {str(key): str(name) for key, name in self.services["name"].items()}

    @property
    def lanes(self) -> dict[str, str]:
        """Service id -> lane; empty text without one."""
        return {str(key): str(lane or "") for key, lane in self.services["lane"].items()}


def decide(
    question: Question,
    scenario: str | None = None,
    weights: Mapping[str, float] | None = None,
    year: pd.DataFrame | None = None,
) -> Decision:
    """Rank the pending services; ``weights`` (not normalised) replace the scenario's, criterion by criterion.

    A saved scenario goes before a preset of the same name. ``year`` are the demand rows of the last 12
    full months, where the caller has them already.

    Raises:
        PrioritisationError: the criteria file is faulty, no weight is above 0, or there is no such preset.
        WorkspaceError: the workspace cannot be read.
    """
    name = scenario or DEFAULT
    if name in set(scenario_list(question.workspace)["name"]):
        return _saved(question, name, weights)
    known = load_criteria(question.settings.data_file(CRITERIA_FILE))
    preset = known.preset(name)
    rows = measured(question, year)
    pending = rows[rows["list"] == ozg.PENDING]
    return _decision(
        preset.name, pending, pending, known.chosen(preset.criteria), weights, question.data_date
    )


def _saved(question: Question, name: str, weights: Mapping[str, float] | None) -> Decision:
    kept = load_scenario(question.workspace, name)
    criteria = with_anchors(
        [Criterion.model_validate(dict(one)) for one in kept.criteria], dict(kept.anchors)
    )
    chosen = {**dict(kept.weights), **dict(weights or {})}
    return _decision(name, kept.services, kept.matrix, criteria, chosen, kept.data_date, saved=True)


def _decision(
    name: str,
    services: pd.DataFrame,
    matrix: pd.DataFrame,
    criteria: Sequence[Criterion],
    weights: Mapping[str, float] | None,
    data_date: dt.date | None,
    *,
    saved: bool = False,
) -> Decision:
    known = services.reindex(columns=list(SERVICE_COLUMNS))
    texts = known.astype("object").where(known.notna(), None)
    columns = [criterion.id for criterion in criteria]
    evaluation = evaluate(
        matrix.reindex(columns=columns), criteria, {**start_weights(criteria), **dict(weights or {})}
    )
    lanes = {str(key): lane for key, lane in texts["lane"].items()}
    ranks = ranking(evaluation, lanes)
    for column in ("name", "list"):
        ranks[column] = ranks["service_id"].map(texts[column].to_dict())
    return Decision(name, saved, texts, tuple(criteria), evaluation, ranks, data_date)


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
