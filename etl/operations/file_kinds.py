"""What loads each kind of file. Which kind a table is says `etl.files.kinds`."""

from __future__ import annotations

from etl.sources.benchmarks.benchmark_import import BENCHMARK_FILE
from etl.sources.cases.case_file import CASE_FILE
from etl.sources.dashboard.dashboard_file import DASHBOARD_FILE
from etl.sources.directory.directory_file import DIRECTORY_FILE
from etl.sources.feedback.feedback_file import FEEDBACK_FILE
from etl.sources.file_kind import FileKind, TableKind
from etl.sources.offers.offer_file import OFFER_FILE
from etl.sources.ozg.service_list import SERVICE_LIST
from etl.sources.portal_files.portal_file import PORTAL_FILE
from etl.sources.portal_files.search_file import SEARCH_FILE
from etl.sources.pvog.online_services import ONLINE_SERVICE_LIST
from etl.sources.search_console.ai_report import AI_REPORT
from etl.sources.search_console.bulk_export.bulk_load import BULK_EXPORT
from etl.sources.search_console.row_tables.row_table import ROW_TABLE
from etl.sources.search_console.ui_export.ui_export import UI_EXPORT

FILE_KINDS: tuple[FileKind, ...] = (
    BULK_EXPORT,
    BENCHMARK_FILE,
    UI_EXPORT,
    AI_REPORT,
    ROW_TABLE,
    SERVICE_LIST,
    DIRECTORY_FILE,
    ONLINE_SERVICE_LIST,
    CASE_FILE,
    FEEDBACK_FILE,
    DASHBOARD_FILE,
    OFFER_FILE,
    SEARCH_FILE,
    PORTAL_FILE,
)
TABLE_KINDS = tuple(kind for kind in FILE_KINDS if isinstance(kind, TableKind))
