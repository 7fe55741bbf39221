"""A small property for the extractor's tests: few rows a day, every expected table computed from them by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np

from etl.demo.server.credentials import write_credentials
from etl.demo.world.row_types import Rows
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.search_console_server.faulty_server import FaultyStandIn, Options, serve
from tests.search_console_server.injected_faults import FaultPlan, no_fault

SITE = "sc-domain:stadt.example"
HOST = "https://portal.stadt.example"
TODAY = dt.date(2025, 3, 20)
LAST_FINAL = dt.date(2025, 3, 18)
GRAINS = {
    "search_site_day": (),
    "search_segment_day": ("country", "device"),
    "search_query_day": ("query",),
    "search_page_day": ("page",),
    "search_page_query_day": ("page", "query"),
}


@dataclass(frozen=True)
class Shown:
    """One result shown; an empty query is one that Google hides. ``sum_position`` is zero-based."""

    page: str
    query: str
    country: str
    device: str
    clicks: int
    impressions: int
    sum_position: float


@dataclass
class SmallWorld:
    """Results per day; equal keys add up."""

    days: dict[dt.date, list[Shown]] = field(default_factory=dict)
    sites: tuple[str, ...] = (SITE,)

    @property
    def first_day(self) -> dt.date:
        return min(self.days)

    @property
    def last_day(self) -> dt.date:
        return max(self.days)

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        if "searchAppearance" in dimensions or search_type != "web":
            return Rows(tuple([] for _ in dimensions), *(np.zeros(0, np.int64),) * 2, np.zeros(0))
        sums = grouped(self.days.get(day, []), dimensions)
        keys = tuple([key[i] for key in sums] for i in range(len(dimensions)))
        values = list(sums.values())
        return Rows(
            keys,
            np.array([v[0] for v in values], np.int64),
            np.array([v[1] for v in values], np.int64),
            np.array([v[2] for v in values], np.float64),
        )

    def without(self, day: dt.date) -> SmallWorld:
        return SmallWorld({d: rows for d, rows in self.days.items() if d != day})

    def changed(self, day: dt.date, rows: Sequence[Shown]) -> SmallWorld:
        return SmallWorld({**self.days, day: list(rows)})


def grouped(
    shown: Sequence[Shown], dimensions: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[int, int, float]]:
    """Clicks, impressions and position sums by key; hidden queries are left out where queries are listed."""
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for one in shown:
        if "query" in dimensions and not one.query:
            continue
        total = sums[tuple(getattr(one, name) for name in dimensions)]
        total[0] += one.clicks
        total[1] += one.impressions
        total[2] += one.sum_position
    return {key: (int(t[0]), int(t[1]), t[2]) for key, t in sums.items()}


def days_up_to(last: dt.date, count: int) -> list[dt.date]:
    return [last - dt.timedelta(days=count - 1 - i) for i in range(count)]


def small_world(count: int = 12, last: dt.date = TODAY - dt.timedelta(days=1)) -> SmallWorld:
    """``count`` days up to ``last``; each day differs, so that no two days can be mixed up."""
    days = {}
    for day in days_up_to(last, count):
        n = day.toordinal() % 97 + 1
        days[day] = [
            Shown(f"{HOST}/leistung/hund-anmelden", "hund anmelden", "deu", "MOBILE", n, 10 * n, 30.0 * n),
            Shown(f"{HOST}/leistung/hund-anmelden", "hundesteuer", "deu", "DESKTOP", 2, 7 * n, 14.0 * n),
            Shown(f"{HOST}/leistung/hund-anmelden", "", "aut", "DESKTOP", 1, 5, 20.0),
            Shown(f"{HOST}/leistung/wohngeld", "wohngeld", "deu", "MOBILE", n + 3, 20 * n, 0.0),
            Shown(f"{HOST}/leistung/wohngeld", "wohngeld antrag", "deu", "TABLET", 0, 3, 90.5),
        ]
    return SmallWorld(days)


@contextmanager
def search_console(
    world: SmallWorld,
    folder: Path,
    *,
    faults: FaultPlan = no_fault,
    options: Options | None = None,
    today: dt.date = TODAY,
    **console: object,
) -> Iterator[tuple[FaultyStandIn, Settings]]:
    """A running stand-in and the settings of a city that pulls from it without any pause."""
    quick = {
        "site": SITE,
        "queries_per_second": 5000.0,
        "workers": 2,
        "backoff_seconds": 0.001,
        "max_attempts": 4,
        "load_quota_pause_seconds": 0.0,
        "timeout_seconds": 5.0,
        "appearances": False,
        "inspections_per_day": 0,
    }
    with serve(world, today=today, faults=faults, options=options or Options(lag=lambda _: 2)) as server:
        key = write_credentials(folder, server.token_uri)
        settings = Settings(data_dir=folder / "data", today=today, writer_wait_seconds=0)
        updated = settings.search_console.model_copy(
            update={**quick, "credentials_file": str(key), "api_endpoint": server.endpoint, **console}
        )
        yield server, settings.model_copy(update={"search_console": updated})


def on(settings: Settings, today: dt.date, **console: object) -> Settings:
    """The same city on another day, or with other settings."""
    changed = settings.search_console.model_copy(update=console)
    return settings.model_copy(update={"today": today, "search_console": changed})


Table = list[tuple[object, ...]]


def expected(world: SmallWorld, first: dt.date, last: dt.date) -> dict[str, Table]:
    """Every row that the warehouse must hold for these days, straight from the results shown."""
    tables: dict[str, Table] = {}
    for table, dimensions in GRAINS.items():
        tables[table] = sorted(
            (day, *key, clicks, impressions, round(total, 6))
            for day, shown in world.days.items()
            if first <= day <= last
            for key, (clicks, impressions, total) in grouped(shown, dimensions).items()
        )
    return tables


def loaded(settings: Settings, last: dt.date = LAST_FINAL) -> dict[str, Table]:
    """Every row that the published snapshot holds up to ``last``."""
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return {table: [] for table in GRAINS}
    names = {"page": "url"}
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return {
            table: sorted(
                connection.execute(
                    f"SELECT {', '.join(['date', *(names.get(d, d) for d in dimensions)])}, clicks, impressions, "
                    f'round(sum_position, 6) FROM "{table}" WHERE date <= ?',
                    [last],
                ).fetchall()
            )
            for table, dimensions in GRAINS.items()
        }


def full_truth(world: SmallWorld) -> dict[str, Table]:
    """What a complete archive of the final days holds."""
    return expected(world, world.first_day, LAST_FINAL)


def ledger(settings: Settings, table: str = "search_page_day") -> dict[dt.date, str]:
    """State per day of a table."""
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return dict(
            connection.execute(
                "SELECT date, state FROM ingest_ledger WHERE grain = ? ORDER BY 1", [table]
            ).fetchall()
        )


def with_clicks(shown: Shown, clicks: int) -> Shown:
    """The same result with other clicks."""
    return replace(shown, clicks=clicks)
