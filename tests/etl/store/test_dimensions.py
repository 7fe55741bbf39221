"""Pages follow the facts: new ones are judged once, all of them when the patterns change."""

from __future__ import annotations

import json

import duckdb
import pytest

from etl.store.dimensions import title_from_path
from etl.store.publish import draft
from portalkompass.settings import Municipality, PageKind, Settings, SettingsError, load_settings
from portalkompass.warehouse import snapshots

ADD = (
    "INSERT INTO search_page_day (site, search_type, date, url, impressions, clicks, sum_position, origin) "
    "VALUES ('https://s.example/', 'web', '2025-12-01', ?, 1, 0, 0, 'api')"
)


def pages(settings: Settings) -> list[tuple[str, str, str, str]]:
    snapshot = snapshots.published(settings.warehouse_dir)
    assert snapshot is not None
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute("SELECT url, title, page_kind, host FROM pages ORDER BY url").fetchall()


def add(settings: Settings, *urls: str) -> None:
    with draft(settings) as connection:
        for url in urls:
            connection.execute(ADD, [url])


def test_every_page_of_a_fact_gets_title_kind_and_host(settings: Settings) -> None:
    add(settings, "https://s.example/leistung/hund-anmelden", "https://s.example/", "(Mitarbeiterseiten)")
    assert pages(settings) == [
        ("(Mitarbeiterseiten)", "Mitarbeiterseiten (zusammengefasst)", "Mitarbeiter", None),
        ("https://s.example/", "Startseite", "Suche/Start", "s.example"),
        ("https://s.example/leistung/hund-anmelden", "Hund anmelden", "Leistung", "s.example"),
    ]


def test_a_changed_pattern_takes_effect_on_known_pages_and_without_one_they_are_left_alone(
    settings: Settings,
) -> None:
    add(settings, "https://s.example/amt/buergerbuero")
    with draft(settings) as connection:
        connection.execute("UPDATE pages SET page_kind = 'Leistung', title = 'X', title_source = 'portal'")
    add(settings, "https://s.example/b")
    assert [row[1:3] for row in pages(settings)] == [("X", "Leistung"), ("B", "Sonstige")]
    changed = settings.model_copy(
        update={"page_kinds": (PageKind(kind="Organisationseinheit", pattern="^/amt/"),)}
    )
    add(changed, "https://s.example/c")
    assert [row[1:3] for row in pages(settings)] == [
        ("X", "Organisationseinheit"),
        ("B", "Sonstige"),
        ("C", "Sonstige"),
    ]


def test_properties_belong_to_the_municipality_of_the_settings_also_when_it_is_named_later(
    settings: Settings,
) -> None:
    sites = (
        "INSERT INTO search_site_day (site, search_type, date, impressions, clicks, sum_position, origin) "
        "VALUES (?, 'web', '2025-12-01', 1, 0, 0, 'api')"
    )
    with draft(settings) as connection:
        for site in ("https://a.example/", "https://b.example/"):
            connection.execute(sites, [site])
    assert owners(settings) == {"https://a.example/": "leverkusen", "https://b.example/": "leverkusen"}
    other = Municipality(key="leichlingen", sites=("https://b.example/", "https://not-yet.example/"))
    add(settings.model_copy(update={"municipalities": (other,)}), "https://s.example/x")
    assert owners(settings) == {"https://a.example/": "leverkusen", "https://b.example/": "leichlingen"}
    add(settings, "https://s.example/y")  # from settings that do not name it: nothing is taken away
    assert owners(settings)["https://b.example/"] == "leichlingen"


def test_a_property_has_one_municipality(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [{"key": key, "sites": ["https://a.example/"]} for key in ("leverkusen", "leichlingen")]
    monkeypatch.setenv("PORTALKOMPASS_MUNICIPALITIES", json.dumps(twice))
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match=r"https://a\.example/ steht bei mehreren Kommunen"):
        load_settings()
    load_settings.cache_clear()


def owners(settings: Settings) -> dict[str, str]:
    snapshot = snapshots.published(settings.warehouse_dir)
    assert snapshot is not None
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return dict(connection.execute("SELECT site, municipality FROM sites ORDER BY site").fetchall())


def test_a_page_without_facts_is_no_page(settings: Settings) -> None:
    add(settings, "https://s.example/a", "https://s.example/b")
    with draft(settings) as connection:
        connection.execute("DELETE FROM search_page_day WHERE url LIKE '%/a'")
    assert [row[0] for row in pages(settings)] == ["https://s.example/b"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/leistung/hund-anmelden", "Hund anmelden"),
        ("/details/-/vr-bis-detail/dienstleistung/4711/show", "Dienstleistung"),
        ("/a/wohngeld.html", "Wohngeld"),
        ("/", "Startseite"),
        ("/12/34", "Startseite"),
    ],
)
def test_the_last_speaking_part_of_a_path_stands_in_for_a_title(path: str, title: str) -> None:
    assert title_from_path(path) == title
