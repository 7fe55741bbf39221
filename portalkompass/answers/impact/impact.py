"""Wirkung: what a go-live, relaunch or campaign did to a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, service_list
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, ask, field
from portalkompass.estimates.impact import LEAST_CLICKS, LEAST_WEEKS, Effect, effect
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.metrics.measures import EFFECT
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace
from portalkompass.workspace import annotations as noted

ADD_EVENT = (
    "Unter „Rankings“ eine Anmerkung mit Seite eintragen (Relaunch, Go-Live, Kampagne), oder hier Seite und "
    "Tag wählen."
)
RULE = (
    "Je Woche wird das Verhältnis der Klicks zu vergleichbaren Seiten (gleiche Art, ähnlicher Umfang, bisher "
    "ähnlichster Verlauf) mit derselben Woche des Vorjahres verglichen; reicht das Archiv nicht zurück, "
    "mit den Wochen davor. Die Spanne (95 %) enthält die Streuung der Wochen und die Unterschiede der "
    "Vergleichsseiten."
)
TOO_SHORT = (
    f"Weniger als {LEAST_WEEKS} volle Wochen nach dem Ereignis: Das Ergebnis ist noch nicht belastbar."
)
ACTUAL, EXPECTED, LOW, HIGH = (
    "Tatsächlich",
    "Erwartet ohne Ereignis",
    "Erwartet, unteres Ende",
    "Erwartet, oberes Ende",
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a page on a day."""

    url: str
    date: dt.date
    label: str


def answer(
    warehouse: Warehouse,
    workspace: Workspace,
    filters: Filters,
    settings: Settings,
    url: str = "",
    since: str = "",
) -> Answer:
    """All known events of pages with their effect; ``url`` and ``since`` (ISO day) choose the one shown in full.

    Events are annotations of single pages and go-lives of listed services. Without a choice the event with the
    surest effect is shown.
    """
    question = ask(warehouse, workspace, filters, settings)
    if missing := no_search_data(question):
        return missing
    pages = estimate_rows.titles(question).set_index("url")
    known = known_events(question)
    own = Event(url, dt.date.fromisoformat(since), "Eigene Auswahl") if url and since else None
    weeks = _comparable_weeks(question, pages, [*known, own] if own else known)
    effects = {event: _effect(weeks, pages, event) for event in known}
    rows = effect_rows(effects, pages)
    shown = own or (
        next((event for event in known if event.url == url), None) if url else _first(rows, known)
    )
    found = None if shown is None else effects.get(shown) or _effect(weeks, pages, shown)
    detail = (
        ()
        if shown is None or found is None
        else (_course(question, shown, found, pages), _alike(question, found, pages))
    )
    steps = (ADD_EVENT,) if not known else ()
    if shown is not None and found is None:
        steps = (
            *steps,
            "Für diese Seite und diesen Tag gibt es zu wenige Wochen oder keine vergleichbaren Seiten.",
        )
    return Answer(
        message=_message(shown, found, pages),
        exhibits=(*detail, *_table(question, rows)),
        figures=_cards(found),
        caveats=(*((TOO_SHORT,) if found is not None and found.short else ()), *events.caveats(question)),
        next_steps=steps,
        data_date=question.data_date,
        sample=warehouse.sample,
    )


def known_events(question: Question) -> list[Event]:
    """Annotations of single pages and past go-lives of services (on their strongest page), newest first."""
    last = question.data_date or question.now.end
    own = [
        Event(event.scope_url, event.date, event.label)
        for event in noted(question.workspace, last=last, site=question.filters.site)
        if event.scope_url
    ]
    services = service_list.services(question.warehouse, question.settings)
    live = services[services["go_live_month"].notna()]
    pages = service_map(question).service_page.drop_duplicates("service").set_index("service")["url"]
    listed = [
        Event(str(pages[service]), month.date(), f"Go-Live {name}")
        for service, month, name in zip(live["service"], live["go_live_month"], live["name"], strict=True)
        if service in pages.index and month.date() <= last
    ]
    return sorted({*own, *listed}, key=lambda event: (event.date, event.url), reverse=True)


