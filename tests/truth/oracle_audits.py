"""Leistungen: the self-audit of services, from the answers that are written here and the points of the shipped file."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import duckdb

from etl.demo.files.audits import DAY as SAMPLE_DAY
from etl.demo.files.audits import audited
from portalkompass.workspace import AuditedPoint, Workspace, save_self_audit
from tests.truth.oracle import Expected
from tests.truth.writing import count, figure

FILE = Path(__file__).parents[2] / "data" / "service_standard.toml"
POINTS = [one["id"] for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["points"]]
WORDS = {"met": "erfüllt", "partly": "teilweise", "not": "nicht", "exempt": "nicht zutreffend"}
SAMPLE: dict[str, dict[str, str]] = {}
for _service, _point, _result in audited(FILE):
    SAMPLE.setdefault(_service, {})[_point] = _result
WRITTEN = {
    "hundesteuer": {name: "exempt" if n == 4 else "met" for n, name in enumerate(POINTS)},
    "bauportal": {"bedarf": "met", "mobil": "partly", "datenschutz": "not", "hilfe": "exempt", "weg": "met"},
    "einbuergerung": {"weg": "met"},
}
"""Service → point → result; "weg" is a point that the file no longer has."""
AUDITED = WRITTEN | SAMPLE
"""With those that the sample data begin with."""
DAY = dt.date(2025, 10, 7)


def add_audits(workspace: Workspace) -> None:
    """Let the world's workspace have these answers."""
    for service, results in WRITTEN.items():
        points = [
            AuditedPoint(service_id=service, point=point, result=r, as_of=DAY) for point, r in results.items()
        ]
        save_self_audit(workspace, service, points, "Ina")


def _results(service: str) -> list[str]:
    """A result a point of the file, "" where none was given; empty where none of its points has one."""
    given = AUDITED.get(service, {})
    return [given.get(point, "") for point in POINTS] if set(given) & set(POINTS) else []


def own_audit(wanted: Expected, service: str, name: str) -> None:
    """One service: each point, and how many are met."""
    results = _results(service)
    if not results:
        wanted.absent.append("service_self_audit")
        return
    rest = [
        f"{results.count(result)} {word}"
        for result, word in (("exempt", "nicht zutreffend"), ("", "unbekannt"))
        if result in results
    ]
    counted = count(len(results) - results.count("exempt"), "Punkt", "Punkten")
    more = f" ({', '.join(rest)})" if rest else ""
    wanted.heads["service_self_audit"] = f"„{name}“: {results.count('met')} von {counted} erfüllt{more}"
    texts = [one["text"] for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["points"]]
    wanted.keys["service_self_audit"] = ("point",)
    wanted.rows["service_self_audit"] = {
        text: {
            "result": WORDS.get(result, "unbekannt"),
            "as_of": (SAMPLE_DAY if service in SAMPLE else DAY).isoformat()
            if AUDITED[service].get(point)
            else None,
        }
        for text, point, result in zip(texts, POINTS, results, strict=True)
    }


def audit_list(snapshot: duckdb.DuckDBPyConnection, wanted: Expected) -> None:
    """Every audited service with how many points it meets."""
    names = dict(snapshot.execute("SELECT service, name FROM services").fetchall())
    audited = {service: results for service in AUDITED if (results := _results(service))}
    wanted.keys["self_audits"] = ("name",)
    wanted.rows["self_audits"] = {
        names.get(service, service): {
            "met": results.count("met"),
            "counted": len(results) - results.count("exempt"),
            "partly": results.count("partly"),
            "not_met": results.count("not"),
            "unknown": results.count(""),
            "exempt": results.count("exempt"),
        }
        for service, results in audited.items()
    }
    whole = sum({"met", "exempt"} >= set(results) for results in audited.values())
    said = count(len(audited), "Leistung ist", "Leistungen sind")
    wanted.heads["self_audits"] = (
        f"{said} selbst geprüft; {figure(whole)} davon {'erfüllt' if whole == 1 else 'erfüllen'} alle zutreffenden "
        "Punkte"
    )
