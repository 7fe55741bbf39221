"""Tables and the picture of a plan: what is in it and why, what waits for whom, how full each quarter is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.planning.plan_inputs import UNCLEAR, WAITING, overdue
from portalkompass.answers.workshop.planning.plan_sheets import RATE_COLUMNS
from portalkompass.answers.workshop.planning.planned import Planned
from portalkompass.exhibit import Exhibit, Field
from portalkompass.prioritisation.planning import Extra, Project, used

CHAPTER = "Jahresplan"
"""Of docs/methods.md."""
SOURCE = "Eingaben im Termin"
_SUM = "Summe aus Punkten mal Quartalen, in denen eine Leistung online ist"
_ALLOWED = "unter allen, die Personentage, Budget, Termine und Abhängigkeiten einhalten"
NOT_SOLVED = (
    "Plan nicht gerechnet: In der Rechenzeit fand sich keiner, der alle gesetzlichen Termine einhält; ob es einen "
    "gibt, ist offen."
)
_ENTERED = "Eingaben"
_NO_PLAN = "Der Plan ist nicht gerechnet"
LEAST_GAP = 1e-6
BY_LAW, FIRST_FOR, BY_POINTS = "gesetzlicher Termin", "Voraussetzung", "Punkte"
MOST_NAMED = 3
WAITS, NOT_IN_TIME = "wartet", "nicht gerechnet"
TREASURER = "Kämmerei"


def in_order(made: Planned) -> list[str]:
    """Planned services by quarter, then those that wait, then those that cannot be planned; points decide."""
    scores = made.decision.evaluation.score
    last = len(made.inputs.quarters)

    def place(service: str) -> tuple[int, int, float, str]:
        apart = int(service in made.programme.apart)
        return (apart, made.plan.live.get(service, last), -float(scores[service]), service)

    return sorted(made.decision.names, key=place)


def days_of(made: Planned, services: Iterable[str]) -> float:
    """Person-days of these services; they have to be known."""
    known = {one.id: one.days for one in made.inputs.projects}
    return math.fsum(known[service] for service in services)


def how(made: Planned) -> str:
    """What the plan is: the best of all, or the best that was found and how much better another could be."""
    if made.plan.feasible is None:
        return NOT_SOLVED
    if not made.plan.feasible:
        return f"Gesucht ist der Plan mit der größten {_SUM}, {_ALLOWED}; es gibt keinen."
    if made.plan.gap <= LEAST_GAP:
        return f"Der Plan mit der größten {_SUM}, {_ALLOWED}."
    return f"Der beste gefundene Plan nach der {_SUM}, {_ALLOWED}."


def unproved(made: Planned) -> tuple[str, ...]:
    """How much better another plan could be; nothing where the plan is proved to be the best."""
    if not made.plan.feasible or made.plan.gap <= LEAST_GAP:
        return ()
    if math.isinf(made.plan.gap):
        return ("Nicht bewiesen: Um wie viel ein anderer Plan besser sein könnte, ist nicht bekannt.",)
    return (f"Nicht bewiesen: Ein anderer Plan könnte bis zu {_gap(made)} besser sein.",)


def _gap(made: Planned) -> str:
    """The gap in percent, rounded up."""
    return german.percent(_up(1000 * made.plan.gap) / 1000, 1)


def unlimited(made: Planned) -> tuple[str, ...]:
    """Where the plan spends days or euros without a limit, a sentence each."""
    limits, quarters = made.inputs.limits, made.inputs.quarters
    limited = {(one.department, one.quarter) for one in made.programme.resources}
    spent = {
        place
        for service, start in made.plan.starts.items()
        for place in used(_project(made, service), start, limits)
    }
    years = [str(year) for name, year in sorted(spent - limited) if not name]
    by_department: dict[str, list[str]] = {}
    for name, quarter in sorted(spent - limited):
        if name:
            by_department.setdefault(name, []).append(quarters[quarter].label)
    with_some = {name for name, _ in limited}
    days = [
        f"{name} ({', '.join(labels)})" if name in with_some else name
        for name, labels in by_department.items()
    ]
    return (
        *((f"Ohne Kapazität angegeben und deshalb nicht begrenzt: {german.listing(days)}.",) if days else ()),
        *((f"Ohne Budget angegeben und deshalb nicht begrenzt: {german.listing(years)}.",) if years else ()),
    )


def message(made: Planned) -> str:
    """What fits, what waits; or which legal dates clash; or that neither was found in time."""
    if made.plan.feasible is None:
        return NOT_SOLVED
    if not made.plan.feasible:
        return clash_sentence(made)
    count, first, last = len(made.plan.starts), made.inputs.quarters[0].label, made.inputs.quarters[-1].label
    left = [
        f"{german.count(len(made.waiting), 'wartet', 'warten')}" if made.waiting else "",
        f"{german.number(len(made.programme.apart))} nicht planbar ({_reasons(made)})"
        if made.programme.apart
        else "",
    ]
    rest = "; ".join(part for part in left if part)
    if not count:
        return f"Von {first} bis {last} steht noch nichts im Plan{f': {rest}' if rest else ''}."
    scores = made.decision.evaluation.score
    points = german.number(math.fsum(float(scores[one]) for one in made.plan.starts), 1)
    days = german.count(days_of(made, made.plan.starts), "Personentag", "Personentagen")
    verb = "passt" if count == 1 else "passen"
    said = f"Von {first} bis {last} {verb} {count} von {len(made.decision.names)} Leistungen in den Plan"
    return f"{said}: {points} Punkte mit {days}{f'; {rest}' if rest else ''}."


def _reasons(made: Planned) -> str:
    """Aufwand fehlt: 5; Kosten fehlen: 1."""
    words: dict[str, int] = {}
    for why in made.programme.apart.values():
        words[why] = words.get(why, 0) + 1
    return "; ".join(
        f"{why}: {number}" for why, number in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def clash_sentence(made: Planned) -> str:
    """Which legal dates cannot be kept together, and what is missing for them."""
    found = made.clash
    if found is None:
        return (
            "Kein Plan möglich: Die gesetzlichen Termine lassen sich nicht alle einhalten; welche einander im Weg "
            "stehen, ist nicht gerechnet."
        )
    dated = [f"„{made.decision.names[service]}“ ({_due(made, service)})" for service in found.projects]
    if found.late:
        reason = found.blocked
        for service, name in made.decision.names.items():
            reason = reason.replace(f"{service}: ", f"„{name}“: ")
        return f"Kein Plan möglich: {dated[0]} kann nicht rechtzeitig live sein; im Weg steht: {reason}."
    verb = "geht" if len(dated) == 1 else "gehen zusammen"
    lacks = (
        "Was fehlt, ist nicht gerechnet"
        if found.extra.possible is None
        else f"Es fehlen {missing_words(made, found.extra)}"
    )
    return f"Kein Plan möglich: {german.listing(dated)} {verb} nicht. {lacks}."


def _due(made: Planned, service: str) -> str:
    """Live bis Q1 2026; a date that is over says so, its service is due in the plan's first quarter."""
    label = made.inputs.plan["projects"][service]["due"]
    if overdue(label, made.inputs.quarters):
        return f"Termin war im {label}, jetzt live bis {made.inputs.quarters[0].label}"
    return f"live bis {label}"


