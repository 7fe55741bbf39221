"""What a missing value may change: "wäre X bekannt, könnte Y auf Platz 1"; and what-if values."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from portalkompass.prioritisation.criteria import PrioritisationError
from portalkompass.prioritisation.model import Evaluation, ends, evaluate
from portalkompass.prioritisation.ranking import EQUAL_DECIMALS

COLUMNS = ("service_id", "lane", "criterion", "label", "rank", "rank_best", "rank_worst", "leads", "falls")


def missing_effects(evaluation: Evaluation, lanes: Mapping[str, str | None] | None = None) -> pd.DataFrame:
    """One row a missing value of a counted criterion: the ranks its service could take if it alone were known.

    Everything else unknown stays in the middle (0.5), as in the score; so a row says what this one value can
    do, not what all missing ones can do together. ``leads``: the service could reach rank 1 of its lane;
    ``falls``: it has rank 1 and could lose it. Largest effect first.
    """
    score = evaluation.score.round(EQUAL_DECIMALS)
    scores = {str(name): float(value) for name, value in score.items()}
    lane_of = {str(service): (lanes or {}).get(str(service)) or "" for service in score.index}
    labels = {criterion.id: criterion.label for criterion in evaluation.criteria}
    rows = []
    for service, values in evaluation.values.iterrows():
        own = str(service)
        lane, own_score = lane_of[own], scores[own]
        others = score[[lane_of[str(name)] == lane and str(name) != own for name in score.index]]
        for criterion in values.index[values.isna() & (evaluation.weights > 0)].astype(str):
            half = 50.0 * float(evaluation.weights[criterion])
            now, best, worst = (
                1 + int((others > round(own_score + step, EQUAL_DECIMALS)).sum())
                for step in (0.0, half, -half)
            )
            leads, falls = best == 1 < now, now == 1 < worst
            rows.append((own, lane, criterion, labels[criterion], now, best, worst, leads, falls, half))
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "half"])
    frame["reach"] = frame["rank_worst"] - frame["rank_best"]
    order = ["leads", "falls", "reach", "half"]
    frame = frame.sort_values(
        [*order, "service_id", "criterion"], ascending=[False] * 4 + [True] * 2, kind="stable"
    )
    return frame[list(COLUMNS)].reset_index(drop=True)


def effect_sentence(row: Mapping[Hashable, Any], name: str) -> str:
    """A row of ``missing_effects`` as a German sentence."""
    lane = f" der Bahn „{row['lane']}“" if row["lane"] else ""
    label = f"Wäre „{row['label']}“ bei „{name}“ bekannt"
    if row["leads"]:
        return f"{label}, könnte „{name}“ auf Platz 1{lane} stehen (heute Platz {row['rank']})."
    if row["falls"]:
        return f"{label}, könnte „{name}“ Platz 1{lane} verlieren (bis Platz {row['rank_worst']})."
    if row["rank_best"] == row["rank_worst"]:
        return f"{label}, bliebe es bei Platz {row['rank']}{lane}."
    return f"{label}, läge „{name}“ zwischen Platz {row['rank_best']} und {row['rank_worst']}{lane}."


def effect_sentences(effects: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """One sentence a service whose missing values could change a first place, with all of those values.

    ``effects``: rows of ``missing_effects``; values that change no first place are left out.
    """
    sentences = []
    for kind in ("leads", "falls"):
        # Without any missing value the frame is empty and its columns hold no truth values to choose by.
        for service, rows in effects[effects[kind].astype(bool)].groupby("service_id", sort=False):
            labels = [f"„{label}“" for label in rows["label"]]
            if len(labels) == 1:
                sentences.append(effect_sentence(rows.iloc[0].to_dict(), names[str(service)]))
                continue
            lane = f" der Bahn „{rows['lane'].iloc[0]}“" if rows["lane"].iloc[0] else ""
            beginning = f"Wäre bei „{names[str(service)]}“ eine dieser Angaben bekannt, könnte die Leistung"
            end = (
                f"auf Platz 1{lane} stehen (heute Platz {rows['rank'].iloc[0]})"
                if kind == "leads"
                else f"Platz 1{lane} verlieren (bis Platz {rows['rank_worst'].max()})"
            )
            sentences.append(f"{beginning} {end}: {', '.join(labels)}.")
    return sentences


def what_if(evaluation: Evaluation, changes: Mapping[tuple[str, str], float]) -> Evaluation:
    """The same evaluation with some raw values replaced: (service, criterion) → value in the criterion's unit.

    NaN makes a value unknown; a replaced value has no interval. Nothing is saved.

    Raises:
        PrioritisationError: a service or criterion is not in the evaluation, or a value is infinite.
    """
    matrix = evaluation.matrix.copy()
    for (service, criterion), value in changes.items():
        if service not in matrix.index or criterion not in matrix.columns:
            raise PrioritisationError(f"„{service}“ oder „{criterion}“ steht nicht in dieser Bewertung.")
        if math.isinf(value):
            raise PrioritisationError("In der Tabelle steht ein unendlicher Wert.")
        matrix.loc[service, criterion] = value
        matrix.loc[service, [end for end in ends(criterion) if end in matrix.columns]] = math.nan
    return evaluate(matrix, evaluation.criteria, evaluation.shares)
