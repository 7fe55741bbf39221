"""Prognosen: what was promised with a decision, held against what came, and how good such forecasts are here."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, columns, count_card, short
from portalkompass.answers.impact.ledger_rows import Made, click_rows, live_rows, made, plan_rows
from portalkompass.answers.services.case_rows import HIDDEN
from portalkompass.answers.services.case_rows import SOURCE as CASES_SOURCE
from portalkompass.answers.services.click_forecasts import Earlier, course, earlier_forecasts
from portalkompass.answers.workshop.meeting.promised import CHAPTER, SOURCE, WITHOUT_IT
from portalkompass.answers.workshop.scenario_book import then_and_today
from portalkompass.answers.workshop.workshop_rows import beside_today
from portalkompass.estimates.forecast import LEVEL
from portalkompass.estimates.forecast_ledger import ENOUGH_VERDICTS, Calibration, calibration
from portalkompass.exhibit import Exhibit, Field
from portalkompass.suppression import hidden_name
from portalkompass.workspace import load_scenario

DECIDE_FIRST = (
    "Zusagen entstehen mit dem Beschluss einer Leistung unter „Priorisierung → Beschlüsse“: Dort wird festgehalten, "
    "was an diesem Tag zu erwarten war."
)
RULE = (
    "Fällig ist eine Zusage, wenn die Daten bis zum Ende ihres Zeitraums reichen; bis dahin ist sie offen. Gezählt "
    "werden die Seiten, die beim Beschluss zur Leistung gehörten. Fehlende Tage sind keine Null."
)
TOGETHER = (
    "Die erwartete Zahl nimmt an, dass die Zusagen voneinander unabhängig sind; was alle Leistungen zugleich trifft, "
    "lässt sie gemeinsam eintreffen oder verfehlen."
)
NO_ACTUALS = (
    "Über Aufwand und Kosten gibt es kein Urteil: Portalkompass kennt nicht, was wirklich ausgegeben wurde. Fälle "
    "haben keine Spanne, deshalb stehen Zusage und Ergebnis nebeneinander."
)
LIST_RULE = "Go-Live: Monat, den die OZG-Liste meldet; zugesagt ist das Ende des Quartals aus dem Plan."
PROBE_RULE = (
    "Jede Vorhersage ist nur aus den Monaten vor ihrem Zeitraum gemacht. Die Zeiträume überlappen sich, ihre "
    "Ergebnisse sind deshalb nicht unabhängig."
)
NO_PROBE = "Für eine Probe an früheren Monaten reicht das Archiv noch nicht."
LEVEL_TOLD = german.percent(LEVEL, 0)


def answer(question: Question, *, scenario: str = "") -> Answer:
    """All promises with their verdicts, or those of one workshop; a probe of the method; the ranking then and today.

    Raises:
        WorkspaceError: there is no such workshop.
    """
    if missing := no_search_data(question):
        return missing
    if scenario:
        load_scenario(question.workspace, scenario)
    promised = made(question, scenario)
    clicks, lives, plan = (make(question, promised) for make in (click_rows, live_rows, plan_rows))
    found, probe = calibration(clicks["outcome"].tolist()), earlier_forecasts(course(question))
    return question.answer(
        message=_message(promised, clicks, found, probe),
        exhibits=(
            _hits(question, clicks),
            _click_table(question, clicks, found),
            _live_table(question, lives),
            _plan_table(question, plan),
            *_then_and_today(question, promised),
            _probe(question, probe),
        ),
        figures=_cards(promised, found, lives, probe) if promised or probe else (),
        next_steps=() if promised else (DECIDE_FIRST,),
    )


def _message(
    promised: Sequence[Made], clicks: pd.DataFrame, found: Calibration, probe: Sequence[Earlier]
) -> str:
    if not promised:
        return f"Noch wurde mit keinem Beschluss etwas zugesagt. {_probed(probe)}"
    if found.due:
        return f"{judged(found)} {_probed(probe)}"
    until = clicks.loc[clicks["outcome"] == "not_due", "until"]
    count = german.count(len(promised), "Zusage", "Zusagen")
    when = f"; die nächste Spanne für Klicks endet am {german.date(until.min())}" if len(until) else ""
    return f"Von {count} ist noch keine mit Spanne fällig{when}. {_probed(probe)}"


def judged(found: Calibration) -> str:
    """How many of the due promises came true, and whether that is as many as their intervals let expect."""
    came = f"Von {german.count(found.due, 'fälligen Zusage', 'fälligen Zusagen')} mit Spanne {_hit(found)}"
    if not found.enough:
        return f"{came}; unter {ENOUGH_VERDICTS} sagt das nichts über die Güte der Vorhersagen."
    share = german.percent(found.hits / found.due, 0)
    span = f"{found.least} bis {found.most}" if found.least < found.most else str(found.most)
    if found.fits:
        return f"{came} ({share}); zu erwarten sind {span}."
    why = "Die Spannen sind zu eng" if found.hits < found.least else "Die Spannen sind weiter als nötig"
    return f"{came} ({share}), zu erwarten sind {span}: {why}."


def _hit(found: Calibration) -> str:
    if found.hits < 2:  # noqa: PLR2004
        return "traf eine ein" if found.hits else "traf keine ein"
    return f"trafen {'alle' if found.hits == found.due else found.hits} ein"


def _share(probe: Sequence[Earlier]) -> float | None:
    every = sum(one.judged for one in probe)
    return sum(one.inside for one in probe) / every if every else None


def _probed(probe: Sequence[Earlier]) -> str:
    share = _share(probe)
    if share is None:
        return NO_PROBE
    count = german.count(len(probe), "früheren Zeitraum", "früheren Zeiträumen")
    return (
        f"Probe an {count} dieses Portals: {german.percent(share, 0)} der Vorhersagen lagen in ihrer Spanne, "
        f"{LEVEL_TOLD} sollen es sein."
    )


def _cards(
    promised: Sequence[Made], found: Calibration, lives: pd.DataFrame, probe: Sequence[Earlier]
) -> tuple[Figure, ...]:
    share = _share(probe)
    tried = Figure(
        "Probe: in der Spanne",
        german.MISSING if share is None else german.percent(share, 0),
        PROBE_RULE,
        f"soll: {LEVEL_TOLD}",
        id="probe",
        number=share,
    )
    if not promised:
        return (tried,)
    due = lives["arrival"].isin(["on_time", "late", "overdue"])
    return (
        count_card("Fällige Zusagen mit Spanne", found.due, RULE),
        count_card("Davon eingetroffen", found.hits, f"Klicks in der Spanne. {TOGETHER}"),
        count_card(
            "Go-Lives im zugesagten Quartal",
            int((lives["arrival"] == "on_time").sum()),
            LIST_RULE,
            f"von {german.number(int(due.sum()))} fälligen" if len(lives) else "",
        ),
        tried,
    )


def _hits(question: Question, clicks: pd.DataFrame) -> Exhibit | None:
    """What came against the promised interval, both as shares of what was expected; None before one is due."""
    due = clicks[clicks["outcome"].isin(["hit", "above", "below"])]
    rows = due[due["value"] > 0]
    if rows.empty:
        return None
    twice = rows["name"].duplicated(keep=False)
    rows = rows.assign(
        label=rows["name"].where(~twice, rows["name"] + ", " + rows["window"]),
        **{name: rows[name] / rows["value"] for name in ("actual", "low", "high")},
    ).sort_values(["actual", "label"], ascending=[False, True])
    # Of nothing expected there is no share to draw, but the promise was due.
    hits = int((due["outcome"] == "hit").sum())
    headline = f"{hits} von {german.count(len(due), 'fälligen Zusage', 'fälligen Zusagen')} in der Spanne"
    fields = (
        Field("label", "Leistung"),
        *columns("percent", actual="Gekommen (erwartet: 100 %)", low="unteres Ende", high="oberes Ende"),
    )
    return question.exhibit(
        "forecast_hits",
        "dots",
        rows[[field.name for field in fields]],
        fields,
        headline=headline,
        subtitle="Klicks je Tag, die kamen (Punkt), und die zugesagte Spanne, als Anteil des Erwarteten",
        alt=f"Punkte mit Spannen je Leistung. {headline}.",
        x="actual",
        y="label",
        interval=("low", "high"),
        source=f"{SOURCE}; {question.google}",
    )


def _click_table(question: Question, clicks: pd.DataFrame, found: Calibration) -> Exhibit | None:
    if clicks.empty:
        return None
    waiting = int((clicks["outcome"] == "not_due").sum())
    undecided = len(clicks) - waiting - found.due
    counts = {
        "eingetroffen": found.hits,
        "verfehlt": found.due - found.hits,
        "noch offen": waiting,
        "nicht zu urteilen": undecided,
    }
    headline = german.listing([f"{count} {word}" for word, count in counts.items() if count])
    return question.table(
        "promised_clicks",
        clicks,
        (
            *columns(name="Leistung", verdict="Urteil", window="Zeitraum"),
            Field("value", "Erwartet", "decimal1", method=CHAPTER),
            *columns("decimal1", low="mindestens", high="höchstens", actual="Gekommen"),
            Field("made_on", "Beschluss", "date"),
            Field("scenario", "Workshop"),
        ),
        headline=f"Klicks: {headline}",
        subtitle="Klicks je Tag mit Daten, beim Beschluss erwartet und gekommen",
        alt="Tabelle der zugesagten Klicks mit Urteil.",
        notes=(RULE, WITHOUT_IT, *((TOGETHER,) if found.enough else ())),
        folded=("scenario",),
        source=f"{SOURCE}; {question.google}",
    )


def _live_table(question: Question, lives: pd.DataFrame) -> Exhibit | None:
    if lives.empty:
        return None
    counts = lives["arrival"].value_counts()
    words = {"on_time": "pünktlich", "late": "verspätet", "overdue": "überfällig", "not_yet": "noch offen"}
    told = [f"{counts[name]} {word}" for name, word in words.items() if name in counts]
    undecided = int((lives["arrival"] == "").sum())
    told += [f"{undecided} nicht zu urteilen"] if undecided else []
    return question.table(
        "promised_go_lives",
        lives,
        (
            *columns(name="Leistung", verdict="Urteil", quarter="Zugesagt für"),
            Field("until", "bis", "date"),
            Field("happened", "Go-Live", "month"),
            Field("made_on", "Beschluss", "date"),
            Field("scenario", "Workshop"),
        ),
        headline=f"Go-Lives: {german.listing(told)}",
        subtitle="Quartal aus dem Plan beim Beschluss und gemeldeter Go-Live",
        alt="Tabelle der zugesagten Go-Lives mit Urteil.",
        notes=(LIST_RULE,),
        source=f"{SOURCE}; OZG-Liste",
    )


def _plan_table(question: Question, plan: pd.DataFrame) -> Exhibit | None:
    if plan.empty:
        return None
    fields = (
        Field("name", "Leistung"),
        Field("effort", "Personentage", "decimal1"),
        Field("once", "Einmalig", "integer", unit="Euro"),
        Field("yearly", "Betrieb je Jahr", "integer", unit="Euro"),
        Field("cases", "Fälle je Jahr", "integer"),
        Field("came", "Fälle gekommen", "integer"),
        *columns(window="Jahr der Fälle", verdict="Urteil (Fälle)"),
        Field("made_on", "Beschluss", "date"),
        Field("scenario", "Workshop"),
    )
    always = ("name", "made_on", "scenario")
    shown = tuple(
        one
        for one in fields
        if one.name in always
        or plan[one.name].replace("", None).notna().any()
        or (one.name == "came" and (plan[hidden_name("came")] != "").any())
    )
    came = any(one.name == "came" for one in shown)
    cased = int(plan["cases"].notna().sum())
    services = german.count(len(plan), "Leistung", "Leistungen")
    headline = f"{services} mit Aufwand, Kosten oder Fällen, {cased} davon mit Fällen"
    return question.table(
        "promised_costs",
        plan,
        shown,
        headline=headline,
        subtitle="Was der Plan beim Beschluss vorsah",
        alt="Tabelle von Aufwand, Kosten und Fällen beim Beschluss.",
        beside=(hidden_name("came"),) if came else (),
        notes=(NO_ACTUALS, *((HIDDEN,) if came else ())),
        folded=("scenario",),
        source=f"{SOURCE}; {CASES_SOURCE}",
    )


def _then_and_today(question: Question, promised: Sequence[Made]) -> tuple[Exhibit, ...]:
    """Ranks and points of the newest of these workshops, as decided and on today's figures."""
    named = [one.scenario for one in promised if one.scenario]
    if not named:
        return ()
    try:
        return (
            beside_today(question, *then_and_today(question, load_scenario(question.workspace, named[0]))),
        )
    except prioritisation.PrioritisationError:  # no weight above 0: it has no ranking
        return ()


def _probe(question: Question, probe: Sequence[Earlier]) -> Exhibit | None:
    share = _share(probe)
    if share is None:
        return None
    rows = pd.DataFrame(
        [
            {
                "window": short(one.window),
                "judged": one.judged,
                "inside": one.inside,
                "share": one.inside / one.judged,
                "basis": "Vorjahr" if one.seasonal else "letzte drei Monate",
            }
            for one in probe
        ]
    )
    return question.table(
        "forecast_probe",
        rows,
        (
            Field("window", "Zeitraum"),
            *columns("integer", judged="Leistungen mit Spanne", inside="in der Spanne"),
            Field("share", "Anteil", "percent", method=CHAPTER),
            Field("basis", "Grundlage"),
        ),
        headline=f"{german.percent(share, 0)} der früheren Vorhersagen in ihrer Spanne, {LEVEL_TOLD} sollen es sein",
        subtitle="Probe: Vorhersagen aus den Monaten davor, gegen das gehalten, was kam",
        alt="Tabelle der früheren Vorhersagen je Zeitraum.",
        notes=(PROBE_RULE, WITHOUT_IT),
    )