def missing_words(made: Planned, extra: Extra) -> str:
    """5 Personentage (IT, Q1 2026) und 2.000 Euro (2026), rounded up; "höchstens" where less may do."""
    told = enough(extra)
    parts = [
        f"{_days(days)} ({name}, {made.inputs.quarters[quarter].label})"
        for (name, quarter), days in told.days.items()
    ]
    parts += [f"{_euros(euros)} ({year})" for year, euros in told.euros.items()]
    return f"{'' if extra.proved else 'höchstens '}{german.listing(parts)}"


def enough(extra: Extra) -> Extra:
    """The room in tenths of days and whole euros, rounded up: less would not do."""
    return replace(
        extra,
        days={place: _up(10 * days) / 10 for place, days in extra.days.items()},
        euros={year: float(_up(euros)) for year, euros in extra.euros.items()},
    )


def _up(amount: float) -> int:
    """The next whole number, but for what floating point adds."""
    return math.ceil(amount - 1e-6)


def _euros(amount: float) -> str:
    return f"{german.number(amount)}{german.NBSP}Euro"


def _days(amount: float) -> str:
    """1 Personentag; 2,5 Personentage."""
    words = german.number(amount, _decimals(amount))
    return f"{words}{german.NBSP}{'Personentag' if words == '1' else 'Personentage'}"


