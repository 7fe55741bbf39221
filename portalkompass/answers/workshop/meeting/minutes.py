"""The minutes of a workshop: who, what was decided and why, dissent, open questions; the list that follows."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services import list_state
from portalkompass.answers.workshop.decision import Decision, points_told
from portalkompass.answers.workshop.meeting.assessments import of_votes
from portalkompass.answers.workshop.meeting.promised import promise_table
from portalkompass.answers.workshop.meeting.votes import NO_VOTE, Votes
from portalkompass.answers.workshop.plan import kept_plan, planned
from portalkompass.answers.workshop.prioritisation import Ground
from portalkompass.answers.workshop.question_rows import question_table
from portalkompass.answers.workshop.scenario_book import decision_table
from portalkompass.answers.workshop.workshop_rows import spread_chart
from portalkompass.answers.workshop.workshop_slides import PARTS, chosen_pages
from portalkompass.exhibit import Exhibit, Field
from portalkompass.slide_set import SlideSet, Words
from portalkompass.workspace import Agenda, Remark
from portalkompass.workspace import Decision as Resolution

SOURCE = "Protokoll des Workshops"
MOST_PROPOSED = 5
NO_DISSENT = "Niemand ließ eine abweichende Meinung ins Protokoll aufnehmen."


def minutes(
    ground: Ground,
    decision: Decision,
    agenda: Agenda,
    resolutions: Sequence[Resolution],
    noted: Sequence[Remark],
    votes: Votes | None,
) -> SlideSet:
    """Everything that the minutes say, for Word and slides alike: decisions first, then how it came to them."""
    question = ground.question
    decided = decision_table(question, decision, list(resolutions))
    told = promise_table(question, decision, ground.basis, resolutions, brief=True)
    shown = votes.spread if votes is not None else None
    spread = spread_chart(question, decision, shown, votes.labels) if votes and shown else None
    asked = open_questions(question, decision, noted)
    agreed = of_votes(question, decision, ground.basis.kept) if ground.basis.kept is not None else None
    pages = (
        _words(question, decision, "who", "Wer teilnahm und worüber", present(decision, agenda, votes)),
        *((decided,) if decided is not None else ()),
        *((told,) if told is not None else ()),
        _words(question, decision, "why", "Warum so entschieden wurde", _reasons(decision, resolutions)),
        _words(question, decision, "dissent", "Abweichende Meinungen", dissent(noted, votes)),
        *((asked,) if asked is not None else ()),
        *((agreed,) if agreed is not None else ()),
        *chosen_pages(ground, decision, PARTS[:2]),
        *((spread,) if spread is not None else ()),
    )
    return replace(blank(question, decision, agenda), pages=pages)


def blank(question: Question, decision: Decision, agenda: Agenda | None = None) -> SlideSet:
    """Their cover, without pages."""
    return SlideSet(
        f"Protokoll {decision.scenario}",
        (
            question.settings.city.name,
            decision.title,
            *([f"Termin: {german.date(agenda.day)}"] if agenda and agenda.day else []),
            f"Datenstand: {german.date(decision.data_date)}",
        ),
        (),
        decision.data_date,
        question.warehouse.sample,
        every_row=True,
    )


def reason(decision: Decision, resolution: Resolution) -> str:
    """Why a service stands where it stands, beside its neighbour in the lane; the reason of the meeting goes before."""
    service, name = resolution.service_id, decision.names.get(resolution.service_id, resolution.service_id)
    given = f" ({resolution.reason})" if resolution.reason else ""
    told = f"„{name}“: {resolution.decision} am {german.date(resolution.decided_on)}{given}."
    rows = decision.ranking[decision.ranking["service_id"] == service].to_dict("records")
    if not rows:
        return told
    lane = decision.ranking[decision.ranking["lane"] == rows[0]["lane"]]
    where = f"der Bahn „{rows[0]['lane']}“" if rows[0]["lane"] else "ohne Bahn"
    place = f"Rang {rows[0]['rank']} von {len(lane)} {where}, {points_told(rows[0])} von 100 Punkten."
    ids = lane["service_id"].tolist()
    here = ids.index(service)
    beside = ids[here + 1] if here + 1 < len(ids) else ids[here - 1] if here else None
    why = (
        ""
        if beside is None
        else f" {prioritisation.why(decision.evaluation, service, beside, decision.names)}"
    )
    return f"{told} {place}{why}"


def open_questions(question: Question, decision: Decision, noted: Sequence[Remark]) -> Exhibit | None:
    """The open questions with owner and day; None without any."""
    rows = [{"text": one.text, "owner": one.owner, "due": one.due} for one in noted if one.kind == "offen"]
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["text", "owner", "due"])
    owned = int((frame["owner"] != "").sum())
    return decision.exhibit(
        question,
        "open_questions",
        frame,
        (*columns(text="Offene Frage", owner="Wer"), Field("due", "Bis", "date")),
        headline=german.having(len(rows), owned, "offene Frage", "offene Fragen", "einer Person"),
        subtitle=f"Was nach dem Termin zu klären ist · {decision.title}",
        alt="Tabelle der offenen Fragen mit Person und Tag.",
        source=SOURCE,
    )


def proposed_questions(question: Question, decision: Decision, scenario_id: int) -> list[Remark]:
    """What would change the decision most if it were known, as open questions with who can tell."""
    found = question_table(question, decision)
    if found is None:
        return []
    return [
        Remark(
            scenario_id,
            "offen",
            f"{row['what']}: abstimmen" if row["name"] == "alle" else f"{row['name']}: {row['what']} klären",
            str(row["who"]),
        )
        for row in found.frame.head(MOST_PROPOSED).to_dict("records")
    ]


def proposed_list(
    question: Question, decision: Decision, resolutions: Sequence[Resolution], live: Mapping[str, str]
) -> tuple[bytes, dt.date]:
    """The city's list with the decisions written in, in its own format, and its day; all other fields as they are.

    The newest development says what was decided and why, the next step of a planned service its quarter (``live``).
    Lanes are those of the workshop. Status and go-live stay: they are for the departments to report.
    """
    stored, as_of = list_state.newest(question.warehouse, question.settings), list_day(question, resolutions)
    known = {one.service_id: one for one in resolutions}
    rows = [
        dict(row) | dict(_written(decision, known[str(row["service_id"])], live))
        if str(row["service_id"]) in known
        else row
        for row in stored.rows.to_dict("records")
    ]
    return list_state.shipped_csv(pd.DataFrame(rows, columns=list(stored.rows.columns)), as_of), as_of


def list_day(question: Question, resolutions: Sequence[Resolution]) -> dt.date:
    """The day of the list that follows: that of the last decision, never before the list's own nor in the future."""
    stored, today = (
        list_state.newest(question.warehouse, question.settings).as_of,
        question.settings.current_day(),
    )
    decided = min(max((one.decided_on for one in resolutions), default=today), today)
    return max(decided, stored) if stored else decided


