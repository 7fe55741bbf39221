"""The paper for an audit office: utility analysis, economic view and sensitivity of one scenario, gaps named.

Its order is that of a German Wirtschaftlichkeitsbetrachtung (WiBe): the monetary view (KN) apart from urgency (D),
quality (Q) and outside effects (E), which the utility analysis covers with its criteria.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from portalkompass import german, prioritisation
from portalkompass.answers.workshop import ranking_rows, workshop_slides
from portalkompass.answers.workshop.decision import Decision, known_enough
from portalkompass.answers.workshop.meeting.minutes import dissent, open_questions, present
from portalkompass.answers.workshop.meeting.votes import NO_VOTE, Votes
from portalkompass.answers.workshop.plan import caveats, kept_plan, planned
from portalkompass.answers.workshop.planning import economic_rows, plan_rows
from portalkompass.answers.workshop.planning.planned import Planned
from portalkompass.answers.workshop.prioritisation import Ground, answer_on
from portalkompass.answers.workshop.scenario_book import (
    assessment_table,
    decision_table,
    lane_table,
    level_table,
    origin_table,
)
from portalkompass.answers.workshop.workshop_rows import (
    change_sentences,
    missing_table,
    rank_shares,
    spread_chart,
)
from portalkompass.exhibit import Exhibit
from portalkompass.slide_set import SlideSet, Words
from portalkompass.workspace import Agenda, agenda_of, remarks
from portalkompass.workspace import Decision as Resolution

TITLE = "Prüfunterlage zur Priorisierung"
INPUTS = "Eingaben und Beschlüsse im Termin"
MOST_REASONS = 3
"""Places of a lane of which it is told why one stands before the next."""


def audit_paper(
    ground: Ground, decision: Decision, resolutions: list[Resolution], votes: Votes | None
) -> SlideSet:
    """All that the decision stands on, in the order in which it is examined; what is not there is named.

    Raises:
        PrioritisationError: what was entered for the plan makes none (services that wait for each other).
    """
    question, base = ground.question, ground.basis
    kept = kept_plan(base)
    made = planned(question, decision, kept, drawn=False, costed=False) if kept else None
    cells = base.kept.assessments if base.kept else {}
    spread = votes.spread if votes is not None else None
    agenda = agenda_of(question.workspace, base.kept.id) if base.kept else None
    noted = remarks(question.workspace, base.kept.id) if base.kept else []
    utility = (
        _without_words(ranking_rows.criteria_table(question, decision)),
        _words(
            ground,
            "meanings",
            "Was die Kriterien bedeuten",
            tuple(f"{criterion.label}: {criterion.help}" for criterion in decision.criteria),
        ),
        level_table(question, decision),
        spread_chart(question, decision, spread, votes.labels) if votes and spread else None,
        assessment_table(question, decision, cells),
        *ranking_rows.lane_page(answer_on(ground, decision, ("ranking",))),
        lane_table(question, decision),
        _reasons(ground, decision),
    )
    money = _economic_view(ground, made)
    pages = (
        _procedure(ground, decision, resolutions, votes, made),
        _words(ground, "who", "Wer teilnahm und worüber", present(decision, agenda, votes))
        if agenda
        else None,
        *utility,
        *money,
        question.words(
            "sensitivity",
            "Was die Reihenfolge ändern würde",
            change_sentences(decision) or ("Es gibt keine Bahn mit mehreren Leistungen.",),
            workshop_slides.SENSITIVITY,
            decision.data_date,
        ),
        rank_shares(question, decision, ground.all_weights(decision)),
        missing_table(question, decision),
        decision_table(question, decision, resolutions),
        _words(ground, "dissent", "Abweichende Meinungen", dissent(noted, votes)) if base.kept else None,
        open_questions(question, decision, noted),
        _gaps(ground, decision, resolutions, votes, made, agenda),
        origin_table(question, base, decision),
    )
    shown = tuple(
        page for page in pages if page is not None and not (isinstance(page, Exhibit) and page.frame.empty)
    )
    return replace(blank(ground, decision), pages=shown)


def blank(ground: Ground, decision: Decision) -> SlideSet:
    """Its cover, without pages."""
    return replace(workshop_slides.cover(ground.question, decision, TITLE), every_row=True)


def _words(ground: Ground, id: str, headline: str, lines: tuple[str, ...]) -> Words:
    return ground.question.words(id, headline, lines, INPUTS, ground.basis.data_date)


def _procedure(
    ground: Ground,
    decision: Decision,
    resolutions: list[Resolution],
    votes: Votes | None,
    made: Planned | None,
) -> Words:
    """What was done, in numbers of what is there, and which part of a WiBe stands where."""
    pending = german.count(len(decision.ranking), "Leistung", "Leistungen")
    criteria = german.count(decision.evaluation.counted_criteria, "Kriterium", "Kriterien")
    voted = votes.sentence if votes is not None else NO_VOTE
    found = {} if made is None else economic_rows.economies(ground.question, made)
    valued = sum(not own.missing for _, own in found.values())
    return _words(
        ground,
        "procedure",
        "Wie entschieden wurde",
        (
            f"Nutzwertanalyse: {pending}, {criteria} mit Gewicht; je Kriterium 0 bis 1 zwischen festen Ankern, mal "
            "Gewicht, zusammen 0 bis 100 Punkte.",
            voted,
            f"Wirtschaftlichkeit (WiBe KN): Kapitalwert für {german.number(valued)} von {pending} bekannt.",
            "Dringlichkeit (WiBe D): gesetzliche Termine im Plan und die Bahnen. Qualität und Strategie (WiBe Q): die "
            "eingeschätzten Kriterien. Externe Effekte (WiBe E): Nachfrage und Aufwand der Bürgerinnen und Bürger. "
            "D, Q und E sind Punkte und werden nie mit Euro verrechnet.",
            f"Beschlossen oder zurückgestellt: {german.count(len(resolutions), 'Eintrag', 'Einträge')}.",
        ),
    )


def _without_words(criteria: Exhibit) -> Exhibit:
    """The table of criteria without their meanings, which stand below it in full width."""
    return replace(criteria, fields=tuple(field for field in criteria.fields if field.name != "help"))


def _reasons(ground: Ground, decision: Decision) -> Words | None:
    """Why the first of each lane stand before those behind them, of whom enough is known."""
    sentences = []
    for lane in decision.ranking["lane"].drop_duplicates():
        rows = decision.ranking[decision.ranking["lane"] == lane].to_dict("records")
        known = [str(row["service_id"]) for row in rows if known_enough(row)]
        pairs = list(itertools.pairwise(known))[:MOST_REASONS]
        sentences += [
            f"Bahn „{lane or 'ohne Bahn'}“: "
            f"{prioritisation.why(decision.evaluation, first, second, decision.names)}"
            for first, second in pairs
        ]
    if not sentences:
        return None
    return _words(ground, "reasons", "Warum die Reihenfolge so ist", tuple(sentences))


def _economic_view(ground: Ground, made: Planned | None) -> tuple[Exhibit | Words, ...]:
    """What it costs and saves, where that was entered; the plan with what has to be known of it, where there is one."""
    question = ground.question
    pages: list[Exhibit | Words | None] = []
    if made is None or not economic_rows.entered(made):
        missing = (
            "Für keine Leistung sind Kosten, Fälle oder ersparte Minuten eingetragen; es gibt keinen Kapitalwert.",
        )
        pages.append(_words(ground, "economy", "Wirtschaftlichkeit: nicht untersucht", missing))
    else:
        pages += [economic_rows.economic_table(question, made), economic_rows.even_table(question, made)]
    if made is not None:
        pages += [
            _words(ground, "plan", "Der Jahresplan", (plan_rows.message(made), *caveats(made))),
            plan_rows.gantt(question, made),
            plan_rows.input_table(question, made),
        ]
    return tuple(page for page in pages if page is not None)


def _gaps(
    ground: Ground,
    decision: Decision,
    resolutions: list[Resolution],
    votes: Votes | None,
    made: Planned | None,
    agenda: Agenda | None,
) -> Words:
    """What an examiner would look for and not find."""
    ranking = decision.ranking
    lacking = ranking[ranking["known_criteria"] < ranking["criteria"]]
    gaps = []
    if len(lacking):
        names = german.listing([f"„{name}“" for name in lacking["name"]])
        gaps.append(f"Nicht alle Kriterien bekannt ({len(lacking)} von {len(ranking)} Leistungen): {names}.")
    if votes is None:
        gaps.append("Keine Abstimmung über die Gewichte.")
    elif votes.spread is None:
        gaps.append(f"Die Verteilung der Stimmen. {votes.sentence}")
    if agenda is None or not agenda.people.strip():
        gaps.append("Wer teilnahm, ist nicht eingetragen.")
    if made is None:
        gaps.append("Keine Angaben zu Aufwand, Kosten und Nutzen.")
    else:
        by_missing: dict[tuple[str, ...], list[str]] = {}
        for service, (_, own) in economic_rows.economies(ground.question, made).items():
            if own.missing:
                by_missing.setdefault(own.missing, []).append(f"„{decision.names[service]}“")
        gaps += [
            f"Ohne Kapitalwert, weil {'fehlt' if len(missing) == 1 else 'fehlen'}: {german.listing(missing)}: "
            f"{german.listing(names)}."
            for missing, names in by_missing.items()
        ]
    if not resolutions:
        gaps.append("Noch kein Beschluss festgehalten.")
    kept = ground.basis.kept
    if kept and kept.locked and made is not None and not {"rates", "departments"} <= set(kept.plan):
        gaps.append(
            "Sätze oder zuständige Stellen sind nicht mit dem Szenario festgeschrieben; gerechnet ist mit denen von "
            "heute."
        )
    if kept is None or not kept.locked:
        gaps.append("Das Szenario ist nicht festgeschrieben; es kann sich noch ändern.")
    if decision.changed_weights:
        gaps.append(f"Gewichte weichen vom gespeicherten Szenario ab: {decision.changed_weights}.")
    headline = f"Was fehlt: {german.count(len(gaps), 'Punkt', 'Punkte')}" if gaps else "Was fehlt: nichts"
    return _words(ground, "gaps", headline, tuple(gaps) or ("Alle Teile der Unterlage sind gefüllt.",))