def _decimals(amount: float) -> int:
    return 0 if amount == round(amount) else 1


def why_in(made: Planned, service: str) -> str:
    """By law, because others in the plan wait for it, or for its points."""
    own = _project(made, service)
    if own.due is not None:
        label = made.inputs.plan["projects"][service]["due"]
        return f"{BY_LAW}{' war im' if overdue(label, made.inputs.quarters) else ':'} {label}"
    dependants = [
        one.id for one in made.programme.projects if service in one.needs and one.id in made.plan.starts
    ]
    if dependants:
        return f"{FIRST_FOR} für „{made.decision.names[dependants[0]]}“"
    return BY_POINTS


def next_push(made: Planned, service: str) -> tuple[str, str, str]:
    """Of what is not in the plan: whom to ask, for what, and until when."""
    own, quarters = _project(made, service), made.inputs.quarters
    whom = made.inputs.departments.get(service) or "Fachbereich der Leistung"
    soon = f"vor {quarters[0].label}"
    apart = made.programme.apart.get(service, "")
    if own.effort is None or own.unanswered:
        return german.listing(own.unanswered) or whom, "Aufwand in Personentagen nennen", soon
    if apart == "Kosten fehlen":
        return whom, "Kosten nennen, einmalig und je Jahr", soon
    if apart:
        reason = made.decision.services["lane_reason"].to_dict().get(service) or ""
        asked = (
            "Termin nennen, ab dem begonnen werden kann"
            if UNCLEAR in apart or WAITING in apart
            else "Termin nennen"
        )
        return whom, f"{asked}: {apart.removesuffix(', ohne Termin')}{f' ({reason})' if reason else ''}", soon
    for need in own.needs:
        if need in made.programme.apart:
            name = made.decision.names[need]
            return (
                made.inputs.departments.get(need) or whom,
                f"„{name}“ planbar machen: {made.programme.apart[need]}",
                soon,
            )
    if own.earliest + own.duration > len(quarters):
        gate = max(own.gates, key=lambda one: one.quarter, default=None)
        return whom, f"Früher beginnen: {gate.label if gate else 'Dauer'} liegt zu spät für diesen Plan", soon
    if made.plan.feasible is None:
        return "", "Nicht gerechnet", ""
    extra = made.extra.get(service)
    if extra is None or extra.possible is None:
        asked = german.listing([name for name in own.effort if name in made.inputs.limits.capacity])
        return asked or TREASURER, "Mehr Platz; wie viel, ist hier nicht gerechnet", ""
    if not extra.possible:
        return whom, "Kein Platz in diesem Zeitraum", ""
    brings = [f"„{made.decision.names[one]}“" for one in extra.brings]
    besides = f" (mit {german.listing(brings)})" if brings else ""
    if not extra.days and not extra.euros:
        return whom, f"Hätte Platz{_price_of_room(made, service)}{besides}", ""
    asked_of = list(dict.fromkeys([name for name, _ in extra.days] + ([TREASURER] if extra.euros else [])))
    first = min([quarter for _, quarter in extra.days], default=0)
    return german.listing(asked_of), f"{missing_words(made, extra)}{besides}", f"vor {quarters[first].label}"


