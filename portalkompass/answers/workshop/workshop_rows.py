"""Charts and tables of the workshop: rank heat map, quadrant, missing values, "why", shifts, spread of voices."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.decision import Basis, Decision, known_enough, rivals
from portalkompass.answers.workshop.ranking_rows import INTERVAL, labelled, quoted, span
from portalkompass.exhibit import Axes, Exhibit, Field, PointNames

AXES = {"nutzen": "Nutzen", "umsetzbarkeit": "Umsetzbarkeit"}
LEAST_APART = 0.01
"""Share of the weight; votes closer together than this are called alike."""
WHOLE, PARTLY = "alle Angaben bekannt", "Angaben fehlen (zählen als Mitte)"
MIDDLE, MARGIN = 50.0, 2.0
"""Points of an axis: its middle, and by how much one has to lie above before a sentence calls it high."""
NONE = "auf einer Achse nichts bekannt (0 bis 100)"


def drawn(basis: Basis, weights: Mapping[str, float] | None = None) -> prioritisation.Robustness:
    """Ranks over all weightings of the scenario's criteria, every mix equally likely.

    Criteria that have no weight (in the scenario, or in ``weights``) are not drawn: zero stays zero.
    """
    return _draws(basis, basis.weights if weights is None else weights, None)


def drawn_near(basis: Basis, shares: Mapping[str, float]) -> prioritisation.Robustness:
    """Ranks over weightings around the chosen ones (by criterion, sum 1)."""
    return _draws(basis, shares, shares)


def _draws(
    basis: Basis, weights: Mapping[str, float], around: Mapping[str, float] | None
) -> prioritisation.Robustness:
    counted = {name: weight for name, weight in weights.items() if weight > 0}
    criteria = [criterion for criterion in basis.criteria if criterion.id in counted]
    if not criteria:
        return prioritisation.robustness(pd.DataFrame(index=basis.matrix.index), draws=0)
    found = prioritisation.evaluate(basis.matrix, criteria, counted)
    lanes = {str(key): lane for key, lane in basis.services["lane"].items()}
    return prioritisation.robustness(
        found.values, lanes, low=found.values_low, high=found.values_high, around=around
    )


def rank_shares(question: Question, decision: Decision, robustness: prioritisation.Robustness) -> Exhibit:
    """How often each service takes each rank of its lane over all weightings."""
    ranks = decision.ranking.assign(
        label=labelled(decision.ranking), size=decision.ranking.groupby("lane")["rank"].transform("size")
    )
    upto = robustness.acceptability.reindex(columns=range(1, int(ranks["size"].max()) + 1))
    shares = upto.diff(axis=1)
    shares[1] = upto[1]
    of_service = shares.to_dict("index")
    services = ranks[["service_id", "label", "size"]].itertuples(index=False, name=None)
    rows = pd.DataFrame(
        [
            {"label": label, "rank": f"Rang {rank}", "share": of_service[service][rank]}
            for service, label, size in services
            for rank in range(1, size + 1)
        ]
    )
    headline = _most_often_first(ranks, rows)
    return decision.exhibit(
        question,
        "rank_shares",
        rows,
        (*columns(label="Leistung", rank="Rang in der Bahn"), Field("share", "Anteil", "percent")),
        kind="heatmap",
        headline=headline,
        subtitle=f"Anteil der Gewichtungen je Rang, {german.number(robustness.draws)} Ziehungen · "
        f"{decision.title}",
        alt=f"Feld je Leistung und Rang mit dem Anteil der Gewichtungen. {headline}.",
        x="rank",
        y="label",
        size="share",
        notes=(
            "Sensitivitätsanalyse: Jede Gewichtung der Kriterien ist gleich wahrscheinlich, unabhängig von den "
            "Reglern. Fehlende Werte und solche mit Spanne werden darin zufällig angenommen.",
        ),
    )


def _most_often_first(ranks: pd.DataFrame, shares: pd.DataFrame) -> str:
    """Who has rank 1 most often, of those who have somebody to be ahead of and of whom enough is known."""
    compared = ranks[rivals(ranks)]
    if compared.empty:
        return "Jede Leistung steht allein in ihrer Bahn: Ein Rang dort sagt nichts"
    named = [row["label"] for row in compared.to_dict("records") if known_enough(row)]
    first = shares[shares["label"].isin(named) & (shares["rank"] == "Rang 1")]
    if first.empty:
        return "Zu wenig bekannt für eine Aussage über den ersten Rang"
    told = [
        (str(label), german.value(float(share), "percent"))
        for label, share in first[["label", "share"]].to_numpy()
    ]
    share = german.value(float(first["share"].max()), "percent")
    top = [f"„{label}“" for label, own in told if own == share]
    if len(top) == 1:
        return f"{top[0]} steht in {share} aller Gewichtungen auf Rang 1 der Bahn"
    return f"{german.listing(top)} stehen in je {share} aller Gewichtungen auf Rang 1 ihrer Bahn"


def quadrant(question: Question, decision: Decision) -> Exhibit | None:
    """Nutzen against Umsetzbarkeit, each 0 … 100 from its own criteria; none where an axis has no weight."""
    evaluation = decision.evaluation
    weights = evaluation.shares
    scores = {}
    for axis in AXES:
        own = [criterion for criterion in decision.criteria if criterion.axis == axis]
        if not any(weights[criterion.id] > 0 for criterion in own):
            return None
        scores[axis] = prioritisation.evaluate(evaluation.matrix, own, weights)
    order = decision.ranking["service_id"]
    known = pd.DataFrame({axis: scored.known_criteria for axis, scored in scores.items()})
    asked = pd.Series({axis: scored.counted_criteria for axis, scored in scores.items()})
    whole, blank = (known == asked).all(axis=1), (known == 0).any(axis=1)
    rows = pd.DataFrame(
        {
            "name": order.map(decision.told).to_numpy(),
            **{axis: scored.score.reindex(order).to_numpy() for axis, scored in scores.items()},
            "known": [NONE if blank[service] else WHOLE if whole[service] else PARTLY for service in order],
        }
    )
    placed = rows[["name", *AXES]].itertuples(index=False, name=None)
    both_axes = "; ".join(f"{name} {german.number(x, 0)} und {german.number(y, 0)}" for name, x, y in placed)
    enough = ((2 * known) >= asked).all(axis=1)
    above = (rows[list(AXES)] > MIDDLE + MARGIN).all(axis=1)
    both = rows[above & enough.reindex(order).to_numpy()]["name"].tolist()
    unknown = [AXES[axis] for axis, scored in scores.items() if not int(scored.known_criteria.sum())]
    headline = (
        f"Noch nicht eingeschätzt: {german.listing(unknown)} – alle Leistungen stehen dort in der Mitte"
        if unknown
        else f"Hoher Nutzen und gut umsetzbar: {quoted(both)}"
        if both
        else "Keine Leistung liegt mit bekannten Angaben bei Nutzen und Umsetzbarkeit klar über der Mitte"
    )
    return decision.exhibit(
        question,
        "quadrant",
        rows,
        (
            Field("name", "Leistung"),
            Field("umsetzbarkeit", "Umsetzbarkeit", "decimal1", "Punkte"),
            Field("nutzen", "Nutzen", "decimal1", "Punkte"),
            Field("known", "Datenlage"),
        ),
        kind="scatter",
        headline=headline,
        subtitle=f"Nutzen und Umsetzbarkeit, je 0 bis 100 Punkte · {decision.title}",
        alt="Punktdiagramm der Leistungen nach Nutzen und Umsetzbarkeit (0 bis 100). "
        f"{headline}. {both_axes}.",
        x="umsetzbarkeit",
        y="nutzen",
        series="known",
        height=440,
        point_names=PointNames("name", every=True),
        axes=Axes(to=100.0, middle=MIDDLE),
        notes=(
            INTERVAL,
            "Gewichte wirken innerhalb jeder Achse; oben rechts liegt, was viel bringt und leicht geht.",
        ),
    )


def missing_table(question: Question, decision: Decision) -> Exhibit | None:
    """What each missing value could change; nothing where all are known."""
    effects = prioritisation.missing_effects(decision.evaluation, decision.lanes)
    if effects.empty:
        return None
    records = effects.to_dict("records")
    rows = effects.assign(
        name=effects["service_id"].map(decision.names),
        sentence=[
            prioritisation.effect_sentence(row, decision.names[str(row["service_id"])]) for row in records
        ],
        range=[span(str(row["rank_best"]), str(row["rank_worst"])) for row in records],
    )
    decisive = int((effects["leads"] | effects["falls"]).sum())
    headline = (
        f"{german.count(decisive, 'fehlende Angabe', 'fehlende Angaben')} könnte{'' if decisive == 1 else 'n'} "
        "den ersten Platz einer Bahn ändern"
        if decisive
        else "Keine fehlende Angabe ändert für sich allein einen ersten Platz"
    )
    return decision.exhibit(
        question,
        "missing_effects",
        rows,
        (
            *columns(name="Leistung", label="Fehlende Angabe", lane="Bahn"),
            Field("rank", "Rang heute", "integer"),
            *columns(range="Rang, wenn bekannt", sentence="Wirkung"),
        ),
        headline=headline,
        subtitle=f"Wirkung jeder fehlenden Angabe für sich · {decision.title}",
        alt=f"Tabelle der fehlenden Angaben und ihrer möglichen Wirkung auf den Rang. {headline}.",
        notes=("Alles andere Unbekannte bleibt dabei in der Mitte seiner Spanne.",),
        only_in_files=("sentence",),
    )


def change_sentences(decision: Decision) -> tuple[str, ...]:
    """The smallest change of one weight that gives a lane another first place, a sentence a lane.

    Both that would change places have to be known enough; else the sentence says of whom too little is known.
    """
    evaluation = decision.evaluation
    changes = prioritisation.smallest_change(evaluation.values, evaluation.shares, decision.lanes)
    labels, told = decision.labels, decision.told
    sentences = []
    place = {lane: number for number, lane in enumerate(decision.ranking["lane"].drop_duplicates())}
    ranked = decision.ranking.set_index("service_id", drop=False).to_dict("index")
    for row in sorted(changes.to_dict("records"), key=lambda row: place[row["lane"]]):
        both = [ranked[str(row[name])] for name in ("first", "new_first")]
        unknown = next((one for one in both if not known_enough(one)), None)
        if unknown is not None:
            sentences.append(
                f"Bahn „{row['lane'] or 'ohne Bahn'}“: Über „{unknown['name']}“ ist zu wenig bekannt "
                f"({unknown['known_criteria']} von {unknown['criteria']} Kriterien) für eine Aussage über den ersten "
                "Platz."
            )
            continue
        first, new = told[str(row["first"])], told[str(row["new_first"])]
        before, after = (german.value(float(row[name]), "percent") for name in ("weight", "new_weight"))
        lane = f"Bahn „{row['lane'] or 'ohne Bahn'}“"
        if abs(float(row["change"])) < 0.0005:  # noqa: PLR2004 less is 0,0 %
            sentences.append(f"{lane}: „{first}“ und „{new}“ liegen gleichauf.")
        else:
            sentences.append(
                f"{lane}: „{new}“ überholt „{first}“, wenn „{labels[str(row['criterion'])]}“ statt {before} "
                f"des Gewichts {after} erhält."
            )
    lanes = decision.ranking.groupby("lane")["service_id"].size()
    fixed = [str(lane) for lane in lanes.index if lanes[lane] > 1 and lane not in set(changes["lane"])]
    lacking = set(
        decision.ranking.loc[decision.ranking["known_criteria"] < decision.ranking["criteria"], "lane"]
    )
    sentences += [
        f"Bahn „{lane or 'ohne Bahn'}“: Kein einzelnes Gewicht ändert den ersten Platz"
        + (", solange fehlende Angaben in der Mitte liegen." if lane in lacking else ".")
        for lane in fixed
    ]
    return tuple(sentences)


def why_chart(question: Question, decision: Decision, first: str, second: str) -> Exhibit:
    """Points of two services by criterion, and the sentence why one stands before the other."""
    rows = prioritisation.differences(decision.evaluation, first, second).dropna(subset=["difference"])
    names = decision.names
    listed = wording.listed(rows["label"], rows["difference"], lambda points: german.signed(points, 1))
    return decision.exhibit(
        question,
        "why",
        rows,
        (
            Field("label", "Kriterium"),
            Field("difference", "Unterschied", "decimal1", "Punkte"),
            Field("first", names[first], "decimal1", "Punkte"),
            Field("second", names[second], "decimal1", "Punkte"),
        ),
        kind="bar",
        headline=prioritisation.why(decision.evaluation, first, second, names),
        subtitle=f"Punkte von „{names[first]}“ minus Punkte von „{names[second]}“ · {decision.title}",
        alt=f"Balken der Unterschiede je Kriterium zwischen {names[first]} und {names[second]}, in Punkten: "
        f"{listed}.",
        x="difference",
        y="label",
    )


def shift_chart(question: Question, before: Decision, after: Decision) -> Exhibit | None:
    """Ranks over all lanes of two scenarios side by side, lines that rise coloured; None without common services."""
    left = before.ranking.set_index("service_id")["rank_overall"]
    right = after.ranking.set_index("service_id")["rank_overall"]
    common = [service for service in right.index if service in left.index]
    if not common:
        return None
    sides = (before.scenario, after.scenario)
    if before.scenario == after.scenario:
        sides = (f"{before.scenario} (damals)", f"{after.scenario} (heute)")
    rows = pd.DataFrame(
        [
            {"name": _told(before, after, service), "scenario": scenario, "rank": int(ranks[service])}
            for scenario, ranks in zip(sides, (left, right), strict=True)
            for service in common
        ]
    )
    moved = sum(int(left[service] != right[service]) for service in common)
    moves = "; ".join(
        f"{_told(before, after, service)} {left[service]} → {right[service]}" for service in common
    )
    headline = (
        f"{german.count(moved, 'Leistung wechselt', 'Leistungen wechseln')} den Rang"
        if moved
        else "Beide ergeben dieselbe Reihenfolge"
    )
    return after.exhibit(
        question,
        "shifts",
        rows,
        (
            *columns(name="Leistung", scenario="Szenario"),
            Field("rank", "Rang über alle Bahnen", "integer", low_is_good=True),
        ),
        kind="slope",
        headline=headline,
        subtitle=f"Rang über alle Bahnen: „{sides[0]}“ und „{sides[1]}“",
        alt=f"Linien der Ränge in zwei Szenarien. {headline}: {moves}.",
        x="scenario",
        y="rank",
        series="name",
        reverse_y=True,
        height=60 + 40 * len(common),
    )


def _told(before: Decision, after: Decision, service: str) -> str:
    """The service's name, marked where nothing of it is known in one of the two."""
    told = after.told[service]
    return told if told != after.names[service] else before.told[service]