def _comparable_weeks(question: Question, pages: pd.DataFrame, happened: list[Event]) -> pd.DataFrame:
    """The weekly panel of the pages that something happened to, and of those that can be compared with them.

    Compared are pages of the same kinds that had ``LEAST_CLICKS`` a week before the event; one without as many
    clicks in the whole archive did not, so its weeks need not be read.
    """
    urls = [event.url for event in happened]
    kinds = pages["page_kind"].reindex(urls).dropna().unique()
    alike = pages.index[pages["page_kind"].isin(kinds)].drop(STAFF_PAGES, errors="ignore")
    weeks = estimate_rows.whole_weeks(question)
    before = [int((weeks < pd.Timestamp(first_week(event))).sum()) for event in happened]
    least = LEAST_CLICKS * min((count for count in before if count >= LEAST_WEEKS), default=LEAST_WEEKS)
    clicks = estimate_rows.page_clicks(question).reindex(alike)
    return estimate_rows.page_weeks(question, alike[(clicks >= least).to_numpy() | alike.isin(urls)])


def first_week(event: Event) -> dt.date:
    """The Monday from which whole weeks lie after the event."""
    return event.date + dt.timedelta(days=(7 - event.date.weekday()) % 7)


def _effect(weeks: pd.DataFrame, pages: pd.DataFrame, event: Event) -> Effect | None:
    if event.url not in weeks.columns or event.url not in pages.index:
        return None
    same = weeks.columns[pages["page_kind"].reindex(weeks.columns) == pages["page_kind"][event.url]]
    return effect(weeks, event.url, pd.Timestamp(first_week(event)), same.tolist())


def effect_rows(effects: dict[Event, Effect | None], pages: pd.DataFrame) -> pd.DataFrame:
    """One row an event: what can be measured first, the surest (largest lower bound of the change) on top."""
    rows = [
        {
            "event": event.label,
            "label": pages["label"].get(event.url, event.url),
            "date": pd.Timestamp(event.date),
            "effect": found.change if found else None,
            "low": found.low if found else None,
            "high": found.high if found else None,
            "weeks": found.weeks if found else 0,
            "judgement": _judgement(found),
            "url": event.url,
            "sureness": _sureness(found),
        }
        for event, found in effects.items()
    ]
    columns = ["event", "label", "date", "effect", "low", "high", "weeks", "judgement", "url", "sureness"]
    frame = pd.DataFrame(rows, columns=columns).astype(
        {"effect": "float64", "low": "float64", "high": "float64"}
    )
    return frame.sort_values(["sureness", "date", "url"], ascending=[False, False, True]).reset_index(
        drop=True
    )


def _sureness(found: Effect | None) -> float:
    """How far the interval stays clear of nothing; short series come last but one, unknown ones last."""
    if found is None:
        return -2.0
    clear = max(found.low, -found.high)
    return -1.0 if found.short else clear


def _judgement(found: Effect | None) -> str:
    if found is None:
        return "nicht messbar"
    if found.short:
        return "noch zu kurz"
    if not found.sure:
        return "keine sichere Veränderung"
    return "mehr Klicks" if found.change > 0 else "weniger Klicks"


def _first(rows: pd.DataFrame, known: list[Event]) -> Event | None:
    if rows.empty or rows.iloc[0]["judgement"] == "nicht messbar":
        return None
    chosen = str((str(rows["url"].iloc[0]), str(rows["event"].iloc[0])))
    return next(event for event in known if str((event.url, event.label)) == chosen)


def _message(shown: Event | None, found: Effect | None, pages: pd.DataFrame) -> str:
    if shown is None:
        return "Noch ist kein Ereignis bekannt, dessen Wirkung sich messen ließe."
    title = pages["label"].get(shown.url, shown.url)
    if found is None:
        return f"Die Wirkung auf „{title}“ seit dem {german.date(shown.date)} lässt sich nicht messen."
    more = "mehr" if found.change > 0 else "weniger"
    start = (
        f"Seit dem {german.date(shown.date)} hat „{title}“ {german.percent(abs(found.change), 0)} {more} Klicks als "
        f"ohne das Ereignis zu erwarten ({_range(found)})"
    )
    return f"{start}." if found.sure and not found.short else f"{start}; das kann auch Zufall sein."