def _price_of_room(made: Planned, service: str) -> str:
    """What a service would cost that fits beside everything planned and is not in the plan."""
    if made.plan.gap > LEAST_GAP:  # a plan with more points may hold it, and everything else besides
        return "; ob dafür Früheres weicht, ist nicht gerechnet"
    if float(made.decision.evaluation.score[service]) > 0:
        return ", verdrängte aber Früheres"
    return ", brächte aber keine Punkte"


def _project(made: Planned, service: str) -> Project:
    return next(one for one in made.inputs.projects if one.id == service)


def _rows(made: Planned) -> pd.DataFrame:
    scores, ranks = made.decision.evaluation.score, made.decision.ranking.set_index("service_id")
    share = {} if made.doubt is None else made.doubt.share
    quarters = made.inputs.quarters
    outside = NOT_IN_TIME if made.plan.feasible is None else WAITS
    rows = []
    for service in in_order(made):
        own, inside = _project(made, service), service in made.plan.starts
        points = float(scores[service])
        rows.append(
            {
                "service_id": service,
                "name": made.decision.told[service],
                "state": "im Plan" if inside else made.programme.apart.get(service, outside),
                "start": quarters[made.plan.starts[service]].label if inside else None,
                "live": quarters[made.plan.live[service]].label if inside else None,
                "why": why_in(made, service) if inside else "",
                "points": points,
                "rank": int(ranks["rank_overall"][service]),
                "days": own.days,
                "per_day": points / own.days if own.days > 0 else math.nan,
                "once": math.nan if own.once is None else own.once,
                "yearly": math.nan if own.yearly is None else own.yearly,
                "share": share.get(service, math.nan),
                "lane": made.decision.lanes[service],
            }
        )
    return pd.DataFrame(rows)


def _known(rows: pd.DataFrame, *fields: Field) -> tuple[Field, ...]:
    """The columns in which anything is known."""
    return tuple(field for field in fields if rows[field.name].replace("", None).notna().any())


def _subtitle(made: Planned, what: str) -> str:
    """With how far a plan can be from the best, for a picture leaves without its notes."""
    first, last = made.inputs.quarters[0].label, made.inputs.quarters[-1].label
    proof = ""
    if unproved(made) and what != _ENTERED:
        share = "" if math.isinf(made.plan.gap) else f", bis zu {_gap(made)} besser möglich"
        proof = f" · Näherung{share}"
    return f"{what} · {first} bis {last}{proof} · {made.decision.title}"


def doubt_note(made: Planned) -> tuple[str, ...]:
    """How many draws the share counts, and how near its plans are to the best."""
    doubt = made.doubt
    if doubt is None:
        return ()
    if not doubt.plans:
        return (
            "Anteil im Plan: nicht gerechnet, weil keine Ziehung einen Plan ergab, der alle gesetzlichen Termine "
            "einhält; was einen solchen Termin hat, steht in jedem Plan.",
        )
    text = (
        f"Anteil im Plan: in so vielen von {german.number(doubt.draws)} Ziehungen der Gewichte und fehlenden Werte ist "
        "die Leistung im besten gefundenen Plan."
    )
    if not doubt.checked:
        return (f"{text} Eine Näherung, hier nicht mit genauen Lösungen verglichen.",)
    same = german.percent(doubt.same, 0)
    checked = german.count(doubt.checked, "genau gelösten Ziehung", "genau gelösten Ziehungen")
    return (f"{text} Eine Näherung: Verglichen mit {checked} stimmt {same} der Zugehörigkeiten.",)


