"""Past its time goes, everything else stays; counting alone deletes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from portalkompass import workspace
from portalkompass.operations import originals
from portalkompass.operations.retention import Removed, apply_retention
from portalkompass.settings import Settings
from portalkompass.workspace.storage.tables import audit, ballots, scenarios, voting_rounds
from tests.operations.conftest import clicks, labels

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def with_history(city: Settings) -> workspace.Workspace:
    """One audit line and one ballot on each side of its limit, a round that nobody closed, two folders."""
    opened = workspace.workspace_of(city)
    with opened.collecting() as connection:
        connection.execute(sa.update(audit).values(at=NOW))
        for days in (729, 731):
            connection.execute(
                sa.insert(audit).values(at=ago(days), who="Ada", what=f"vor {days}", detail="")
            )
        lists: dict[str, object] = {
            name: {} for name in ("criteria", "weights", "anchors", "assessments", "matrix")
        }
        scenario = {"id": 901, "name": "S", "created_at": NOW, "updated_at": NOW, **lists}
        connection.execute(sa.insert(scenarios).values(**scenario))
        for number, closed, expires in ((1, ago(89), ago(95)), (2, ago(91), ago(95)), (3, None, ago(91))):
            connection.execute(
                sa.insert(voting_rounds).values(
                    id=number,
                    code=f"c{number}",
                    scenario_id=901,
                    criteria=[],
                    shown=True,
                    opened_by="",
                    opened_at=ago(99),
                    expires_at=expires,
                    closed_at=closed,
                )
            )
            connection.execute(
                sa.insert(ballots).values(
                    round_id=number, participant="p", nickname="Ada", weights={}, cast_at=ago(95)
                )
            )
    for days in (29, 31):
        (city.data_dir / f"vor-rueckspielung-{ago(days):%Y%m%dT%H%M%S%fZ}").mkdir()
    return opened


def left(opened: workspace.Workspace) -> tuple[list[str], list[int]]:
    with opened.reading() as connection:
        lines = connection.execute(sa.select(audit.c.what).where(audit.c.what.like("vor %"))).scalars()
        return list(lines), list(connection.execute(sa.select(ballots.c.round_id)).scalars())


def test_only_what_is_past_its_time_goes(city: Settings) -> None:
    opened = with_history(city)
    assert apply_retention(city, opened, NOW) == Removed(audit_lines=1, ballots=2, laid_aside=1)
    assert left(opened) == (["vor 729"], [1])
    assert len(list(city.data_dir.glob("vor-rueckspielung-*"))) == 1
    assert "Relaunch" in labels(city)
    assert clicks(city) == 15
    assert apply_retention(city, opened, NOW) == Removed(0, 0, 0)


def test_a_dry_run_counts_and_deletes_nothing(small_city: Settings) -> None:
    opened = with_history(small_city)
    before = left(opened)
    assert apply_retention(small_city, opened, NOW, dry_run=True) == Removed(1, 2, 1)
    assert left(opened) == before
    assert len(list(small_city.data_dir.glob("vor-rueckspielung-*"))) == 2


def test_originals_of_imports_go_when_their_time_is_up(small_city: Settings, tmp_path: Path) -> None:
    for days in (399, 401):
        file = tmp_path / f"{days}.csv"
        file.write_text(str(days), encoding="utf-8")
        assert originals.keep(small_city.model_copy(update={"today": ago(days).date()}), file)
    opened = workspace.workspace_of(small_city)
    assert apply_retention(small_city, opened, NOW, dry_run=True).originals == 1
    assert len(originals.kept(small_city)) == 2
    assert apply_retention(small_city, opened, NOW).originals == 1
    assert [path.read_text(encoding="utf-8") for path in originals.kept(small_city)] == ["399"]
