"""Protokoll: who changed what in the workshop's scenarios, as a table that can be taken along."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.exhibit import Exhibit
from portalkompass.workspace import audit_list

MOST_CHANGES = 100


def audit_table(question: Question) -> Exhibit:
    """The newest changes with moment (of this machine's clock), person, act and detail."""
    changes = audit_list(question.workspace, limit=MOST_CHANGES)
    rows = pd.DataFrame(
        {
            "at": [f"{moment.to_pydatetime().astimezone():%d.%m.%Y %H:%M}" for moment in changes["at"]],
            "who": changes["who"].replace("", "Portalkompass"),
            "what": changes["what"],
            "detail": changes["detail"],
        }
    )
    headline = f"{german.count(len(rows), 'Änderung', 'Änderungen')} im Protokoll, die neuesten zuerst"
    return question.exhibit(
        "audit",
        "table",
        rows,
        columns(at="Wann", who="Wer", what="Was", detail="Einzelheit"),
        headline=headline,
        subtitle=f"Protokoll der Änderungen, höchstens die letzten {MOST_CHANGES}",
        alt=f"Tabelle der Änderungen mit Zeitpunkt und Name. {headline}.",
        source="Arbeitsbereich von Portalkompass",
    )