def gantt(question: Question, made: Planned) -> Exhibit | None:
    """When each planned service is worked on and goes live; None without any."""
    rows = _rows(made)
    rows = rows[rows["start"].notna()].sort_values(
        ["service_id"],
        key=lambda names: names.map(lambda one: (made.plan.starts[one], made.plan.live[one])),
        kind="stable",
    )
    if rows.empty:
        return None
    first = rows["live"].iloc[int(rows["service_id"].map(made.plan.live).argmin())]
    soonest = [name for name, live in zip(rows["name"], rows["live"], strict=True) if live == first]
    named = german.listing([f"„{name}“" for name in soonest[:MOST_NAMED]])
    more = len(soonest) - MOST_NAMED
    others = f" und {german.count(more, 'weitere', 'weitere')}" if more > 0 else ""
    headline = f"Zuerst live, in {first}: {named}{others}"
    shown = ["service_id", "name", "start", "live", "why", "points", "days"]
    if made.doubt is not None:
        shown.append("share")
    fields = (
        *columns(name="Leistung", start="Beginn", live="Live", why="Im Plan wegen"),
        Field("points", "Punkte", "decimal1"),
        Field("days", "Personentage", "integer"),
        *((Field("share", "Anteil im Plan", "percent", method=CHAPTER),) if made.doubt is not None else ()),
    )
    return made.decision.exhibit(
        question,
        "plan_gantt",
        rows[shown],
        fields,
        kind="gantt",
        headline=headline,
        subtitle=_subtitle(made, "Plan nach Quartalen"),
        alt=f"Balken je Leistung vom Beginn bis zum Quartal des Go-Live. {headline}.",
        source=f"{SOURCE}; Punkte: {question.google}",
        x="live",
        y="name",
        interval=("start", "live"),
        notes=(how(made), *unproved(made), *doubt_note(made)),
    )


def service_table(question: Question, made: Planned) -> Exhibit:
    """All services: quarter, points, days, points a day, money, share of draws."""
    rows = _rows(made)
    inside = rows[rows["state"] == "im Plan"]
    best = inside[inside["per_day"].notna()].nlargest(1, "per_day")
    headline = _NO_PLAN if made.plan.feasible is None else "Noch ohne Plan"
    if len(best):
        points = german.number(float(best["per_day"].iloc[0]), 1)
        headline = f"Im Plan am meisten Punkte je Personentag: „{best['name'].iloc[0]}“ ({points})"
    return made.decision.exhibit(
        question,
        "plan_services",
        rows,
        _known(
            rows,
            *columns(name="Leistung", state="Stand", start="Beginn", live="Live", why="Im Plan wegen"),
            Field("points", "Punkte", "decimal1"),
            Field("rank", "Rang über alle Bahnen", "integer"),
            Field("days", "Personentage", "integer"),
            Field("per_day", "Punkte je Personentag", "decimal2"),
            Field("once", "Einmalig", "integer", unit="Euro"),
            Field("yearly", "Je Jahr", "integer", unit="Euro"),
            *(
                (Field("share", "Anteil im Plan", "percent", method=CHAPTER),)
                if made.doubt is not None
                else ()
            ),
            Field("lane", "Bahn"),
        ),
        headline=headline,
        subtitle=_subtitle(made, "Alle Leistungen"),
        alt="Tabelle aller Leistungen mit Quartal, Punkten und Aufwand.",
        source=f"{SOURCE}; Punkte: {question.google}",
        notes=(how(made), *unproved(made), *doubt_note(made)),
    )


def waiting_table(question: Question, made: Planned) -> Exhibit | None:
    """Of every service that is not planned: whom to ask, for what, until when; None where all are planned."""
    rows = _rows(made)
    rows = rows[rows["start"].isna()]
    if rows.empty:
        return None
    pushes = [next_push(made, service) for service in rows["service_id"]]
    extra = [
        enough(one) if (one := made.extra.get(service)) and one.possible else None
        for service in rows["service_id"]
    ]
    rows = rows.assign(
        whom=[whom for whom, _, _ in pushes],
        what=[what for _, what, _ in pushes],
        until=[until for _, _, until in pushes],
        more_days=[one.total_days if one else math.nan for one in extra],
        more_euros=[one.total_euros if one else math.nan for one in extra],
    )
    return made.decision.exhibit(
        question,
        "plan_waiting",
        rows,
        _known(
            rows,
            *columns(name="Leistung", state="Stand"),
            Field("points", "Punkte", "decimal1"),
            *columns(whom="Wen fragen", what="Worum", until="Bis wann"),
            Field("more_days", "Fehlende Personentage", "decimal1", method=CHAPTER),
            Field("more_euros", "Fehlende Euro", "integer", method=CHAPTER),
        ),
        headline=_cheapest(made, rows),
        subtitle=_subtitle(made, "Was wartet, und der nächste Schritt"),
        alt="Tabelle der Leistungen außerhalb des Plans mit dem nächsten Schritt.",
        source=SOURCE,
        notes=(
            "Fehlende Personentage und Euro: die wenigsten, mit denen die Leistung zu allem hinzukommt, was schon im "
            "Plan steht; dessen Quartale dürfen sich dabei verschieben. Wo „höchstens“ steht, reicht vielleicht "
            "weniger.",
            *unproved(made),
        ),
    )


