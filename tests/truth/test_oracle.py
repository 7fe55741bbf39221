"""Every screen against plain SQL: filters are drawn, and each number in figures, frames and sentences is compared."""

from __future__ import annotations

import datetime as dt
import functools
import math
import os
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.digest.digest import alert_states, of_last_week
from portalkompass.answers.digest.digest import answer as digest_answer
from portalkompass.answers.overview.figures import figures
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.case_years import council_table
from portalkompass.answers.services.feedback_rows import feedback_cells
from portalkompass.answers.services.small_counts import base_cells
from portalkompass.commands.asking import answered_for
from portalkompass.commands.opening import open_warehouse
from portalkompass.screens.answer_json import as_json
from portalkompass.screens.requests import Options, RequestFault, request_of
from portalkompass.settings import Alert, Digest, Settings
from portalkompass.workspace import annotations, extra_services, links, resolve_all, track, workspace_of
from tests.truth import oracle_details as details
from tests.truth.comparison import NOT_JUDGED, PARTLY, Check
from tests.truth.leap_year import FEBRUARY, FIRST, add_leap_year
from tests.truth.oracle import DAY, LEAST, Asked, Expected, Oracle, month_start
from tests.truth.oracle_audits import add_audits, audit_list, own_audit
from tests.truth.oracle_cases import add_cases, council
from tests.truth.oracle_data import data_state, hours
from tests.truth.oracle_digest import Week, alert_sentence, digest
from tests.truth.oracle_elsewhere import (
    add_cities,
    add_dashboard,
    add_elsewhere,
    add_nearby,
    add_others,
    add_own_cities,
    add_own_dashboard,
)
from tests.truth.oracle_feedback import add_feedback
from tests.truth.oracle_hidden import Withheld, add_applications, add_card
from tests.truth.oracle_opportunities import opportunities
from tests.truth.oracle_ranking import by_lane, due_by_law, off_list, ranking
from tests.truth.oracle_services import municipalities, online_services
from tests.truth.oracle_services import service as service_page
from tests.truth.oracle_topics import rule_groups, topics
from tests.truth.oracle_watched import WATCHED, add_report, generative_ai, portal_search, watch_list
from tests.truth.oracle_weeks import impact, outliers
from tests.truth.oracle_windows import EXPORTS, ONLY_EXPORTS, OfExport, add_exports
from tests.truth.oracle_windows import answering as answering_export
from tests.truth.oracle_windows import course as export_course
from tests.truth.scopes import DEPARTMENTS, Narrowed, chosen, narrow, scopes, widen
from tests.truth.sentences import DOCUMENT, DRAWN, SCOPES, WRITTEN_ANEW, Sentences, collect, document

