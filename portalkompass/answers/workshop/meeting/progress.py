"""The five steps of a workshop: what is done and what is missing, each in a computed sentence."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass import german
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Basis, Decision, own_shares
from portalkompass.answers.workshop.meeting.votes import votes_of
from portalkompass.answers.workshop.plan import kept_plan
from portalkompass.workspace import Agenda, agenda_of, decisions, opinions, remarks, rounds

STEPS = ("Vorbereiten", "Einschätzen", "Gewichten", "Entscheiden", "Festhalten")
"""In the order of the work; the catalogue of screens groups its views under the same words."""
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done, and what is still missing (nothing where it is complete)."""

    title: str
    done: str
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Both in words."""
        lacking = f" Es fehlt noch: {'; '.join(self.missing)}." if self.missing else " Nichts fehlt."
        return f"{self.done}.{lacking}"


def steps(question: Question, base: Basis, decision: Decision) -> tuple[Step, ...]:
    """The steps of a saved scenario in their order; none for a preset, which is no workshop yet.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    if base.kept is None:
        return ()
    agenda = agenda_of(question.workspace, base.kept.id)
    return (
        _prepared(base, agenda),
        _assessed(base),
        _weighed(question, base),
        _decided(question, base, decision),
        _noted(question, base, agenda),
    )


def _prepared(base: Basis, agenda: Agenda) -> Step:
    parts = [
        german.count(len(base.services), "Leistung", "Leistungen"),
        german.count(len(base.criteria), "Kriterium", "Kriterien"),
    ]
    if agenda.departments:
        parts.append(german.count(len(agenda.departments), "beteiligte Stelle", "beteiligte Stellen"))
    if agenda.day:
        parts.append(f"Termin am {german.date(agenda.day)}")
    laneless = [
        str(name) for name, lane in zip(base.services["name"], base.services["lane"], strict=True) if not lane
    ]
    blind = [
        one.label for one in base.criteria if one.kind == "measured" and base.matrix[one.id].isna().all()
    ]
    missing = (
        *(() if agenda.day else ("der Termin",)),
        *(() if agenda.departments else ("wer beteiligt ist",)),
        *((f"die Bahn von {_named(laneless)}",) if laneless else ()),
        *((f"Messwerte für {_named(blind)}",) if blind else ()),
    )
    return Step(STEPS[0], ", ".join(parts), missing)


def _assessed(base: Basis) -> Step:
    own = [one for one in base.criteria if one.kind == "assessed"]
    if not own:
        return Step(STEPS[1], "Alle Kriterien sind gemessen, einzuschätzen ist nichts", ())
    gaps = {one.label: int(base.matrix[one.id].isna().sum()) for one in own}
    cells, open_cells = len(base.matrix) * len(own), sum(gaps.values())
    done = (
        f"Eingeschätzt sind {german.number(cells - open_cells)} von {german.count(cells, 'Feld', 'Feldern')}"
        f"{_from_list(base)}"
    )
    if not open_cells:
        return Step(STEPS[1], done, ())
    most = max(gaps, key=lambda label: gaps[label])
    told = german.count(open_cells, "Einschätzung", "Einschätzungen")
    return Step(STEPS[1], done, (f"{told}, die meisten bei „{most}“ ({gaps[most]} von {len(base.matrix)})",))


def _from_list(base: Basis) -> str:
    """How many of the cells in sight stand as a list gave them."""
    stored = base.kept.assessments if base.kept else {}
    own = {one.id for one in base.criteria}
    listed = sum(
        1
        for service, cells in stored.items()
        for name, cell in cells.items()
        if service in base.matrix.index and name in own and cell.get("listed")
    )
    return f", davon {listed} aus der Liste" if listed else ""


def _weighed(question: Question, base: Basis) -> Step:
    assert base.kept is not None
    shares = [share for share in own_shares(base).values() if share > 0]
    equal = max(shares, default=0.0) - min(shares, default=0.0) < 0.005  # noqa: PLR2004
    held = rounds(question.workspace, base.kept.id)
    if not held:
        if equal:
            return Step(STEPS[2], "Alle Kriterien zählen gleich", ("eine Abstimmung oder eigene Gewichte",))
        return Step(STEPS[2], "Gewichte sind von Hand gesetzt", ())
    ended = votes_of(question, base.kept.id, full=True)
    last = ended.round if ended is not None and not held[0].is_open else held[0]
    votes = len(opinions(question.workspace, last)[0])
    done = f"{german.count(votes, 'Stimme', 'Stimmen')} in der letzten Abstimmung"
    if last.adopted_at and not votes:
        return Step(STEPS[2], "Der Median einer Abstimmung ist übernommen, ihre Stimmen sind gelöscht", ())
    if last.adopted_at:
        return Step(STEPS[2], f"{done}, ihr Median ist übernommen", ())
    return Step(STEPS[2], done, ("die Übernahme des Medians",) if equal else ())


def _decided(question: Question, base: Basis, decision: Decision) -> Step:
    assert base.kept is not None
    resolved = {one.service_id for one in decisions(question.workspace, base.kept.id)}
    ranked = decision.ranking["service_id"].tolist()
    open_still = [decision.names[service] for service in ranked if service not in resolved]
    done = f"Entschieden sind {len(ranked) - len(open_still)} von {german.count(len(ranked), 'Leistung', 'Leistungen')}"
    missing = (
        *((f"eine Entscheidung zu {_named(open_still)}",) if open_still else ()),
        # what is decided takes no limits any more
        *(() if kept_plan(base) or base.kept.locked else ("die Grenzen des Plans",)),
    )
    return Step(STEPS[3], done, missing)


def _noted(question: Question, base: Basis, agenda: Agenda) -> Step:
    assert base.kept is not None
    noted = remarks(question.workspace, base.kept.id)
    asked = [one for one in noted if one.kind == "offen"]
    loose = sum(1 for one in asked if not one.owner or one.due is None)
    dissents = german.count(len(noted) - len(asked), "abweichende Meinung", "abweichende Meinungen")
    done = f"{german.count(len(asked), 'offene Frage', 'offene Fragen')} und {dissents} im Protokoll"
    missing = (
        *(() if agenda.people else ("wer teilnahm",)),
        *((f"Person oder Tag bei {german.count(loose, 'Frage', 'Fragen')}",) if loose else ()),
        *(() if decisions(question.workspace, base.kept.id) else ("die erste Entscheidung",)),
    )
    return Step(STEPS[4], done, missing)


def _named(names: list[str]) -> str:
    """The first few in quotation marks, and how many more."""
    shown = [f"„{name}“" for name in names[:MOST_NAMED]]
    more = len(names) - len(shown)
    return german.listing([*shown, f"{more} weiteren"] if more else shown)
