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
    description: str
    type: ColumnType = "VARCHAR"
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


TABLES: dict[str, Table] = {}
"""All tables of the warehouse by name, in the order of this file."""


def _table(name: str, row: str, *columns: Column) -> Table:
    TABLES[name] = Table(name, row, columns)
    return TABLES[name]


def _key(name: str, description: str, type: ColumnType = "VARCHAR") -> Column:
    return Column(name, description, type, key=True)


def _columns(type: ColumnType, unit: str = "", /, **described: str) -> tuple[Column, ...]:
    """Columns of one type (and unit), each by its name and description."""
    return tuple(Column(name, text, type, unit=unit) for name, text in described.items())


def _texts(**described: str) -> tuple[Column, ...]:
    return _columns("VARCHAR", **described)


_SITE = _key("site", "Search Console property, exactly as Google names it")
_SEARCH_TYPE = _key("search_type", "web, image, video, news, discover or googleNews")
_DATE = _key("date", "day in Pacific time, as Search Console counts", "DATE")
_MONTH = _key("month", "first day of the month", "DATE")
_URL = _key("url", "normalised URL of the page, or (Mitarbeiterseiten)")
_QUERY = _key("query", "search query as Google lists it")
_DEVICE = _key("device", "DESKTOP, MOBILE, TABLET; empty where Google has none (Discover)")
_SUMS = (
    *_columns("BIGINT", "Impressionen", impressions="how often a result was shown"),
    *_columns("BIGINT", "Klicks", clicks="clicks on a result"),
    Column("sum_position", "sum of zero-based positions; position = this / impressions + 1", "DOUBLE"),
)
_ORIGIN = Column("origin", "api, ui_export or bulk_export")
_LOADED_BY = Column("import_id", "run that loaded the row")
_MUNICIPALITY = _key("municipality", "key of the municipality")
_SERVICE_ID = _key("service", "id of the service")


def _search_table(name: str, row: str, *grain: Column) -> Table:
    return _table(name, row, _SITE, _SEARCH_TYPE, _DATE, *grain, *_SUMS, _ORIGIN)


def _month_table(name: str, row: str, *grain: Column) -> Table:
    return _table(name, row, _SITE, _SEARCH_TYPE, _MONTH, *grain, *_SUMS)


