"""Every text through every way in: stored as it is or refused with a sentence, never interpreted."""

import csv
import datetime as dt
import io
import re

import pytest
import sqlalchemy as sa

from etl.errors import LoadError
from etl.operations.imports import import_paths
from portalkompass.settings import SHIPPED_DATA
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import (
    Annotation,
    SavedView,
    Scenario,
    ServiceLink,
    WorkspaceError,
    add_annotation,
    add_link,
    annotations,
    cast,
    keep,
    kept,
    links,
    open_round,
    open_workspace,
    save_scenario,
    scenario_list,
)
from portalkompass.workspace.storage.tables import ballots
from tests.etl.conftest import SITE, ask, city_settings, settings
from tests.etl.files.export_files import GERMAN, zipped
from tests.hostile.texts import TEXTS

__all__ = ["ask", "city_settings", "settings"]


@pytest.fixture
def workspace(tmp_path):
    return open_workspace(f"sqlite:///{(tmp_path / 'workspace.db').as_posix()}")


def written(rows, delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
IN_FILES = tuple(text for text in TEXTS if not CONTROL.search(text))
"""Files with the others are no text files and refused as a whole."""


def accounted_for(reports):
    return all(one.rows_in == one.rows_loaded + one.rows_rejected for one in reports)


def test_queries_of_an_export_are_kept_or_put_aside_with_a_reason(tmp_path, city_settings, ask):
    head = ["Häufigste Suchanfragen", "Klicks", "Impressionen", "CTR", "Position"]
    rows = [[f"{text} {number}", 1, 20, "5%", 4] for number, text in enumerate(IN_FILES)]
    tables = {**GERMAN, "Suchanfragen.csv": written([head, *rows])}
    try:
        reports = import_paths([zipped(tmp_path, tables)], city_settings, site=SITE)
    except LoadError as refused:
        assert "Suchanfragen.csv" in str(refused)
        return
    assert accounted_for(reports)
    ((stored,),) = ask("SELECT count(DISTINCT key) FROM search_window WHERE table_name = 'queries'")
    assert stored == len(IN_FILES)


def test_titles_of_portal_pages_stay_what_they_are(tmp_path, city_settings, ask):
    rows = [
        ["2025-10", f"{SITE}leistung/{number}", f"{text} {number}", 5] for number, text in enumerate(IN_FILES)
    ]
    path = tmp_path / "portal.csv"
    path.write_bytes(written([["period", "url", "title", "visits"], *rows], ";"))
    (report,) = import_paths([path], city_settings, site=SITE)
    assert accounted_for([report])
    assert report.rows_loaded == len(IN_FILES)
    stored = {title for (title,) in ask("SELECT title FROM pages WHERE title_source = 'portal'")}
    assert {" ".join(title.split())[:20] for title in stored} & {"<script>window.gehac"}


def test_addresses_are_kept_apart_or_refused(tmp_path, city_settings):
    for text in IN_FILES[::5]:
        path = tmp_path / "portal.csv"
        path.write_bytes(written([["period", "url", "visits"], ["2025-10", f"{SITE}{text}", 5]], ";"))
        try:
            assert accounted_for(import_paths([path], city_settings, site=SITE, preview=True))
        except LoadError as refused:
            assert "Traceback" not in str(refused)


def test_a_list_with_them_as_names_is_loaded_or_refused_whole(tmp_path, city_settings, ask):
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        head, *shipped = csv.reader(file, delimiter=";")
    for start in range(0, len(IN_FILES), len(shipped)):
        rows = [list(row) for row in shipped]
        for row, text in zip(rows, IN_FILES[start : start + len(shipped)], strict=False):
            row[head.index("name")] = f"Leistung {text}"
            row[head.index("latest_development")] = text
        path = tmp_path / f"ozg-{start}.csv"
        path.write_bytes(written([head, *rows], ";"))
        try:
            (report,) = import_paths([path], city_settings)
        except LoadError as refused:
            assert path.name in str(refused)
        else:
            assert report.rows_loaded == len(shipped)
            ((held,),) = ask("SELECT count(*) FROM services")
            assert held == len(shipped)


@pytest.mark.parametrize("number", range(0, len(TEXTS), 20))
def test_file_names_are_names_only(tmp_path, city_settings, number):
    for text in TEXTS[number : number + 20]:
        name = text.replace("/", "∕").replace("\x00", "")[:60] + ".csv"
        path = tmp_path / name
        path.write_text("a;b\n1;2\n", encoding="utf-8")
        with pytest.raises(LoadError) as refused:
            import_paths([path], city_settings)
        assert not [mark for mark in str(refused.value) if ord(mark) < 32]
        path.unlink()
    assert [one.name for one in tmp_path.iterdir() if one.name != "data"] == []


def stored_texts(workspace, table, column):
    with workspace.reading() as connection:
        return set(connection.execute(sa.select(table.c[column])).scalars())


def tried(texts, save):
    """Texts that were saved; the others were refused with a sentence."""
    done = []
    for text in texts:
        try:
            save(text)
        except WorkspaceError as refused:
            assert str(refused).endswith(".")
        else:
            done.append(text)
    return done


def test_names_of_scenarios_views_and_annotations_are_kept_or_refused(workspace):
    day = dt.date(2025, 11, 1)
    for save, read in (
        (
            lambda text: save_scenario(workspace, Scenario(text), "anna"),
            lambda: scenario_list(workspace)["name"],
        ),
        (
            lambda text: keep(workspace, SavedView(text, "seiten", text), "anna"),
            lambda: [view.name for view in kept(workspace, SavedView)],
        ),
        (
            lambda text: add_annotation(workspace, Annotation(day, text, sentence=text), text or "x"),
            lambda: [one.label for one in annotations(workspace)],
        ),
    ):
        done = tried(TEXTS, save)
        assert len(done) > 300
        assert {text.strip() for text in done} <= {text.strip() for text in read()}


def test_patterns_are_checked_before_they_are_kept(workspace):
    for kind in ("exact", "prefix", "contains", "regex"):
        done = tried(
            TEXTS[::4],
            lambda text, kind=kind: add_link(workspace, ServiceLink("hundesteuer", "url", kind, text), "a"),
        )
        held = {link.pattern for link in links(workspace) if link.match == kind}
        assert {text.strip() for text in done} <= {pattern.strip() for pattern in held}


def test_nicknames_are_short_texts(workspace):
    scenario = save_scenario(workspace, Scenario("Runde"), "anna")
    one = open_round(workspace, scenario, ({"id": "c", "label": "C", "help": "", "start": 50},), "anna")
    for number, text in enumerate(TEXTS[:190]):
        cast(workspace, one.id, f"p{number}", {"c": 50.0}, text)
    held = stored_texts(workspace, ballots, "nickname")
    assert max(len(name) for name in held) <= 40
    assert "<script>window.gehackt=1</script>"[:10] in {name[:10] for name in held}


def test_a_warehouse_with_them_still_opens(tmp_path, city_settings):
    path = tmp_path / "portal.csv"
    rows = [["2025-10", f"{SITE}leistung/{number}", text, 5] for number, text in enumerate(IN_FILES)]
    path.write_bytes(written([["period", "url", "title", "visits"], *rows], ";"))
    import_paths([path], city_settings, site=SITE)
    warehouse = open_published(city_settings)
    assert len(warehouse.ask(lambda tables: tables["portal_page"])) == len(IN_FILES)