def off_list(question: Question, decision: Decision, resolutions: Sequence[Resolution]) -> list[str]:
    """Names of what was decided and is not in the list, so that no row of it can say so."""
    listed = set(list_state.newest(question.warehouse, question.settings).rows["service_id"].astype(str))
    missing = [one.service_id for one in resolutions if one.service_id not in listed]
    return [decision.names.get(service, service) for service in missing]


def planned_quarters(ground: Ground, decision: Decision) -> dict[str, str]:
    """Service → quarter in which it goes live by the plan; empty where no plan was entered.

    Raises:
        PrioritisationError: the inputs make no plan.
    """
    kept = kept_plan(ground.basis)
    if not kept:
        return {}
    made = planned(ground.question, decision, kept, drawn=False, costed=False)
    return {service: made.inputs.quarters[number].label for service, number in made.plan.live.items()}


def _written(decision: Decision, resolution: Resolution, live: Mapping[str, str]) -> dict[str, str]:
    service = resolution.service_id
    said = f"{resolution.decision} am {german.date(resolution.decided_on)} ({decision.scenario})"
    told = {"latest_development": f"{said}: {resolution.reason}" if resolution.reason else said}
    if resolution.decision == "beschlossen":
        told["next_step"] = (
            f"Umsetzung, Go-Live laut Plan {live[service]}" if service in live else "Umsetzung"
        )
    elif resolution.reason:
        told["blocker"] = _as_words(resolution.reason)
    row = decision.services.to_dict("index").get(service, {})
    if row.get("lane"):
        told |= {"lane": str(row["lane"]), "lane_reason": _as_words(str(row.get("lane_reason") or ""))}
    return told