SEARCH_SITE_DAY = _search_table("search_site_day", "a property, search type and day (byProperty)")
SEARCH_SEGMENT_DAY = _search_table(
    "search_segment_day",
    "a property, search type, day, country and device (byProperty)",
    _key("country", "ISO 3166 alpha-3, lower case"),
    _DEVICE,
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
    *(_URL, _QUERY),
)
SEARCH_PAGE_DEVICE_DAY = _search_table(
    "search_page_device_day",
    "a property, search type, day, canonical page and device (byPage); pulled where a setting says so",
    *(_URL, _DEVICE),
)
SEARCH_QUERY_DEVICE_DAY = _search_table(
    "search_query_device_day",
    "a property, search type, day, listed query and device (byProperty); pulled where a setting says so",
    *(_QUERY, _DEVICE),
)
SEARCH_QUERY_MONTH = _month_table(
    "search_query_month",
    "a property, search type, month and listed query: the sums of search_query_day, made before each publication",
    _QUERY,
)
SEARCH_PAGE_QUERY_MONTH = _month_table(
    "search_page_query_month",
    "a property, search type, month, page and listed query: the sums of search_page_query_day",
    *(_URL, _QUERY),
)
SEARCH_MONTH_STATE = _table(
    "search_month_state",
    "a month of a monthly table, with what tells whether its days have changed since it was made",
    _key("grain", "table of days that the month sums"),
    *(_SITE, _SEARCH_TYPE, _MONTH),
    *_columns("BIGINT", "Zeilen", rows="rows of days in it"),
    *_texts(fingerprint="of all these rows, whatever their order"),
)
SEARCH_GRAIN_DAYS = _table(
    "search_grain_days",
    "a day of which a grain with monthly sums has rows, made with these",
    _key("grain", "table of days"),
    *(_SITE, _SEARCH_TYPE, _DATE),
)
SEARCH_GRAIN_QUERIES = _table(
    "search_grain_queries",
    "a query that a grain with monthly sums lists on any day, made with these",
    _key("grain", "table of days"),
    *(_SITE, _QUERY),
)
SEARCH_APPEARANCE_DAY = _search_table(
    "search_appearance_day",
    "a property, search type, day and search appearance",
    _key("appearance", "search appearance as Google names it"),
)
SEARCH_HOUR = _table(
    "search_hour",
    "a property, search type and hour; the night that summer time ends has two of one local time",
    *(_SITE, _SEARCH_TYPE, _key("hour_utc", "begin of the hour, UTC", "TIMESTAMP")),
    Column("hour", "the same by the clock of Search Console, Pacific time", "TIMESTAMP"),
    *(*_SUMS, _ORIGIN),
)
SEARCH_WINDOW = _table(
    "search_window",
    "one line of a Search Console UI export: a total of its whole period, never mixed with days",
    _key("import_id", "run that loaded the export"),
    *(_SITE, _SEARCH_TYPE),
    _key("table_name", "days, queries, pages, countries, devices or appearance"),
    _key("key", "the line's first column: day or week, query, page, country, device, appearance"),
    *_columns(
        "DATE", period_start="first day of the export's chart", period_end="last day of the export's chart"
    ),
    *_SUMS,
    *_texts(filters="filters of the export as one text, empty if none", file_name="file that was loaded"),
)
SEARCH_AI = _table(
    "search_ai",
    "a line of Google's report on generative AI: impressions in its answers, added to no others; a day counts once",
    _key("import_id", "run that loaded the report"),
    _SITE,
    _key("table_name", "days, queries, pages, countries or devices"),
    _key("key", "the line's first column: day, query, page, country, device"),
    *_columns("DATE", period_start="first day of the report", period_end="last day of the report"),
    *_columns("BIGINT", "Impressionen", impressions="how often an answer showed a link to the site"),
    *_texts(filters="filters of the report as one text, empty if none", file_name="file that was loaded"),
)
SITEMAPS = _table(
    "sitemaps",
    "a sitemap of a property at its last check",
    *(_SITE, _key("path", "URL of the sitemap")),
    *_columns("TIMESTAMP", last_submitted="when it was submitted, UTC"),
    *_columns("TIMESTAMP", last_downloaded="when Google read it last, UTC"),
    *_columns("BOOLEAN", is_pending="not processed yet"),
    *_columns("BIGINT", "Hinweise", warnings="warnings"),
    *_columns("BIGINT", "Fehler", errors="errors"),
    *_columns("BIGINT", "URLs", urls_submitted="URLs listed in it"),
    *_columns("TIMESTAMP", checked_at="when we asked, UTC"),
)
URL_INSPECTION = _table(
    "url_inspection",
    "a page at its last index check",
    *(_SITE, _URL),
    *_texts(verdict="PASS, PARTIAL, FAIL, NEUTRAL", coverage_state="Google's words on the index state"),
    *_texts(indexing_state="INDEXING_ALLOWED or why not", robots_state="ALLOWED or DISALLOWED"),
    *_texts(page_fetch_state="SUCCESSFUL or the fault", google_canonical="canonical URL that Google chose"),
    *_texts(user_canonical="canonical URL that the page declares"),
    *_columns("TIMESTAMP", last_crawl="last crawl, UTC", checked_at="when we asked, UTC"),
)
PAGES = _table(
    "pages",
    "a page that any source names",
    *(_SITE, _URL),
    *_texts(
        title="page title without the portal's suffix; NULL where no source gives one",
        title_source="portal, matomo or url",
        page_kind="Leistung, Organisationseinheit, Mitarbeiter, Suche/Start, Sonstige",
        host="host name",
        google_url="URL as Google spells it, for index checks; NULL if Google never named it",
    ),
)
PORTAL_PAGE = _table(
    "portal_page",
    "a page in one period (day or month) of one portal source; NULL where the source has no such column",
    *(_key("source", "portal, matomo …"), _SITE),
    *(_key("period_start", "first day", "DATE"), _key("period_end", "last day", "DATE"), _URL),
    *_columns("BIGINT", "eindeutige Seitenansichten", unique_page_views="visits that saw the page"),
    *_columns("BIGINT", "Seitenansichten", page_views="views of the page"),
    *_columns("BIGINT", "Besuche", visits="visits, where the source counts them per page"),
    *_columns("BIGINT", "Starts", service_starts="starts of the online service"),
    *_columns("BIGINT", "Anträge", applications="initial applications, notifications or reports"),
    *_columns("BIGINT", "Fälle", cases_total="cases over all channels, from the department"),
    *_texts(leistungsschluessel="key that the source gives for the page, if any"),
    _LOADED_BY,
)
PORTAL_SITE_DAY = _table(
    "portal_site_day",
    "a portal source, site and day",
    *(_key("source", "portal, matomo …"), _SITE, _key("date", "day, local time", "DATE")),
    *_columns("BIGINT", "Besuche", visits="visits"),
    *_columns("BIGINT", "Seitenansichten", page_views="page views"),
    _LOADED_BY,
)
PERSONAL_SEARCH = "(persönliche Angabe)"
"""What is kept of a search in the portal that may tell who searched."""
ALL_SEARCHES, NO_RESULT = "all", "no_result"
"""Reports of the portal's own search; the second is a part of the first."""
PORTAL_SEARCH = _table(
    "portal_search",
    "a search of the portal's own search box in one period (day or month) of one source",
    *(_key("source", "portal, matomo …"), _SITE),
    *(_key("period_start", "first day", "DATE"), _key("period_end", "last day", "DATE")),
    _key("report", "all searches, or no_result: those for words that found nothing at least once"),
    _key("keyword", "what was typed, in lower case, without what looks like a person's own data"),
    *_columns("BIGINT", "Suchen", searches="visits that searched for it"),
    _LOADED_BY,
)

