from __future__ import annotations

import csv
from pathlib import Path

from etl.demo.world.catalogue import is_local, read_catalogue
from portalkompass.settings import SHIPPED_DATA, load_settings
from portalkompass.urls import page_kind

OZG = SHIPPED_DATA / "ozg_services.csv"


def services_of_the_report(path: Path = OZG) -> set[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["service_id"] for row in csv.DictReader(file, delimiter=";")}


def test_every_service_of_the_report_has_a_page_and_none_is_online_yet() -> None:
    pages = read_catalogue()
    report = services_of_the_report()
    assert report <= {page.service_id for page in pages}
    assert not [page.path for page in pages if page.service_id in report and page.online]


def test_paths_are_unique_and_of_the_kind_the_settings_give_them() -> None:
    pages, kinds = read_catalogue(), load_settings().page_kinds
    assert len({page.path for page in pages}) == len(pages)
    assert [p.path for p in pages if page_kind(p.path, kinds) != p.kind] == []


def test_offices_and_start_pages_belong_to_no_service() -> None:
    assert [p.path for p in read_catalogue() if (p.kind == "Leistung") != bool(p.service_id)] == []


def test_queries_have_typos_questions_and_spellings_without_umlauts() -> None:
    queries = {text for page in read_catalogue() for text, _ in page.queries}
    assert {
        "wunschkennzeichen lev",
        "wohngelt leverkusen",
        "wie lange habe ich zeit mich umzumelden",
        "stadt leverkusen ausländerbehörde",
        "buergerbuero leverkusen",
        "stadt leverkussen",
    } <= queries


def test_a_query_is_local_when_it_names_the_city_as_a_word() -> None:
    assert is_local("wunschkennzeichen lev")
    assert not is_local("relevanz der hundesteuer")
