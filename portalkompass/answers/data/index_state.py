"""What Google has of the pages: last index checks and the state of the sitemaps."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.exhibit import Exhibit, Field
from portalkompass.urls import normalise

ROWS_SHOWN = 200
VERDICTS = {
    "PASS": "im Index",
    "PARTIAL": "mit Mängeln",
    "FAIL": "nicht im Index",
    "NEUTRAL": "ausgeschlossen",
}
COVERAGE = {
    "Submitted and indexed": "Eingereicht und indexiert",
    "Indexed, not submitted in sitemap": "Indexiert, nicht in der Sitemap eingereicht",
    "Crawled - currently not indexed": "Gelesen, zurzeit nicht indexiert",
    "Discovered - currently not indexed": "Gefunden, zurzeit nicht indexiert",
    "URL is unknown to Google": "Google kennt die Adresse nicht",
    "Duplicate without user-selected canonical": "Duplikat, keine Seite als kanonisch festgelegt",
    "Duplicate, Google chose different canonical than user": "Duplikat, Google bevorzugt eine andere Adresse",
    "Alternate page with proper canonical tag": "Alternative Seite mit richtigem kanonischen Verweis",
    "Page with redirect": "Seite mit Weiterleitung",
    "Excluded by ‘noindex’ tag": "Durch „noindex“ ausgeschlossen",
    "Blocked by robots.txt": "Durch robots.txt gesperrt",
    "Not found (404)": "Nicht gefunden (404)",
    "Soft 404": "Leere Seite (Soft 404)",
    "Server error (5xx)": "Serverfehler (5xx)",
    "Redirect error": "Fehler bei der Weiterleitung",
    "Blocked due to access forbidden (403)": "Zugriff verboten (403)",
    "Blocked due to unauthorized request (401)": "Anmeldung verlangt (401)",
}
FETCHES = {
    "SUCCESSFUL": "erfolgreich",
    "SOFT_404": "leere Seite (Soft 404)",
    "BLOCKED_ROBOTS_TXT": "durch robots.txt gesperrt",
    "NOT_FOUND": "nicht gefunden (404)",
    "ACCESS_DENIED": "Anmeldung verlangt (401)",
    "ACCESS_FORBIDDEN": "Zugriff verboten (403)",
    "BLOCKED_4XX": "anderer Fehler der Anfrage (4xx)",
    "SERVER_ERROR": "Serverfehler (5xx)",
    "REDIRECT_ERROR": "Fehler bei der Weiterleitung",
    "INTERNAL_CRAWL_ERROR": "Fehler bei Google",
    "INVALID_URL": "ungültige Adresse",
    "PAGE_FETCH_STATE_UNSPECIFIED": "unbekannt",
}
ROBOTS = {"ALLOWED": "erlaubt", "DISALLOWED": "gesperrt", "ROBOTS_TXT_STATE_UNSPECIFIED": "unbekannt"}
"""German for what the interface says in English; what it may say one day stays as it is."""
INSPECTION = "Google Search Console, URL-Prüfung"
SITEMAPS = "Google Search Console, Sitemaps"


def index_exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Pages with something to look at first, then the others; sitemaps with faults first."""
    return (_pages(question), _sitemaps(question))


def in_german(said: object, words: Mapping[str, str]) -> object:
    """The German of what Google said; unknown words and missing values as they are."""
    return words.get(said, said) if isinstance(said, str) else said


def canonical_differs(chosen: object, own: str) -> bool:
    """Whether Google shows another page in place of this one; unknown is no difference."""
    return isinstance(chosen, str) and bool(chosen) and normalise(chosen) != normalise(own)


def _pages(question: Question) -> Exhibit:
    rows = question.warehouse.ask(lambda t: t["url_inspection"].sort("site", "url"))
    differs = [canonical_differs(c, u) for c, u in zip(rows["google_canonical"], rows["url"], strict=True)]
    rows = rows.assign(
        verdict_name=[VERDICTS.get(v, german.MISSING) for v in rows["verdict"]],
        coverage_state=rows["coverage_state"].replace(COVERAGE),
        canonical=[
            str(c) if other else "" for c, other in zip(rows["google_canonical"], differs, strict=True)
        ],
        crawled=[german.local_time(moment) for moment in rows["last_crawl"]],
        checked=[german.local_time(moment) for moment in rows["checked_at"]],
        troubled=(rows["verdict"] != "PASS") | pd.Series(differs, index=rows.index, dtype=bool),
    )
    worst = rows.sort_values(["troubled", "url"], ascending=[False, True], kind="stable").head(ROWS_SHOWN)
    troubled = int(rows["troubled"].sum())
    checked = german.count(len(rows), "geprüften Seite hat", "geprüften Seiten haben")
    return question.table(
        "index_state",
        worst,
        (
            Field("url", "Seite", "link"),
            *columns(verdict_name="Urteil", coverage_state="Googles Befund"),
            Field(
                "canonical", "Andere kanonische Adresse", help="Google zeigt diese Adresse statt der Seite."
            ),
            *columns(crawled="Zuletzt gelesen", checked="Geprüft"),
        ),
        headline=f"{german.number(troubled)} von {checked} einen Befund im Google-Index",
        subtitle=f"Letzte Indexprüfung je Seite, Befunde zuerst; höchstens {ROWS_SHOWN} Zeilen",
        alt="Tabelle der Indexprüfungen:",
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
    return question.table(
        "sitemaps",
        rows,
        (
            Field("path", "Sitemap", "link"),
            *columns("integer", errors="Fehler", warnings="Hinweise", urls_submitted="Adressen"),
            *columns(downloaded="Von Google gelesen", state="Stand"),
        ),
        headline=f"{german.number(faulty)} von {german.count(len(rows), 'Sitemap hat', 'Sitemaps haben')} Fehler",
        subtitle="Sitemaps der Property bei der letzten Abfrage, fehlerhafte zuerst",
        alt="Tabelle der Sitemaps:",
        source=SITEMAPS,
    )
