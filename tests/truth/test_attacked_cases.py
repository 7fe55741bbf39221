"""No hidden count of the departments' cases follows from tables, cards, the council's years and the transactions file.

The attacker has them for every period, knows which cells are hidden and how that is decided, and the total of every
month: the city's, and that of each service of which a cell is shown. ATTACKED_WORLDS says how many worlds are drawn.
"""

import itertools
import logging
import math
import os
import random
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from etl.store.publish import draft
from portalkompass.answers.services.case_rows import CHANNELS, case_cards, case_cells, case_states, case_table
from portalkompass.answers.services.case_years import council_table
from portalkompass.answers.services.transactions import months_told, transactions
from portalkompass.exports.disclosure_control import outgoing
from tests.truth.attacker import Attacker
from tests.truth.drawn_portal import MONTHS, last_day, opened
from tests.warehouse_fixture import publish, settings_for

LOG = logging.getLogger(__name__)
WORLDS = int(os.environ.get("ATTACKED_WORLDS", "1"))
COUNTS = ("cases", "applications", "end_to_end", "backlog")
SERVICES = ("bauportal", "feinstaubplakette", "hundesteuer", "reitkennzeichen")
SPLITS = (("all",), ("online", "counter"), ("online", "counter", "post"), ("online",))
RANGES = [(first, last_day(last)) for first, last in itertools.combinations_with_replacement(MONTHS, 2)]
WORLD = settings(
    max_examples=WORLDS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def drawn(seed, every=MONTHS):
    """Rows of ``service_cases``: services with few and many cases, by channel or as one sum, some counts unknown."""
    chance = random.Random(seed)
    rows = []
    for service in SERVICES:
        channels, size = chance.choice(SPLITS), chance.choice((3, 9, 40, 300))
        knows = {
            name: chance.random() < share for name, share in zip(COUNTS, (1, 0.7, 0.4, 0.5), strict=True)
        }
        for month, channel in itertools.product(every, channels):
            cases = chance.randint(0, chance.choice((4, size)))
            counts = {
                "cases": cases,
                "applications": chance.randint(0, cases),
                "end_to_end": chance.randint(0, cases),
                "backlog": chance.randint(0, chance.choice((4, size))),
            }
            told = {name: float(count) if knows[name] else math.nan for name, count in counts.items()}
            rows.append({"service": service, "month": pd.Timestamp(month), "channel": channel, **told})
    return pd.DataFrame(rows).sort_values(["month", "service", "channel"], ignore_index=True)


def cells_of(rows, name):
    """The cells of the rows that know this count, each with weight 1."""
    known = rows[rows[name].notna()]
    return {
        (name, *key): 1 for key in known[["service", "month", "channel"]].itertuples(index=False, name=None)
    }


def know_the_method(attacker, rows):
    """States, bounds and totals; ``rows`` are those of `case_cells`. The result is the truth by cell."""
    truth = {}
    for row in rows.to_dict("records"):
        for name in COUNTS:
            if math.isnan(count := row[name]):
                continue
            cell = (name, row["service"], row["month"], row["channel"])
            truth[cell] = count
            state = row[f"{name}_state"]
            bounds = {"shown": (count, count), "below": (0, 4), "withheld": (5, math.inf)}[state]
            attacker.bounds(cell, *bounds)
            if name in ("applications", "end_to_end") and not math.isnan(row["cases"]):
                attacker.knows({cell: 1, ("cases", *cell[1:]): -1}, -math.inf, 0)
    for by in (["month"], ["month", "service"]):
        for (_, own), name in itertools.product(rows.groupby(by), COUNTS):
            if (own.loc[own[name].notna(), f"{name}_state"] == "shown").any():
                attacker.knows(cells_of(own, name), own[name].sum(), own[name].sum())
    return truth


def withstands(attacker, truth):
    """Every count below 5 can be all of 0 to 4; how many there were."""
    assert attacker.holds(truth)
    small = [cell for cell, count in truth.items() if count < 5]
    for cell in small:
        low, high = attacker.interval(cell)
        assert low < 1e-6 and high > 4 - 1e-6, (cell, truth[cell], low, high)
    return len(small)


def plain(value):
    """A cell of a frame as the attacker reads it."""
    return None if not isinstance(value, str) and pd.isna(value) else value


def read_table(attacker, rows, exhibit):
    names = {label: channel for channel, label in CHANNELS.items()}
    for line in outgoing(exhibit).frame.to_dict("records"):
        own = rows[(rows["month"] == line["month"]) & (rows["channel"] == names[line["channel_name"]])]
        for name in COUNTS:
            attacker.reads(cells_of(own, name), plain(line.get(name)))


def read_cards(attacker, rows, cards):
    for card in cards:
        if card.id == "cases" and card.value != "unbekannt":
            attacker.reads(cells_of(rows, "cases"), card.value if card.number is None else float(card.number))


def read_council(attacker, rows, exhibit, names):
    for line in outgoing(exhibit).frame.to_dict("records"):
        own = rows[(rows["service"] == names[line["name"]])]
        parts = {"cases": ("cases", own), "backlog": ("backlog", own[own["month"] == own["month"].max()])}
        parts |= {channel: ("cases", own[own["channel"] == channel]) for channel in CHANNELS}
        for column, (name, part) in parts.items():
            if plain(line.get(column)) not in (None, "unbekannt"):
                attacker.reads(cells_of(part, name), plain(line[column]))


def read_transactions(attacker, rows, question, month, names):
    online = rows[(rows["month"] == pd.Timestamp(month)) & (rows["channel"] == "online")]
    for line in transactions(question, month, "first").rows.to_dict("records"):
        own = online[online["service"].isin([names[name] for name in line["service_name"].split(", ")])]
        attacker.reads(cells_of(own, "applications"), line["transactions"])


def published(folder, rows, *further):
    own = settings_for(folder)
    publish(own)
    with draft(own) as connection:
        connection.execute("DELETE FROM service_cases")
        for row in rows.to_dict("records"):
            counts = [None if math.isnan(row[name]) else int(row[name]) for name in COUNTS]
            connection.execute(
                f"INSERT INTO service_cases (municipality, service, month, channel, {', '.join(COUNTS)}, import_id) "
                "VALUES ('leverkusen', ?, ?, ?, ?, ?, ?, ?, 'x')",
                [row["service"], row["month"].date(), row["channel"], *counts],
            )
        for statement in further:
            connection.execute(statement)
    return own


def attack(house):
    """The attacker after he has read everything of every period, and the truth."""
    attacker, every = Attacker(), case_cells(house.question(start=MONTHS[0], end=last_day(MONTHS[-1])))
    truth = know_the_method(attacker, every)
    for start, end in RANGES:
        question = house.question(start=start, end=end)
        inside = every[every["month"].between(pd.Timestamp(start), pd.Timestamp(end))]
        for service, own in inside.groupby("service"):
            read_table(attacker, own, case_table(question, service, service))
            read_cards(attacker, own, case_cards(question, service))
        listed = names_of(question)
        before = every[every["month"] <= pd.Timestamp(end)]
        read_council(attacker, before, council_table(question), listed)
        for month in months_told(question):
            read_transactions(attacker, every, question, month, listed)
    return attacker, truth


def names_of(question):
    """Name → service of those drawn."""
    listed = question.warehouse.ask(lambda t: t["services"].select("service", "name"))
    return {name: service for service, name in listed.itertuples(index=False, name=None)} | {
        service: service for service in SERVICES
    }


def test_no_hidden_count_of_cases_can_be_computed():
    tally = Counter()

    @WORLD
    @given(st.integers(0, 2**32 - 1).map(drawn))
    def attacked(rows):
        with tempfile.TemporaryDirectory() as folder, opened(published(Path(folder), rows)) as house:
            tally["cells"] += withstands(*attack(house))
        tally["worlds"] += 1

    attacked()
    LOG.info("Worlds %(worlds)s, cells tried %(cells)s, recovered 0", tally)
    assert tally["cells"] > 10 * WORLDS


@settings(WORLD, max_examples=8 * WORLDS)
@given(st.integers(0, 2**32 - 1).map(drawn))
def test_what_is_hidden_withstands_the_totals_of_the_city_and_of_its_services(rows):
    attacker = Attacker()
    withstands(attacker, know_the_method(attacker, rows.join(case_states(rows))))


def test_two_totals_that_are_looked_at_one_by_one_give_a_small_service_away():
    attacker = Attacker()
    attacker.bounds("s0", 0, 4)
    attacker.bounds("s1 online", 5, math.inf)
    attacker.bounds("s1 counter", 20, 20)
    attacker.knows({"s0": 1, "s1 online": 1, "s1 counter": 1}, 32, 32)
    assert attacker.interval("s0") == (0, 4)
    attacker.knows({"s1 online": 1, "s1 counter": 1}, 30, 30)
    assert attacker.interval("s0") == (2, 2)