def beside_today(question: Question, then: Decision, today: Decision) -> Exhibit:
    """One row a service in the saved order: rank in the lane and points then and today."""
    now = (
        today.ranking[["service_id", "rank", "score", "standing"]]
        .set_index("service_id")
        .add_suffix("_today")
    )
    rows = then.ranking.merge(now, left_on="service_id", right_index=True)
    moved = int((rows["rank"] != rows["rank_today"]).sum())
    before, after = (
        german.date(decision.data_date) if decision.data_date else "?" for decision in (then, today)
    )
    headline = (
        f"{german.count(moved, 'Leistung hat', 'Leistungen haben')} heute einen anderen Rang als gespeichert"
        if moved
        else "Heute ergibt sich dieselbe Reihenfolge wie gespeichert"
    )
    return then.exhibit(
        question,
        "then_and_today",
        rows,
        (
            *columns(lane="Bahn", name="Leistung"),
            *columns("integer", rank="Rang damals", rank_today="Rang heute"),
            *columns("decimal1", score="Punkte damals", score_today="Punkte heute"),
            *columns(standing="beruhen damals auf", standing_today="beruhen heute auf"),
        ),
        headline=headline,
        subtitle=f"Gespeichert mit Datenstand {before}, heute {after} · {then.title}",
        folded=("standing", "standing_today"),
        alt=f"Tabelle der Ränge und Punkte damals und heute. {headline}.",
        data_date=today.data_date,
        notes=(
            "Damals: Werte, Gewichte und Anker, wie sie gespeichert sind. Heute: nur die Messwerte sind neu.",
        ),
    )


