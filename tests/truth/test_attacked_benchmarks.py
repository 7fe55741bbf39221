"""No hidden count follows from twenty files of benchmarks that a city has handed on: every period of six months.

The attacker has all of them, knows which cells are hidden, all others, how each figure is made, and the totals of
`test_attacked_cases`. The rate of applications is that of the screens, which `test_attacker` reads unrounded.
ATTACKED_WORLDS says how many cities are drawn.
"""

import datetime as dt
import itertools
import logging
import math
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.feedback_rows import feedback_cells
from portalkompass.answers.services.for_others.handed_on import handed_on
from portalkompass.exchange.benchmark_file import opened as read_file
from portalkompass.exchange.benchmark_file import signed
from tests.truth.attacker import Attacker
from tests.truth.drawn_portal import last_day, opened
from tests.truth.test_attacked_cases import (
    SERVICES,
    WORLD,
    cells_of,
    drawn,
    know_the_method,
    published,
    withstands,
)

LOG = logging.getLogger(__name__)
WORLDS = int(os.environ.get("ATTACKED_WORLDS", "1"))
MONTHS = tuple(dt.date(2025, month, 1) for month in range(6, 12))
PERIODS = [(first, last_day(last)) for first, last in itertools.combinations_with_replacement(MONTHS, 2)]
FEEDBACK = "answers"
KEYS = {service: f"990010010010{number:02}" for number, service in enumerate(SERVICES)}
HALF = {"online_share": 0.0005, "end_to_end_share": 0.0005, "satisfaction": 0.005}
"""Half of the last decimal that a file tells."""


def drawn_city(seed):
    """Rows of cases, and statements that give each service one key and drawn stars."""
    chance = random.Random(seed + 1)
    stars = [
        f"('leverkusen', '{service}', '{month}', {number}, {chance.randint(1, chance.choice((2, 9)))}, 'i')"
        for service, month, number in itertools.product(SERVICES, MONTHS, (1, 4))
        if chance.random() < 0.7
    ]
    keyed = [
        f"UPDATE services SET leistungsschluessel = ['{key}'] WHERE service = '{service}'"
        for service, key in KEYS.items()
    ]
    return drawn(seed, MONTHS), ("DELETE FROM service_feedback", *keyed,
                                 f"INSERT INTO service_feedback VALUES {', '.join(stars)}")  # fmt: skip


def know_the_feedback(attacker, cells):
    """States and totals of the answers of each month; the result is the truth by cell."""
    truth = {}
    for row in cells.to_dict("records"):
        cell = (FEEDBACK, row["service"], row["month"])
        truth[cell] = row["answers"]
        bounds = {"shown": (row["answers"], row["answers"]), "below": (0, 4), "withheld": (5, math.inf)}
        attacker.bounds(cell, *bounds[row["state"]])
    for month, own in cells.groupby("month"):
        if (own["state"] == "shown").any():
            total = own["answers"].sum()
            attacker.knows({(FEEDBACK, one, month): 1 for one in own["service"]}, total, total)
    return truth


def told_by_method(name, rows):
    """The cells that a share is of, and which of them its part is of, by the definition in the file."""
    if name == "end_to_end_share":
        both = rows[rows["end_to_end"].notna() & rows["cases"].notna()]
        return cells_of(both, "cases"), cells_of(both, "end_to_end")
    split = rows[rows["channel"] != "all"]
    whole = [
        month
        for month, own in split.groupby("month")
        if own["cases"].notna().all() and {"online"} < set(own["channel"])
    ]
    of_share = split[split["month"].isin(whole)]
    return cells_of(of_share, "cases"), cells_of(of_share[of_share["channel"] == "online"], "cases")


def read_figures(attacker, content, rows, cells):
    """Everything that one file says; how many figures these were."""
    services = {key: service for service, key in KEYS.items()}
    read = 0
    for service in content.services:
        name = services[service.keys[0]]
        own, people = rows[rows["service"] == name], cells[cells["service"] == name]
        for measure, figure in service.figures.items():
            read += 1
            if measure == "satisfaction":
                shown = people.loc[people["state"] == "shown", "month"]
                attacker.knows({(FEEDBACK, name, month): 1 for month in shown}, figure.basis, figure.basis)
            elif measure in HALF:
                whole, part = told_by_method(measure, own)
                attacker.knows(whole, figure.basis, figure.basis)
                low, high = (figure.basis * (figure.value + sign * HALF[measure]) for sign in (-1, 1))
                attacker.knows(part, low - 1e-6, high + 1e-6)
    return read


def within(rows, start, end):
    return rows[rows["month"].between(pd.Timestamp(start), pd.Timestamp(end))]


def attack(house, key):
    """The attacker after he has read the file of every period; the truth, and how many figures he read."""
    attacker = Attacker()
    whole = house.question(start=MONTHS[0], end=last_day(MONTHS[-1]))
    rows, cells = case_cells(whole), feedback_cells(whole)
    truth = know_the_method(attacker, rows) | know_the_feedback(attacker, cells)
    read = 0
    for start, end in PERIODS:
        made, _ = handed_on(house.question(start=start, end=end))
        content, _ = read_file(signed(made, key))
        read += read_figures(attacker, content, within(rows, start, end), within(cells, start, end))
    return attacker, truth, read


def test_no_hidden_count_follows_from_twenty_files():
    tally, key = Counter(), OKPKey.generate_key("Ed25519")

    @WORLD
    @given(st.integers(0, 2**32 - 1).map(drawn_city))
    def attacked(city):
        with tempfile.TemporaryDirectory() as folder, opened(published(Path(folder), *_flat(city))) as house:
            attacker, truth, read = attack(house, key)
            tally["cells"] += withstands(attacker, truth)
            tally["figures"] += read
        tally["worlds"] += 1

    attacked()
    LOG.info("Cities %(worlds)s, figures read %(figures)s, cells tried %(cells)s, recovered 0", tally)
    assert len(PERIODS) >= 20
    assert tally["cells"] > 10 * WORLDS
    assert tally["figures"] > 10 * WORLDS


def _flat(city):
    rows, further = city
    return rows, *further


def test_a_share_that_is_made_of_a_hidden_count_would_give_it_away():
    """The same reader is told what `handed_on` leaves out: the share and basis of a month with a small cell."""
    month = pd.Timestamp(2025, 10, 1)
    rows = pd.DataFrame(
        {"service": "bauportal", "month": month, "channel": ["online", "counter"], "cases": [3.0, 97.0]}
    ).assign(end_to_end=float("nan"))
    attacker = Attacker()
    hidden, other = (("cases", "bauportal", month, channel) for channel in ("online", "counter"))
    attacker.bounds(hidden, 0, 4)
    attacker.bounds(other, 5, math.inf)
    assert attacker.interval(hidden) == (0, 4)
    whole, part = told_by_method("online_share", rows)
    attacker.knows(whole, 100, 100)
    attacker.knows(part, 100 * (0.03 - 0.0005), 100 * (0.03 + 0.0005))
    low, high = attacker.interval(hidden)
    assert (round(low), round(high)) == (3, 3)
