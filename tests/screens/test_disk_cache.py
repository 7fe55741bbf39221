"""Kept answers are those that would be worked out, and never those of another state."""

import dataclasses
import datetime as dt
import shutil

import pandas as pd
import pytest

from portalkompass.answers.overview import overview
from portalkompass.answers.pages import outliers
from portalkompass.answers.queries import opportunities
from portalkompass.packing import pack, unpack
from portalkompass.screens import disk_cache
from portalkompass.screens.catalogue import RANKINGS
from portalkompass.screens.disk_cache import Asked, Finished
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import Annotation, add_annotation, close_workspace, revoke_session, workspace_of
from tests.conftest import command
from tests.warehouse_fixture import publish, settings_for


@pytest.fixture
def sample(demo_data, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    settings = Settings(data_dir=folder).as_demo()
    yield settings
    close_workspace(settings.workspace_url)


def questions(settings):
    return list(disk_cache.standard_questions(open_published(settings), workspace_of(settings), settings))


def same(one, other):
    """Equal to the last bit: every table with its types, every text, every chart."""
    assert one.specifications == other.specifications
    assert len(one.answer.exhibits) == len(other.answer.exhibits)
    for left, right in zip(one.answer.exhibits, other.answer.exhibits, strict=True):
        pd.testing.assert_frame_equal(left.frame, right.frame, check_exact=True, check_freq=False)
        nothing = pd.DataFrame()
        assert _compared(dataclasses.replace(left, frame=nothing)) == _compared(
            dataclasses.replace(right, frame=nothing)
        )
    bare = {"exhibits": ()}
    assert dataclasses.replace(one.answer, **bare) == dataclasses.replace(other.answer, **bare)


def _compared(exhibit):
    return {
        one.name: getattr(exhibit, one.name) for one in dataclasses.fields(exhibit) if one.name != "frame"
    }


def test_every_answer_that_is_got_ready_comes_back_as_it_was(sample):
    asked = questions(sample)
    assert [one.topic.id for one in asked] == ["overview", *(["opportunities", "outliers"] * 5)]
    for one in asked:
        made = disk_cache.work_out(one)
        assert made.answer.message
        same(unpack(Finished, pack(made)), made)


def test_after_the_command_nothing_is_worked_out_again(sample, monkeypatch):
    done = command(sample.data_dir.parent, "portalkompass", "prepare", "--demo")
    assert (done.returncode, done.stdout) == (0, "11\xa0Antworten liegen bereit.\n"), done.stderr
    for module in (overview, opportunities, outliers):
        monkeypatch.setattr(module, "answer", None)
    asked = questions(Settings(data_dir=sample.data_dir.parent, today=dt.date(2025, 12, 17)).as_demo())
    assert all(disk_cache.kept(one) for one in asked)
    assert disk_cache.prepare(asked[0].warehouse, asked[0].workspace, asked[0].settings) == 11


def test_before_the_first_load_the_command_says_what_to_do(tmp_path):
    done = command(tmp_path, "portalkompass", "prepare")
    assert done.returncode == 1
    assert "etl" in done.stderr
    assert "Traceback" not in done.stderr


class TestAnotherStateIsAnotherAnswer:
    @pytest.fixture
    def asked(self, tmp_path):
        settings = settings_for(tmp_path / "data")
        publish(settings)
        first = questions(settings)[0]
        disk_cache.keep(first, disk_cache.work_out(first), disk_cache.place_of(first))
        assert disk_cache.kept(first)
        yield first
        close_workspace(settings.workspace_url)

    def test_other_filters_keywords_settings_or_days(self, asked):
        shorter = dataclasses.replace(asked.filters, start=asked.filters.end)
        city = asked.settings.city.model_copy(update={"name": "Anderswo"})
        for other in (
            {"filters": shorter},
            {"filters": dataclasses.replace(asked.filters, compare="none")},
            {"further": {"scenario": "x"}},
            {"topic": RANKINGS},
            {"settings": asked.settings.model_copy(update={"city": city})},
            {"settings": asked.settings.model_copy(update={"today": dt.date(2025, 12, 24)})},
        ):
            assert disk_cache.kept(dataclasses.replace(asked, **other)) is None, other

    def test_a_write_of_people_but_not_the_end_of_a_login(self, asked):
        revoke_session(asked.workspace, "a" * 64, dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
        assert disk_cache.kept(asked)
        _write(asked.workspace)
        assert disk_cache.kept(asked) is None

    def test_a_new_workspace_with_the_same_revision(self, asked):
        close_workspace(asked.settings.workspace_url)
        (asked.settings.data_dir / "workspace.db").unlink()
        anew = dataclasses.replace(asked, workspace=workspace_of(asked.settings))
        assert anew.workspace.revision() == 0 or anew.workspace.revision() == asked.workspace.revision()
        assert disk_cache.kept(anew) is None

    def test_a_list_of_the_city(self, asked):
        (asked.settings.data_dir / "municipal_services.csv").write_text("name\n", encoding="utf-8")
        assert disk_cache.kept(asked) is None

    def test_another_release(self, asked, monkeypatch):
        monkeypatch.setattr(disk_cache, "_release", lambda: "next")
        assert disk_cache.kept(asked) is None

    def test_whoever_may_see_less_is_never_served_from_it(self, asked):
        limited = dataclasses.replace(asked, warehouse=asked.warehouse.limited_to(frozenset()))
        assert disk_cache.kept(limited) is None
        assert disk_cache.place_of(limited) is None

    def test_what_is_written_while_an_answer_is_made_leaves_nothing_behind(self, asked):
        other = dataclasses.replace(asked, filters=dataclasses.replace(asked.filters, compare="none"))
        place = disk_cache.place_of(other)
        made = disk_cache.work_out(other)
        _write(asked.workspace)
        disk_cache.keep(other, made, place)
        assert not place.exists()

    def test_a_new_snapshot_takes_the_answers_of_the_old_one_away(self, asked):
        old = disk_cache.place_of(asked).parent
        publish(asked.settings)
        anew = questions(asked.settings)[0]
        assert disk_cache.kept(anew) is None
        disk_cache.keep(anew, disk_cache.work_out(anew), disk_cache.place_of(anew))
        assert disk_cache.kept(anew)
        assert not old.exists()
        assert snapshots.published(asked.settings.warehouse_dir).name == anew.warehouse.name

    def test_only_so_many_are_kept(self, asked, monkeypatch):
        monkeypatch.setattr(disk_cache, "CACHE_SIZE", 2)
        made = disk_cache.work_out(asked)
        for days in range(4):
            other = dataclasses.replace(
                asked, filters=dataclasses.replace(asked.filters, start=dt.date(2025, 1, 1 + days))
            )
            disk_cache.keep(other, made, disk_cache.place_of(other))
        assert len(list(disk_cache.place_of(asked).parent.iterdir())) == 2

    @pytest.mark.parametrize("damage", ["empty", "cut", "another bit", "not ours"])
    def test_a_damaged_file_is_worked_out_again(self, asked, damage):
        place = disk_cache.place_of(asked)
        whole = place.read_bytes()
        at = len(whole) // 2
        damaged = {
            "empty": b"",
            "cut": whole[:at],
            "another bit": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
            "not ours": b"\x81\xa6answer\xc0",
        }
        place.write_bytes(damaged[damage])
        assert disk_cache.kept(asked) is None
        place.write_bytes(whole)
        assert disk_cache.kept(asked)


def _write(workspace):
    add_annotation(workspace, Annotation(date=dt.date(2025, 11, 3), label="Umbau", kind="own"), "somebody")


def test_nothing_is_kept_of_a_lake(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    asked = questions(settings)[0]
    lake = dataclasses.replace(asked, settings=settings.model_copy(update={"warehouse": "spark"}))
    assert disk_cache.place_of(lake) is None
    assert isinstance(asked, Asked)
    close_workspace(settings.workspace_url)