def _cheapest(made: Planned, rows: pd.DataFrame) -> str:
    """Which of the costed services that wait lacks the fewest days, then the fewest euros."""
    if made.plan.feasible is None:
        return _NO_PLAN
    costed = rows[(rows["more_days"] > 0) | (rows["more_euros"] > 0)].sort_values(
        ["more_days", "more_euros"], kind="stable"
    )
    if costed.empty:
        waits = int((rows["state"] == WAITS).sum())
        parts = [
            german.count(waits, "wartet auf Platz", "warten auf Platz") if waits else "",
            f"{len(rows) - waits} nicht planbar" if len(rows) > waits else "",
        ]
        return f"Nicht im Plan: {', '.join(part for part in parts if part)}"
    row: Mapping[Any, Any] = costed.to_dict("records")[0]
    days, euros = float(row["more_days"]), float(row["more_euros"])
    more = german.listing([*([_days(days)] if days else []), *([_euros(euros)] if euros else [])])
    if not all(one.proved and one.possible is not None for one in made.extra.values()):
        at_most = "" if made.extra[row["service_id"]].proved else "höchstens "
        return f"Zum Beispiel fehlt für „{row['name']}“: {at_most}{more} mehr"
    among = f"Unter den {len(made.extra)} mit den meisten Punkten fehlt am wenigsten"
    least = among if len(made.extra) < len(made.waiting) else "Am wenigsten fehlt"
    return f"{least} für „{row['name']}“: {more} mehr"


def load_table(question: Question, made: Planned) -> Exhibit | None:
    """Days used and available by department and quarter, euros by year; None where nothing is limited."""
    limits = made.inputs.limits
    spent: dict[tuple[str, int], float] = {}
    for service, start in made.plan.starts.items():
        for place, amount in used(_project(made, service), start, limits).items():
            spent[place] = spent.get(place, 0.0) + amount
    rows = [
        {
            "whose": one.department or "Budget",
            "when": made.inputs.quarters[one.quarter].label if one.department else str(one.quarter),
            "used": spent.get((one.department, one.quarter), 0.0),
            "limit": one.limit,
            "share": spent.get((one.department, one.quarter), 0.0) / one.limit if one.limit else math.nan,
        }
        for one in made.programme.resources
    ]
    if not rows:
        return None
    frame = pd.DataFrame(rows)
    full = frame[frame["share"].notna()].nlargest(1, "share")
    headline = _NO_PLAN if made.plan.feasible is None else "Noch nichts belegt"
    if len(full) and float(full["used"].iloc[0]) > 0:
        top = full.iloc[0]
        headline = (
            f"Am vollsten: {top['whose']} in {top['when']}, {german.percent(float(top['share']), 0)} belegt"
        )
    return made.decision.exhibit(
        question,
        "plan_load",
        frame,
        (
            *columns(whose="Stelle", when="Quartal oder Jahr"),
            Field("used", "Belegt (Personentage oder Euro)", "decimal1"),
            Field("limit", "Verfügbar", "decimal1"),
            Field("share", "Auslastung", "percent"),
        ),
        headline=headline,
        subtitle=_subtitle(made, "Auslastung"),
        alt=f"Tabelle der belegten und verfügbaren Personentage. {headline}.",
        source=SOURCE,
        notes=(*unproved(made), *unlimited(made)),
    )


