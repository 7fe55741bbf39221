"""Compares an answer with what is expected of it, and fails on whatever it says that nobody expected.

Figures, headlines and numeric columns are either in the `Expected` of an answer or in `NOT_JUDGED`, which says why not,
and which test looks at it instead. So a new exhibit, column or figure cannot slip by.
"""

from __future__ import annotations

import datetime as dt
import math
import re

from tests.truth.oracle import SWITCH, Expected, Oracle, other_period
from tests.truth.writing import figure

ESTIMATE = "an estimate, taken from the answer: tests/estimates hold how often it errs"
BOUNDED = "the curve decides which pages count: only bounds of it are worked out (oracle_services._unmet)"
PROPOSED = "proposals, no figure of the property:"
LONG_LIST = "tells the number of rows only where all of them are shown (oracle_opportunities)"
WEIGHED = "drawn weights: tests/prioritisation hold the draws, tests/answers/workshop what is said of them"
SOMETIMES = (
    "judged, but for answers that list only pages in turn for one query (oracle_opportunities._work_list)"
)
PARTLY = frozenset({SOMETIMES, LONG_LIST, ESTIMATE})
"""Reasons that hold for some rows or answers only: what they let pass is judged in others."""
NOT_JUDGED = {
    "work_list/extra": SOMETIMES,
    "brand_words": f"{PROPOSED} tests/answers/queries/test_brand_words.py",
    "tracking_proposals": f"{PROPOSED} tests/answers/rankings/test_tracked.py",
    "mapping_choices": f"{PROPOSED} tests/answers/links/test_mapping_board.py",
    "mapping_proposals": f"{PROPOSED} tests/answers/links/test_mapping_board.py",
    "mapping_conflicts": "faults of what people entered: tests/answers/links/test_mapping_board.py",
    "dead_links": "faults of what people entered: tests/answers/links/test_mapping_board.py",
    "unmapped_queries": "which queries reach no service: tests/answers/links/test_mapping_board.py",
    "page_index": "the state of one page; how many have a finding is judged on Daten (index_state)",
    "page_rivals": "contested queries are judged on Chancen (cannibalisation)",
    "query_neighbours/headline": "which words are shared: tests/answers/base/test_query_groups.py",
    "click_carriers/place": ESTIMATE,
    "click_carriers/rate": "what the place does not explain; the oracle holds that the parts sum up to the change",
    "service_table/unmet_impressions": BOUNDED,
    "service_unmet/unmet": BOUNDED,
    "service_unmet/clicks": BOUNDED,
    "figure:unmet_impressions": BOUNDED,
    "service_feedback/satisfaction_low": ESTIMATE,
    "service_feedback/satisfaction_high": ESTIMATE,
    "municipality_services": "names of services to choose from: tests/answers/services/test_municipalities.py",
    "council_cases": "test_the_councils_table_is_that_of_the_snapshot compares its frame",
    "go_lives": "stages of the list are judged in service_status; its words: tests/answers/report/test_report.py",
    "rank_ranges": WEIGHED,
    **{f"ranking_{lane}/unmet_demand": BOUNDED for lane in ("overall", "startable", "waiting", "unclear")},
    "rank_shares": WEIGHED,
    "next_questions": WEIGHED,
    "ctr_curve": ESTIMATE,
    "decay/lasting_high": ESTIMATE,
    "decay/lasting_low": ESTIMATE,
    "decay/missing_high": ESTIMATE,
    "decay/missing_low": ESTIMATE,
    "potential_pages/extra": ESTIMATE,
    "potential_pages/extra_high": ESTIMATE,
    "potential_pages/extra_low": ESTIMATE,
    "potential_queries/extra": ESTIMATE,
    "potential_queries/extra_high": ESTIMATE,
    "potential_queries/extra_low": ESTIMATE,
    "work_list/extra_high": ESTIMATE,
    "work_list/extra_low": ESTIMATE,
    "outliers_pages/expected": ESTIMATE,
    "outliers_pages/score": ESTIMATE,
    "outliers_topics/expected": ESTIMATE,
    "outliers_topics/score": ESTIMATE,
    "impact_events/effect": ESTIMATE,
    "impact_events/low": ESTIMATE,
    "impact_events/high": ESTIMATE,
    "figure:suchanfragen-in-reichweite": LONG_LIST,
    "striking_distance/headline": LONG_LIST,
    "work_list/headline": LONG_LIST,
    "runs/headline": "no figure in it",
    "week_figures/headline": "no figure in it: tests/answers/digest/test_digest.py",
    "week_queries": "the watch list of a week, judged as tracked_queries: tests/answers/rankings/test_tracked.py",
}
"""Exhibit, exhibit/column, exhibit/headline or figure:id → why it is not compared here, and where it is."""

