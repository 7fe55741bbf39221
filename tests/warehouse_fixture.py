"""A small published warehouse, every figure of which can be traced by hand.

Property SITE from 2024-07-09 to 2025-12-15 (final), 2025-12-16 provisional. Every day the property has
10 clicks and 100 impressions; position 24 until the end of 2024, then 9. Byte for byte the same each day:

    page                                    clicks  impressions  position
    /leistung/wunschkennzeichen                  6           50         5
    /leistung/hundesteuer                        3           40        10
    /organisationseinheit/ordnungsamt            1           20        15
    query                                   clicks  impressions  position
    kennzeichen reservieren                      4           40         2
    hund anmelden                                2           30        12

All rows of "hund anmelden" go to the office page (10 impressions, position 20) and to /leistung/hundesteuer.
"""

import atexit
import csv
import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pyarrow as pa

from etl.store import ledger
from etl.store.load import append
from etl.store.publish import adopt, draft
from portalkompass import schema
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse.snapshots import published

SITE = "https://portal.stadt.example/"
FIRST, LAST, PROVISIONAL = dt.date(2024, 7, 9), dt.date(2025, 12, 15), dt.date(2025, 12, 16)
TODAY = dt.date(2025, 12, 17)
PAGES = {
    "leistung/wunschkennzeichen": (6, 50, 5.0),
    "leistung/hundesteuer": (3, 40, 10.0),
    "organisationseinheit/ordnungsamt": (1, 20, 15.0),
}
QUERIES = {"kennzeichen reservieren": (4, 40, 2.0), "hund anmelden": (2, 30, 12.0)}
PAGE_QUERIES = {
    ("leistung/wunschkennzeichen", "kennzeichen reservieren"): (4, 40, 2.0),
    ("leistung/hundesteuer", "hund anmelden"): (2, 20, 8.0),
    ("organisationseinheit/ordnungsamt", "hund anmelden"): (0, 10, 20.0),
}
TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "VARCHAR[]": pa.list_(pa.string()),
}


def settings_for(folder, **changes):
    """Settings of a data folder in tmp_path with a fixed today."""
    return Settings(data_dir=folder, today=TODAY, **changes)


def days():
    """All days with rows, the provisional one last."""
    return [FIRST + dt.timedelta(days=n) for n in range((PROVISIONAL - FIRST).days + 1)]


def publish(settings, *, first=FIRST):
    """Publish the warehouse that the module's docstring describes; published again, all days count twice.

    Into an empty folder goes a copy of a snapshot that was built once in this process for such settings.
    """
    if published(settings.warehouse_dir) is not None:
        return load(settings, first=first)
    kind = (first, settings.model_dump_json(exclude={"data_dir", "workspace"}))
    if kind not in _built:
        folder = Path(tempfile.mkdtemp(prefix="warehouse-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        load(settings.model_copy(update={"data_dir": folder, "warehouse": ""}), first=first)
        _built[kind] = published(folder / "warehouse")
    adopt(settings, _built[kind])


_built = {}


def load(settings, *, first=FIRST):
    """Load all days from ``first`` on, and what belongs to them, on top of what is published."""
    with draft(settings) as connection:
        some = [day for day in days() if day >= first]
        _append(connection, schema.SEARCH_SITE_DAY, [_row(d, (10, 100, _position(d))) for d in some])
        _append(
            connection,
            schema.SEARCH_SEGMENT_DAY,
            [_row(d, (10, 100, _position(d)), country="deu", device="MOBILE") for d in some],
        )
        _append(
            connection,
            schema.SEARCH_PAGE_DAY,
            [_row(d, sums, url=SITE + path) for d in some for path, sums in PAGES.items()],
        )
        _append(
            connection,
            schema.SEARCH_QUERY_DAY,
            [_row(d, sums, query=query) for d in some for query, sums in QUERIES.items()],
        )
        _append(
            connection,
            schema.SEARCH_PAGE_QUERY_DAY,
            [_row(d, sums, url=SITE + p, query=q) for d in some for (p, q), sums in PAGE_QUERIES.items()],
        )
        _append(connection, schema.INGEST_LEDGER, [_slice(d) for d in some])
        _append(connection, schema.PORTAL_PAGE, _portal())
        _append(connection, schema.PAGES, _titles())
        _append(connection, schema.SERVICES, services())
        run = ledger.start_run("search_console", site=SITE)
        ledger.keep_aside(connection, run, [ledger.Rejection("x.csv", 3, "clicks", "-1", "Negative Klicks.")])
        outcome = ledger.Outcome(
            "done",
            "Alles geladen.",
            rows_in=9,
            rows_loaded=8,
            rows_rejected=1,
            first_date=FIRST,
            last_date=LAST,
        )
        ledger.finish_run(connection, run, outcome)


def _position(day):
    return 24.0 if day.year == 2024 else 9.0


def _row(day, sums, **grain):
    clicks, impressions, position = sums
    return {
        "site": SITE,
        "search_type": "web",
        "date": day,
        **grain,
        "clicks": clicks,
        "impressions": impressions,
        "sum_position": impressions * (position - 1),
        "origin": "api",
    }


def _slice(day):
    return {
        "source": "search_console",
        "site": SITE,
        "search_type": "web",
        "grain": "search_site_day",
        "date": day,
        "state": "provisional" if day == PROVISIONAL else "final",
        "rows": 1,
        "clicks": 10,
        "impressions": 100,
        "capped": False,
        "origin": "api",
        "fetched_at": dt.datetime(2025, 12, 17, 3, 15),
        "run_id": "r",
    }


def _portal():
    return [
        {
            "source": "portal",
            "site": SITE,
            "period_start": dt.date(2025, 10, 1),
            "period_end": dt.date(2025, 10, 31),
            "url": SITE + "leistung/hundesteuer",
            "unique_page_views": 400,
            "page_views": 500,
            "service_starts": 80,
            "applications": 20,
            "import_id": "p",
        }
    ]


def _titles():
    return [
        {
            "site": SITE,
            "url": SITE + "leistung/hundesteuer",
            "title": "Hundesteuer",
            "title_source": "portal",
        },
        {
            "site": SITE,
            "url": SITE + "leistung/wunschkennzeichen",
            "title": "Wunschkennzeichen",
            "title_source": "portal",
        },
    ]


def services():
    """The shipped OZG list as rows of ``services``."""
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        return [_service(row) for row in csv.DictReader(file, delimiter=";")]


def _service(row):
    month = row["go_live_month"]
    group = "Go-Live" if row["status"].startswith("Go-Live") else row["status"]
    return {
        **{name: row.get(name) or None for name in schema.SERVICES.names},
        "municipality": "leverkusen",
        "service": row["service_id"],
        "as_of": dt.date.fromisoformat(row["as_of"]),
        "status_group": group,
        "go_live_month": dt.date.fromisoformat(f"{month}-01") if month else None,
        "leistungsschluessel": row["leistungsschluessel"].split("|") if row["leistungsschluessel"] else [],
    }


def _append(connection, table, rows):
    fields = [(c.name, TYPES[c.type]) for c in table.columns if any(c.name in row for row in rows)]
    append(connection, table, pa.Table.from_pylist(rows, schema=pa.schema(fields)))