def input_table(question: Question, made: Planned) -> Exhibit | None:
    """Every input of the plan, one a row, as a file; None where nothing was entered."""
    plan, names = made.inputs.plan, made.decision.names
    rows = [
        {"part": "Leistung", "name": names[service], "entry": label, "value": str(value)}
        for service, own in plan.get("projects", {}).items()
        if service in names  # entries of what was taken out stay, unseen
        for label, value in _entries(own, names)
    ]
    rows += [
        {"part": "Kapazität", "name": name, "entry": quarter, "value": _written(days)}
        for name, own in plan.get("capacity", {}).items()
        for quarter, days in own.items()
    ]
    rows += [
        {"part": "Budget", "name": year, "entry": "Euro", "value": _written(euros)}
        for year, euros in plan.get("budget", {}).items()
    ]
    rows += [
        {"part": "Satz", "name": label, "entry": "Wert", "value": _written(value)}
        for name, label in RATE_COLUMNS.items()
        if (value := plan.get("rates", {}).get(name)) is not None
    ]
    rows += [
        {"part": "Baustein", "name": name, "entry": "verfügbar ab", "value": ready}
        for name, ready in plan.get("components", {}).items()
    ]
    if not rows:
        return None
    return made.decision.exhibit(
        question,
        "plan_inputs",
        pd.DataFrame(rows),
        columns(part="Art", name="Wofür", entry="Angabe", value="Wert"),
        headline=f"{german.count(len(rows), 'Angabe', 'Angaben')} zum Plan",
        subtitle=_subtitle(made, _ENTERED),
        alt="Tabelle aller Eingaben zum Plan.",
        source=SOURCE,
    )


_LABELS = {
    "duration": "Dauer (Quartale)",
    "once": "Einmalig (Euro)",
    "yearly": "Je Jahr (Euro)",
    "cases": "Fälle je Jahr",
    "minutes": "Ersparte Minuten je Fall",
    "earliest": "Frühester Beginn",
    "component": "Wartet auf Baustein",
    "due": "Gesetzlich live bis",
}


def _entries(own: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for name, days in own.get("effort", {}).items():
        yield f"Personentage {name}", _written(days)
    for key, label in _LABELS.items():
        if (value := own.get(key)) is not None:
            yield label, value if isinstance(value, str) else _written(value)
    if (after := str(own.get("after") or "")) in names:
        yield "Nach Leistung", names[after]


def _written(amount: float) -> str:
    return german.number(float(amount), _decimals(float(amount)))


def compared_table(question: Question, first: Planned, second: Planned) -> Exhibit | None:
    """Go-live quarters of two plans side by side; None without a common service."""
    common = [service for service in in_order(second) if service in first.decision.names]
    if not common:
        return None
    labels = [
        {one: made.inputs.quarters[live].label for one, live in made.plan.live.items()}
        for made in (first, second)
    ]
    outside = [NOT_IN_TIME if made.plan.feasible is None else "nicht im Plan" for made in (first, second)]
    rows = pd.DataFrame(
        [
            {
                "name": second.decision.names[service],
                "first": labels[0].get(service, outside[0]),
                "second": labels[1].get(service, outside[1]),
            }
            for service in common
        ]
    )
    rows["changed"] = (rows["first"] != rows["second"]).map({True: "ja", False: "nein"})
    count = int((rows["changed"] == "ja").sum())
    return second.decision.exhibit(
        question,
        "plan_compared",
        rows,
        columns(
            name="Leistung",
            first=f"Szenario „{first.decision.scenario}“",
            second=f"Szenario „{second.decision.scenario}“",
            changed="Anders",
        ),
        headline=f"{count} von {len(rows)} Leistungen stehen in den beiden Plänen verschieden",
        subtitle="Zwei Pläne im Vergleich: Quartal des Go-Live",
        alt="Tabelle der Quartale des Go-Live in zwei Plänen.",
        source=SOURCE,
        notes=tuple(
            f"Szenario „{made.decision.scenario}“: {note}"
            for made in (first, second)
            for note in unproved(made)
        ),
    )
