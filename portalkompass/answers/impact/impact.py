"""Wirkung: what a go-live, relaunch or campaign did to a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, service_list
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, columns, count_card, field
from portalkompass.answers.courses.lines import weekly_course
from portalkompass.estimates.impact import LEAST_CLICKS, LEAST_WEEKS, Effect, effect
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.metrics.measures import CLICKS, EFFECT
from portalkompass.schema import STAFF_PAGES
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
NOT_MEASURABLE = "Für diese Seite und diesen Tag gibt es zu wenige Wochen oder keine vergleichbaren Seiten."
PROPERTY_WIDE, ALL_PAGES = "nicht messbar: betrifft alle Seiten", "alle Seiten"
WIDE_NOTE = (
    "Was die ganze Property betrifft, hat keine Vergleichsseiten: Seine Wirkung auf die Klicks lässt sich von Wachstum "
    "und Saison nicht trennen und steht deshalb ohne Zahl. Was nur ein Gerät betrifft, hat an den übrigen Geräten "
    "einen Vergleich: Gemessen wird die Position."
)
LOW, HIGH = "Erwartet, unteres Ende", "Erwartet, oberes Ende"
TOO_FEW_WEEKS, UNKNOWN = -1.0, -2.0
"""Sureness of events without a figure to rely on."""
SERIES = {"actual": "Tatsächlich", "expected": "Erwartet ohne Ereignis", "low": LOW, "high": HIGH}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a page on a day."""

    url: str
    date: dt.date
    label: str


def answer(question: Question, url: str = "", since: str = "") -> Answer:
    """All known events of pages with their effect; ``url`` and ``since`` (ISO day) choose the one shown in full.

    Events are annotations of single pages and go-lives of listed services. Without a choice the event with the
    surest effect is shown.
    """
    if missing := no_search_data(question):
        return missing
    pages = estimate_rows.titles(question).set_index("url")
    happened = known_events(question)
    own = Event(url, dt.date.fromisoformat(since), "Eigene Auswahl") if url and since else None
    weeks = _comparable_weeks(question, pages, [*happened, own] if own else happened)
    effects = {event: _effect(weeks, pages, event) for event in happened}
    rows = effect_rows(effects, pages)
    shown = own or (
        next((event for event in happened if event.url == url), None) if url else _first(rows, happened)
    )
    rivals = "" if url else _one_of_many(rows)
    measured = None if shown is None else effects.get(shown) or _effect(weeks, pages, shown)
    detail: tuple[Exhibit, ...] = ()
    if shown is not None and measured is not None:
        detail = (_course(question, shown, measured, pages, rivals), _alike(question, measured, pages))
    steps = (() if happened else (ADD_EVENT,)) + (() if shown is None or measured else (NOT_MEASURABLE,))
    return question.answer(
        message=" ".join(filter(None, (_message(shown, measured, pages), rivals))),
        exhibits=(*detail, _table(question, rows, *_property_wide(question))),
        figures=_cards(measured),
        caveats=(
            *_too_short(measured),
            *_unconfirmed(question),
            *events.gaps(question, "search_page_day", weeks=True),
            *events.caveats(question, measures=(CLICKS.id,)),
        ),
        next_steps=steps,
    )


def _too_short(measured: Effect | None) -> tuple[str, ...]:
    return (TOO_SHORT,) if measured is not None and measured.short else ()


def _unconfirmed(question: Question) -> tuple[str, ...]:
    """Which go-lives lie in the data's months but are not reported by the list: they are no events yet."""
    services = service_list.services(question.warehouse, question.settings)
    last = pd.Timestamp(question.data_date or question.now.end)
    named = services[(services["go_live"] != service_list.LIVE) & (services["go_live_month"] <= last)]
    if named.empty:
        return ()
    return (
        f"Die Liste vom {service_list.list_date(services)} meldet noch keinen Go-Live von "
        f"{german.listing(named['name'].tolist())}; gezählt wird er erst, wenn eine neuere Liste ihn nennt.",
    )


def known_events(question: Question) -> list[Event]:
    """Annotations of single pages and go-lives of services (on their page with most clicks), newest first.

    A go-live is one that the list reports as having happened, not every month it names.
    """
    last = question.data_date or question.now.end
    own = [
        Event(question.url_today(event.scope_url), event.date, event.label)
        for event in noted(question.workspace, last=last, site=question.filters.site)
        if event.scope_url
    ]
    services = service_list.services(question.warehouse, question.settings)
    live = services[services["go_live"] == service_list.LIVE]
    pages = _strongest_pages(question)
    listed = [
        Event(str(pages[service]), month.date(), f"Go-Live {name}")
        for service, month, name in zip(live["service"], live["go_live_month"], live["name"], strict=True)
        if service in pages.index and month.date() <= last
    ]
    return sorted({*own, *listed}, key=lambda event: (event.date, event.url), reverse=True)