def _range(found: Effect) -> str:
    return f"{german.percent_change(found.low, 0)} bis {german.percent_change(found.high, 0)}"


def _cards(found: Effect | None) -> tuple[Figure, ...]:
    if found is None:
        return ()
    base = "gegen dieselben Wochen des Vorjahres" if found.yearly else "gegen die Wochen davor"
    good = (found.change > 0) if found.sure and not found.short else None
    return (
        Figure(
            EFFECT.label,
            german.percent_change(found.change, 0),
            f"{EFFECT.definition} {RULE}",
            f"{_judgement(found)}; Spanne (95 %): {_range(found)}",
            good,
        ),
        Figure("Verglichene Wochen", german.number(found.weeks), TOO_SHORT if found.short else RULE, base),
    )


def _course(question: Question, shown: Event, found: Effect, pages: pd.DataFrame) -> Exhibit:
    title = pages["label"].get(shown.url, shown.url)
    parts = ((ACTUAL, "actual"), (EXPECTED, "expected"), (LOW, "low"), (HIGH, "high"))
    rows = pd.concat(
        [
            pd.DataFrame({"bucket": found.course["week"], "clicks": found.course[name], "series": series})
            for series, name in parts
        ],
        ignore_index=True,
    ).assign(partial=False, provisional=False)
    headline = _message(shown, found, pages).rstrip(".")
    return question.exhibit(
        "impact_course",
        "line",
        rows,
        (
            Field("bucket", "Woche ab", "date"),
            Field("clicks", "Klicks", "integer", "Klicks je Woche"),
            Field("series", "Verlauf"),
            Field("partial", "Unvollständig", "bool"),
            Field("provisional", "Vorläufig", "bool"),
        ),
        headline=headline,
        subtitle=f"{shown.label}: Klicks je Woche auf „{title}“, tatsächlich und erwartet mit Spanne (95 %)",
        alt=f"Linien der Klicks je Woche, tatsächlich und erwartet. {headline}.",
        x="bucket",
        y="clicks",
        series="series",
        marks=(Mark(shown.date, shown.label, shown.label),)
        if shown.date >= found.course["week"].min().date()
        else (),
        notes=(RULE, *((TOO_SHORT,) if found.short else ())),
        band=(LOW, HIGH),
    )


def _alike(question: Question, found: Effect, pages: pd.DataFrame) -> Exhibit:
    rows = pd.DataFrame(
        {"label": [pages["label"].get(name, name) for name in found.alike], "url": list(found.alike)}
    )
    count = german.count(len(rows), "vergleichbare Seite", "vergleichbare Seiten")
    return question.exhibit(
        "impact_alike",
        "table",
        rows,
        (Field("label", "Vergleichsseite"), Field("url", "Adresse", "link")),
        headline=f"{count} zeigen, was ohne das Ereignis zu erwarten war",
        subtitle="Gleiche Art, ähnlicher Umfang, ähnlichster Verlauf vor dem Ereignis",
        alt=f"Tabelle: {count}.",
    )


def _table(question: Question, rows: pd.DataFrame) -> tuple[Exhibit, ...]:
    if rows.empty:
        return ()
    fields = (
        Field("event", "Ereignis"),
        Field("date", "Tag", "date"),
        field(EFFECT),
        Field("low", "mindestens", "percent_change"),
        Field("high", "höchstens", "percent_change"),
        Field("judgement", "Urteil"),
        Field("weeks", "Wochen", "integer"),
        Field("label", "Seite"),
        Field("url", "Adresse", "link"),
    )
    count = german.count(len(rows), "Ereignis", "Ereignisse")
    exhibit = question.exhibit(
        "impact_events",
        "table",
        rows[[f.name for f in fields]],
        fields,
        headline=f"{count} mit Seite; das sicherste Ergebnis zuerst",
        subtitle="Anmerkungen zu einzelnen Seiten und Go-Lives der OZG-Liste",
        alt=f"Tabelle: {count} mit gemessener Wirkung.",
        source=f"{question.google}; OZG-Liste; Anmerkungen",
        notes=(RULE,),
    )
    return (exhibit,)
