"""Open-PVOG over its interface: lists of the city and its neighbours from a stand-in server, faults and all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from etl.demo.server.loopback import Reply, Request, listening
from etl.errors import LoadError
from etl.sources.pvog.client import as_csv
from etl.sources.pvog.pvog_source import check, configured, describe, pull
from etl.sources.retries import Refused, Transient
from portalkompass.settings import City, Neighbour, Pvog, Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
HEAD = "leika_key;ars;url;online_status;aktiv;export_datum"
CITY, KOELN, SOLINGEN = "053160000000", "053150000000", "051220000000"


def row(ars: str, host: str, key: str = "99102013002000") -> str:
    return f"{key};{ars};https://{host}/x;ok;ja;2025-12-01"


def listed(*rows: str) -> Reply:
    text = "\n".join((HEAD, *rows)) + "\n"
    return Reply(200, text.encode(), {"Content-Type": "text/csv"})


def asking(settings: Settings, port: int) -> Settings:
    city = City(neighbours=(Neighbour(name="Köln", ars=KOELN), Neighbour(name="Solingen", ars=SOLINGEN)))
    access = Pvog(
        url=f"http://127.0.0.1:{port}/", requests_per_second=1_000, backoff_seconds=0, max_attempts=3
    )
    return settings.model_copy(update={"city": city, "pvog": access})


def test_lists_of_the_city_and_its_neighbours_are_pulled_through_faults(settings: Settings, ask: Ask) -> None:
    asked: Counter[str] = Counter()
    as_json = [
        dict(zip(HEAD.split(";"), row(KOELN, "koeln.example").split(";"), strict=True)) | {"aktiv": True}
    ]

    def respond(request: Request) -> Reply | None:
        asked[request.path] += 1
        if request.path == f"/v1/data/{CITY}":
            if asked[request.path] < 3:  # a fault of the server, then a dropped line
                return Reply(503, b"") if asked[request.path] == 1 else None
            return listed(row(CITY, "lev.example"), row("050000000000", "land.example"))
        if request.path == f"/v1/data/{KOELN}":
            return Reply(200, json.dumps({"data": as_json}).encode())
        return Reply(404, b"{}")

    with listening(respond) as port:
        own = asking(settings, port)
        report = pull(own, None, None, None)
        assert check(own) == [f"Open-PVOG unter 127.0.0.1:{port} antwortet: 2 Zeilen für Stadt Leverkusen."]
    assert report.sentences()[0] == "2 Listen mit 3 Onlinediensten geladen."
    assert report.warnings == [
        f"Solingen: Open-PVOG unter 127.0.0.1:{port} kennt den Regionalschlüssel {SOLINGEN} nicht (HTTP 404)."
    ]
    assert ask("SELECT host FROM online_services ORDER BY 1") == [("land.example",), ("lev.example",)]
    assert ask("SELECT ars, host, active FROM online_services_nearby") == [(KOELN, "koeln.example", True)]
    assert ask("SELECT source, state, file_name, rows_loaded FROM ingest_runs ORDER BY started_at") == [
        ("pvog", "done", "", 2),
        ("pvog", "done", "", 1),
    ]
    assert configured(own) and not configured(settings)
    assert describe(own, None, None)[1] == f"Köln (ARS {KOELN})"


def test_a_city_list_that_cannot_be_had_or_lost_much_changes_nothing(settings: Settings, ask: Ask) -> None:
    replies = [listed(*(row(CITY, f"d{number}.example") for number in range(10)))]

    def respond(request: Request) -> Reply | None:
        return replies[0] if request.path.endswith(CITY) else Reply(404, b"")

    with listening(respond) as port:
        own = asking(settings, port)
        pull(own, None, None, None)
        for reply, sentence in (
            (Reply(500, b""), r"auch nach 3 Versuchen nicht erreichbar \(HTTP 500\)"),
            (Reply(200, b"<html>"), "eine Webseite statt der Liste"),
            (Reply(403, b""), r"HTTP 403\). Bitte pvog.url prüfen"),
            (listed(row(CITY, "d1.example")), "Bitte die Liste als Datei laden und es dort bestätigen"),
        ):
            replies[0] = reply
            with pytest.raises(LoadError, match=sentence):
                pull(own, None, None, None)
    assert ask("SELECT count(*) FROM online_services") == [(10,)]


def test_json_without_rows_is_refused_and_a_cut_one_tried_again() -> None:
    with pytest.raises(Refused, match="keine Liste"):
        as_csv(b'{"message": "nothing"}')
    with pytest.raises(Transient):
        as_csv(b'[{"leika_key": "99')
    assert as_csv(b'[{"a": null, "b": false}, {"b": "x\\ny"}]') == b"a;b\n;nein\n;x y\n"