SITE = "https://portal.leverkusen.example/"
NEIGHBOUR = "https://portal.nachbarstadt.example/"
LAST = dt.date(2025, 12, 15)
TODAY = dt.date(2025, 12, 17)
FILTERED = int(os.environ.get("TRUTH_SCOPES", "8"))
DRAWS = int(os.environ.get("TRUTH_DRAWS", "40"))
# Forty draws of every screen take minutes on a busy machine, a thousand take hours.
pytestmark = pytest.mark.timeout(7200 * max(1, DRAWS // 40))
GRAINS = (
    "search_site_day",
    "search_query_day",
    "search_page_day",
    "search_segment_day",
    "search_page_query_day",
    "search_page_device_day",
    "search_query_device_day",
)


@pytest.fixture(scope="module")
def world(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample data with a leap day and holes: some days of every grain are missing, and months of two grains."""
    folder = tmp_path_factory.mktemp("truth") / "data"
    shutil.copytree(demo_data, folder)
    (snapshot,) = folder.glob("demo/warehouse/*.duckdb")
    chance = random.Random(11)
    with duckdb.connect(str(snapshot)) as db:
        add_leap_year(db, SITE)
        for table in GRAINS:
            for _ in range(4):
                day = FIRST + chance.randrange((LAST - FIRST).days) * DAY
                db.execute(
                    f"DELETE FROM {table} WHERE date BETWEEN ? AND ?", [day, day + chance.randrange(3) * DAY]
                )
        db.execute("DELETE FROM search_page_day WHERE date BETWEEN '2025-03-01' AND '2025-03-31'")
        _add_images(db)
        for table in ("search_query_day", "search_page_query_day"):
            db.execute(f"DELETE FROM {table} WHERE date BETWEEN '2025-05-01' AND '2025-05-31'")
        for grain in ("query", "page_query"):
            keys = "query" if grain == "query" else "url, query"
            month = f"search_{grain}_month"
            db.execute(f"DELETE FROM {month}")
            db.execute(
                f"""INSERT INTO {month} BY NAME
                    SELECT site, search_type, {keys}, date_trunc('month', date)::DATE AS month,
                      sum(impressions)::BIGINT AS impressions, sum(clicks)::BIGINT AS clicks,
                      sum(sum_position) AS sum_position
                    FROM search_{grain}_day WHERE query <> '' GROUP BY ALL"""
            )
            day = f"search_{grain}_day"
            for listed, columns in (("days", "site, search_type, date"), ("queries", "site, query")):
                db.execute(f"DELETE FROM search_grain_{listed} WHERE grain = '{day}'")
                db.execute(
                    f"INSERT INTO search_grain_{listed} BY NAME SELECT DISTINCT '{day}' AS grain, {columns} FROM {day}"
                )
        _add_neighbour(db)
        _add_online_services(db)
        add_others(db)
        add_exports(db, SITE)
        add_report(db, SITE)
    workspace = workspace_of(Settings(data_dir=folder).as_demo())
    for query in WATCHED:
        track(workspace, SITE, query, "Ina")
    add_audits(workspace)
    return folder


def _add_images(db: duckdb.DuckDBPyConnection) -> None:
    """A second kind of search: fewer impressions on other places, from 10 February 2025 on."""
    for table in GRAINS:
        db.execute(
            f"""INSERT INTO {table} SELECT * REPLACE ('image' AS search_type, impressions // 2 AS impressions,
                  clicks // 7 AS clicks, sum_position * 1.5 AS sum_position)
                FROM {table} WHERE search_type = 'web' AND date >= '2025-02-10' AND impressions >= 2"""
        )


def _add_neighbour(db: duckdb.DuckDBPyConnection) -> None:
    """Another city with the same pages, fewer clicks and other places, whose archive ends earlier and has gaps."""
    db.execute("INSERT INTO sites VALUES (?, 'nachbarstadt')", [NEIGHBOUR])
    moved = f"replace(url, '{SITE}', '{NEIGHBOUR}')"
    db.execute(f"INSERT INTO pages SELECT * REPLACE (? AS site, {moved} AS url) FROM pages", [NEIGHBOUR])
    for table, url in (("search_page_day", f", {moved} AS url"), ("search_site_day", "")):
        db.execute(
            f"""INSERT INTO {table} SELECT * REPLACE (? AS site{url}, clicks // 25 AS clicks,
                  impressions // 3 AS impressions, sum_position / 4 AS sum_position)
                FROM {table} WHERE date <= '2025-12-08' AND impressions >= 3""",
            [NEIGHBOUR],
        )
    db.execute(
        """INSERT INTO ingest_ledger SELECT * REPLACE (? AS site, CASE WHEN day(date) = 13 THEN 'failed' ELSE 'done' END
             AS state) FROM ingest_ledger
           WHERE grain = 'search_site_day' AND date <= '2025-12-08' AND day(date) NOT IN (20, 21)""",
        [NEIGHBOUR],
    )


def _add_online_services(db: duckdb.DuckDBPyConnection) -> None:
    """Reports for every other key of the list, some of them broken, and for keys that no service carries."""
    db.execute(
        """INSERT INTO online_services SELECT leika_key, '050000000000', 'https://dienst.example/' || n, 'Dienst ' || n,
             'host' || n % 3, CASE WHEN n % 5 = 0 THEN 'fehler' ELSE 'ok' END, n % 7 > 0, 'ja', DATE '2025-12-01', 'x'
           FROM (SELECT CASE WHEN n % 4 = 0 THEN '9' || leika_key ELSE leika_key END AS leika_key, n FROM (
             SELECT unnest(leistungsschluessel) leika_key, row_number() OVER (ORDER BY service) n FROM services)
             WHERE n % 2 = 0)"""
    )


GRAINED = ("verlauf", "positionen", "themen-und-geraete")
"""Views that draw by day, week or month, as do those of one page, query or service."""


@pytest.fixture(scope="module")
def asked_in(world: Path):
    """Asks a screen of that world; the environment is set for the module only."""
    changed = pytest.MonkeyPatch()
    changed.setenv("PORTALKOMPASS_DATA_DIR", str(world))
    changed.setenv("PORTALKOMPASS_TODAY", TODAY.isoformat())
    changed.setenv("PORTALKOMPASS_LOCAL_SETTINGS", os.devnull)

    def ask(screen: str, view: str, asked: Asked, **further: str) -> dict:
        if screen == "daten" or view == "stunden":
            return as_json(*answered_for(screen, Options(view=view), demo=True))
        days = {"from_": asked.start.isoformat(), "to": asked.end.isoformat()}
        if screen == "wirkung":
            return as_json(*answered_for(screen, Options(**days, **further), demo=True))
        compares = view not in ("auffaelligkeiten", "chancen", "generative-ki", "suche-im-portal")
        options = Options(
            view=view,
            **days,
            compare=asked.compare if compares else "",
            compare_from=asked.since.isoformat() if compares and asked.since else "",
            compare_to=asked.until.isoformat() if compares and asked.until else "",
            grain=asked.grain
            if view in GRAINED or (view != "kommunen" and {"page", "query", "service"} & set(further))
            else "",
            **further,
        )
        return as_json(*answered_for(screen, options, demo=True))

    yield ask
    changed.undo()


@pytest.fixture(scope="module")
def snapshot(world: Path, tmp_path_factory: pytest.TempPathFactory):
    """A copy: one process opens a file with one configuration only, and the app's is its own."""
    (path,) = world.glob("demo/warehouse/*.duckdb")
    copy = shutil.copy(path, tmp_path_factory.mktemp("oracle"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        connection.execute("CREATE TEMP TABLE linked (url VARCHAR, service VARCHAR)")
        pages = _links(connection, world)["service_page"][["url", "service"]]
        connection.executemany("INSERT INTO linked VALUES (?, ?)", pages.values.tolist())
        yield connection


@st.composite
def filters(draw: st.DrawFn) -> Asked:
    """Whole months as readers mostly ask, or any days; every comparison; every grain."""
    if draw(st.booleans()):
        first = month_start(2024, 8 + draw(st.integers(0, 15)))
        months = draw(st.integers(1, 12))
        start, end = first, month_start(first.year, first.month + months) - DAY
    else:
        start = FIRST + draw(st.integers(0, (LAST - FIRST).days)) * DAY
        end = start + draw(st.integers(0, 200)) * DAY
    end = min(end, LAST)
    compare = draw(st.sampled_from(("year", "previous", "free", "none")))
    since = FIRST + draw(st.integers(0, (LAST - FIRST).days)) * DAY if compare == "free" else None
    if since and draw(st.booleans()):
        since = since.replace(day=1)
    until = since + draw(st.integers(0, 300)) * DAY if since and draw(st.booleans()) else None
    grain = draw(st.sampled_from(("month", "week", "day")))
    return Asked(start, max(start, end), compare, since, grain, until)


TOTAL = Check()
SENTENCES: Sentences = {}
LONG = max(DRAWS, FILTERED) > 100


def _judge(asked: str, check: Check) -> None:
    """Fails where anything differs; a long run tells it, goes on, and fails at its end."""
    TOTAL.adds(check)
    collect(SENTENCES, asked, check)
    told = f"{asked}\n" + "\n".join(check.wrong[:20])
    if not LONG:
        assert not check.wrong, told
    elif check.wrong:
        TOTAL.wrong.append(told)
        sys.stdout.write(f"\n{told}\n")
        sys.stdout.flush()


@given(filters())
@example(
    Asked(dt.date(2025, 3, 5), dt.date(2025, 3, 12), "previous", None, "week")
)  # no day of pages, earlier ones
@example(DRAWN["A"])
@example(DRAWN["B"])
@example(DRAWN["C"])
@example(FEBRUARY[0])
@example(FEBRUARY[1])
@example(FEBRUARY[2])
@example(FEBRUARY[3])
@example(FEBRUARY[4])
@settings(
    max_examples=DRAWS,
    deadline=None,
    derandomize=DRAWS <= 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
    database=None,
)
def test_every_figure_and_sentence_is_that_of_the_snapshot(world, asked_in, snapshot, asked):
    oracle, check = Oracle(snapshot, SITE, asked), Check()
    if not oracle.headline()["clicks"][0]:
        return

    def look(name: str, shown: dict, *wanted: Expected) -> None:
        check.answer(name, shown, *wanted)
        if name != "bericht":  # compares months of its own
            check.events(name, shown, oracle)

    look("ueberblick", asked_in("ueberblick", "", asked), oracle.overview())
    look("verlauf", asked_in("rankings", "verlauf", asked), oracle.trends())
    look("positionen", asked_in("rankings", "positionen", asked), oracle.positions())
    shown = asked_in("rankings", "themen-und-geraete", asked)
    look("geraete", shown, oracle.groups(), rule_groups(oracle))
    look("seiten", asked_in("seiten", "top-seiten", asked), oracle.pages())
    look("gewinner", asked_in("seiten", "gewinner-und-verlierer", asked), oracle.page_movers())
    shown = asked_in("suchanfragen", "suchanfragen", asked)
    listed = oracle.queries()
    look("suchanfragen", shown, listed, topics(oracle, _known(snapshot, world).fits, listed))
    pages = [page["url"] for page in oracle._pages() if not str(page["url"]).startswith("(")]
    if pages:
        url = pages[len(pages) // 3]
        shown = asked_in("seiten", "", asked, page=url)
        with _narrowed(snapshot, asked, _part("url", url)) as own:
            linked = sum(1 for page, *_ in _known(snapshot, world).links if page == url)
            course = details.of_part(own, shown, "page_course", "search_page_query_day")
            beside = details.page(own, url, linked)
        look(f"seite {url}", shown, oracle.page(url), course, beside)
    mapped = _links(snapshot, world)
    services = [(row.url, row.service, row.share) for row in mapped["service_page"].itertuples()]
    marks = _marks(snapshot, world)
    shown = asked_in("leistungen", "nachfrage", asked)
    known = _known(snapshot, world)
    demand = oracle.services(services, known.extra, marks, shown)
    hidden = _withheld(world)
    add_applications(oracle, demand, known.links, hidden, known.extra)
    add_dashboard(oracle, demand, hidden, TODAY)
    add_cities(oracle, demand, known.links, hidden, TODAY)
    audit_list(snapshot, demand)
    look("leistungen", shown, demand)
    look("zuordnung", asked_in("leistungen", "zuordnung", asked), oracle.mapping(marks))
    demand = oracle.services(services, _known(snapshot, world).extra, marks)
    shown, ranked = asked_in("bericht", "bericht", asked), by_lane(_ranked(snapshot, world, "Nachfrage")[1])
    look("bericht", shown, oracle.report(), demand.only("service_demand"), ranked)
    _judge(f"{asked}", check)
    assert check.compared > 100


drawn_scopes = settings(
    max_examples=FILTERED,
    deadline=None,
    derandomize=FILTERED <= 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
    database=None,
)


@given(filters(), scopes())
@example(DRAWN["A"], SCOPES["A"])
@example(DRAWN["B"], SCOPES["B"])
@example(DRAWN["C"], SCOPES["C"])
@drawn_scopes
def test_every_filtered_figure_is_that_of_the_snapshot(world, asked_in, snapshot, asked, scope):
    check, known = Check(), _known(snapshot, world)
    with _narrowed(snapshot, asked, scope) as oracle:
        something = _check_scope(oracle, check, asked_in, asked, scope, known.fits)
        _check_services(oracle, check, asked_in, scope, known, something)
    _check_lists(snapshot, check, asked_in, asked, scope, known, something)
    _judge(f"{asked} {scope.options}", check)


def _part(column: str, *values: str) -> Narrowed:
    """The scope of one query, or of some pages."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return Narrowed(conditions={column: [f"{column} IN ({listed})"]})


@contextmanager
def _narrowed(snapshot: duckdb.DuckDBPyConnection, asked: Asked, scope: Narrowed) -> Iterator[Oracle]:
    """An oracle of a part of the traffic."""
    oracle = Oracle(snapshot, SITE, asked)
    narrow(oracle, scope)
    try:
        yield oracle
    finally:
        widen(oracle)


VIEWS = (
    ("ueberblick", "", "search_site_day", Oracle.overview),
    ("rankings", "verlauf", "search_site_day", Oracle.trends),
    ("rankings", "positionen", "search_site_day", Oracle.positions),
    ("rankings", "themen-und-geraete", "search_site_day", Oracle.groups),
    ("seiten", "top-seiten", "search_page_day", Oracle.pages),
    ("seiten", "gewinner-und-verlierer", "search_page_day", Oracle.page_movers),
    ("suchanfragen", "suchanfragen", "search_query_day", Oracle.queries),
)


def _check_scope(
    oracle: Oracle, check: Check, asked_in, asked: Asked, scope: Narrowed, fits: set[str]
) -> bool:
    """Every view that the data can narrow so; the others refuse. Whether anything is told of what is chosen."""
    shown = oracle.headline()["impressions"][0] if scope.source("search_site_day") else None
    something = shown is not None and shown >= (LEAST if scope.of_queries else 1)
    for screen, view, table, expected in VIEWS:
        if scope.source(table) is None:
            with pytest.raises(RequestFault):
                asked_in(screen, view, asked, **scope.options)
            continue
        answer = asked_in(screen, view, asked, **scope.options)
        check.same(f"{screen} filters", answer["message"].startswith(f"{scope.told}: "), True)
        if not something:
            check.same(
                f"{screen} nothing",
                [one["id"] for one in answer["exhibits"]],
                ["service_status"][: screen == "ueberblick"],
            )
            continue
        wanted = [expected(oracle)]
        if view == "themen-und-geraete":
            wanted.append(rule_groups(oracle))
        elif view == "suchanfragen":
            wanted.append(topics(oracle, fits, wanted[0]))
        for part in wanted:
            part.message = part.message and f"{scope.told}: {part.message}"
            if scope.of_queries:
                part.figures.pop("hidden_click_share", None)
                part.told.clear()
        check.answer(f"{screen} {view}", answer, *wanted)
        check.events(f"{screen} {view}", answer, oracle, scope.options.get("device", ""))
    return something


@pytest.mark.parametrize("letter", sorted(DRAWN))
def test_another_kind_of_search_is_that_of_the_snapshot(world, asked_in, snapshot, letter):
    """Image search: every view that lets it be chosen, and its name before each answer."""
    asked, check = DRAWN[letter], Check()
    oracle = Oracle(snapshot, SITE, asked, "image")
    for screen, view, _, expected in VIEWS:
        wanted = [expected(oracle)]
        if view == "themen-und-geraete":
            wanted.append(rule_groups(oracle))
        elif view == "suchanfragen":
            wanted.append(topics(oracle, _known(snapshot, world).fits, wanted[0]))
        for part in wanted:
            part.message = part.message and f"Suchtyp Bilder: {part.message}"
        shown = asked_in(screen, view, asked, type="image")
        check.answer(f"{screen} {view} image", shown, *wanted)
        for exhibit in shown["exhibits"]:
            said = "Suchtyp Bilder" in exhibit["subtitle"] and "Suchtyp Bilder" in exhibit["source"]
            check.same(f"{exhibit['id']} names the kind", said, "Google" in exhibit["source"])
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong[:40])


def _check_services(
    oracle: Oracle, check: Check, asked_in, scope: Narrowed, known: Known, something: bool
) -> None:
    """Leistungen by device or department: the demand of all services, or the rows of those that are chosen."""
    if not something or not set(scope.options) <= {"device", "department"}:
        return
    served = DEPARTMENTS.get(scope.options.get("department", ""))
    asked = asked_in("leistungen", "nachfrage", oracle.asked, **scope.options)
    wanted = oracle.services(known.links, known.extra, {})
    rows = {
        row["name"]: row for row in next(e for e in asked["exhibits"] if e["id"] == "service_table")["rows"]
    }
    for name, columns in wanted.rows["service_table"].items():
        for column in ("clicks", "change", "position"):
            if served is None or name in rows:
                check.same(f"leistungen {scope.told} {name} {column}", rows[name][column], columns[column])
    if served is not None:
        names = dict(oracle.all("SELECT service, name FROM services WHERE $site = $site"))
        check.same(f"leistungen {scope.told}", sorted(rows), sorted(names[one] for one in served))


def _check_lists(
    snapshot, check: Check, asked_in, asked: Asked, scope: Narrowed, known: Known, something: bool
) -> None:
    """Chancen and Auffälligkeiten: lists are shortened, what they are judged by is not."""
    oracle = Oracle(snapshot, SITE, asked)
    own = chosen(oracle, scope)
    for screen, view, columns in (
        ("suchanfragen", "chancen", {"url", "query"}),
        ("seiten", "auffaelligkeiten", {"url", "device"}),
    ):
        if not scope.columns <= columns:
            with pytest.raises(RequestFault):
                asked_in(screen, view, asked, **scope.options)
            continue
        shown = asked_in(screen, view, asked, **scope.options)
        if not something:
            check.same(f"{view} nothing", shown["exhibits"], [])
            continue
        if view == "chancen":
            wanted = opportunities(oracle, shown, known.fits, known.changes, own)
        else:
            with _narrowed(snapshot, asked, scope.part("device")) as judged:
                wanted = outliers(judged, shown, own)
        wanted.message = f"{scope.told}: {wanted.message}"
        check.answer(f"{view} {scope.told}", shown, wanted)


@given(filters(), st.integers(0, 10_000))
@example(
    Asked(dt.date(2024, 7, 9), dt.date(2024, 7, 9), "free", dt.date(2025, 8, 13), "day"), 400
)  # no page of the service was clicked
@example(DRAWN["A"], 129)
@example(DRAWN["B"], 400)
@example(DRAWN["C"], 7)
@settings(
    max_examples=max(DRAWS // 4, 10),
    deadline=None,
    derandomize=DRAWS <= 100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
    database=None,
)
def test_what_stands_on_estimates_and_lists_follows_from_the_snapshot(
    world, asked_in, snapshot, asked, drawn
):
    """Chancen, Auffälligkeiten, Wirkung, one service, municipalities; ``drawn`` chooses service and page."""
    oracle, check = Oracle(snapshot, SITE, asked), Check()
    if not oracle.headline()["clicks"][0]:
        return
    known = _known(snapshot, world)
    shown = asked_in("suchanfragen", "chancen", asked)
    check.answer("chancen", shown, opportunities(oracle, shown, known.fits, known.changes))
    shown = asked_in("seiten", "auffaelligkeiten", asked)
    check.answer("auffaelligkeiten", shown, outliers(oracle, shown))
    shown = asked_in("wirkung", "", asked)
    check.answer("wirkung", shown, impact(oracle, shown, known.events, known.links, None))
    url = known.pages[drawn % len(known.pages)]
    day = FIRST + drawn % (LAST - FIRST).days * DAY
    shown = asked_in("wirkung", "", asked, page=url, since=day.isoformat())
    own = impact(oracle, shown, known.events, known.links, (url, day))
    check.answer(f"wirkung {url} {day}", shown, own)
    service = known.services[drawn % len(known.services)]
    shown = asked_in("leistungen", "nachfrage", asked, service=service)
    queries = {query for query, linked in known.queries if linked == service}
    wanted = service_page(oracle, shown, service, known.links, queries)
    _add_facts(oracle, wanted, shown, service, world, known)
    pages = [url for url, linked, _ in known.links if linked == service]
    with _narrowed(snapshot, asked, _part("url", *pages)) as own:
        course = details.of_part(own, shown, "service_course", "search_page_query_day")
    check.answer(f"leistung {service}", shown, wanted, course)
    named = sorted({query for query, _ in known.queries})
    query = named[drawn % len(named)]
    shown = asked_in("suchanfragen", "", asked, query=query)
    with _narrowed(snapshot, asked, _part("query", query)) as own:
        if (own.headline()["impressions"][0] or 0) >= LEAST:
            course = details.of_part(own, shown, "query_course", "search_query_day")
            check.answer(f"anfrage {query}", shown, course, details.query(own, oracle, shown, query))
        else:
            check.same(f"anfrage {query}: nothing", (shown["figures"], shown["exhibits"]), ([], []))
    shown = asked_in("leistungen", "kommunen", asked, service=service)
    check.answer(f"kommunen {service}", shown, municipalities(oracle, service, known.every_link))
    _judge(f"{asked} {drawn}", check)
    assert check.compared > 100


def _add_facts(
    oracle: Oracle, wanted: Expected, shown: dict, service: str, world: Path, known: Known
) -> None:
    """What is known of one service beside the search: cases, stars, its card, others that offer it, its audit."""
    (name,) = oracle.one(
        "SELECT name FROM services WHERE service = $service AND $site = $site", service=service
    )
    named, hidden = (service, name), _withheld(world)
    add_cases(oracle, wanted, shown, named, TODAY, hidden)
    add_feedback(oracle, wanted, shown, named, TODAY, hidden)
    add_card(oracle, wanted, shown, service, known.links, hidden)
    add_elsewhere(oracle, wanted, service, name)
    add_own_dashboard(oracle, wanted, service, name, hidden, TODAY)
    add_own_cities(oracle, wanted, named, known.links, hidden, TODAY)
    own_audit(wanted, service, name)


def test_cases_of_services_are_those_of_the_snapshot(world, asked_in, snapshot):
    """Two periods: one with small counts and a gap, and months that the search data do not reach."""
    check = Check()
    half = Asked(dt.date(2025, 6, 10), dt.date(2025, 12, 15))
    for service, asked in (
        *((name, half) for name in ("fischereischeine", "reitkennzeichen", "bauportal", "haustierhaltung")),
        ("hundesteuer", Asked(dt.date(2024, 1, 1), dt.date(2024, 12, 31))),
    ):
        shown, wanted = asked_in("leistungen", "nachfrage", asked, service=service), Expected()
        _add_facts(Oracle(snapshot, SITE, asked), wanted, shown, service, world, _known(snapshot, world))
        check.part(f"{service} {asked.start}", shown, wanted)
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert check.compared > 500


def test_the_councils_table_is_that_of_the_snapshot(world, asked_in, snapshot):
    """Every sum that is told, and that none is told of which a cell is below 5."""
    warehouse, own = open_warehouse(demo=True)
    question = ask(warehouse, workspace_of(own), default_filters(warehouse, own), own)
    table, check = council_table(question).frame.set_index(["name", "year"]), Check()
    for key, wanted in council(snapshot, (2023, 2024, 2025), dt.date(2025, 11, 30)).items():
        row = table.loc[key]
        check.same(f"{key} months", row["months"], wanted["months"])
        for name, cells in wanted["sums"].items():
            words = row[f"{name}_hidden"]
            if min(cells, default=5) < 5:
                check.same(f"{key} {name} is hidden", words != "", True)
            elif cells and words:
                check.same(f"{key} {name} is withheld", words.startswith(("mind. ", "geheim")), True)
            elif cells:
                check.same(f"{key} {name}", row[name], sum(cells))
        for name in ("online_share", "end_to_end_share"):
            if not math.isnan(row[name]):
                check.same(f"{key} {name}", row[name], wanted[name])
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert check.compared > 300


def test_data_state_and_online_services_are_those_of_the_snapshot(world, asked_in, snapshot):
    """What no period changes."""
    year = Asked(dt.date(2024, 12, 1), dt.date(2025, 11, 30))
    oracle, check = Oracle(snapshot, SITE, year), Check()
    check.answer("daten", asked_in("daten", "", year), data_state(oracle, TODAY))
    check.answer("stunden", asked_in("rankings", "stunden", year), hours(oracle))
    offered = online_services(oracle)
    add_nearby(oracle, offered)
    check.answer("onlinedienste", asked_in("leistungen", "onlinedienste", year), offered)
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert check.compared > 100


def test_figures_of_the_command_are_those_of_the_snapshot(world, asked_in, snapshot):
    """What ``figures --json`` tells from outside of a year with holes: sums, months, pages and the list."""
    year = Asked(dt.date(2024, 12, 1), dt.date(2025, 11, 30), "none")
    oracle, check = Oracle(snapshot, SITE, year), Check()
    warehouse, own = open_warehouse(demo=True)
    told = figures(warehouse, replace(default_filters(warehouse, own), start=year.start, end=year.end), own)
    head, (hidden, *_) = oracle.headline(), oracle.hidden()
    for name in ("clicks", "impressions", "position"):
        check.same(name, told["totals"][name], head[name][0])
    check.same("hidden", told["totals"]["hidden_click_share"], hidden)
    months = oracle.all(
        """SELECT strftime(date, '%Y-%m'), sum(sum_position) / sum(impressions) + 1, count(*), min(date), max(date),
             day(last_day(min(date))) FROM search_site_day WHERE {mine} AND date <= $last GROUP BY 1""",
        last=oracle.last,
    )
    check.same("months", sorted(told["position_by_month"]), sorted(row[0] for row in months))
    for month, place, days, first, last, length in months:
        check.same(month, told["position_by_month"][month], place)
        part = {"from": first.isoformat(), "to": last.isoformat(), "days": days, "of": length}
        check.same(f"{month} in part", told["partial_months"].get(month), part if days < length else None)
    pages = sorted((-page["clicks"], page["url"]) for page in oracle._pages())[:5]
    check.same("pages", [(-page["clicks"], page["url"]) for page in told["top_pages"]], pages)
    listed = "SELECT status_group, count(*) FROM services WHERE municipality = 'leverkusen' AND $site = $site"
    check.same(
        "status",
        told["services"]["by_status"],
        dict(oracle.all(f"{listed} AND status_group IS NOT NULL GROUP BY 1")),
    )
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert len(told["partial_months"]) > 2


def test_the_digest_and_its_alerts_are_those_of_the_snapshot(world, asked_in, snapshot):
    """The week that the digest is about, with alerts on figures of the property, of pages and of a query."""
    week, check = Week(snapshot, SITE), Check()
    rules = (
        *(
            {"measure": name, "threshold": over}
            for name, over in (("clicks", 1), ("position", 3), ("ctr", 0.9))
        ),
        *(
            {"measure": name, "threshold": over, "page_contains": "/leistung/"}
            for name, over in (("clicks", 1), ("impressions", 1), ("position", 1), ("ctr", 0))
        ),
        *(
            {"measure": name, "threshold": 0, "query": "hundesteuer"}
            for name in ("clicks", "impressions", "position")
        ),
    )
    alerts = tuple(Alert(name=f"Alarm {n}", rule="above", **rule) for n, rule in enumerate(rules))
    warehouse, own = open_warehouse(demo=True)
    settings = own.model_copy(update={"digest": Digest(alerts=alerts)})
    question = ask(warehouse, workspace_of(own), default_filters(warehouse, own), settings)
    of_week = of_last_week(question)
    shown = as_json(request_of("ueberblick", Options(), warehouse, own), of_week, digest_answer(question))
    check.answer("wochenbericht", shown, digest(week, shown, _known(snapshot, world).links))
    expected = (
        alert_sentence(
            week,
            alert.name,
            alert.measure,
            alert.threshold,
            alert.page_contains,
            alert.query,
        )
        for alert in alerts
    )
    told = [state.sentence for state in alert_states(question) if state.raised]
    check.same("alerts", told, [sentence for sentence in expected if sentence])
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert len(told) > 5
    assert check.compared > 100


@given(filters(), scopes())
@example(DRAWN["A"], SCOPES["A"])
@example(DRAWN["B"], SCOPES["B"])
@example(DRAWN["C"], SCOPES["C"])
@drawn_scopes
def test_watch_list_ai_and_portal_search_are_those_of_the_snapshot(world, asked_in, snapshot, asked, scope):
    """The three obey the period, the watch list the filters as well; the other two refuse them."""
    oracle, check = Oracle(snapshot, SITE, asked), Check()
    check.answer("beobachtet", asked_in("rankings", "beobachtet", asked), watch_list(oracle, WATCHED))
    check.answer("ki", asked_in("rankings", "generative-ki", asked), generative_ai(oracle))
    check.answer("portal", asked_in("suchanfragen", "suche-im-portal", asked), portal_search(oracle))
    told = scope.source("search_query_day") is not None and not {"country", "appearance"} & scope.columns
    of_list = chosen(oracle, scope)
    with _narrowed(snapshot, asked, scope) as narrowed:
        if told and narrowed.headline()["impressions"][0]:
            tracked = tuple(query for query in WATCHED if of_list.query(query))
            shown = asked_in("rankings", "beobachtet", asked, **scope.options)
            expected = watch_list(narrowed, tracked)
            expected.message = None  # it begins with the filters
            check.answer(f"beobachtet {scope.told}", shown, expected)
    _judge(f"{asked} {scope.options}", check)


def test_exports_that_stand_in_for_days_are_those_of_the_snapshot(world, asked_in, snapshot):
    """Each export by a period that it answers, one that several overlap, and their course."""
    check = Check()
    periods = [
        *EXPORTS,
        (dt.date(2024, 9, 20), dt.date(2025, 2, 10)),
        (dt.date(2025, 4, 20), dt.date(2025, 6, 5)),
    ]
    for start, end in periods:
        days, asked = answering_export(start, end), Asked(start, end, "year")
        own = OfExport.of(snapshot, days)
        try:
            cards = Expected(figures=own.cards())
            for screen, view, wanted in (
                ("ueberblick", "", own.site()),
                ("seiten", "top-seiten", own.pages()),
                ("suchanfragen", "suchanfragen", own.queries()),
                ("rankings", "themen-und-geraete", own.segments()),
            ):
                shown = asked_in(screen, view, asked, site=ONLY_EXPORTS)
                check.part(f"{screen} {start} {end}", shown, wanted)
        finally:
            own.close()
        shown = asked_in("rankings", "verlauf", asked, site=ONLY_EXPORTS)
        check.answer(f"course {start}", shown, export_course(snapshot), cards)
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong[:30])
    assert check.compared > 1000


def test_criteria_and_weeks_are_those_of_the_snapshot(world, asked_in, snapshot):
    """What no filter changes: criteria, points and ranks of two scenarios, and the outlying weeks of pages."""
    check = Check()
    for scenario in ("Nachfrage", "Alle Kriterien"):
        check.answer(scenario, *_ranked(snapshot, world, scenario))
    ranked = _ranked(snapshot, world, "Nachfrage")[1].rows["ranking_overall"]
    year = Asked(dt.date(2024, 12, 1), dt.date(2025, 11, 30))
    odd = asked_in("seiten", "auffaelligkeiten", year)["exhibits"]
    for row in next((one["rows"] for one in odd if one["id"] == "outliers_pages"), []):
        (clicks,) = snapshot.execute(
            """SELECT sum(clicks) FROM search_page_day WHERE search_type = 'web' AND url = ?
                 AND date BETWEEN ? AND ?::DATE + 6""",
            [row["url"], row["week"], row["week"]],
        ).fetchone()
        check.same(f"week {row['url']} {row['week']}", row["clicks"], clicks)
    TOTAL.adds(check)
    assert not check.wrong, "\n".join(check.wrong)
    assert check.compared > 20 * len(ranked) > 0


def test_the_sentences_of_three_drawn_filters_are_those_of_the_document():
    """Runs after the draws."""
    written = document(SENTENCES)
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text(written, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == written, WRITTEN_ANEW


def test_what_was_compared():
    """Runs after the draws."""
    sys.stdout.write(f"\n{TOTAL.compared} values compared, differences in {len(TOTAL.wrong)} draws\n")
    assert not TOTAL.wrong, "\n\n".join(TOTAL.wrong)
    always = {name for name, reason in NOT_JUDGED.items() if reason not in PARTLY}
    assert not TOTAL.judged & always, "judged: no longer to be let pass"
    assert TOTAL.compared > 100 * min(DRAWS, 10)


@dataclass(frozen=True)
class Known:
    """What people entered: links, annotations; given to both sides."""

    fits: set[str]
    links: list[tuple[str, str, float]]
    every_link: list[tuple[str, str, float]]
    queries: list[tuple[str, str]]
    events: list[tuple[dt.date, str, str]]
    changes: list[dt.date]
    pages: list[str]
    services: list[str]
    extra: dict[str, str]


@functools.cache
def _known(snapshot: duckdb.DuckDBPyConnection, world: Path) -> Known:
    workspace = workspace_of(Settings(data_dir=world).as_demo())
    rows = snapshot.execute("SELECT site, url, page_kind FROM pages ORDER BY 2").fetchall()
    asked = snapshot.execute("SELECT DISTINCT query FROM search_page_query_day WHERE query <> '' ORDER BY 1")
    queries = [query for (query,) in asked.fetchall()]
    own = [url for site, url, _ in rows if site == SITE and not url.startswith("(")]
    resolved = resolve_all(own, queries, links(workspace))
    every = resolve_all([url for _, url, _ in rows if not url.startswith("(")], [], links(workspace))
    linked, every_link = (
        list(frame["service_page"][["url", "service", "share"]].itertuples(index=False, name=None))
        for frame in (resolved, every)
    )
    kinds = {"Leistung", "Organisationseinheit"}
    fits = {url for site, url, kind in rows if site == SITE and kind in kinds} | {url for url, _, _ in linked}
    noted = [event for event in annotations(workspace) if event.scope_site in ("", SITE)]
    days = [day for event in noted if event.kind == "google" for day in (event.date, event.end_date) if day]
    listed = snapshot.execute("SELECT service FROM services ORDER BY 1").fetchall()
    named = resolved["service_query"][["query", "service"]].itertuples(index=False, name=None)
    return Known(
        fits & set(own),
        linked,
        every_link,
        list(named),
        [(event.date, event.label, event.scope_url) for event in noted],
        days,
        own,
        sorted({service for (service,) in listed} & {service for _, service, _ in linked}),
        dict(extra_services(workspace)[["service_id", "name"]].itertuples(index=False, name=None)),
    )


@functools.cache
def _ranked(snapshot: duckdb.DuckDBPyConnection, world: Path, scenario: str) -> tuple[dict, Expected]:
    """The prioritisation as it is shown, and what is expected of it: no filter changes either."""
    year = Asked(dt.date(2024, 12, 1), dt.date(2025, 11, 30))
    oracle, known, marks = Oracle(snapshot, SITE, year), _known(snapshot, world), _marks(snapshot, world)
    recent = Oracle(snapshot, SITE, Asked(dt.date(2025, 9, 1), dt.date(2025, 11, 30)))
    shown = as_json(*answered_for("priorisierung", Options(scenario=scenario), demo=True))
    demand = oracle.services(known.links, known.extra, {})
    due = due_by_law(world / "demo" / "legal_dates.csv")
    wanted = ranking(oracle, (recent, known.links), demand, _withheld(world), scenario, shown, TODAY, due)
    off_list(oracle, wanted, known.links, marks, known.extra)
    return shown, wanted


def _marks(snapshot: duckdb.DuckDBPyConnection, world: Path) -> dict[str, str]:
    marks = _links(snapshot, world)["page_mark"][["url", "mark"]]
    return dict(marks.itertuples(index=False, name=None))


@functools.cache
def _withheld(world: Path) -> Withheld:
    """What the app withholds of counts that are not small: a choice, given to both sides."""
    warehouse, own = open_warehouse(demo=True)
    question = ask(warehouse, workspace_of(own), default_filters(warehouse, own), own)
    cases, people, pages = case_cells(question), feedback_cells(question), base_cells(question)
    held = people[people["state"] == "withheld"]
    counts = ("cases", "applications", "end_to_end", "backlog")
    parts = [cases[cases[f"{name}_state"] == "withheld"].assign(count=name) for name in counts]
    chosen = pages[pages["applications_state"] == "withheld"]
    return Withheld(
        frozenset(
            (service, month.date(), channel, count)
            for part in parts
            for service, month, channel, count in part[
                ["service", "month", "channel", "count"]
            ].values.tolist()
        ),
        frozenset(
            (service, month.date()) for service, month in zip(held["service"], held["month"], strict=True)
        ),
        frozenset((url, first.date()) for url, first in zip(chosen["url"], chosen["first"], strict=True)),
    )


@functools.cache
def _mapped(urls: tuple[str, ...], world: Path) -> dict[str, pd.DataFrame]:
    return resolve_all(urls, [], links(workspace_of(Settings(data_dir=world).as_demo())))


def _links(snapshot: duckdb.DuckDBPyConnection, world: Path) -> dict[str, pd.DataFrame]:
    """Services and marks of pages by the workspace's links: given to both sides."""
    urls = snapshot.execute("SELECT DISTINCT url FROM pages WHERE site = ? ORDER BY 1", [SITE]).fetchall()
    return _mapped(tuple(url for (url,) in urls), world)
