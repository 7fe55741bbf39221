import concurrent.futures
import datetime as dt

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from etl.operations.imports import import_paths
from etl.store.publish import rollback
from portalkompass.metrics import totals
from portalkompass.warehouse import reader, result_cache, snapshots
from tests.etl.files.export_files import zipped
from tests.warehouse_fixture import FIRST, LAST, PROVISIONAL, SITE, publish, settings_for


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("data"))
    publish(settings)
    return reader.open_published(settings)


def test_facts_name_the_last_final_day_and_the_provisional_ones(house):
    assert house.sites() == (SITE,)
    assert (house.first_day(SITE), house.data_date(SITE)) == (FIRST, LAST)
    assert house.provisional_days(SITE) == (PROVISIONAL,)
    assert house.data_date("https://other.example/") is None
    assert (house.origin, house.sample) == ("live", False)


def test_properties_with_few_days_are_in_order_of_their_clicks(tmp_path):
    # DuckDB 2.0 sorts by sums in the type of one day's clicks where another property has none: 140 is too much for it
    settings = settings_for(tmp_path / "data")
    for name, days, clicks in (("a", 30, 0), ("b", 7, 20)):
        site = f"https://{name}.example/"
        chart = "".join(f"2025-11-{day:02},{clicks},{clicks * 10},10%,8\n" for day in range(1, days + 1))
        tables = {
            "Diagramm.csv": f"Datum,Klicks,Impressionen,CTR,Position\n{chart}",
            "Seiten.csv": f"Die häufigsten Seiten,Klicks,Impressionen,CTR,Position\n{site}a,0,1,0%,8\n",
            "Filter.csv": "Filtern,Wert\nSuchtyp,Web\n",
        }
        import_paths([zipped(tmp_path, tables, f"{name}.zip")], settings, site=site)
    house = reader.open_published(settings)
    assert house.sites() == ("https://b.example/", "https://a.example/")
    assert house.window("https://b.example/") == (dt.date(2025, 11, 1), dt.date(2025, 11, 7))


def test_sums_come_back_as_whole_numbers_and_days_as_dates(house):
    frame = house.ask(
        lambda t: t["search_site_day"].group_by("site").agg(nw.col("clicks").sum(), nw.col("date").max())
    )
    assert str(frame["clicks"].dtype) == "int64"
    assert frame["clicks"].item() == 10 * ((PROVISIONAL - FIRST).days + 1)
    assert frame["date"].item() == pd.Timestamp(PROVISIONAL)


def test_workspace_frames_join_on_the_questions_own_cursor(house):
    links = pd.DataFrame({"url": [SITE + "leistung/hundesteuer"], "service": ["hundesteuer"]})
    frame = house.ask(
        lambda t: (
            t["search_page_day"]
            .filter(nw.col("date") == dt.date(2025, 10, 1))
            .join(t["links"], on="url", how="inner")
            .select("service", "clicks")
        ),
        links=links,
    )
    assert frame.to_dict("records") == [{"service": "hundesteuer", "clicks": 3}]
    with pytest.raises(KeyError, match="links"):
        house.ask(lambda t: t["links"])


def test_many_threads_get_their_own_rows(house):
    days = [FIRST + dt.timedelta(days=n) for n in range(24)]

    def clicks(day):
        frame = house.ask(
            lambda t: totals.totals(t["search_site_day"].filter(nw.col("date") <= t_day(day))), mark=mark(day)
        )
        return int(frame["clicks"].item())

    def t_day(day):
        return day

    def mark(day):
        return pd.DataFrame({"day": [str(day)]})

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(clicks, days)) == [10 * (n + 1) for n in range(24)]


def test_nobody_can_write_or_read_other_files_through_it(house, tmp_path):
    cursor = house._engine.connection.cursor()
    with pytest.raises(duckdb.Error, match="read-only"):
        cursor.execute("DELETE FROM services")
    with pytest.raises(duckdb.Error, match="disabled"):
        cursor.execute(f"SELECT * FROM read_text('{tmp_path}/x')")
    with pytest.raises(duckdb.Error, match="locked"):
        cursor.execute("SET enable_external_access = true")


def test_a_new_snapshot_is_seen_by_the_next_call_and_the_old_answer_stays_whole(tmp_path):
    settings = settings_for(tmp_path)
    assert reader.open_published(settings).name == reader.NOTHING_PUBLISHED
    publish(settings, first=dt.date(2025, 12, 1))
    old = reader.open_published(settings)
    assert reader.open_published(settings) is old
    publish(settings, first=FIRST)
    new = reader.open_published(settings)
    assert new.name == snapshots.published(settings.warehouse_dir).name
    assert (old.first_day(SITE), new.first_day(SITE)) == (dt.date(2025, 12, 1), FIRST)
    assert len(old.ask(lambda t: t["search_site_day"])) == 16


def test_a_snapshot_put_back_while_somebody_still_reads_it_opens_again(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    held = reader.open_published(settings)
    publish(settings)
    assert reader.open_published(settings).name > held.name
    rollback(settings)
    again = reader.open_published(settings)
    assert again.name == held.name
    for one in (held, again):
        assert one.data_date(SITE) == LAST
        assert len(one.ask(lambda t: t["search_site_day"])) == (PROVISIONAL - FIRST).days + 1


def test_before_the_first_load_every_table_is_there_and_empty(tmp_path):
    empty = reader.open_published(settings_for(tmp_path))
    assert empty.sites() == ()
    assert empty.ask(lambda t: t["search_page_day"]).empty


def test_a_ruined_snapshot_is_a_sentence_with_the_next_step(tmp_path):
    settings = settings_for(tmp_path)
    settings.warehouse_dir.mkdir(parents=True)
    ruined = settings.warehouse_dir / "20250101T000000000000Z.duckdb"
    ruined.write_bytes(b"not a database, and long enough to be one" * 500)
    snapshots.point_to(settings.warehouse_dir, snapshots.Snapshot(ruined))
    with pytest.raises(reader.WarehouseError, match="rollback"):
        reader.open_published(settings)


def test_a_snapshot_of_sample_data_is_opened_once_under_live_settings_too(tmp_path):
    sample = settings_for(tmp_path).as_demo()
    publish(sample)
    live = settings_for(tmp_path / "live", warehouse=str(sample.warehouse_dir))
    first = reader.open_published(live)
    assert first.origin == "demo"
    assert reader.open_published(live) is first


def test_a_result_that_questions_share_is_made_once_until_it_is_forgotten(house):
    made = []

    def make():
        made.append(len(made))
        return made[-1]

    assert [house.once(("a", 1), make), house.once(("a", 1), make)] == [0, 0]
    assert house.once(("a", 2), make) == 1
    result_cache.clear()
    assert house.once(("a", 1), make) == 2
