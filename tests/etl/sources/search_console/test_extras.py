"""Search types, properties, appearances, hours, sitemaps and index checks, proxy and own CA."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import duckdb
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from etl.demo.server.credentials import write_credentials
from etl.errors import LoadError
from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from tests.etl.demo.table_world import Line, TableWorld
from tests.etl.sources.search_console.loopback_proxy import proxy
from tests.etl.sources.search_console.small_world import (
    HOST,
    LAST_FINAL,
    SITE,
    TODAY,
    full_truth,
    loaded,
    on,
    search_console,
    small_world,
)
from tests.etl.sources.search_console.tls_front import tls_front
from tests.search_console_server.injected_faults import Fault, RequestFacts, forbidden, proxy_page

DAY = LAST_FINAL


def rows_of(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_discover_has_neither_queries_nor_devices_nor_positions(tmp_path: Path) -> None:
    world = TableWorld(SITE, [Line(DAY, f"{HOST}/a", "", 3, 40, 1.0, search_type="discover")])
    with search_console(world, tmp_path, search_types=("discover",)) as (server, settings):
        pull(settings)
        asked = {tuple(r.facts.body["dimensions"]) for r in server.requests if r.facts.kind == "query"}
        assert verify(settings).faults == ()
    assert asked == {("date",), ("country",), ("page",)}
    assert rows_of(settings, "SELECT search_type, clicks, sum_position FROM search_site_day") == [
        ("discover", 3, None)
    ]
    assert rows_of(settings, "SELECT country, device FROM search_segment_day") == [("deu", "")]


def test_google_news_has_no_queries_but_devices(tmp_path: Path) -> None:
    world = TableWorld(SITE, [Line(DAY, f"{HOST}/a", "", 3, 40, 1.0, search_type="googleNews")])
    with search_console(world, tmp_path, search_types=("googleNews",)) as (_, settings):
        pull(settings)
    assert rows_of(settings, "SELECT country, device, clicks FROM search_segment_day") == [
        ("deu", "MOBILE", 3)
    ]
    assert rows_of(settings, "SELECT count(*) FROM search_query_day") == [(0,)]


def test_several_search_types_are_kept_apart(tmp_path: Path) -> None:
    lines = [
        Line(DAY, f"{HOST}/a", "wohngeld", 3, 40, 2.0),
        Line(DAY, f"{HOST}/a", "bild", 1, 9, 5.0, search_type="image"),
    ]
    with search_console(TableWorld(SITE, lines), tmp_path, search_types=("web", "image")) as (_, settings):
        pull(settings)
        assert rows_of(
            settings, "SELECT search_type, clicks, impressions FROM search_site_day ORDER BY 1"
        ) == [
            ("image", 1, 9),
            ("web", 3, 40),
        ]


def test_several_properties_are_pulled_one_after_the_other(tmp_path: Path) -> None:
    world = small_world()
    world.sites = (SITE, "https://stadt.example/")
    with search_console(world, tmp_path, more_sites=("https://stadt.example/",)) as (_, settings):
        pull(settings)
        counts = rows_of(settings, "SELECT site, count(*) FROM search_site_day GROUP BY 1 ORDER BY 1")
    assert counts == [("https://stadt.example/", 12), (SITE, 12)]


def test_search_appearances_are_pulled_in_two_steps(tmp_path: Path) -> None:
    lines = [
        Line(DAY, f"{HOST}/a", "wohngeld", 3, 40, 2.0, appearance="FAQ"),
        Line(DAY - dt.timedelta(days=1), f"{HOST}/a", "wohngeld", 2, 30, 3.0, appearance="FAQ"),
        Line(DAY, f"{HOST}/b", "hund", 1, 10, 4.0),
    ]
    with search_console(TableWorld(SITE, lines), tmp_path, appearances=True) as (_, settings):
        pull(settings)
        found = rows_of(
            settings, "SELECT date, appearance, clicks, impressions FROM search_appearance_day ORDER BY date"
        )
    assert found == [(DAY - dt.timedelta(days=1), "FAQ", 2, 30), (DAY, "FAQ", 3, 40)]


def test_a_second_run_of_the_day_asks_for_no_appearances_and_says_nothing(tmp_path: Path) -> None:
    """Only a provisional day is due then: appearances would be asked for from after their last day on."""
    with search_console(small_world(), tmp_path, appearances=True) as (server, settings):
        pull(settings)
        asked = len(server.requests)
        assert pull(settings).warnings == []
        dimensions = [r.facts.body.get("dimensions") for r in server.requests[asked:]]
    assert ["searchAppearance"] not in dimensions


def test_appearances_that_an_earlier_run_did_not_reach_are_made_up_for(tmp_path: Path) -> None:
    earlier = DAY - dt.timedelta(days=1)
    lines = [
        Line(earlier, f"{HOST}/a", "wohngeld", 2, 30, 3.0, appearance="FAQ"),
        Line(DAY, f"{HOST}/a", "wohngeld", 3, 40, 2.0, appearance="FAQ"),
    ]

    def refuse_appearances(facts: RequestFacts) -> Fault | None:
        return forbidden() if facts.body.get("dimensions") == ["searchAppearance"] and refusing else None

    refusing = True
    plan = refuse_appearances
    with search_console(TableWorld(SITE, lines), tmp_path, faults=plan, appearances=True) as (
        server,
        settings,
    ):
        assert len(pull(settings, until=earlier).warnings) == 1
        assert "sitemaps" in {request.facts.kind for request in server.requests}, "one refusal, not all"
        refusing = False
        pull(settings, since=DAY)
        found = rows_of(settings, "SELECT date, clicks FROM search_appearance_day ORDER BY date")
    assert found == [(earlier, 2), (DAY, 3)]


def test_hours_of_the_last_ten_days_sum_to_their_days(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, hourly=True) as (_, settings):
        pull(settings)
        pull(settings)
        differing = rows_of(
            settings,
            "SELECT count(*), count(*) FILTER (h.clicks <> d.clicks) FROM (SELECT hour::DATE AS date, "
            "sum(clicks) AS clicks, count(*) AS hours FROM search_hour GROUP BY 1) h "
            "JOIN search_site_day d USING (date) WHERE d.date <= DATE '2025-03-18'",
        )
    assert differing == [(9, 0)]


def test_index_states_are_asked_by_googles_spelling_and_rotate(tmp_path: Path) -> None:
    lines = [Line(DAY, f"https://www.portal.stadt.example/leistung/{n}/", "x", 1, 9, 2.0) for n in "abcde"]
    lines.append(Line(DAY, "https://www.portal.stadt.example/organisationseinheit/amt/", "x", 1, 9, 2.0))
    with search_console(TableWorld(SITE, lines), tmp_path, inspections_per_day=2) as (server, settings):

        def inspected() -> list[str]:
            found = [r.facts.body["inspectionUrl"] for r in server.requests if r.facts.kind == "inspection"]
            server.requests.clear()
            return [str(url) for url in found]

        pull(settings)
        first = inspected()
        pull(settings)
        same_day = inspected()
        pull(on(settings, TODAY + dt.timedelta(days=1)))
        second = inspected()
        states = rows_of(settings, "SELECT url, verdict FROM url_inspection ORDER BY url")
        sitemaps = rows_of(settings, "SELECT path, errors FROM sitemaps")
    assert first == [f"https://www.portal.stadt.example/leistung/{n}/" for n in "ab"]
    assert same_day == []
    assert second == [f"https://www.portal.stadt.example/leistung/{n}/" for n in "cd"]
    assert states == [(f"https://portal.stadt.example/leistung/{n}", "PASS") for n in "abcd"]
    assert sitemaps == [("https://stadt.example/sitemap.xml", 0)]


def test_refused_index_checks_are_a_warning_and_the_days_are_loaded(tmp_path: Path) -> None:
    def no_inspection(facts: RequestFacts) -> Fault | None:
        return forbidden() if facts.kind == "inspection" else None

    world = small_world()
    with search_console(world, tmp_path, faults=no_inspection, inspections_per_day=5) as (_, settings):
        report = pull(settings)
        assert loaded(settings) == full_truth(world)
    assert ["Kein Zugriff" in warning for warning in report.warnings] == [True]


def test_api_and_token_requests_go_through_the_proxy(tmp_path: Path) -> None:
    world = small_world()
    with proxy() as way, search_console(world, tmp_path, proxy=way.url) as (server, settings):
        pull(settings)
        assert loaded(settings) == full_truth(world)
        kinds = {request.facts.kind for request in server.requests}
    assert set(way.targets) == {f"127.0.0.1:{server.port}"}
    assert {"token", "query"} <= kinds


def test_a_proxy_that_is_down_is_a_sentence_and_never_bypassed(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, proxy="http://127.0.0.1:9") as (server, settings):
        with pytest.raises(LoadError, match="nicht erreichbar"):
            pull(settings)
        assert server.requests == []


@pytest.mark.parametrize("status", [403, 407])
def test_a_proxy_that_refuses_to_connect_is_told_as_the_proxys_refusal(tmp_path: Path, status: int) -> None:
    with (
        proxy(refusal=status) as way,
        search_console(small_world(), tmp_path, proxy=way.url) as (server, settings),
    ):
        with pytest.raises(LoadError) as stop:
            pull(settings)
        assert server.requests == []
    assert str(stop.value).startswith(
        f"Ein Proxy oder eine Firewall vor Google verweigert den Zugriff (HTTP {status})"
    )


@pytest.mark.parametrize("status", [401, 403, 407])
def test_a_proxys_page_is_told_as_the_proxys_and_googles_refusal_as_googles(
    tmp_path: Path, status: int
) -> None:
    with search_console(small_world(), tmp_path) as (server, settings):
        server.faults = lambda facts: proxy_page(status) if facts.kind == "query" else None
        with pytest.raises(LoadError) as stop:
            pull(settings)
        assert str(stop.value).startswith("Ein Proxy oder eine Firewall vor Google verweigert den Zugriff")
        assert "Dienstkonto" not in str(stop.value)
        server.faults = lambda facts: forbidden() if facts.kind == "query" else None
        with pytest.raises(LoadError, match="Kein Zugriff auf die Property"):
            pull(settings)


def test_a_proxys_page_in_front_of_the_sign_in_is_not_googles_refusal(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path) as (server, settings):
        server.faults = lambda facts: proxy_page() if facts.kind == "token" else None
        with pytest.raises(
            LoadError, match="statt des Anmeldeservers antwortet eine Webseite, vermutlich die eines Proxys"
        ):
            pull(settings)


def test_a_proxy_without_a_scheme_is_refused_because_it_would_be_bypassed(tmp_path: Path) -> None:
    with search_console(small_world(), tmp_path, proxy="proxy.stadt.example:3128") as (server, settings):
        with pytest.raises(LoadError, match=r"search_console\.proxy ist keine Adresse"):
            pull(settings)
        assert server.requests == []


def own_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that only itself vouches for, as a checking proxy would show."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "ca.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    both = folder / "server.pem"
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + pem.read_bytes()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return pem, context


def test_an_own_ca_file_is_trusted_and_without_it_the_sentence_names_the_setting(tmp_path: Path) -> None:
    pem, context = own_authority(tmp_path)
    world = small_world()
    with search_console(world, tmp_path) as (server, settings), tls_front(server.port, context) as port:
        secure = f"https://127.0.0.1:{port}"
        key = write_credentials(tmp_path / "tls", f"{secure}/token")
        city = on(settings, TODAY, api_endpoint=secure, credentials_file=str(key))
        with pytest.raises(LoadError, match=r"search_console\.ca_file"):
            pull(city)
        pull(on(city, TODAY, ca_file=str(pem)))
        assert loaded(city) == full_truth(world)


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    with (
        search_console(small_world(), tmp_path, ca_file=str(tmp_path / "fehlt.pem")) as (_, settings),
        pytest.raises(LoadError, match="Zertifikatsdatei"),
    ):
        pull(settings)
