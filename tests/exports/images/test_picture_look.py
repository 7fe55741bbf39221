"""The drawn pictures as committed, cell by cell of a coarse grid; fonts are shipped, so that texts stand alike."""

import pytest

from portalkompass import german
from tests.charts import looks

ALLOWED = looks.GRID[0] * looks.GRID[1] // 200
"""Changed cells of a picture that are let pass: half a percent."""


@pytest.mark.parametrize("name", looks.kinds())
def test_every_kind_of_chart_is_drawn_as_committed(name, worker, tmp_path):
    png = looks.png(looks.kinds()[name], worker)
    cells = looks.changed_cells(looks.picture_look(png), looks.committed("pictures")[name])
    drawn = tmp_path / "drawn.png"
    drawn.write_bytes(png)
    assert len(cells) <= ALLOWED, (
        f"{name}: {len(cells)} of {looks.GRID[0] * looks.GRID[1]} cells look different, from {min(cells)} to "
        f"{max(cells)} (across, down); see {drawn}. If this is meant: make look."
    )


def test_a_line_that_goes_is_seen():
    seen = looks.committed("pictures")["kinds/line"]
    blank = ["ff" * looks.GRID[0]] * looks.GRID[1]
    assert len(looks.changed_cells(seen, blank)) > ALLOWED


def test_no_line_breaks_where_a_no_break_space_stands():
    assert german.words(" 11\u00a0von\u00a012 und\n5\u202f% ") == [
        "11\u00a0von\u00a012",
        "und",
        "5\u202f%",
    ]
