from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from etl.demo.files.portal_numbers import COLUMNS, MONTHS, write_portal_files
from etl.demo.world.world import DemoWorld


@pytest.fixture(scope="module")
def files(world: DemoWorld, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_portal_files(world, tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="module")
def lines(files: list[Path]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter=";")
    return found


def test_one_file_a_month_with_every_page(
    world: DemoWorld, files: list[Path], lines: list[dict[str, str]]
) -> None:
    assert [path.name for path in files] == [f"portal-{month}.csv" for month in MONTHS]
    assert tuple(lines[0]) == COLUMNS
    assert [line["url"] for line in lines] == list(world.urls) * len(MONTHS)
    assert all(line["title"].endswith(" – Kommunalportal Stadt Leverkusen") for line in lines)


def test_funnel_narrows_and_views_widen(lines: list[dict[str, str]]) -> None:
    online = [line for line in lines if line["service_starts"]]
    assert all(
        int(line["applications"]) < int(line["service_starts"]) < int(line["visits"]) for line in online
    )
    assert all(int(line["unique_page_views"]) <= int(line["page_views"]) for line in lines)
    assert any(int(line["applications"]) < 5 for line in online)


def test_only_services_with_an_online_service_have_starts(
    world: DemoWorld, lines: list[dict[str, str]]
) -> None:
    online = {url for url, page in zip(world.urls, world.pages, strict=True) if page.online}
    assert {line["url"] for line in lines if line["service_starts"]} == online


def test_visits_are_counted_for_services_only(world: DemoWorld, lines: list[dict[str, str]]) -> None:
    services = {url for url, page in zip(world.urls, world.pages, strict=True) if page.kind == "Leistung"}
    assert {line["url"] for line in lines if line["visits"]} == services


def test_most_pages_have_more_portal_views_than_google_clicks(
    world: DemoWorld, lines: list[dict[str, str]]
) -> None:
    clicks = world.clicks_by_page(dt.date(2025, 7, 1), dt.date(2025, 11, 30))
    views = dict.fromkeys(world.urls, 0)
    for line in lines:
        views[line["url"]] += int(line["unique_page_views"])
    more = sum(views[url] > clicks[page.path] for url, page in zip(world.urls, world.pages, strict=True))
    assert more > 0.9 * len(world.pages)


def test_files_are_the_same_each_time(world: DemoWorld, files: list[Path], tmp_path: Path) -> None:
    again = write_portal_files(world, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]
