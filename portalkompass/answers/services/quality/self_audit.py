"""The self-audit of services: each point of one, and how many of them every audited service meets."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import service_names
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services.quality.standard import FILE, Standard, read_standard
from portalkompass.exhibit import Exhibit, Field
from portalkompass.workspace import AUDIT_RESULTS, AuditedPoint, self_audits

SOURCE = "Selbstprüfung der Stadt"
RULE = (
    "Selbstauskunft, kein Prüfsiegel. Die Punkte sind eigene Kurzfassungen zu den Themen des Servicestandards; "
    "maßgeblich ist dessen Wortlaut. Gezählt wird, was ganz erfüllt ist; „nicht zutreffend“ zählt nicht mit, "
    "„unbekannt“ zählt mit und ist nicht erfüllt."
)


def standard_of(question: Question) -> Standard:
    """The points that the city counts."""
    return read_standard(question.settings.data_file(FILE))


def told(standard: Standard, answers: Sequence[AuditedPoint]) -> str:
    """``11 von 20 Punkten erfüllt (1 nicht zutreffend, 2 unbekannt)``; answers to points that are gone do not count."""
    results = _results(standard, answers)
    exempt, unknown = results.count("exempt"), results.count("")
    counted = len(results) - exempt
    rest = [
        f"{number} {word}"
        for number, word in ((exempt, "nicht zutreffend"), (unknown, "unbekannt"))
        if number
    ]
    more = f" ({', '.join(rest)})" if rest else ""
    return f"{results.count('met')} von {german.count(counted, 'Punkt', 'Punkten')} erfüllt{more}"


def _results(standard: Standard, answers: Sequence[AuditedPoint]) -> list[str]:
    given = {one.point: one.result for one in answers}
    return [given.get(point.id, "") for point in standard.points]


def self_audit_table(question: Question, service: str, name: str) -> Exhibit | None:
    """Every point with its answer; None for a service that nobody has audited."""
    answers, standard = self_audits(question.workspace, service), standard_of(question)
    given = {one.point: one for one in answers if one.point in {point.id for point in standard.points}}
    if not given:
        return None
    rows = pd.DataFrame(
        [
            {
                "topic": point.topic,
                "point": point.text,
                "result": AUDIT_RESULTS[one.result if one else ""],
                "remark": one.remark if one else "",
                "who": one.updated_by if one else "",
                "as_of": one.as_of if one else None,
            }
            for point in standard.points
            for one in (given.get(point.id),)
        ]
    ).assign(as_of=lambda frame: pd.to_datetime(frame["as_of"]))
    return question.table(
        "service_self_audit",
        rows,
        (
            *columns(topic="Thema", point="Punkt", result="Ergebnis", remark="Bemerkung", who="Geprüft von"),
            Field("as_of", "Stand", "date"),
        ),
        headline=f"„{name}“: {told(standard, answers)}",
        subtitle=f"{standard.title} · „{name}“",
        alt=f"Tabelle der Punkte der Selbstprüfung zu „{name}“.",
        source=SOURCE,
        data_date=max(one.as_of for one in given.values() if one.as_of),
        notes=(RULE,),
        unpublished=True,  # remarks and names are for the house
    )


def self_audit_list(question: Question) -> Exhibit | None:
    """How many points each audited service meets, the fewest first; None where nothing is audited."""
    standard, names = standard_of(question), service_names(question)
    ids = {point.id for point in standard.points}
    by_service: dict[str, list[AuditedPoint]] = {}
    for one in self_audits(question.workspace):
        if one.point in ids:
            by_service.setdefault(one.service_id, []).append(one)
    if not by_service:
        return None
    rows = pd.DataFrame(
        [_row(standard, names.get(service, service), own) for service, own in by_service.items()]
    )
    rows = rows.sort_values(["met", "name"], ignore_index=True)
    count = german.count(len(rows), "Leistung ist", "Leistungen sind")
    whole = int((rows["met"] == rows["counted"]).sum())
    return question.table(
        "self_audits",
        rows,
        (
            Field("name", "Leistung"),
            Field("met", "Erfüllt", "integer"),
            Field("counted", "Von Punkten", "integer"),
            Field("partly", "Teilweise", "integer"),
            Field("not_met", "Nicht", "integer"),
            Field("unknown", "Unbekannt", "integer"),
            Field("exempt", "Nicht zutreffend", "integer"),
            Field("as_of", "Stand", "date"),
        ),
        headline=f"{count} selbst geprüft; {german.number(whole)} davon {'erfüllt' if whole == 1 else 'erfüllen'} alle "
        "zutreffenden Punkte",
        subtitle=f"{standard.title} je Leistung",
        alt="Tabelle der erfüllten Punkte je Leistung.",
        source=SOURCE,
        data_date=rows["as_of"].max().date(),
        notes=(RULE,),
    )


def _row(standard: Standard, name: str, answers: Sequence[AuditedPoint]) -> dict[str, object]:
    results = _results(standard, answers)
    return {
        "name": name,
        "met": results.count("met"),
        "counted": len(results) - results.count("exempt"),
        "partly": results.count("partly"),
        "not_met": results.count("not"),
        "unknown": results.count(""),
        "exempt": results.count("exempt"),
        "as_of": pd.Timestamp(max(one.as_of for one in answers if one.as_of)),
    }
