"""Portals drawn at random: pages of services with few and many applications, month by month."""

import contextlib
import dataclasses
import datetime as dt
import random

import duckdb
from hypothesis import strategies as st

from portalkompass.answers import default_filters
from portalkompass.warehouse import reader, snapshots
from portalkompass.workspace import ServiceLink, add_link, close_workspace, workspace_of
from tests.answers.conftest import House
from tests.warehouse_fixture import SITE, publish, settings_for

MONTHS = tuple(dt.date(2025, month, 1) for month in (8, 9, 10, 11))
PAGES = {
    "leistung/hundesteuer": {"hundesteuer": 1.0},
    "leistung/hundemarke": {"hundesteuer": 1.0},
    "leistung/pflegewohngeld": {"pflegewohngeld": 1.0},
    "leistung/fuehrerschein": {"fuehrerschein": 1.0},
    "leistung/einbuergerung": {"einbuergerung": 1.0},
    "leistung/feinstaubplakette": {"feinstaubplakette": 1.0},
    "leistung/reitkennzeichen": {"reitkennzeichen": 1.0},
    "gemeinsam/antrag": {"haustierhaltung": 0.5, "bauportal": 0.25},
}
"""Pages, and the share with which each counts for services."""
MOVED = {"leistung/umzug": "feinstaubplakette"}
"""A page that belongs to no service until somebody links it."""
SERVICES = ("hundesteuer", "pflegewohngeld", "fuehrerschein", "einbuergerung", "feinstaubplakette", "reitkennzeichen",
            "haustierhaltung", "bauportal")  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of ``portal_page``; what the portal does not count is None."""

    path: str
    start: dt.date
    end: dt.date
    starts: int | None
    applications: int
    cases: int | None


def last_day(first):
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def drawn(seed):
    """Rows of a portal whose statistics reach to the end of November: pages of services, and those linked later."""
    chance = random.Random(seed)
    rows = []
    for path in (*PAGES, *MOVED):
        has_cases, has_starts = chance.random() < 0.7, chance.random() < 0.8
        size = chance.choice((4, 9, 15, 300))
        for first in MONTHS:
            if chance.random() < 0.1:
                continue  # not in that month's file
            for start, end in _parts(chance, first):
                applications = chance.randint(0, chance.choice((4, size)))
                starts = applications + chance.randint(0, chance.choice((3, 400)))
                cases = applications + chance.randint(0, chance.choice((1, 3, 90)))
                counts = (starts if has_starts else None, applications, cases if has_cases else None)
                rows.append(Row(path, start, end, *counts))
    return rows


portals = st.integers(0, 2**32 - 1).map(drawn)


def _parts(chance, first):
    """The whole month mostly, else two parts of it."""
    if chance.random() < 0.2:
        return [(first, first.replace(day=14)), (first.replace(day=15), last_day(first))]
    return [(first, last_day(first))]


def until(rows, day):
    """What the portal held of these rows on an earlier day."""
    return [row for row in rows if row.end <= day]


@contextlib.contextmanager
def opened(settings):
    """What is published, open until the block ends: many worlds are drawn, and what is opened else stays open."""
    warehouse = reader.open_snapshot(snapshots.published(settings.warehouse_dir).path, settings)
    yield House(warehouse, workspace_of(settings), default_filters(warehouse, settings), settings)
    close_workspace(settings.workspace_url)


@contextlib.contextmanager
def house_of(folder, rows):
    """The small warehouse with these portal rows instead of its own, and the pages linked."""
    settings = settings_for(folder)
    publish(settings)
    path = snapshots.published(settings.warehouse_dir).path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("DELETE FROM portal_page")
        paths = [*PAGES, *MOVED]
        for page in paths:
            values = [SITE, f"{SITE}{page}", page, SITE, f"{SITE}{page}"]
            connection.execute(
                "INSERT INTO pages (site, url, title) SELECT ?, ?, ? "
                "WHERE NOT EXISTS (SELECT 1 FROM pages WHERE site = ? AND url = ?)",
                values,
            )
        for row in rows:
            connection.execute(
                "INSERT INTO portal_page (source, site, period_start, period_end, url, unique_page_views, "
                "service_starts, applications, cases_total, import_id) "
                "VALUES ('portal', ?, ?, ?, ?, 900, ?, ?, ?, 'p')",
                [SITE, row.start, row.end, f"{SITE}{row.path}", row.starts, row.applications, row.cases],
            )
    with opened(settings) as house:
        for service, share in PAGES["gemeinsam/antrag"].items():
            link(house, "gemeinsam/antrag", service, share)
        yield house


def link(house, path, service, share=1.0):
    add_link(
        house.workspace, ServiceLink("leistung", "url", "exact", f"/{path}", service, "", share), "Angreifer"
    )
