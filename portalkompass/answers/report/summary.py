"""The report in three sentences: what stands where in the list, how well Google finds the portal, who comes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.headline import headline, sentence
from portalkompass.answers.base.question import Question
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS
from portalkompass.slide_set import Words

HEADLINE = "Auf einen Blick"


def summary(question: Question, listed: pd.DataFrame, position: tuple[Exhibit, ...]) -> Words:
    """One sentence each, of exactly the rows, days and comparison that it names; those without data are left out.

    ``position`` is the page on Google's position, whose headline is the second one; the cautions of what the figures
    cross stand below them.
    """
    told = (_services(question, listed), *(page.headline for page in position), _clicks(question))
    sentences = tuple(f"{line}." for line in told if line)
    cautions = tuple(dict.fromkeys(line for page in position for line in page.cautions))
    source = german.listing([*([service_list.source(listed)] if len(listed) else []), question.google])
    page = question.words("summary", HEADLINE, sentences, source, empty=not sentences)
    return replace(page, cautions=cautions)


def _services(question: Question, listed: pd.DataFrame) -> str:
    """How many services stand where, as of the day of the list."""
    with_status = listed[listed["list"] != service_list.WITHOUT_STATUS] if len(listed) else listed
    if with_status.empty:
        return ""
    responsible = service_list.responsible(question.warehouse, question.settings)
    return (
        f"Von {german.count(len(with_status), 'OZG-Leistung', 'OZG-Leistungen')} mit Status (von "
        f"{german.number(responsible.count)} in der Zuständigkeit der Stadt) sind nach der "
        f"Liste vom {service_list.list_date(listed)} {service_list.told(with_status)}"
    )


def _clicks(question: Question) -> str:
    """Clicks of the period, with their comparison and its days."""
    return (
        sentence(question, CLICKS, f"{question.period}: Klicks aus der Google-Suche")
        if headline(question, question.now).days
        else ""
    )
