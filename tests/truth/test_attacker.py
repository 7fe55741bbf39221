"""No hidden count of applications or cases follows from all that leaves the app, whatever is asked.

The attacker has every period, two states of the data, two ways of mapping pages, and more than the exports say:
which page of which month is hidden, all others, and the total of every month. ATTACKED_WORLDS says how many portals
are drawn.
"""

import contextlib
import csv
import dataclasses
import datetime as dt
import io
import itertools
import logging
import math
import os
import random
import re
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from portalkompass.answers.asking import ask
from portalkompass.answers.base import link_rows
from portalkompass.answers.queries import portal_search
from portalkompass.answers.services import small_counts
from portalkompass.exports import files
from portalkompass.screens import SCREENS
from portalkompass.screens.answer_json import as_json
from portalkompass.screens.requests import Options, RequestFault, request_of
from portalkompass.suppression import suppress
from portalkompass.ui.components import grids
from tests.answers.conftest import open_changed
from tests.truth.attacker import Attacker
from tests.truth.drawn_portal import (
    MONTHS,
    MOVED,
    PAGES,
    SERVICES,
    drawn,
    house_of,
    last_day,
    link,
    portals,
    until,
)
from tests.warehouse_fixture import SITE

LOG = logging.getLogger(__name__)
WORLDS = int(os.environ.get("ATTACKED_WORLDS", "1"))
CSV = files.format_of("csv")
RANGES = [(first, last_day(last)) for first, last in itertools.combinations_with_replacement(MONTHS, 2)]
CUT = [
    (MONTHS[0], dt.date(2025, 11, 29)),
    (dt.date(2025, 8, 2), dt.date(2025, 10, 31)),
    (MONTHS[1], dt.date(2025, 10, 14)),
]
"""Periods that cut a month: their differences to whole ones would be days."""
EARLIER = dt.date(2025, 11, 15)
CARDS = 2
"""Services of a world of which the card of every period is read, too."""
WORLD = settings(
    max_examples=WORLDS,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Portal:
    """The truth about drawn rows: counts by cell, and which of them the method leaves out."""

    def __init__(self, rows):
        self.truth, self.starts = {}, {}
        cells = {}
        for row in rows:
            cells.setdefault((row.path, row.start.replace(day=1)), []).append(row)
        for (path, month), parts in cells.items():
            starts = [part.starts for part in parts if part.starts is not None]
            applications = sum(part.applications for part in parts)
            if starts and sum(starts) == 0 and applications < 5:
                continue
            self.truth["applications", path, month] = applications
            self.starts[path, month] = sum(starts) if starts else math.inf
            if all(part.cases is not None for part in parts):
                self.truth["cases_total", path, month] = sum(part.cases for part in parts)

    def weights(self, count, shares, start, end):
        """The cells of whole months of the period, and with which share each of them counts."""
        return {
            cell: shares[cell[1]]
            for cell in self.truth
            if cell[0] == count and cell[1] in shares and start <= cell[2] and last_day(cell[2]) <= end
        }

    def starts_of(self, weights):
        """The starts in these cells, as far as they are known: what a rate of applications is divided by."""
        known = {cell: self.starts[cell[1:]] for cell in weights}
        return sum(weights[cell] * count for cell, count in known.items() if math.isfinite(count))

    def small(self):
        """The cells that must not be known."""
        return [cell for cell, count in self.truth.items() if count < 5]

    def top(self, cell):
        """The most that everybody may think of a hidden count."""
        count, path, month = cell
        return min(4, self.starts[path, month]) if count == "applications" else 4


def shares_of(mapped):
    """service → path → share."""
    found = {service: {} for service in SERVICES}
    for path, services in mapped.items():
        for service, share in services.items():
            found[service][path] = share
    return found


def answered(house, slug, **options):
    """Question, answer and JSON of a screen."""
    named = {name: str(value) for name, value in options.items()}
    request = request_of(slug, Options(**named), house.warehouse, house.settings)
    question = ask(house.warehouse, house.workspace, request.filters, house.settings)
    answer = request.answer(question)
    return question, answer, as_json(request, question, answer)


def read_services(attacker, portal, house, start, end, shares):
    """Both tables of the screen, as JSON and as CSV, which say the same."""
    question, answer, found = answered(house, "leistungen", from_=start, to=end, compare="none")
    names = link_rows.names_to_choose(question).set_index("name")["service"]
    for exhibit in found["exhibits"]:
        if exhibit["id"] not in ("service_funnel", "service_table"):
            continue
        in_csv = written(next(one for one in answer.exhibits if one.id == exhibit["id"]))
        for row, line in zip(exhibit["rows"], in_csv, strict=True):
            service = names[row["name"]]
            if service in shares:
                read_row(attacker, portal, row, shares[service], start, end)
            assert [text for head, text in line.items() if head.startswith("Anträge")] == (
                [in_words(row["applications"])] if "applications" in row else []
            )


def written(exhibit):
    text = files.make(exhibit, CSV).decode("utf-8-sig").partition("\r\n\r\n")[0]
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def in_words(cell):
    """A cell of JSON as a CSV writes it."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    return f"{cell:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def read_row(attacker, portal, row, shares, start, end):
    applications, cases = (
        portal.weights(count, shares, start, end) for count in ("applications", "cases_total")
    )
    attacker.reads(applications, row.get("applications"))
    attacker.reads(cases, row.get("cases_total"))
    rates = [row.get("application_rate"), _less(row.get("application_drop_out"))]
    starts = portal.starts_of(applications)
    for rate in (rate for rate in rates if rate is not None):
        attacker.knows(applications, rate * starts, rate * starts)
    if (share := row.get("digital_share")) is not None:
        digital = {("applications", *cell[1:]): weight for cell, weight in cases.items()}
        attacker.knows(digital | {cell: -share * weight for cell, weight in cases.items()}, 0, 0)


def _less(rate):
    return None if rate is None else 1 - rate


def read_detail(attacker, portal, house, service, start, end, shares):
    """The card of one service, whose figures are rounded."""
    _, _, found = answered(house, "leistungen", from_=start, to=end, compare="none", service=service)
    card = next((figure for figure in found["figures"] if figure["label"] == "Anträge"), None)
    applications, cases = (
        portal.weights(count, shares, start, end) for count in ("applications", "cases_total")
    )
    if card is None:
        return
    if re.fullmatch(r"[\d.]+", card["value"]):
        count = float(card["value"].replace(".", ""))
        attacker.knows(applications, count - 0.5, count + 0.5)
    else:
        attacker.reads(applications, card["value"])
    starts = portal.starts_of(applications)
    for percent, of in re.findall(r"(\d+)\s%\s(der Starts|aller Fälle)", card["change"]):
        low, high = (int(percent) - 0.5) / 100, (int(percent) + 0.5) / 100
        if of == "der Starts":
            attacker.knows(applications, (1 - high) * starts, (1 - low) * starts)
        else:
            digital = {("applications", *cell[1:]): weight for cell, weight in cases.items()}
            attacker.knows(digital | {cell: -low * weight for cell, weight in cases.items()}, 0, math.inf)
            attacker.knows(digital | {cell: -high * weight for cell, weight in cases.items()}, -math.inf, 0)


def know_the_method(attacker, portal, states):
    """What is hidden, what is not, and what bounds what; the totals of months in which any count is shown."""
    for cell, count in portal.truth.items():
        low, high = {"shown": (count, count), "below": (0, 4), "withheld": (5, math.inf)}[states[cell]]
        attacker.bounds(cell, low, high)
        if cell[0] == "applications":
            attacker.bounds(cell, 0, portal.starts[cell[1:]])
            if (cases := ("cases_total", *cell[1:])) in portal.truth:
                attacker.knows({cell: 1, cases: -1}, -math.inf, 0)
    for count, month in itertools.product(("applications", "cases_total"), MONTHS):
        cells = [cell for cell in portal.truth if cell[0] == count and cell[2] == month]
        if any(states[cell] == "shown" for cell in cells):
            total = sum(portal.truth[cell] for cell in cells)
            attacker.knows(dict.fromkeys(cells, 1), total, total)


def states_of(house):
    """The state of every cell that the app knows."""
    return states_by_cell(small_counts.base_cells(house.question()))


def states_by_cell(cells):
    """Count, path and month → state."""
    return {
        (count, row["url"].removeprefix(SITE), row["first"].date()): row[f"{count}_state"]
        for row in cells.to_dict("records")
        for count in small_counts.COUNTS
        if not pd.isna(row[count])
    }


def attack(rows, folder):
    """The attacker after he has read everything, and the portal."""
    portal, attacker, mapped = Portal(rows), Attacker(), shares_of(PAGES)
    with house_of(folder / "earlier", until(rows, EARLIER)) as house:
        earlier = states_of(house)
        past = Portal(until(rows, last_day(MONTHS[-2])))
        for start, end in [one for one in RANGES if one[1] == last_day(MONTHS[-1])]:
            read_services(attacker, past, house, start, end, mapped)
    with house_of(folder / "later", rows) as house:
        states = states_of(house)
        for start, end in (*RANGES, *CUT):
            read_services(attacker, portal, house, start, end, mapped)
        looked_at = random.Random(sum(row.applications for row in rows)).sample(SERVICES, CARDS)
        for service, (start, end) in itertools.product(looked_at, RANGES):
            read_detail(attacker, portal, house, service, start, end, mapped[service])
        for path, service in MOVED.items():
            link(house, path, service)
            mapped[service] = mapped[service] | {path: 1.0}
        for start, end in RANGES:
            read_services(attacker, portal, house, start, end, mapped)
    assert states.keys() == portal.truth.keys()
    assert earlier.items() <= states.items()
    know_the_method(attacker, portal, states)
    return attacker, portal


def test_no_hidden_count_can_be_computed():
    tally = Counter()

    @WORLD
    @given(portals)
    def attacked(rows):
        with tempfile.TemporaryDirectory() as folder:
            attacker, portal = attack(rows, Path(folder))
        assert attacker.holds(portal.truth)
        tally["worlds"] += 1
        for cell in portal.small():
            low, high = attacker.interval(cell)
            tally[cell[0]] += 1
            assert low < 1e-6 and high > portal.top(cell) - 1e-6, (cell, portal.truth[cell], low, high)

    attacked()
    LOG.info("Worlds %(worlds)s, cells tried %(applications)s + %(cases_total)s, recovered 0", tally)
    assert tally["applications"] + tally["cases_total"] > 10 * WORLDS


WORDS = ("leinenpflicht", "hausnummer", "wohngeld", "sperrmüll", "kita", "hund", "ausweis")
SEARCHED = {
    (word, month): chance.choice((0, 1, 2, 3, 4, 5, 11, 40))
    for chance in (random.Random(3),)
    for word in WORDS
    for month in MONTHS
}
"""Searches in the portal by word and month; half of them found nothing."""


def searched(folder, searches, personal):
    """A house with these searches, and as many in each month that looked personal."""
    rows = [
        (report, word, month, count)
        for (word, month), searched_for in searches.items()
        for report, count in (("all", searched_for), ("no_result", searched_for // 2))
        if count
    ]
    rows += [("all", "(persönliche Angabe)", month, personal) for month in MONTHS]
    values = ", ".join(
        f"('portal', '{SITE}', '{month}', '{last_day(month)}', '{report}', '{word}', {count}, 'run')"
        for report, word, month, count in rows
    )
    folder.mkdir()
    return open_changed(folder, f"INSERT INTO portal_search VALUES {values}")


def test_no_hidden_word_of_the_portals_own_search_can_be_computed(tmp_path):
    """From all ranges of months; and another portal that differs in hidden counts only says the same to the letter."""
    other = {cell: {2: 3, 3: 2}.get(count, count) for cell, count in SEARCHED.items()}
    assert other != SEARCHED
    houses = searched(tmp_path / "one", SEARCHED, 9), searched(tmp_path / "two", other, 14)
    attacker = Attacker()
    truth = {("searches", *cell): count for cell, count in SEARCHED.items() if count}
    truth |= {("without_result", *cell): count // 2 for cell, count in SEARCHED.items() if count > 1}
    for start, end in RANGES:
        one, two = (
            answered(house, "suchanfragen", view="suche-im-portal", from_=start, to=end)[2]
            for house in houses
        )
        assert one == two
        inside = [cell for cell in truth if start <= cell[2] and last_day(cell[2]) <= end]
        for row in next(part for part in one["exhibits"] if part["id"] == "portal_search_table")["rows"]:
            for name in portal_search.COUNTS:
                own = [cell for cell in inside if cell[:2] == (name, row["keyword"])]
                attacker.reads(dict.fromkeys(own, 1), row[name])
        for figure, name in zip(one["figures"], portal_search.COUNTS, strict=False):
            every = dict.fromkeys((cell for cell in inside if cell[0] == name), 1)
            read = figure["value"] if figure["number"] is None else figure["number"]
            attacker.reads(every, read)
    assert attacker.holds(truth)
    small = [cell for cell, count in truth.items() if count < 5]
    assert len(small) > len(WORDS)
    for cell in small:
        low, high = attacker.interval(cell)
        assert low < 1e-6 and high > 4 - 1e-6, (cell, truth[cell], low, high)


def cells_of(rows):
    """The cells of drawn rows, as the app makes them."""
    names = ["url", "period_start", "period_end", "service_starts", "applications", "cases_total"]
    frame = pd.DataFrame([dataclasses.astuple(row) for row in rows], columns=names)
    dates = frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("period_start", "period_end")})
    return small_counts.cells(dates, pd.Timestamp(last_day(MONTHS[-1])))


@settings(WORLD, max_examples=20 * WORLDS, phases=[Phase.explicit, Phase.generate])
@example(drawn(183))  # few cases, whose total left three applications too little room
@given(portals)
def test_what_is_hidden_withstands_the_totals_of_months(rows):
    portal, attacker = Portal(rows), Attacker()
    know_the_method(attacker, portal, states_by_cell(cells_of(rows)))
    assert attacker.holds(portal.truth)
    for cell in portal.small():
        low, high = attacker.interval(cell)
        assert low < 1e-6 and high > portal.top(cell) - 1e-6, (cell, portal.truth[cell], low, high)


def test_the_attacker_finds_what_a_door_that_looks_at_one_table_at_a_time_lets_through():
    """Counts below 5 hidden by question: a longer period without the shorter one is the hidden month."""
    months = {MONTHS[0]: 3, MONTHS[1]: 20, MONTHS[2]: 30}
    attacker = Attacker()
    for first, last in itertools.combinations_with_replacement(months, 2):
        cells = {month: 1 for month in months if first <= month <= last}
        total = sum(months[month] for month in cells)
        attacker.reads(cells, "< 5" if total < 5 else total)
    assert attacker.interval(MONTHS[0]) == (3, 3)


def test_of_four_pages_with_12_5_12_and_0_the_total_does_not_give_the_0():
    values = [12, 5, 12, 0]
    for order in set(itertools.permutations(values)):
        attacker = Attacker()
        attacker.knows(dict.fromkeys(range(4), 1), sum(values), sum(values))
        for cell, state in enumerate(suppress(order)):
            low, high = {"shown": (order[cell],) * 2, "below": (0, 4), "withheld": (5, math.inf)}[state]
            attacker.bounds(cell, low, high)
        assert attacker.interval(order.index(0)) == (0, 4)


def looks(rows):
    """What may be told of these rows: every count but the hidden ones, the states, and the totals of months."""
    cells = cells_of(rows)
    told = cells.assign(applications=cells["applications"].where(cells["applications_state"] == "shown"))
    return told.fillna(-1).to_dict("records"), cells.groupby("first")["applications"].sum().to_dict()


def twin(rows):
    """Another portal that may not be told apart from this one: in each month one application more here, less there."""
    rows = list(rows)
    for month in MONTHS:
        places = [place for place, row in enumerate(rows) if row.start.replace(day=1) == month]
        for more, less in itertools.permutations(places, 2):
            other = list(rows)
            for place, step in ((more, 1), (less, -1)):
                other[place] = dataclasses.replace(rows[place], applications=rows[place].applications + step)
            possible = all(
                0
                <= row.applications
                <= min(count for count in (row.starts, row.cases, math.inf) if count is not None)
                for row in other
            )
            if possible and looks(other) == looks(rows):
                rows = other
                break
    return rows


def everything(house, start, end):
    """All that every screen says: as JSON, as CSV and as it is sent to the browser."""
    parts = {}
    asked = [(screen.slug, {"view": view.slug}) for screen in SCREENS for view in screen.views if view.topic]
    asked += [("leistungen", {"service": service}) for service in SERVICES]
    asked += [("seiten", {"page": f"{SITE}{path}"}) for path in PAGES]
    for slug, options in asked:
        with contextlib.suppress(RequestFault):
            dated = {"from_": start, "to": end} if slug not in ("priorisierung", "daten") else {}
            _, answer, found = answered(house, slug, **options, **dated)
            parts[slug, *options.values()] = found
            for exhibit in answer.exhibits:
                sent = grids.prepared(exhibit).rows if exhibit.kind == "table" else exhibit
                frame = sent.data if exhibit.kind == "table" else exhibit.frame
                parts[slug, *options.values(), exhibit.id] = (
                    files.make(exhibit, CSV),
                    frame.to_json(date_format="iso"),
                )
    return parts


def _all_said(folder, rows, period):
    with house_of(folder, rows) as house:
        return everything(house, *period)


def test_two_portals_that_differ_in_hidden_counts_only_say_the_same_everywhere():
    """Also in sentences, in the order of rows and in what is sent beside the words of a cell."""
    tally = Counter()

    @settings(WORLD, max_examples=max(1, WORLDS // 2))
    @given(portals, st.sampled_from(RANGES))
    def compared(rows, period):
        other = twin(rows)
        tally["changed"] += sum(one != two for one, two in zip(rows, other, strict=True))
        with tempfile.TemporaryDirectory() as folder:
            one, two = (
                _all_said(Path(folder) / str(place), of, period) for place, of in enumerate((rows, other))
            )
        assert one.keys() == two.keys()
        for name in one:
            assert one[name] == two[name], name

    compared()
    LOG.info("Counts changed without a trace: %(changed)s", tally)
    assert tally["changed"] > WORLDS