def _strongest_pages(question: Question) -> pd.Series[str]:
    """The page with most clicks of each service (index), weighted with its share; ties by URL."""
    mapped = service_map(question).service_page
    clicks = mapped["url"].map(estimate_rows.page_clicks(question)).fillna(0.0) * mapped["share"]
    ordered = mapped.assign(clicks=clicks).sort_values(["clicks", "url"], ascending=[False, True])
    return ordered.drop_duplicates("service").set_index("service")["url"]


def _comparable_weeks(question: Question, pages: pd.DataFrame, happened: list[Event]) -> pd.DataFrame:
    """The weekly panel of the pages that something happened to, and of those that can be compared with them.

    Compared are pages of the same kinds that had ``LEAST_CLICKS`` a week before the event; one without as many
    clicks in the whole archive did not, so its weeks need not be read.
    """
    urls = [event.url for event in happened]
    kinds = pages["page_kind"].reindex(urls).dropna().unique()
    alike = pages.index[pages["page_kind"].isin(kinds)].drop(STAFF_PAGES, errors="ignore")
    weeks = estimate_rows.whole_weeks(question, "search_page_day")
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
            "effect": measured.change if measured else None,
            "low": measured.low if measured else None,
            "high": measured.high if measured else None,
            "weeks": measured.weeks if measured else 0,
            "judgement": _judgement(measured),
            "url": event.url,
            "sureness": _sureness(measured),
        }
        for event, measured in effects.items()
    ]
    names = ["event", "label", "date", "effect", "low", "high", "weeks", "judgement", "url", "sureness"]
    frame = pd.DataFrame(rows, columns=names).astype(dict.fromkeys(("effect", "low", "high"), "float64"))
    order = ["sureness", "date", "url"]
    return frame.sort_values(order, ascending=[False, False, True], ignore_index=True)