def _as_words(text: str) -> str:
    """In quotation marks where a spreadsheet might take it for a formula; the import reads them back as text."""
    begins = unicodedata.normalize("NFKC", text.strip()[:1])
    return f"„{text.strip()}“" if begins in ("=", "+", "-", "@") else text


def _words(question: Question, decision: Decision, id: str, headline: str, lines: tuple[str, ...]) -> Words:
    return Words(
        id,
        headline,
        lines,
        SOURCE,
        decision.data_date,
        subtitle=decision.title,
        sample=question.warehouse.sample,
    )


def present(decision: Decision, agenda: Agenda, votes: Votes | None) -> tuple[str, ...]:
    """Who took part, on which services and criteria, and what vote the weights stand on."""
    people = [line.strip() for line in agenda.people.splitlines() if line.strip()]
    weights = decision.evaluation.shares
    counted = [
        f"{one.label} {german.percent(weights[one.id], 0)}" for one in decision.criteria if weights[one.id]
    ]
    return (
        f"Teilnehmende: {'; '.join(people)}." if people else "Wer teilnahm, ist nicht eingetragen.",
        *([f"Beteiligte Stellen: {german.listing(agenda.departments)}."] if agenda.departments else []),
        f"Leistungen: {german.listing(list(decision.names.values()))}.",
        f"Kriterien und ihr Anteil am Gewicht: {'; '.join(counted)}.",
        votes.sentence if votes is not None else NO_VOTE,
    )


def _reasons(decision: Decision, resolutions: Sequence[Resolution]) -> tuple[str, ...]:
    resolved = {one.service_id for one in resolutions}
    left = [name for service, name in decision.names.items() if service not in resolved]
    return (
        *(reason(decision, one) for one in resolutions),
        *([f"Nicht entschieden: {german.listing(left)}."] if left else []),
    )


def dissent(noted: Sequence[Remark], votes: Votes | None) -> tuple[str, ...]:
    """What people had noted, then where the ballots lie apart."""
    said = [
        f"{one.owner}: {one.text}" if one.owner else one.text for one in noted if one.kind == "abweichend"
    ]
    return (*(said or [NO_DISSENT]), *_apart(votes))


def _apart(votes: Votes | None) -> tuple[str, ...]:
    shown = votes.spread if votes is not None else None
    if votes is None or shown is None or shown.ballots < 2:  # noqa: PLR2004
        return ()
    spread = shown.spread[shown.spread["opinions"] > 1]
    if spread.empty:
        return ()
    widest = (spread["most"] - spread["least"]).idxmax()
    row = spread.to_dict("index")[widest]
    if row["most"] - row["least"] < 0.01:  # noqa: PLR2004
        return ("Bei keinem Kriterium lagen die Stimmen auseinander.",)
    label = votes.labels.get(str(widest), str(widest))
    ends = f"{german.percent(row['least'], 0)} bis {german.percent(row['most'], 0)}"
    return (f"Am weitesten auseinander lagen die Stimmen bei „{label}“: {ends} des Gewichts.",)