WHOLE = frozenset(
    {
        *("top_pages", "movers", "page_movers", "page_table", "query_table", "devices", "position_mix"),
        *("bands_queries", "bands_impressions", "bands_pages"),
    }
)
"""Exhibits of which every row is expected; lines have those of the comparison besides."""

ON_DAYS = (
    *("Die Tageswerte", "Verglichen wird nur", "Für den Vergleichszeitraum", "Der freie Vergleich"),
    *("Zeitraum und Vergleichszeitraum", "Im Zeitraum kam", "„Google streicht num=100“ erklärt"),
)
"""How the caveats begin that say what can be compared, of which days, and what Google's switch explains."""
NOTED = (
    *("In beiden Zeiträumen genannt", "Gerechnet mit den Tagen"),
    *("„Google streicht num=100“ erklärt", "„Google-Umstellung“ erklärt"),
)
"""How the notes begin that are worked out as well."""


MAYBE = "Ein Teil der Veränderung kann auf Googles Umstellung vom September 2025 zurückgehen."
SWITCHED = "Vom 10. bis 14. September 2025 stellte Google um: "
COMPARING = frozenset(
    {
        *("position_trend", "impressions_trend", "ctr_trend", "position_by_month", "position_mix"),
        *("page_course", "query_course", "service_course", "click_change", "click_carriers"),
    }
)
"""Exhibits that set position, impressions or click rate of both periods against each other, whatever their columns."""
DAYS_SAID = {
    **dict.fromkeys(("movers", "page_table", "page_movers", "service_pages"), "search_page_day"),
    **dict.fromkeys(("query_table", "questions", "topic_groups", "tracking_proposals"), "search_query_day"),
}
"""Exhibits that say how many days of a grain their differences compare, where these are not the same."""
DAYS_OF = re.compile(r"^Verglichen werden ([\d.]+) mit ([\d.]+) Tagen")
OTHER_SIDES = ("position_impressions", "bands_")
"""Exhibits that set the ends of the period against each other."""
COURSES = ("line", "panels", "stacked_area", "scatter")


def across(*periods: tuple[dt.date, dt.date] | None) -> bool:
    """Whether Google's switch lies between the first and the last of these days, so that it parts them."""
    if not periods or None in periods:
        return False
    first, last = min(one[0] for one in periods), max(one[1] for one in periods)
    return last >= SWITCH[0] and first <= SWITCH[1] and (first < SWITCH[0] or last > SWITCH[1])