def _silent(partly: pd.DataFrame, ballots: int) -> tuple[str, ...]:
    """How many have an opinion on each of these criteria, in a note; none where all have."""
    if partly.empty:
        return ()
    counts = german.listing([f"„{row['label']}“ {row['opinions']}" for row in partly.to_dict("records")])
    return (f"Ein nicht bewegter Regler ist keine Meinung; von {ballots} Stimmen haben eine zu {counts}.",)


def spread_chart(
    question: Question,
    decision: Decision,
    votes: prioritisation.Agreement,
    labels: Mapping[str, str] | None = None,
) -> Exhibit:
    """Median weight of each criterion with the middle half of the ballots that have an opinion on it.

    ``labels`` are those of the ballot: the scenario may have other criteria by now.
    """
    rows = votes.spread.rename_axis("id").reset_index()
    rows["label"] = rows["id"].map(decision.labels | dict(labels or {}))
    partly = rows[rows["opinions"] < votes.ballots]
    rows = rows[rows["opinions"] > 0]
    apart = rows.assign(apart=rows["high"] - rows["low"]).sort_values("apart", ascending=False, kind="stable")
    widest = apart.iloc[0]
    same = apart[apart["apart"] > float(widest["apart"]) - LEAST_APART]
    headline = (
        "Erst eine Stimme: Einigkeit gibt es ab zweien"
        if votes.ballots < 2  # noqa: PLR2004
        else "Bei keinem Kriterium liegen die Stimmen auseinander"
        if float(widest["apart"]) < LEAST_APART
        else f"Am weitesten auseinander liegen die Stimmen bei {quoted(same['label'])}"
    )
    return decision.exhibit(
        question,
        "spread",
        rows[["label", "median", "low", "high", "least", "most"]],
        (
            Field("label", "Kriterium"),
            *columns(
                "percent",
                median="Median",
                low="unteres Viertel",
                high="oberes Viertel",
                least="kleinstes",
                most="größtes",
            ),
        ),
        kind="dots",
        headline=headline,
        subtitle=f"Gewichte aus {german.count(votes.ballots, 'Stimme', 'Stimmen')}: Median und mittlere Hälfte",
        alt=f"Punkte mit Spannen je Kriterium. {headline} "
        f"({german.percent(float(widest['low']))} bis {german.percent(float(widest['high']))} des Gewichts).",
        source="Abstimmung im Termin",
        notes=_silent(partly, votes.ballots),
        x="median",
        y="label",
        interval=("low", "high"),
    )
