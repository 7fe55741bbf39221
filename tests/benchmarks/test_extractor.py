"""The measured property: its known sums are what the real extractor brings home from its own process."""

from __future__ import annotations

from pathlib import Path

from benchmarks import child
from benchmarks.extractor.serving import stand_in
from benchmarks.extractor.world import BenchWorld


def test_the_known_rows_of_a_small_world_are_the_product_of_its_sizes() -> None:
    rows = {table: sums.rows for table, sums in BenchWorld(pages=8, queries=5, days=3).truth().items()}
    assert rows == {
        "search_site_day": 3,
        "search_segment_day": 3 * 30,
        "search_query_day": 3 * 10,
        "search_page_day": 3 * 8,
        "search_page_query_day": 3 * 40,
    }


def test_a_measured_pull_arrives_complete(tmp_path: Path) -> None:
    world = BenchWorld(pages=8, queries=5, days=3)
    with stand_in(world, tmp_path) as server:
        order: dict[str, object] = {
            "endpoint": server.endpoint,
            "credentials": str(server.credentials),
            "folder": str(tmp_path / "data"),
            "workers": 2,
        }
        one = child.run("benchmarks.extractor.pulling", order)
    truth = {table: [s.rows, s.clicks, s.impressions] for table, s in world.truth().items()}
    assert one["tables"] == truth
    # Two lists of days, then a page of rows and the empty page for each of four groupings and three days; sitemaps.
    assert one["requests"] == 2 * 2 + 3 * 4 * 2 + 1


def test_a_comparison_on_one_table_fetches_and_stores_nothing_else(tmp_path: Path) -> None:
    world = BenchWorld(pages=8, queries=5, days=3)
    with stand_in(world, tmp_path) as server:
        order: dict[str, object] = {
            "endpoint": server.endpoint,
            "credentials": str(server.credentials),
            "folder": str(tmp_path / "data"),
            "workers": 2,
            "only": ["search_page_query_day"],
        }
        one = child.run("benchmarks.extractor.pulling", order)
    truth = world.truth()["search_page_query_day"]
    assert one["tables"]["search_page_query_day"] == [truth.rows, truth.clicks, truth.impressions]
    assert [
        one["tables"][name][0] for name in ("search_query_day", "search_page_day", "search_segment_day")
    ] == [0] * 3
    # Two lists of days, then a page of rows and the empty page for each day; sitemaps.
    assert one["requests"] == 2 * 2 + 3 * 2 + 1
