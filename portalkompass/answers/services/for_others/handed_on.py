"""What the city hands to others: its figures by Leistungsschlüssel, of one period of whole months."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.periods import whole_months
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.case_years import names_with_cases
from portalkompass.answers.services.elsewhere.own_figures import COMPARED, own_figures
from portalkompass.answers.services.feedback_rows import feedback_cells
from portalkompass.exchange.benchmark_file import FORMAT, SCHEMA, Benchmark, Figure, Service
from portalkompass.exchange.benchmark_file import city as sender


def newest_month(question: Question) -> dt.date | None:
    """First day of the newest month that cases or feedback are known of; None without any."""
    told = [cells["month"].max() for cells in (case_cells(question), feedback_cells(question)) if len(cells)]
    return max(told).date() if told else None


def handed_on(question: Question) -> tuple[Benchmark, tuple[str, ...]]:
    """The content of the file, and sentences on the services that are not in it.

    A key belongs to one service: where two of them have figures, nobody could tell what the key's are.
    """
    assert whole_months(question.now)
    figures = own_figures(question)
    listed = service_list.services(question.warehouse, question.settings).set_index("service")
    named = names_with_cases(question)
    keys_of = {
        service: tuple(dict.fromkeys(listed.loc[service, "leistungsschluessel"]))
        if service in listed.index and not german.is_missing(listed.loc[service, "leistungsschluessel"])
        else ()
        for service in sorted(figures["service"].unique())
    }
    told = Counter(key for keys in keys_of.values() for key in keys)
    alone = {service: tuple(key for key in keys if told[key] == 1) for service, keys in keys_of.items()}
    reasons = (
        ("ohne Leistungsschlüssel", [service for service, keys in keys_of.items() if not keys]),
        (
            "weil eine andere Leistung denselben Schlüssel hat",
            [service for service, keys in keys_of.items() if keys and not alone[service]],
        ),
    )
    services = tuple(
        Service(keys, {row["measure"]: _figure(row) for row in own.to_dict("records")})
        for service, own in figures.groupby("service")
        if (keys := alone[str(service)])
    )
    city, settings = question.settings.city, question.settings
    benchmark = Benchmark(
        format=FORMAT,
        schema=SCHEMA,
        city=sender(city.name, city.ars),
        first=question.now.start,
        last=question.now.end,
        made_on=settings.current_day(),
        sample=question.warehouse.sample,
        definitions={measure.id: measure.explained for measure in COMPARED},
        services=services,
    )
    left_out = tuple(
        f"Nicht in der Datei, {reason}: {', '.join(sorted(named.get(one, one) for one in those))}."
        for reason, those in reasons
        if those
    )
    return benchmark, left_out


def _figure(row: Mapping[Hashable, Any]) -> Figure:
    basis = None if german.is_missing(row["basis"]) else int(row["basis"])
    return Figure(float(row["value"]), int(row["months"]), basis)


def shown(benchmark: Benchmark) -> pd.DataFrame:
    """The file's figures as a table: leistungsschluessel, kennzahl, wert, monate, faelle."""
    rows = pd.DataFrame(
        [
            (key, measure, figure.value, figure.months, figure.basis)
            for service in benchmark.services
            for key in service.keys
            for measure, figure in service.figures.items()
        ],
        columns=["leistungsschluessel", "kennzahl", "wert", "monate", "faelle"],
    )
    return rows.astype({"faelle": "Int64"})
