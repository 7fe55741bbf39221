"""Das zuerst klären: which missing value or open weight would change most often who is at the top, and who can tell."""

from __future__ import annotations

import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.decision import CANDIDATE, Decision
from portalkompass.answers.workshop.planning.plan_inputs import departments_of
from portalkompass.answers.workshop.ranking_rows import CHAPTER
from portalkompass.exhibit import Exhibit, Field

TOP = 3
"""How many services at the top the decision is about."""
MOST_QUESTIONS = 8
LEAST_CHANGE = 0.005
"""Below that the answer changes nothing that a table could show."""
DATA, ALL, UNNAMED = "aus den Daten", "alle Beteiligten (Abstimmung)", "Fachbereich der Leistung"


def question_table(question: Question, decision: Decision) -> Exhibit | None:
    """The best questions, the first first; None where nothing is open or all services are at the top."""
    listed = decision.ranking.loc[decision.ranking["list"] != CANDIDATE, "service_id"].tolist()
    own, top = decision.evaluation, min(TOP, len(listed) - 1)
    asked = prioritisation.next_questions(
        own.values.loc[listed],
        own.shares,
        top=top,
        low=own.values_low.loc[listed],
        high=own.values_high.loc[listed],
    )
    known = own.values.notna()
    # of a measured value that is known with an interval nobody can tell more
    open_still = [
        kind == "weight" or not known.loc[service, criterion]
        for kind, service, criterion in asked[["kind", "service_id", "criterion"]].itertuples(index=False)
    ]
    told = pd.Series(open_still, index=asked.index, dtype="bool") & (asked["change"] >= LEAST_CHANGE)
    asked = asked[told].head(MOST_QUESTIONS)
    if asked.empty:
        return None
    departments = departments_of(question, decision)
    measured = {criterion.id for criterion in decision.criteria if criterion.kind == "measured"}
    rows = pd.DataFrame(
        [
            {
                "place": number,
                "what": f"Gewicht „{decision.labels[criterion]}“"
                if kind == "weight"
                else f"„{decision.labels[criterion]}“",
                "name": "alle" if kind == "weight" else decision.names[service],
                "who": ALL
                if kind == "weight"
                else DATA
                if criterion in measured
                else departments.get(service) or UNNAMED,
                "change": change,
            }
            for number, (kind, service, criterion, change) in enumerate(
                asked.itertuples(index=False, name=None), start=1
            )
        ]
    )
    first = rows.iloc[0]
    of = "" if first["name"] == "alle" else f" bei „{first['name']}“"
    headline = f"Zuerst klären: {first['what']}{of}"
    words = german.count(top, "Leistung", "Leistungen")
    return decision.exhibit(
        question,
        "next_questions",
        rows,
        (
            Field("place", "Nr.", "integer"),
            *columns(what="Was", name="Bei", who="Wer es sagen kann"),
            Field("change", "Ändert die Auswahl", "percent", method=CHAPTER),
        ),
        headline=headline,
        subtitle=f"Fragen, deren Antwort am häufigsten ändert, welche {words} vorn stehen · {decision.title}",
        alt=f"Tabelle der nächsten besten Fragen. {headline}.",
        notes=(
            "Ändert die Auswahl: In so vielen Paaren von Ziehungen, die sich nur in dieser Angabe unterscheiden, "
            "stehen über alle Bahnen andere Leistungen vorn.",
        ),
    )