ALL_CHANNELS = "all"
"""Cases that are not told by channel; never beside single channels of the same service and month."""
UNKNOWN_CHANNEL = "unknown"
"""Cases that a stated total has beyond the channels that are told."""
CHANNELS = ("online", "form", "counter", "post", "phone", UNKNOWN_CHANNEL)
"""Ways in which a case can begin."""
SERVICE_CASES = _table(
    "service_cases",
    "a service in one month by one channel, from the departments' own systems; NULL where they do not tell",
    *(_MUNICIPALITY, _SERVICE_ID, _MONTH),
    _key(
        "channel",
        "online, form, counter, post, phone; unknown: what a total has beyond these; all: not told apart",
    ),
    *_columns("BIGINT", "Fälle", cases="cases that began"),
    *_columns("BIGINT", "Anträge", applications="initial applications, notifications or reports among them"),
    *_columns("BIGINT", "Fälle", end_to_end="cases that were digital from the application to the decision"),
    *_columns("DOUBLE", "Tage", processing_days="median days from application to decision"),
    *_columns("BIGINT", "Fälle", backlog="cases not decided at the end of the month"),
    *_columns("DOUBLE", "Euro", cost="cost of the month's cases"),
    _LOADED_BY,
)

STARS = 5
"""The best a service can get; 1 is the worst."""
SERVICE_FEEDBACK = _table(
    "service_feedback",
    "a service in one month with one number of stars: how many people gave it so",
    *(_MUNICIPALITY, _SERVICE_ID, _MONTH, _key("stars", "1 (worst) to 5 (best)", "BIGINT")),
    *_columns("BIGINT", "Rückmeldungen", answers="people who gave these stars"),
    _LOADED_BY,
)
SERVICE_COMMENTS = _table(
    "service_comments",
    "what one person wrote beside the stars, without what looks like personal data; never leaves the app",
    *(
        _MUNICIPALITY,
        _SERVICE_ID,
        _MONTH,
        _key("number", "number within the month, by line of the file", "BIGINT"),
    ),
    *_columns("BIGINT", stars="stars of the same person"),
    *_texts(comment="the text, masked"),
    _LOADED_BY,
)

