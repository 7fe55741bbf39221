"""Every way a Matomo server can fail, over real HTTP: tried again, stopped resumably or told in one sentence."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.errors import LoadError
from etl.sources.matomo.matomo_source import check, describe
from etl.sources.matomo.pull import pull_matomo
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting
from portalkompass.warehouse.snapshots import published
from tests.etl.sources.matomo.small_matomo import (
    HOST,
    changed,
    loaded_pages,
    loaded_site_days,
    matomo,
    rows_of,
    small_website,
    usual_pages,
    usual_site_days,
    with_day,
)
from tests.matomo_server.matomo_server import TOKEN, MatomoFaultPlan, MatomoRequest, api_error
from tests.search_console_server.injected_faults import (
    Fault,
    cut_json,
    dropped,
    html,
    proxy_page,
    rate_limit,
    server_error,
    slow,
    truncated,
)

SEEDS = int(os.environ.get("FAULT_SEEDS", "2"))
DATABASE_DOWN = api_error("SQLSTATE[HY000] [2002] Connection refused")
GONE_AWAY = api_error("MySQL server has gone away")
MAINTENANCE = api_error("Matomo is in scheduled maintenance. Please come back later.")
KINDS = (
    DATABASE_DOWN,
    GONE_AWAY,
    MAINTENANCE,
    rate_limit(429, retry_after=0),
    server_error(500),
    server_error(502),
    server_error(503),
    dropped(),
    truncated(),
    cut_json(),
    html(),
    slow(0.6),
)
MOST_RUNS = 60
RESUMABLE = "ein späterer Lauf setzt"


def always(fault: Fault) -> MatomoFaultPlan:
    return lambda _: fault


def on_reports(fault: Fault) -> MatomoFaultPlan:
    """The website is found, its page report fails."""
    return lambda request: fault if request.form["method"] == "Actions.getPageUrls" else None


def first_time(fault: Fault) -> MatomoFaultPlan:
    return lambda request: fault if request.attempt == 0 else None


def first_request(fault: Fault) -> MatomoFaultPlan:
    left = [fault]
    return lambda _: left.pop() if left else None


def random_faults(seed: int, share: float, played: Counter[str]) -> MatomoFaultPlan:
    chance = random.Random(seed)

    def plan(_request: MatomoRequest) -> Fault | None:
        if chance.random() >= share:
            return None
        fault = chance.choice(KINDS)
        played[fault.name] += 1
        return fault

    return plan


@pytest.mark.parametrize("fault", KINDS, ids=lambda fault: fault.name)
def test_a_passing_fault_of_every_request_costs_nothing(tmp_path: Path, fault: Fault) -> None:
    website = small_website(first=dt.date(2025, 3, 18))
    with matomo(website, tmp_path, faults=first_time(fault), timeout_seconds=0.3) as (_, settings):
        pull_matomo(settings)
        assert loaded_pages(settings) == usual_pages(website)
        assert loaded_site_days(settings) == usual_site_days(website)


@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_fails_the_days_are_exact_or_a_later_run_completes_them(
    tmp_path: Path, seed: int, share: float
) -> None:
    website = small_website()
    played: Counter[str] = Counter()
    with matomo(
        website,
        tmp_path,
        faults=random_faults(seed, share, played),
        timeout_seconds=0.3,
        days_per_request=1,
        rows_per_request=2,
        max_attempts=3,
    ) as (_, settings):
        days_before: set[object] = set()
        for _run in range(MOST_RUNS):
            try:
                pull_matomo(settings)
                break
            except LoadError as stop:
                assert RESUMABLE in str(stop).replace("Ein", "ein"), stop
            days = {row[0] for row in loaded_site_days(settings)}
            assert days >= days_before, "a stopped run must not lose days"
            whole = [row for row in usual_pages(website) if row[0] in days]
            assert loaded_pages(settings) == whole, "a day is loaded whole or not at all"
            days_before = days
        else:
            pytest.fail(f"no run came to its end, played: {played}")
        assert loaded_pages(settings) == usual_pages(website)
        assert loaded_site_days(settings) == usual_site_days(website)
    assert sum(played.values()) > 0


def test_a_stopped_run_publishes_its_complete_days_and_the_next_one_goes_on(tmp_path: Path) -> None:
    website = small_website()

    def plan(request: MatomoRequest) -> Fault | None:
        old = request.form.get("date", "") < "2025-03-15"
        return server_error(503) if old and request.form["method"] == "Actions.getPageUrls" else None

    with matomo(website, tmp_path, faults=plan, days_per_request=3) as (server, settings):
        with pytest.raises(LoadError, match="auch nach 4 Versuchen nicht erreichbar") as stop:
            pull_matomo(settings)
        assert RESUMABLE in str(stop.value)
        # Spans of three from the newest day: 18 to 20, then 15 to 17.
        assert sorted({row[0] for row in loaded_site_days(settings)}) == [
            dt.date(2025, 3, n) for n in range(15, 21)
        ]
        assert rows_of(settings, "SELECT state, last_date FROM ingest_runs") == [
            ("partial", dt.date(2025, 3, 20))
        ]
        server.faults = lambda _: None
        server.requests.clear()
        pull_matomo(settings)
        assert [request.form["date"] for request in server.asked("VisitsSummary.get")] == [
            "2025-03-20,2025-03-20",
            "2025-03-12,2025-03-14",
            "2025-03-09,2025-03-11",
        ]
        assert loaded_pages(settings) == usual_pages(website)


def test_a_first_run_without_a_single_day_publishes_nothing(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, faults=on_reports(server_error(500))) as (_, settings):
        with pytest.raises(LoadError, match="nicht erreichbar"):
            pull_matomo(settings)
        assert published(settings.warehouse_dir) is None


SENTENCES = [
    (
        api_error("Unable to authenticate with the provided token. It is either invalid or expired.", 401),
        "Matomo erkennt den Token nicht an: Er ist falsch, abgelaufen oder gelöscht.",
    ),
    (api_error("You must be logged in to access this functionality."), "Matomo erkennt den Token nicht an"),
    (
        api_error("You can't access this resource as it requires 'view' access for the website id = 3."),
        "Der Matomo-Token darf die Website 3 nicht lesen.",
    ),
    (
        api_error("An unexpected website was found in the request: website id was set to '3' ."),
        "Matomo kennt keine Website mit der Nummer 3.",
    ),
    (MAINTENANCE, "wird gerade gewartet; ein späterer Lauf setzt fort."),
    (Fault("503", "reply", 503, b"<html>Maintenance mode</html>"), "wird gerade gewartet"),
    (DATABASE_DOWN, "ist auch nach 4 Versuchen nicht erreichbar (Serverfehler „SQLSTATE[HY000] [2002]"),
    (rate_limit(429, retry_after=0), "bremst die Abfragen auch nach 4 Versuchen"),
    (html(), "kommt eine Anmeldeseite statt Daten von Matomo."),
    (
        Fault("page", "reply", 200, b"<html><body>Hallo</body></html>"),
        "kommt eine Webseite statt Daten von Matomo.",
    ),
    (
        proxy_page(403),
        "Firewall vor Matomo verweigert den Zugriff (HTTP 403); die Antwort kommt nicht von Matomo.",
    ),
    (proxy_page(407), "Firewall vor Matomo verweigert den Zugriff (HTTP 407)"),
    (
        api_error("You can't access this resource as it requires 'view' access.", 403),
        "Der Matomo-Token darf die Website 3 nicht lesen.",
    ),
    (Fault("404", "reply", 404, b"<html>Not Found</html>"), "antwortet kein Matomo (HTTP 404)"),
    (
        api_error("The method 'Actions.getPageUrls' does not exist or is not available in the module."),
        "bietet einen benötigten Bericht nicht an",
    ),
    (
        Fault("text", "reply", 200, b"Error: You can't access this resource as it requires 'view' access."),
        "darf die Website 3 nicht lesen",
    ),
    (
        Fault("php", "reply", 200, b"PHP Fatal error: Allowed memory size of 134217728 bytes exhausted"),
        "nicht erreichbar (Serverfehler „PHP Fatal error: Allowed memory size",
    ),
    (api_error("Something nobody foresaw"), "Matomo lehnt die Anfrage ab: „Something nobody foresaw“."),
    (Fault("shape", "reply", 200, b'{"2025-03-20": "viele"}'), "Antwort in unerwarteter Form"),
    (dropped(), "nicht erreichbar (Verbindung abgebrochen)"),
    (truncated(), "nicht erreichbar (Antwort unvollständig)"),
    (cut_json(), "nicht erreichbar (Antwort ist kein vollständiges JSON)"),
]


@pytest.mark.parametrize(("fault", "sentence"), SENTENCES, ids=lambda value: getattr(value, "name", ""))
def test_a_lasting_fault_ends_in_one_german_sentence(tmp_path: Path, fault: Fault, sentence: str) -> None:
    with (
        matomo(small_website(), tmp_path, faults=on_reports(fault)) as (_, settings),
        pytest.raises(LoadError) as stop,
    ):
        pull_matomo(settings)
    assert sentence in str(stop.value)
    assert stop.value.__cause__ is None


def test_what_no_retry_can_mend_is_asked_once_and_a_web_page_three_times(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, max_attempts=6) as (server, settings):
        for fault, tries in ((api_error("Something nobody foresaw"), 1), (html(), 3), (server_error(500), 6)):
            server.requests.clear()
            server.faults = always(fault)
            with pytest.raises(LoadError):
                pull_matomo(settings)
            assert len(server.requests) == tries, fault.name


def test_a_wrong_token_is_named_as_such(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, token="0" * 32) as (_, settings):
        with pytest.raises(LoadError, match="erkennt den Token nicht an"):
            pull_matomo(settings)
        assert published(settings.warehouse_dir) is None


def test_a_sign_in_page_in_front_of_matomo_is_named_as_such(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path, token="0" * 32) as (server, settings):
        server.sign_in_page = True
        with pytest.raises(LoadError, match="eine Anmeldeseite statt Daten von Matomo") as stop:
            pull_matomo(settings)
    assert "matomo.url" in str(stop.value)


def test_a_token_without_view_access_is_told_what_to_do(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        server.allowed = False
        with pytest.raises(LoadError, match="Leserecht"):
            pull_matomo(settings)


def test_an_unknown_website_is_named_by_its_number(tmp_path: Path) -> None:
    with (
        matomo(small_website(), tmp_path, site_id=99) as (_, settings),
        pytest.raises(LoadError, match="keine Website mit der Nummer 99"),
    ):
        pull_matomo(settings)


def test_a_redirect_is_not_followed_with_the_token(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        target = ("Location", f"{server.url}index.php?elsewhere=1")
        server.faults = always(Fault("moved", "reply", 302, b"", (target,)))
        with pytest.raises(LoadError, match="leitet auf eine andere Adresse weiter"):
            pull_matomo(settings)
        assert [request.url for request in server.requests] == ["/matomo/index.php"]


def test_a_day_that_matomo_leaves_out_stays_missing_and_is_told(tmp_path: Path) -> None:
    website = small_website()
    left_out = b'{"2025-03-20":[],"2025-03-19":[]}'

    def plan(request: MatomoRequest) -> Fault | None:
        visits = request.form["method"] == "VisitsSummary.get"
        return Fault("short", "reply", 200, left_out) if visits else None

    with matomo(website, tmp_path, faults=plan, days_per_request=30) as (server, settings):
        report = pull_matomo(settings)
        # Ten days are left out; the visits of two are empty although their pages are listed.
        assert report.warnings[0].startswith(
            "12 Tage zwischen 09.03.2025 und 20.03.2025 hat Matomo nicht vollst"
        )
        server.faults = lambda _: None
        pull_matomo(on_next_day(settings))
        assert {row[0] for row in loaded_site_days(settings)} == set(website.days)


def on_next_day(settings: Settings) -> Settings:
    return settings.model_copy(update={"today": dt.date(2025, 3, 21)})


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


ECHOES: list[Callable[[], Fault]] = [
    lambda: api_error(f"Unknown problem with token_{TOKEN} in request"),
    lambda: api_error(f"SQLSTATE: duplicate entry {TOKEN}"),
    lambda: Fault("page", "reply", 500, f"<html>{TOKEN}</html>".encode()),
    lambda: Fault("shape", "reply", 200, f'{{"{TOKEN}": 1}}'.encode()),
    lambda: Fault("cut", "reply", 200, f'{{"{TOKEN}'.encode()),
    dropped,
]


@pytest.mark.parametrize("echo", ECHOES, ids=lambda make: make().name)
def test_the_token_is_in_the_body_only_and_never_in_an_error_even_if_the_server_quotes_it(
    tmp_path: Path, echo: Callable[[], Fault], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with matomo(small_website(), tmp_path) as (server, settings):
        pull_matomo(settings, until=dt.date(2025, 3, 12))
        server.faults = on_reports(echo())
        with pytest.raises(LoadError) as stop:
            pull_matomo(settings)
        assert all(request.token_given for request in server.requests)
        assert all(TOKEN not in request.url + str(request.headers) for request in server.requests)
        assert {request.url for request in server.requests} == {"/matomo/index.php"}
        assert stop.value.__cause__ is None
        assert TOKEN not in str(stop.value) + repr(stop.value) + repr(settings)
        assert TOKEN not in caplog.text
        assert TOKEN.encode() not in everything_written(settings.data_dir)


def test_umlauts_survive_in_addresses_and_in_the_websites_name(tmp_path: Path) -> None:
    website = small_website(first=dt.date(2025, 3, 18))
    with matomo(website, tmp_path) as (_, settings):
        pull_matomo(settings)
        titles = rows_of(settings, "SELECT url, title FROM pages WHERE url LIKE '%hrerschein'")
    assert titles == [(f"{HOST}/leistung/f%C3%BChrerschein", "Führerschein")]


def test_the_check_names_what_works_in_order(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        assert check(settings) == [
            f"Token-Datei gelesen; Matomo wird unter 127.0.0.1:{server.port} gefragt.",
            "Matomo 5.2.0 antwortet und erkennt den Token an.",
            "Website 3 „Stadtportal“: Zahlen gehören zu sc-domain:stadt.example, erster Tag 09.03.2025, "
            "Zeitzone Europe/Berlin.",
            "Gestern, 19.03.2025: 32 Besuche, 3 Seiten.",
        ]
        server.faults = always(server_error(500))
        with pytest.raises(LoadError, match="nicht erreichbar"):
            check(settings)
        assert published(settings.warehouse_dir) is None


@pytest.mark.parametrize("asked", ["check", "dry run", "pull"])
def test_a_server_that_slows_down_is_waited_for_with_a_word(
    tmp_path: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.sources.waiting.WORTH_SAYING", 0.5)
    said, beside = list[str](), list[str]()

    def step(what: str, done: int, total: int) -> None:
        if not done and not total:
            said.append(what)
            beside.append(waiting.sentence(settings.warehouse_dir))

    with matomo(small_website(), tmp_path, faults=first_request(rate_limit(429, retry_after=1))) as (
        _,
        settings,
    ):
        settings.warehouse_dir.mkdir(parents=True)
        if asked == "pull":
            pull_matomo(settings, progress=step)
        elif asked == "check":
            check(settings, step)
        else:
            describe(settings, None, None, step)
        assert waiting.sentence(settings.warehouse_dir) == ""
    assert len(said) == 1
    assert said[0].startswith("Gegenstelle antwortet nicht oder bremst, weiter um ")
    assert beside == (said if asked == "pull" else [""])


def test_the_check_says_when_the_goal_is_missing(tmp_path: Path) -> None:
    website = with_day(small_website(), dt.date(2025, 3, 19), small_website().days[dt.date(2025, 3, 19)])
    goals = [{"id": 4, "page": "/leistung/hund-anmelden"}]
    with (
        matomo(website, tmp_path, goals=goals) as (_, settings),
        pytest.raises(LoadError, match="vorhanden: keine"),
    ):
        check(settings)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Es ist kein Matomo eingerichtet"),
        ("matomo.stadt.example", "keine Web-Adresse der Form"),
        ("ftp://matomo.stadt.example/", "keine Web-Adresse der Form"),
        ("https://nutzer:kennwort@matomo.stadt.example/", "keine Web-Adresse der Form"),
        ("http://matomo.stadt.example/", "muss mit https:// beginnen"),
    ],
)
def test_an_address_that_would_fail_or_betray_the_token_is_refused(
    tmp_path: Path, url: str, sentence: str
) -> None:
    with (
        matomo(small_website(), tmp_path) as (_, settings),
        pytest.raises(LoadError, match=sentence) as stop,
    ):
        pull_matomo(changed(settings, url=url))
    assert "kennwort" not in str(stop.value)


@pytest.mark.parametrize(
    "ending", ["", "index.php", "index.php?module=CoreHome&token_auth=4f1e0c9d7a6b5e3f2d1c0b9a8f7e6d5c"]
)
def test_the_address_may_be_given_with_or_without_index_php(tmp_path: Path, ending: str) -> None:
    with matomo(small_website(), tmp_path) as (server, settings):
        pull_matomo(changed(settings, url=f"{server.url}{ending}"))
        assert {request.url for request in server.requests} == {"/matomo/index.php"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "gibt es nicht"),
        (b"", "enthält keinen Matomo-Token"),
        (b"zwei Worte", "enthält keinen Matomo-Token"),
        ("schlüssel".encode(), "enthält keinen Matomo-Token"),
        (b"\xff\xfe4\x00", "ist keine Textdatei"),
    ],
)
def test_a_token_file_that_is_none_is_named_without_its_content(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "anderes.txt"
    if content is not None:
        file.write_bytes(content)
    with (
        matomo(small_website(), tmp_path) as (server, settings),
        pytest.raises(LoadError, match=sentence) as stop,
    ):
        pull_matomo(changed(settings, token_file=str(file)))
    assert server.requests == []
    assert "Worte" not in str(stop.value)


def test_a_missing_token_setting_or_website_number_is_named(tmp_path: Path) -> None:
    with matomo(small_website(), tmp_path) as (_, settings):
        with pytest.raises(LoadError, match=r"matomo\.token_file"):
            pull_matomo(changed(settings, token_file=""))
        with pytest.raises(LoadError, match=r"matomo\.site_id"):
            pull_matomo(changed(settings, site_id=0))
        with pytest.raises(LoadError, match=r"matomo\.ca_file"):
            pull_matomo(changed(settings, ca_file=str(tmp_path / "fehlt.pem")))