def _property_wide(question: Question) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows of `effect_rows` for what happened to the whole property, newest first, and sentences on what is measured.

    Clicks are refused a figure, for want of a control; what concerns one device has one in the others.
    """
    last = question.data_date or question.now.end
    every = noted(question.workspace, last=last, site=question.filters.site)
    wide = sorted(
        (event for event in every if not event.scope_url and question.touched_by(event)),
        key=lambda event: (event.date, event.label),
        reverse=True,
    )
    measured = [events.device_effect(question, event) for event in wide]
    rows = [
        {
            "event": event.label,
            "label": ALL_PAGES,
            "date": pd.Timestamp(event.date),
            "weeks": 0,
            "judgement": brief or PROPERTY_WIDE,
        }
        for event, (brief, _) in zip(wide, measured, strict=True)
    ]
    return pd.DataFrame(rows), tuple(sentence for _, sentence in measured if sentence)


def _one_of_many(rows: pd.DataFrame) -> str:
    """A sentence where the event shown was picked as the surest of several; nothing for a single one."""
    measured = int((rows["sureness"] > TOO_FEW_WEEKS).sum())
    if measured < 2:  # noqa: PLR2004
        return ""
    return (
        f"Es ist das deutlichste von {german.number(measured)} gemessenen Ereignissen: Unter mehreren sticht eines "
        "auch durch Zufall hervor."
    )


def _sureness(measured: Effect | None) -> float:
    """How far the interval stays clear of nothing; short series come last but one, unknown ones last."""
    if measured is None:
        return UNKNOWN
    clear = max(measured.low, -measured.high)
    return TOO_FEW_WEEKS if measured.short else clear


def _judgement(measured: Effect | None) -> str:
    if measured is None:
        return "nicht messbar"
    if measured.short:
        return "noch zu kurz"
    if not measured.sure:
        return "keine sichere Veränderung"
    return "mehr Klicks" if measured.change > 0 else "weniger Klicks"


def _first(rows: pd.DataFrame, happened: list[Event]) -> Event | None:
    if rows.empty or rows.iloc[0]["judgement"] == "nicht messbar":
        return None
    surest = rows.iloc[0]
    return next(event for event in happened if (event.url, event.label) == (surest["url"], surest["event"]))


def _message(shown: Event | None, measured: Effect | None, pages: pd.DataFrame) -> str:
    if shown is None:
        return "Noch ist kein Ereignis bekannt, dessen Wirkung sich messen ließe."
    title = pages["label"].get(shown.url, shown.url)
    if measured is None:
        return f"Die Wirkung auf „{title}“ seit dem {german.date(shown.date)} lässt sich nicht messen."
    more = "mehr" if measured.change > 0 else "weniger"
    first = measured.course["week"].min()
    since = f"Seit dem {german.date(shown.date)}"
    if first - pd.Timestamp(shown.date) > pd.Timedelta(days=7):
        event = f"davor fehlt der Vergleich; Ereignis vom {german.date(shown.date)}"
        since = f"In den Wochen ab {german.date(first)} ({event})"
    start = (
        f"{since} hat „{title}“ {german.percent(abs(measured.change), 0)} {more} Klicks als "
        f"ohne das Ereignis zu erwarten ({_range(measured)})"
    )
    return f"{start}." if measured.sure and not measured.short else f"{start}; das kann auch Zufall sein."


def _range(measured: Effect) -> str:
    return f"{german.percent_change(measured.low, 0)} bis {german.percent_change(measured.high, 0)}"


def _cards(measured: Effect | None) -> tuple[Figure, ...]:
    if measured is None:
        return ()
    base = "gegen dieselben Wochen des Vorjahres" if measured.yearly else "gegen die Wochen davor"
    good = (measured.change > 0) if measured.sure and not measured.short else None
    return (
        Figure(
            EFFECT.label,
            german.percent_change(measured.change, 0),
            f"{EFFECT.definition} {RULE}",
            f"{_judgement(measured)}; Spanne (95 %): {_range(measured)}",
            good,
            id=EFFECT.id,
            number=measured.change,
        ),
        count_card("Verglichene Wochen", measured.weeks, TOO_SHORT if measured.short else RULE, base),
    )


def _course(question: Question, shown: Event, measured: Effect, pages: pd.DataFrame, rivals: str) -> Exhibit:
    title = pages["label"].get(shown.url, shown.url)
    in_course = shown.date >= measured.course["week"].min().date()
    return weekly_course(
        question,
        "impact_course",
        measured.course,
        SERIES,
        estimate=EFFECT,
        headline=_message(shown, measured, pages).rstrip("."),
        subtitle=f"{shown.label}: Klicks je Woche auf „{title}“, tatsächlich und erwartet mit Spanne (95 %)",
        marks=(Mark(shown.date, shown.label, shown.label),) if in_course else (),
        notes=(RULE, *((rivals,) if rivals else ()), *_too_short(measured)),
        band=(LOW, HIGH),
    )


def _alike(question: Question, measured: Effect, pages: pd.DataFrame) -> Exhibit:
    rows = pd.DataFrame(
        {"label": [pages["label"].get(name, name) for name in measured.alike], "url": list(measured.alike)}
    )
    count = german.count(len(rows), "vergleichbare Seite", "vergleichbare Seiten")
    return question.table(
        "impact_alike",
        rows,
        (Field("label", "Vergleichsseite"), Field("url", "Adresse", "link")),
        headline=f"{count} zeigen, was ohne das Ereignis zu erwarten war",
        subtitle="Gleiche Art, ähnlicher Umfang, ähnlichster Verlauf vor dem Ereignis",
        told=f"Tabelle: {count}.",
    )


def _table(
    question: Question, events_of_pages: pd.DataFrame, wide: pd.DataFrame, measured: tuple[str, ...]
) -> Exhibit | None:
    parts = [part for part in (events_of_pages, wide) if not part.empty]
    if not parts:
        return None
    rows = pd.concat(parts, ignore_index=True).reindex(columns=events_of_pages.columns)
    count = german.count(len(events_of_pages), "Ereignis", "Ereignisse")
    alone = len(wide) - len(measured)
    everywhere = (f"; {german.number(len(measured))} an den übrigen Geräten gemessen" if measured else "") + (
        f"; {german.number(alone)} ohne Vergleich, weil alle Seiten betroffen sind" if alone else ""
    )
    return question.table(
        "impact_events",
        rows,
        (
            Field("event", "Ereignis"),
            Field("date", "Tag", "date"),
            field(EFFECT),
            *columns("percent_change", low="mindestens", high="höchstens"),
            Field("judgement", "Urteil"),
            Field("weeks", "Wochen", "integer"),
            Field("label", "Seite"),
            Field("url", "Adresse", "link"),
        ),
        headline=f"{count} mit Seite, das sicherste Ergebnis zuerst{everywhere}",
        subtitle="Anmerkungen und Go-Lives der OZG-Liste",
        told=f"Tabelle: {count} mit Seite und gemessener Wirkung{everywhere}.",
        source=f"{question.google}; OZG-Liste; Anmerkungen",
        notes=(RULE, *((WIDE_NOTE,) if len(wide) else ()), *measured),
    )