_SERVICE = (
    *_texts(
        name="name of the service, verbatim from the list",
        list="aktuell, anstehend or ohne Status",
        status="status, verbatim: Go-Live <Monat Jahr>, In Umsetzung, In Vorbereitung, offen",
        status_group="Go-Live, In Umsetzung, In Vorbereitung, offen; NULL without status",
    ),
    *_columns("DATE", go_live_month="first day of the month of go-live"),
    *_texts(
        latest_development="latest development, verbatim",
        motion_number="number of the council motion; NULL if none",
        route="EfA/Nachnutzung, Eigenentwicklung FB 04, Fachverfahren, nicht genannt …",
        route_certainty="how sure the route is: ausdrücklich, möglich, offen …",
        route_evidence="the words of the report behind the route",
        departments="departments named, joined by '; '",
        other_parties="other bodies named, joined by '; '",
        next_step="obstacle or next step",
        blocker="class of the obstacle",
        depends_on="service_id this one waits for",
        lane="startbar, wartet auf andere, erst klären; NULL for services that are not pending",
        lane_reason="why this lane, from the report",
        ozg_id="candidate OZG ids, joined by '|'",
    ),
    *_columns("VARCHAR[]", leistungsschluessel="14-digit keys (candidates)"),
    *_texts(note="editor's note"),
)
SERVICES = _table(
    "services",
    "a service in its newest state",
    *(_MUNICIPALITY, _SERVICE_ID, Column("as_of", "date of the list", "DATE"), *_SERVICE),
)
SERVICE_STATUS_HISTORY = _table(
    "service_status_history",
    "a service in the state of one dated list",
    *(_MUNICIPALITY, _SERVICE_ID, _key("as_of", "date of the list", "DATE"), *_SERVICE),
    Column("import_id", "run that loaded the state"),
)
SERVICE_DIRECTORY = _table(
    "service_directory",
    "a service in one dated state of the city's own list of all that it is responsible for",
    *(_MUNICIPALITY, _SERVICE_ID, _key("as_of", "date of the list", "DATE")),
    _key("import_id", "run that loaded the state: one of the same day does not take the place of another"),
    *_columns("TIMESTAMP", loaded_at="when it was loaded; of the states of one day the last counts"),
    *_texts(
        name="name of the service, verbatim from the list",
        own_id="the list's own number of the service; NULL if it has none",
        ozg_id="OZG ids, joined by '|'",
        departments="departments named, joined by '; '",
        way="how it was recognised: before, name, leika_key, chosen, or own for a service of its own",
        reason="the same in German words",
    ),
    *_columns("VARCHAR[]", leistungsschluessel="14-digit keys"),
)
_ONLINE_SERVICE = (
    *(_key("leika_key", "14-digit key"), _key("ars", "Amtlicher Regionalschlüssel")),
    _key("url", "address of the online service"),
    *_texts(
        name="name of the service in the list", host="host that offers it", online_status="ok or nicht ok"
    ),
    *_columns("BOOLEAN", active="reported as active"),
    *_texts(area_wide="art_flaechendeckung of the list"),
    *_columns("DATE", export_date="date of the list"),
    _LOADED_BY,
)
ONLINE_SERVICES = _table(
    "online_services",
    "an online service of the Open-PVOG list: of the city, or an area above it",
    *_ONLINE_SERVICE,
)
ONLINE_SERVICES_NEARBY = _table(
    "online_services_nearby",
    "an online service of a neighbour: its municipality, association or district, where the city does not lie",
    *_ONLINE_SERVICE,
)
DASHBOARD_USAGE = _table(
    "dashboard_usage",
    "a service in one month as the federal dashboard shows it for the city; never part of the city's own counts",
    *(_MUNICIPALITY, _SERVICE_ID, _MONTH),
    *_columns("BIGINT", "Transaktionen", transactions="online transactions, by the dashboard's definition"),
    _LOADED_BY,
)
SERVICE_OFFERS = _table(
    "service_offers",
    "an online service that a provider offers to municipalities (EfA, marketplace), by the provider's own list",
    *(_key("leika_key", "14-digit key"), _key("provider", "who offers it, verbatim")),
    _key("url", "address of the offer; empty where none is named"),
    *_texts(
        name="name in the list",
        price="price, verbatim: lists name it by case, by year or not at all",
        contract="how a city gets it, verbatim",
    ),
    *_columns("DATE", available_from="first day on which it can be had; NULL if not named"),
    _LOADED_BY,
)
BENCHMARKS = _table(
    "benchmarks",
    "a figure of one service of another city in one period, from the file that the city has signed",
    *(
        _key("ars", "Amtlicher Regionalschlüssel of the city"),
        _key("first", "first day of the period", "DATE"),
    ),
    *(_key("last", "last day of the period", "DATE"), _key("leika_key", "14-digit key")),
    _key("measure", "id of the figure, as portalkompass.exchange.benchmark_file lists them"),
    *_texts(city="name of the city, as it stands beside its trusted key"),
    *_columns("DOUBLE", value="the figure; shares from 0 to 1"),
    *_columns("BIGINT", "Monate", months="whole months behind it"),
    *_columns("BIGINT", "Fälle", basis="cases or answers behind it; NULL where the figure has none to tell"),
    *_columns("DATE", made_on="day on which the file was made"),
    _LOADED_BY,
)
SITES = _table("sites", "a property", _SITE, Column("municipality", "key of its municipality"))
CALENDAR = _table(
    "calendar",
    "a day, from the first year of data to the end of the next year",
    _key("date", "day", "DATE"),
    *_columns("DATE", iso_week_start="Monday of its ISO week", month="first day of its month"),
    *_columns("BIGINT", weekday="1 Monday … 7 Sunday"),
)
INGEST_LEDGER = _table(
    "ingest_ledger",
    "a slice of a source: what is known of it and when it was fetched",
    *(_key("source", "search_console, portal, matomo, ozg, pvog"), _SITE),
    _key("search_type", "search type; empty for other sources"),
    _key("grain", "table that the slice belongs to"),
    _key("date", "day of the slice", "DATE"),
    *_texts(state="final, provisional, empty, capped or failed"),
    *_columns("BIGINT", "Zeilen", rows="rows loaded"),
    *_columns("BIGINT", "Klicks", clicks="clicks of the slice"),
    *_columns("BIGINT", "Impressionen", impressions="impressions of the slice"),
    *_columns("BOOLEAN", capped="Google cut the day at 50,000 rows"),
    *_columns("DATE", first_incomplete_date="first day that Google called incomplete"),
    *_texts(origin="api, ui_export or bulk_export"),
    *_columns("TIMESTAMP", fetched_at="when it was fetched, UTC"),
    *_texts(run_id="run that fetched it", error="why it failed"),
)
INGEST_RUNS = _table(
    "ingest_runs",
    "a run of a source",
    _key("run_id", "id of the run"),
    *_texts(source="source", site="property; empty where there is none", file_name="file, for imports"),
    *_columns("TIMESTAMP", started_at="begin, UTC", finished_at="end, UTC"),
    *_texts(state="done, partial, failed, or undone (the import was taken back)"),
    *_columns("BIGINT", requests="requests sent"),
    *_columns(
        "BIGINT", "Zeilen", rows_in="rows read", rows_loaded="rows loaded", rows_rejected="rows kept aside"
    ),
    *_columns("DATE", first_date="first day touched", last_date="last day touched"),
    *_texts(
        message="what happened, one German sentence",
        call="imports of one command share it; NULL for runs of an interface",
        request="what was said with the import: JSON of site, as_of, profile, period",
        read_by="version of the program that read the file",
    ),
)
INGEST_FILES = _table(
    "ingest_files",
    "a file that an import has read and whose original was kept",
    *(
        _key("run_id", "run that read it"),
        _key("path", "number of its folder, name of that folder, own name"),
    ),
    *_texts(sha256="digest of its bytes, by which the original is found"),
    *_columns("BIGINT", "Bytes", size="size of the original"),
)
REJECTED_ROWS = _table(
    "rejected_rows",
    "a row that could not be used",
    _key("run_id", "run that read it"),
    _key("row", "number of the rejection within the run", "BIGINT"),
    *_texts(source="source", file_name="file"),
    *_columns("BIGINT", line="line in the file, from 1; NULL for API rows"),
    *_texts(
        column_name="column at fault", value="the value, cut at 200 characters", reason="German sentence"
    ),
)
WAREHOUSE_INFO = _table(
    "warehouse_info",
    "a fact about this warehouse: schema_version, storage_version, written_with, origin (demo or live), "
    "municipality, page_kinds (fingerprint) …",
    *(_key("name", "name of the fact"), Column("value", "its value")),
)

_MARK = Column("mark", "leistung, ohne_status or keine_leistung")
_SHARE = Column("share", "part of the page's demand, at most 1", "DOUBLE")
LINK_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("service_page", "a page and a service that it serves", (_SITE, _URL, _SERVICE_ID, _SHARE)),
        Table("service_query", "a listed query and a service it asks for", (_SITE, _QUERY, _SERVICE_ID)),
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

DEVICE_GRAINS: tuple[Table, ...] = (SEARCH_PAGE_DEVICE_DAY, SEARCH_QUERY_DEVICE_DAY)
"""Grains that a setting adds to them, so that pages and queries can be told by device."""

MONTH_GRAINS: dict[str, Table] = {
    SEARCH_QUERY_DAY.name: SEARCH_QUERY_MONTH,
    SEARCH_PAGE_QUERY_DAY.name: SEARCH_PAGE_QUERY_MONTH,
}
"""Grains of days that are also kept by month, where years of days cost too much: see docs/scaling.md."""


def ddl() -> list[str]:
    """CREATE TABLE statements of the whole warehouse, in order."""
    return [table.ddl() for table in TABLES.values()]
