"""Search Console's reports that hold no search performance: known by name, with what to export instead."""

from __future__ import annotations

from etl.files.kinds.kind import Kind

_INSTEAD = (
    "Gebraucht wird der Bericht „Leistung“ (Suchergebnisse, Discover oder Google News): Exportieren → CSV "
    "herunterladen."
)


def _report(
    name: str,
    label: str,
    *required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    what: str,
) -> Kind:
    """A report that is not loaded; ``what`` says what it holds."""
    return Kind(
        name=name,
        label=f"Search Console, {label}",
        required=required,
        optional=optional,
        strict=True,
        advice=f"Das ist der Bericht „{label}“ der Search Console ({what}); er wird nicht geladen. {_INSTEAD}",
    )


SEARCH_REPORTS: tuple[Kind, ...] = (
    _report(
        "page_indexing_chart", "Seitenindexierung", ("date",), ("not_indexed",), ("indexed",),
        optional=("impressions",), what="Zahl der indexierten Seiten je Tag",
    ),
    _report(
        "page_indexing", "Seitenindexierung", ("reason",), ("count_pages",),
        optional=("source", "validation", "trend"), what="Gründe, aus denen Seiten nicht indexiert sind",
    ),
    _report(
        "video_chart", "Videoindexierung", ("date",), ("video",), optional=("video", "impressions"),
        what="Zahl der Seiten mit indexiertem Video je Tag",
    ),
    _report(
        "drill_down_chart", "Seitenindexierung, ein Grund im Einzelnen", ("date",), ("count_pages",),
        what="Zahl der betroffenen Seiten je Tag",
    ),
    _report(
        "drill_down", "Seitenindexierung, ein Grund im Einzelnen", ("page",), ("last_crawled",),
        optional=("item_name",), what="Adressen mit dem Tag des letzten Abrufs",
    ),
    _report(
        "core_web_vitals_chart", "Core Web Vitals", ("date",), ("poor",), ("improve",), ("good",),
        what="Zahl der Adressen nach Ladeverhalten",
    ),
    _report(
        "core_web_vitals", "Core Web Vitals", ("page", "issue"), ("vitals",),
        optional=("vitals", "count_items", "page", "issue"), what="Adressen nach Ladeverhalten",
    ),
    _report(
        "issues", "Core Web Vitals oder Verbesserungen (Liste der Probleme)", ("issue",),
        ("count_items", "count_pages"), optional=("source", "validation", "trend"),
        what="Probleme und die Zahl der betroffenen Adressen",
    ),
    _report(
        "rich_results_chart", "Verbesserungen (Rich-Suchergebnisse)", ("date",), ("invalid",), ("valid",),
        optional=("impressions",), what="Zahl der Elemente je Tag",
    ),
    _report(
        "links_pages", "Links", ("page", "links_target"), ("links_in", "links_sites"),
        optional=("links_in", "links_sites", "links_target"), what="Links auf die eigenen Seiten",
    ),
    _report(
        "links_sites", "Links", ("links_site",), ("links_page", "links_target"),
        optional=("links_page", "links_target", "links_in"), what="verweisende Websites",
    ),
    _report("links_text", "Links", ("links_text",), optional=("links_text",), what="Texte der Verweise"),
    _report(
        "links_latest", "Links", ("links_page",), ("last_crawled",), what="Adressen, die hierher verweisen",
    ),
    Kind(
        name="links",
        label="Search Console, Links",
        required=(("links_in", "links_sites", "links_page"),),
        forbidden=("clicks", "impressions", "page_views", "visits", "indexed"),
        advice=f"Das ist der Bericht „Links“ der Search Console (Verweise); er wird nicht geladen. {_INSTEAD}",
    ),
    _report(
        "crawl_stats", "Crawling-Statistik", ("date",), ("crawl",), optional=("crawl",), what="Abrufe durch Google",
    ),
    _report(
        "https", "HTTPS", ("date",), ("https",), optional=("https",), what="Zahl der Adressen mit HTTPS",
    ),
    Kind(
        name="sitemaps",
        label="Search Console, Sitemaps",
        required=(("sitemap",), ("last_crawled", "issue", "status", "count_pages", "sitemap")),
        advice=f"Das ist der Bericht „Sitemaps“ der Search Console; er wird nicht aus Dateien geladen. {_INSTEAD}",
    ),
    Kind(
        name="metadata",
        label="Search Console, Metadaten eines Exports",
        required=(("property",), ("value",)),
        strict=True,
        minor=True,
        advice=f"Diese Tabelle nennt nur Metadaten eines Exports. {_INSTEAD}",
    ),
)  # fmt: skip
