"""What Google has of the pages: last index checks and the state of the sitemaps."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.question import Question
from portalkompass.exhibit import Exhibit, Field
from portalkompass.urls import normalise

SHOWN = 200
VERDICTS = {
    "PASS": "im Index",
    "PARTIAL": "mit Mängeln",
    "FAIL": "nicht im Index",
    "NEUTRAL": "ausgeschlossen",
}
FETCHES = {"SUCCESSFUL": "", "PAGE_FETCH_STATE_UNSPECIFIED": ""}
INSPECTION = "Google Search Console, URL-Prüfung"
SITEMAPS = "Google Search Console, Sitemaps"


def index_exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Pages with something to look at first, then the others; sitemaps with faults first."""
    return (_pages(question), _sitemaps(question))


def canonical_differs(chosen: object, own: str) -> bool:
    """Whether Google shows another page in place of this one; unknown is no difference."""
    return isinstance(chosen, str) and bool(chosen) and normalise(chosen) != normalise(own)


def _pages(question: Question) -> Exhibit:
    rows = question.warehouse.ask(lambda t: t["url_inspection"].sort("site", "url"))
    differs = [canonical_differs(c, u) for c, u in zip(rows["google_canonical"], rows["url"], strict=True)]
    rows = rows.assign(
        verdict_name=[VERDICTS.get(v, german.MISSING) for v in rows["verdict"]],
        canonical=[
            str(c) if other else "" for c, other in zip(rows["google_canonical"], differs, strict=True)
        ],
        crawled=[german.local_time(moment) for moment in rows["last_crawl"]],
        checked=[german.local_time(moment) for moment in rows["checked_at"]],
        troubled=(rows["verdict"] != "PASS") | pd.Series(differs, index=rows.index, dtype=bool),
    )
    worst = rows.sort_values(["troubled", "url"], ascending=[False, True], kind="stable").head(SHOWN)
    troubled = int(rows["troubled"].sum())
    headline = (
        f"{german.number(troubled)} von {german.count(len(rows), 'geprüften Seite hat', 'geprüften Seiten haben')}"
        " einen Befund im Google-Index"
    )
    return question.exhibit(
        "index_state",
        "table",
        worst[["url", "verdict_name", "coverage_state", "canonical", "crawled", "checked"]],
        (
            Field("url", "Seite", "link"),
            Field("verdict_name", "Urteil"),
            Field("coverage_state", "Googles Befund"),
            Field(
                "canonical", "Andere kanonische Adresse", help="Google zeigt diese Adresse statt der Seite."
            ),
            Field("crawled", "Zuletzt gelesen"),
            Field("checked", "Geprüft"),
        ),
        headline=headline,
        subtitle=f"Letzte Indexprüfung je Seite, Befunde zuerst; höchstens {SHOWN} Zeilen",
        alt=f"Tabelle der Indexprüfungen: {headline}.",
        source=INSPECTION,
        notes=(
            "Ein Befund ist jedes Urteil außer „im Index“ und jede Seite, für die Google eine andere Adresse zeigt.",
        ),
    )


def _sitemaps(question: Question) -> Exhibit:
    rows = question.warehouse.ask(
        lambda t: t["sitemaps"].sort(
            "errors", "warnings", "path", descending=[True, True, False], nulls_last=True
        )
    )
    rows = rows.assign(
        downloaded=[german.local_time(moment) for moment in rows["last_downloaded"]],
        state=["wird noch gelesen" if pending else "gelesen" for pending in rows["is_pending"].fillna(False)],
    )
    faulty = int((rows["errors"].fillna(0) > 0).sum())
    headline = (
        f"{german.number(faulty)} von {german.count(len(rows), 'Sitemap hat', 'Sitemaps haben')} Fehler"
    )
    return question.exhibit(
        "sitemaps",
        "table",
        rows[["path", "errors", "warnings", "urls_submitted", "downloaded", "state"]],
        (
            Field("path", "Sitemap", "link"),
            Field("errors", "Fehler", "integer"),
            Field("warnings", "Hinweise", "integer"),
            Field("urls_submitted", "Adressen", "integer"),
            Field("downloaded", "Von Google gelesen"),
            Field("state", "Stand"),
        ),
        headline=headline,
        subtitle="Sitemaps der Property bei der letzten Abfrage, fehlerhafte zuerst",
        alt=f"Tabelle der Sitemaps: {headline}.",
        source=SITEMAPS,
    )