class Check:
    """Compares what is shown with what is expected, and counts.

    ``judged`` and ``left`` are the names, as in `NOT_JUDGED`, of what was compared and of what the list lets pass;
    ``sentences`` are the messages and headlines that are as expected, by the name of the check and of the exhibit.
    """

    def __init__(self) -> None:
        self.compared = 0
        self.wrong: list[str] = []
        self.judged: set[str] = set()
        self.left: set[str] = set()
        self.sentences: dict[tuple[str, str], str] = {}

    def adds(self, other: Check) -> None:
        """What another one compared counts here, too."""
        self.compared += other.compared
        self.judged |= other.judged
        self.left |= other.left

    def events(self, name: str, shown: dict, oracle: Oracle, device: str = "") -> None:
        """A switch of Google's is a part of a change only between both periods, and told apart only in a course.

        And of how many days differences are, where both sides have different ones.
        """
        parted = across(oracle.like, oracle.before) and device in ("", "DESKTOP")
        clicks_only = name.startswith(("leistungen", "zuordnung"))
        self.same(f"{name} caveats", MAYBE in shown["caveats"], parted and not clicks_only)
        for exhibit in shown["exhibits"]:
            id_, notes = exhibit["id"], " ".join(exhibit["notes"])
            columns = {field["name"] for field in exhibit["fields"]}
            changed = id_ in COMPARING or {"position", "position_before"} <= columns
            if not id_.startswith(OTHER_SIDES):
                self.same(f"{name} {id_} part of the change", MAYBE in notes, changed and parted)
            if id_ in DAYS_SAID:
                said = [found.groups() for note in exhibit["notes"] if (found := DAYS_OF.match(note))]
                self.same(f"{name} {id_} days", said, _days_compared(oracle, DAYS_SAID[id_]))
            if SWITCHED in notes:
                # Both periods may be drawn without that anything is said of their difference.
                asked = oracle.asked
                drawn = other_period(asked.start, asked.end, asked) if oracle.before is None else None
                inside = id_ == "position_by_month" or across(oracle.now) or across(oracle.now, drawn)
                self.same(f"{name} {id_} switch", inside and exhibit["kind"] in COURSES, True)
                self.same(f"{name} {id_} said once", MAYBE in notes, False)

    def answer(self, name: str, shown: dict, *wanted: Expected) -> None:
        """Everything that is expected of this answer, and that it says nothing else."""
        for part in wanted:
            self.part(name, shown, part)
        judged = {judged for part in wanted for judged in _names_of(part)}
        self.judged |= judged
        for said in sorted(_said(shown) - judged):
            exhibit = said.partition("/")[0]
            own = said if said in NOT_JUDGED else exhibit
            self.left.add(own)
            self.same(f"{name} {said} is neither expected nor in NOT_JUDGED", own in NOT_JUDGED, True)

    def part(self, name: str, shown: dict, wanted: Expected) -> None:
        """Only what is expected of this part of an answer; another test looks at its whole."""
        if wanted.message is not None:
            self.same(f"{name} message", shown["message"], wanted.message)
            self.sentences[name, "Antwort"] = shown["message"]
        figures = {figure["id"]: figure for figure in shown["figures"]}
        for id_, parts in wanted.figures.items():
            for part, value in parts.items():
                self.same(f"{name} {id_}.{part}", figures[id_][part], value)
        exhibits = {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
        for fact, holds in wanted.facts.items():
            self.same(f"{name}: {fact}", holds, True)
        for id_ in wanted.absent:
            self.same(f"{name} {id_}", id_ in exhibits, False)
        if wanted.caveats is not None:
            # The report tells whence each sentence is: "Woher die Zahlen stammen: …".
            plain = [text.removeprefix("Woher die Zahlen stammen: ") for text in shown["caveats"]]
            told = [text for text in plain if text.startswith(ON_DAYS)]
            self.same(f"{name} caveats", told, wanted.caveats)
        for sentence in wanted.told:
            self.same(f"{name} {sentence}", sentence in shown["caveats"], True)
        for id_, headline in wanted.heads.items():
            self.same(f"{name} {id_} headline", exhibits.get(id_, {}).get("headline"), headline)
            self.sentences[name, id_] = headline
        for id_, notes in wanted.noted.items():
            told = [note for note in exhibits.get(id_, {}).get("notes", ()) if note.startswith(NOTED)]
            self.same(f"{name} {id_} notes", told, notes)
        for id_, rows in wanted.rows.items():
            self.rows(f"{name} {id_}", exhibits.get(id_), wanted.keys[id_], rows)

    def rows(self, name: str, exhibit: dict | None, keys: tuple[str, ...], rows: dict) -> None:
        if exhibit is None:
            self.same(name, None, "an exhibit" if rows else None)
            return
        shown = {tuple(row[key] for key in keys): row for row in exhibit["rows"]}
        if exhibit["id"] in WHOLE:
            wanted_keys = {key if isinstance(key, tuple) else (key,) for key in rows}
            self.same(f"{name} further rows", sorted(map(str, set(shown) - wanted_keys)), [])
        for key, columns in rows.items():
            row = shown.get(key if isinstance(key, tuple) else (key,))
            if row is None:
                self.same(f"{name} {key}", None, "a row")
                continue
            for column, value in columns.items():
                # A column of which nothing is known is left out.
                self.same(f"{name} {key} {column}", row.get(column), value)

    def same(self, where: str, shown: object, wanted: object) -> None:
        self.compared += 1
        if isinstance(shown, list) and isinstance(wanted, list):
            equal = len(shown) == len(wanted) and all(map(_equal, shown, wanted))
        else:
            equal = _equal(shown, wanted)
        if not equal:
            self.wrong.append(f"{where}: {shown!r} instead of {wanted!r}")


def _days_compared(oracle: Oracle, table: str) -> list[tuple[str, str]]:
    """Days with data of both sides, as they are written, where they differ and can be compared."""
    if oracle.like is None or oracle.before is None or oracle.factor(table) is None:
        return []
    like, before = oracle.days(table)
    return [] if like == before else [(figure(like), figure(before))]


def _said(shown: dict) -> set[str]:
    """The names of all that an answer says in numbers: figures, headlines, columns with a number in any row."""
    said = {f"figure:{figure['id']}" for figure in shown["figures"]}
    for exhibit in shown["exhibits"]:
        said.add(f"{exhibit['id']}/headline")
        said |= {
            f"{exhibit['id']}/{name}"
            for row in exhibit["rows"]
            for name, value in row.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
    return said


def _names_of(wanted: Expected) -> set[str]:
    """The names of all that is expected, in the same form."""
    names = {f"figure:{id_}" for id_ in wanted.figures} | {f"{id_}/headline" for id_ in wanted.heads}
    for id_, rows in wanted.rows.items():
        names |= {f"{id_}/{key}" for key in wanted.keys[id_]}
        names |= {f"{id_}/{column}" for columns in rows.values() for column in columns}
    return names


def _equal(shown: object, wanted: object) -> bool:
    """Numbers as far as two engines add alike, anything else exactly."""
    if isinstance(shown, int | float) and isinstance(wanted, int | float):
        return math.isclose(shown, wanted, rel_tol=1e-9, abs_tol=1e-9)
    return shown == wanted
