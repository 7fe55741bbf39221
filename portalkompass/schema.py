"""The warehouse contract: tables, columns, types and units. The DDL is generated from it.

Conventions
    * Grains are never mixed: headlines come from ``search_site_day`` (byProperty) only.
    * ``sum_position`` is zero-based as in Google's Bulk Data Export:
      position = sum_position / impressions + 1. It is NULL where Google gives no position (Discover).
    * Keys are unique per table; `python -m etl verify` checks it (an index would slow every load).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 1
STAFF_PAGES = "(Mitarbeiterseiten)"
"""The one row per slice into which pages of single employees are folded."""

ColumnType = Literal["VARCHAR", "BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "VARCHAR[]"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``key`` columns together identify a row, ``unit`` is what a number counts."""

    name: str
    type: ColumnType
    description: str
    key: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``row`` says what one row is."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that identify a row."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns in order."""
        return tuple(column.name for column in self.columns)

    def ddl(self) -> str:
        """The CREATE TABLE statement."""
        columns = ",\n  ".join(
            f'"{column.name}" {column.type}{" NOT NULL" if column.key else ""}' for column in self.columns
        )
        return f'CREATE TABLE IF NOT EXISTS "{self.name}" (\n  {columns}\n)'


def _key(name: str, description: str, type: ColumnType = "VARCHAR") -> Column:
    return Column(name, type, description, key=True)


_SITE = _key("site", "Search Console property, exactly as Google names it")
_SEARCH_TYPE = _key("search_type", "web, image, video, news, discover or googleNews")
_DATE = _key("date", "day in Pacific time, as Search Console counts", "DATE")
_URL = _key("url", "normalised URL of the page, or (Mitarbeiterseiten)")
_QUERY = _key("query", "search query as Google lists it")
_SUMS = (
    Column("impressions", "BIGINT", "how often a result was shown", unit="Impressionen"),
    Column("clicks", "BIGINT", "clicks on a result", unit="Klicks"),
    Column("sum_position", "DOUBLE", "sum of zero-based positions; position = this / impressions + 1"),
)
_ORIGIN = Column("origin", "VARCHAR", "api, ui_export or bulk_export")


def _search_table(name: str, row: str, *grain: Column) -> Table:
    return Table(name, row, (_SITE, _SEARCH_TYPE, _DATE, *grain, *_SUMS, _ORIGIN))


SEARCH_SITE_DAY = _search_table("search_site_day", "a property, search type and day (byProperty)")
SEARCH_SEGMENT_DAY = _search_table(
    "search_segment_day",
    "a property, search type, day, country and device (byProperty)",
    _key("country", "ISO 3166 alpha-3, lower case"),
    _key("device", "DESKTOP, MOBILE, TABLET; empty where Google has none (Discover)"),
)
SEARCH_QUERY_DAY = _search_table(
    "search_query_day", "a property, search type, day and listed query (byProperty)", _QUERY
)
SEARCH_PAGE_DAY = _search_table(
    "search_page_day", "a property, search type, day and canonical page (byPage)", _URL
)
SEARCH_PAGE_QUERY_DAY = _search_table(
    "search_page_query_day",
    "a property, search type, day, page and listed query (byPage); staff pages carry an empty query",
    _URL,
    _QUERY,
)
_MONTH = _key("month", "first day of the month", "DATE")
SEARCH_QUERY_MONTH = Table(
    "search_query_month",
    "a property, search type, month and listed query: the sums of search_query_day, made before each publication",
    (_SITE, _SEARCH_TYPE, _MONTH, _QUERY, *_SUMS),
)
SEARCH_PAGE_QUERY_MONTH = Table(
    "search_page_query_month",
    "a property, search type, month, page and listed query: the sums of search_page_query_day",
    (_SITE, _SEARCH_TYPE, _MONTH, _URL, _QUERY, *_SUMS),
)
SEARCH_MONTH_STATE = Table(
    "search_month_state",
    "a month of a monthly table, with what tells whether its days have changed since it was made",
    (
        _key("grain", "table of days that the month sums"),
        _SITE,
        _SEARCH_TYPE,
        _MONTH,
        Column("rows", "BIGINT", "rows of days in it", unit="Zeilen"),
        Column("fingerprint", "VARCHAR", "of all these rows, whatever their order"),
    ),
)
SEARCH_APPEARANCE_DAY = _search_table(
    "search_appearance_day",
    "a property, search type, day and search appearance",
    _key("appearance", "search appearance as Google names it"),
)
SEARCH_HOUR = Table(
    "search_hour",
    "a property, search type and hour of the last ten days",
    (_SITE, _SEARCH_TYPE, _key("hour", "begin of the hour, Pacific time", "TIMESTAMP"), *_SUMS, _ORIGIN),
)
SEARCH_WINDOW = Table(
    "search_window",
    "one line of a Search Console UI export: a total of its whole period, never mixed with days",
    (
        _key("import_id", "run that loaded the export"),
        _SITE,
        _SEARCH_TYPE,
        _key("table_name", "days, queries, pages, countries, devices or appearance"),
        _key("key", "the line's first column: day or week, query, page, country, device, appearance"),
        Column("period_start", "DATE", "first day of the export's chart"),
        Column("period_end", "DATE", "last day of the export's chart"),
        *_SUMS,
        Column("filters", "VARCHAR", "filters of the export as one text, empty if none"),
        Column("file_name", "VARCHAR", "file that was loaded"),
    ),
)
SITEMAPS = Table(
    "sitemaps",
    "a sitemap of a property at its last check",
    (
        _SITE,
        _key("path", "URL of the sitemap"),
        Column("last_submitted", "TIMESTAMP", "when it was submitted, UTC"),
        Column("last_downloaded", "TIMESTAMP", "when Google read it last, UTC"),
        Column("is_pending", "BOOLEAN", "not processed yet"),
        Column("warnings", "BIGINT", "warnings", unit="Hinweise"),
        Column("errors", "BIGINT", "errors", unit="Fehler"),
        Column("urls_submitted", "BIGINT", "URLs listed in it", unit="URLs"),
        Column("checked_at", "TIMESTAMP", "when we asked, UTC"),
    ),
)
URL_INSPECTION = Table(
    "url_inspection",
    "a page at its last index check",
    (
        _SITE,
        _URL,
        Column("verdict", "VARCHAR", "PASS, PARTIAL, FAIL, NEUTRAL"),
        Column("coverage_state", "VARCHAR", "Google's words on the index state"),
        Column("indexing_state", "VARCHAR", "INDEXING_ALLOWED or why not"),
        Column("robots_state", "VARCHAR", "ALLOWED or DISALLOWED"),
        Column("page_fetch_state", "VARCHAR", "SUCCESSFUL or the fault"),
        Column("google_canonical", "VARCHAR", "canonical URL that Google chose"),
        Column("user_canonical", "VARCHAR", "canonical URL that the page declares"),
        Column("last_crawl", "TIMESTAMP", "last crawl, UTC"),
        Column("checked_at", "TIMESTAMP", "when we asked, UTC"),
    ),
)
PAGES = Table(
    "pages",
    "a page that any source names",
    (
        _SITE,
        _URL,
        Column("title", "VARCHAR", "page title without the portal's suffix; NULL where no source gives one"),
        Column("title_source", "VARCHAR", "portal, matomo or url"),
        Column("page_kind", "VARCHAR", "Leistung, Organisationseinheit, Mitarbeiter, Suche/Start, Sonstige"),
        Column("host", "VARCHAR", "host name"),
        Column(
            "google_url",
            "VARCHAR",
            "URL as Google spells it, for index checks; NULL if Google never named it",
        ),
    ),
)
PORTAL_PAGE = Table(
    "portal_page",
    "a page in one period (day or month) of one portal source; NULL where the source has no such column",
    (
        _key("source", "portal, matomo …"),
        _SITE,
        _key("period_start", "first day", "DATE"),
        _key("period_end", "last day", "DATE"),
        _URL,
        Column("unique_page_views", "BIGINT", "visits that saw the page", unit="eindeutige Seitenansichten"),
        Column("page_views", "BIGINT", "views of the page", unit="Seitenansichten"),
        Column("visits", "BIGINT", "visits, where the source counts them per page", unit="Besuche"),
        Column("service_starts", "BIGINT", "starts of the online service", unit="Starts"),
        Column("applications", "BIGINT", "initial applications, notifications or reports", unit="Anträge"),
        Column("cases_total", "BIGINT", "cases over all channels, from the department", unit="Fälle"),
        Column("leistungsschluessel", "VARCHAR", "key that the source gives for the page, if any"),
        Column("import_id", "VARCHAR", "run that loaded the row"),
    ),
)
PORTAL_SITE_DAY = Table(
    "portal_site_day",
    "a portal source, site and day",
    (
        _key("source", "portal, matomo …"),
        _SITE,
        _key("date", "day, local time", "DATE"),
        Column("visits", "BIGINT", "visits", unit="Besuche"),
        Column("page_views", "BIGINT", "page views", unit="Seitenansichten"),
        Column("import_id", "VARCHAR", "run that loaded the row"),
    ),
)

_SERVICE = (
    Column("name", "VARCHAR", "name of the service, verbatim from the list"),
    Column("list", "VARCHAR", "aktuell, anstehend or ohne Status"),
    Column(
        "status", "VARCHAR", "status, verbatim: Go-Live <Monat Jahr>, In Umsetzung, In Vorbereitung, offen"
    ),
    Column("status_group", "VARCHAR", "Go-Live, In Umsetzung, In Vorbereitung, offen; NULL without status"),
    Column("go_live_month", "DATE", "first day of the month of go-live"),
    Column("latest_development", "VARCHAR", "latest development, verbatim"),
    Column("motion_number", "VARCHAR", "number of the council motion; NULL if none"),
    Column("route", "VARCHAR", "EfA/Nachnutzung, Eigenentwicklung FB 04, Fachverfahren, nicht genannt …"),
    Column("route_certainty", "VARCHAR", "how sure the route is: ausdrücklich, möglich, offen …"),
    Column("route_evidence", "VARCHAR", "the words of the report behind the route"),
    Column("departments", "VARCHAR", "departments named, joined by '; '"),
    Column("other_parties", "VARCHAR", "other bodies named, joined by '; '"),
    Column("next_step", "VARCHAR", "obstacle or next step"),
    Column("blocker", "VARCHAR", "class of the obstacle"),
    Column("depends_on", "VARCHAR", "service_id this one waits for"),
    Column(
        "lane", "VARCHAR", "startbar, wartet auf andere, erst klären; NULL for services that are not pending"
    ),
    Column("lane_reason", "VARCHAR", "why this lane, from the report"),
    Column("ozg_id", "VARCHAR", "candidate OZG ids, joined by '|'"),
    Column("leistungsschluessel", "VARCHAR[]", "14-digit keys (candidates)"),
    Column("note", "VARCHAR", "editor's note"),
)
SERVICES = Table(
    "services",
    "a service in its newest state",
    (
        _key("municipality", "key of the municipality"),
        _key("service", "id of the service"),
        Column("as_of", "DATE", "date of the list"),
        *_SERVICE,
    ),
)
SERVICE_STATUS_HISTORY = Table(
    "service_status_history",
    "a service in the state of one dated list",
    (
        _key("municipality", "key of the municipality"),
        _key("service", "id of the service"),
        _key("as_of", "date of the list", "DATE"),
        *_SERVICE,
        Column("import_id", "VARCHAR", "run that loaded the state"),
    ),
)
ONLINE_SERVICES = Table(
    "online_services",
    "an online service of the Open-PVOG list",
    (
        _key("leika_key", "14-digit key"),
        _key("ars", "Amtlicher Regionalschlüssel"),
        _key("url", "address of the online service"),
        Column("name", "VARCHAR", "name of the service in the list"),
        Column("host", "VARCHAR", "host that offers it"),
        Column("online_status", "VARCHAR", "ok or nicht ok"),
        Column("active", "BOOLEAN", "reported as active"),
        Column("area_wide", "VARCHAR", "art_flaechendeckung of the list"),
        Column("export_date", "DATE", "date of the list"),
        Column("import_id", "VARCHAR", "run that loaded the row"),
    ),
)
SITES = Table(
    "sites",
    "a property",
    (_SITE, Column("municipality", "VARCHAR", "key of its municipality")),
)
CALENDAR = Table(
    "calendar",
    "a day, from the first year of data to the end of the next year",
    (
        _key("date", "day", "DATE"),
        Column("iso_week_start", "DATE", "Monday of its ISO week"),
        Column("month", "DATE", "first day of its month"),
        Column("weekday", "BIGINT", "1 Monday … 7 Sunday"),
    ),
)
INGEST_LEDGER = Table(
    "ingest_ledger",
    "a slice of a source: what is known of it and when it was fetched",
    (
        _key("source", "search_console, portal, matomo, ozg, pvog"),
        _SITE,
        _key("search_type", "search type; empty for other sources"),
        _key("grain", "table that the slice belongs to"),
        _key("date", "day of the slice", "DATE"),
        Column("state", "VARCHAR", "final, provisional, empty, capped or failed"),
        Column("rows", "BIGINT", "rows loaded", unit="Zeilen"),
        Column("clicks", "BIGINT", "clicks of the slice", unit="Klicks"),
        Column("impressions", "BIGINT", "impressions of the slice", unit="Impressionen"),
        Column("capped", "BOOLEAN", "Google cut the day at 50,000 rows"),
        Column("first_incomplete_date", "DATE", "first day that Google called incomplete"),
        Column("origin", "VARCHAR", "api, ui_export or bulk_export"),
        Column("fetched_at", "TIMESTAMP", "when it was fetched, UTC"),
        Column("run_id", "VARCHAR", "run that fetched it"),
        Column("error", "VARCHAR", "why it failed"),
    ),
)
INGEST_RUNS = Table(
    "ingest_runs",
    "a run of a source",
    (
        _key("run_id", "id of the run"),
        Column("source", "VARCHAR", "source"),
        Column("site", "VARCHAR", "property; empty where there is none"),
        Column("file_name", "VARCHAR", "file, for imports"),
        Column("started_at", "TIMESTAMP", "begin, UTC"),
        Column("finished_at", "TIMESTAMP", "end, UTC"),
        Column("state", "VARCHAR", "done, partial, failed, or undone (the import was taken back)"),
        Column("requests", "BIGINT", "requests sent"),
        Column("rows_in", "BIGINT", "rows read", unit="Zeilen"),
        Column("rows_loaded", "BIGINT", "rows loaded", unit="Zeilen"),
        Column("rows_rejected", "BIGINT", "rows kept aside", unit="Zeilen"),
        Column("first_date", "DATE", "first day touched"),
        Column("last_date", "DATE", "last day touched"),
        Column("message", "VARCHAR", "what happened, one German sentence"),
    ),
)
REJECTED_ROWS = Table(
    "rejected_rows",
    "a row that could not be used",
    (
        _key("run_id", "run that read it"),
        _key("row", "number of the rejection within the run", "BIGINT"),
        Column("source", "VARCHAR", "source"),
        Column("file_name", "VARCHAR", "file"),
        Column("line", "BIGINT", "line in the file, from 1; NULL for API rows"),
        Column("column_name", "VARCHAR", "column at fault"),
        Column("value", "VARCHAR", "the value, cut at 200 characters"),
        Column("reason", "VARCHAR", "German sentence"),
    ),
)
WAREHOUSE_INFO = Table(
    "warehouse_info",
    "a fact about this warehouse: schema_version, origin (demo or live), municipality, page_kinds (fingerprint)",
    (_key("name", "name of the fact"), Column("value", "VARCHAR", "its value")),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SEARCH_SITE_DAY,
        SEARCH_SEGMENT_DAY,
        SEARCH_QUERY_DAY,
        SEARCH_PAGE_DAY,
        SEARCH_PAGE_QUERY_DAY,
        SEARCH_QUERY_MONTH,
        SEARCH_PAGE_QUERY_MONTH,
        SEARCH_MONTH_STATE,
        SEARCH_APPEARANCE_DAY,
        SEARCH_HOUR,
        SEARCH_WINDOW,
        SITEMAPS,
        URL_INSPECTION,
        PAGES,
        PORTAL_PAGE,
        PORTAL_SITE_DAY,
        SERVICES,
        SERVICE_STATUS_HISTORY,
        ONLINE_SERVICES,
        SITES,
        CALENDAR,
        INGEST_LEDGER,
        INGEST_RUNS,
        REJECTED_ROWS,
        WAREHOUSE_INFO,
    )
}

_LINKED_SERVICE = _key("service", "id of the service")
_MARK = Column("mark", "VARCHAR", "leistung, ohne_status or keine_leistung")
LINK_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "service_page",
            "a page and a service that it serves",
            (_SITE, _URL, _LINKED_SERVICE, Column("share", "DOUBLE", "part of the page's demand, at most 1")),
        ),
        Table("service_query", "a listed query and a service it asks for", (_SITE, _QUERY, _LINKED_SERVICE)),
        Table("page_mark", "a page that any link matches", (_SITE, _URL, _MARK)),
        Table("query_mark", "a listed query that any link matches", (_SITE, _QUERY, _MARK)),
    )
}
"""The workspace's links resolved to pages and queries: tables of a lake, worked out anew from a snapshot."""

DAY_GRAINS: tuple[Table, ...] = (
    SEARCH_SITE_DAY,
    SEARCH_SEGMENT_DAY,
    SEARCH_QUERY_DAY,
    SEARCH_PAGE_DAY,
    SEARCH_PAGE_QUERY_DAY,
)
"""The five grains that the extractor pulls for every day."""

MONTH_GRAINS: dict[str, Table] = {
    SEARCH_QUERY_DAY.name: SEARCH_QUERY_MONTH,
    SEARCH_PAGE_QUERY_DAY.name: SEARCH_PAGE_QUERY_MONTH,
}
"""Grains of days that are also kept by month, where years of days cost too much: see docs/scaling.md."""


def ddl() -> list[str]:
    """CREATE TABLE statements of the whole warehouse, in order."""
    return [table.ddl() for table in TABLES.values()]
