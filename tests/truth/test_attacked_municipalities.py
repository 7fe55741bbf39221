"""No hidden click of a page and month follows from the comparison of municipalities, whatever period is asked."""

import datetime as dt
import itertools
import logging
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.store.publish import draft
from portalkompass.answers.services import municipalities
from tests.answers.conftest import exhibit
from tests.truth.attacker import Attacker
from tests.truth.drawn_portal import MONTHS, last_day, opened
from tests.warehouse_fixture import publish, settings_for

LOG = logging.getLogger(__name__)
WORLDS = int(os.environ.get("ATTACKED_WORLDS", "2"))
SITES = tuple(f"https://{name}.example/" for name in ("adorf", "bedorf", "cedorf"))
PATHS = ("leistung/hundesteuer", "leistung/hundemarke")
RANGES = [(first, last_day(last)) for first, last in itertools.combinations_with_replacement(MONTHS, 2)]
CUT = [
    (MONTHS[0], dt.date(2025, 11, 29)),
    (dt.date(2025, 8, 2), last_day(MONTHS[2])),
    (dt.date(2025, 8, 4),) * 2,
]


def drawn(seed):
    """(site, path, month) → impressions and clicks of its first half and its second half."""
    chance = random.Random(seed)
    world = {}
    for cell in itertools.product(SITES, PATHS, MONTHS):
        if chance.random() < 0.9:
            clicks = [chance.randint(0, chance.choice((2, 9, 60))) for _ in range(2)]
            world[cell] = [(count + chance.randint(5, 90), count) for count in clicks]
    return world


def publish_region(folder, world):
    own = settings_for(folder)
    publish(own)
    with draft(own) as connection:
        for site in SITES:
            connection.execute("INSERT INTO sites VALUES (?, ?)", [site, site])
            connection.execute(
                "INSERT INTO search_site_day VALUES (?, 'web', '2025-12-10', 9, 1, 0, 'api')", [site]
            )
        for (site, path, month), halves in world.items():
            for day, (impressions, clicks) in zip((4, 20), halves, strict=True):
                values = [site, month.replace(day=day), f"{site}{path}", impressions, clicks]
                connection.execute(
                    "INSERT INTO search_page_day VALUES (?, 'web', ?, ?, ?, ?, 0, 'api')", values
                )
    return own


def test_no_hidden_click_can_be_computed():
    tally = Counter()

    @settings(
        max_examples=WORLDS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32 - 1).map(drawn))
    def attacked(world):
        truth = {cell: sum(clicks for _, clicks in halves) for cell, halves in world.items()}
        shown = {cell: sum(impressions for impressions, _ in halves) for cell, halves in world.items()}
        attacker = Attacker()
        with tempfile.TemporaryDirectory() as folder, opened(publish_region(Path(folder), world)) as house:
            for start, end in (*RANGES, *CUT):
                answer = house.ask(municipalities, further={"service": "hundesteuer"}, start=start, end=end)
                for row in exhibit(answer, "municipality_comparison").frame.to_dict("records"):
                    cells = {
                        cell: 1
                        for cell in truth
                        if cell[0] == row["site"] and start <= cell[2] and last_day(cell[2]) <= end
                    }
                    told = row["clicks_hidden"] or (None if row["clicks"] != row["clicks"] else row["clicks"])
                    attacker.reads(cells, told)
                    if row["ctr"] == row["ctr"]:
                        clicks = row["ctr"] * sum(shown[cell] for cell in cells)
                        attacker.knows(cells, clicks, clicks)
        for cell, count in truth.items():
            attacker.bounds(cell, *((0, 4) if count < 5 else (count, count)))
        assert attacker.holds(truth)
        for cell in (cell for cell, count in truth.items() if count < 5):
            tally["cells"] += 1
            assert attacker.interval(cell) == (0, 4)

    attacked()
    LOG.info("Cells tried %(cells)s, recovered 0", tally)
    assert tally["cells"] > 2 * WORLDS
