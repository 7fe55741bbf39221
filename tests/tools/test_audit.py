"""The audit of the dependencies says what it found, and never more than it looked at."""

import json
import re

import pytest

from portalkompass.settings import ROOT
from tools.audit import Outcome, closure, judge, licences, read, sbom, shipped

KNOWN = {"name": "duckdb", "version": "2.0.0", "vulns": []}
HURT = {"name": "pillow", "version": "1.0", "vulns": [{"id": "GHSA-1", "fix_versions": ["2.0"]}]}
UNKNOWN = {"name": "eigenes", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def report(*rows):
    return json.dumps({"dependencies": list(rows), "fixes": []})


def test_a_report_tells_what_was_checked_and_what_not():
    assert read(report(KNOWN, HURT, UNKNOWN)) == Outcome(
        (("pillow", "1.0", "GHSA-1"),), ("duckdb", "pillow"), ("eigenes",)
    )


@pytest.mark.parametrize("text", ["", "kein JSON", "{}", report(UNKNOWN), report()])
def test_a_source_that_knows_nothing_counts_as_not_reached(text):
    assert read(text) is None


@pytest.mark.parametrize("strict", [False, True])
def test_a_run_that_reached_nothing_says_so_and_claims_nothing(strict):
    code, lines = judge({"pypi": None, "osv": None}, {}, strict=strict)
    assert code == (2 if strict else 0)
    assert "NOT audited" in lines[-1]
    assert not any("no unexplained" in line for line in lines)


def test_a_finding_fails_unless_it_is_explained():
    found = {"pypi": read(report(HURT)), "osv": None}
    code, lines = judge(found, {}, strict=False)
    assert code == 1
    assert any("GHSA-1" in line and "NOT EXPLAINED" in line for line in lines)
    code, lines = judge(found, {"GHSA-1": "wird nicht benutzt"}, strict=False)
    assert code == 0
    assert any("wird nicht benutzt" in line for line in lines)


def test_a_package_that_a_source_does_not_know_is_named():
    code, lines = judge({"pypi": read(report(KNOWN, UNKNOWN))}, {}, strict=True)
    assert code == 2
    assert any("eigenes" in line for line in lines)


def test_the_closure_follows_what_a_package_needs():
    found = closure(["streamlit==1.67.0", "# Kommentar", ""])
    assert found["streamlit"] == "1.67.0"
    assert {"starlette", "uvicorn", "anyio"} <= set(found)
    assert "authlib" not in found  # an extra nobody asked for


def test_the_bill_of_materials_names_every_package_with_its_version():
    packages = shipped()
    bill = sbom(packages)
    assert bill["bomFormat"] == "CycloneDX"
    named = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one["version"] for one in bill["components"]}
    assert named == packages
    references = {one["bom-ref"] for one in bill["components"]}
    assert {name for one in bill["dependencies"] for name in one["dependsOn"]} <= references


def test_the_list_of_licences_holds_every_requirement_and_no_licence_that_binds_the_city():
    written = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w-]+) \| (.+) \|$", written, re.MULTILINE))
    required = closure((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    direct = re.findall(
        r"^([\w.-]+?)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE
    )
    made = dict(re.findall(r"^\| ([\w-]+) \| (.+) \|$", licences(required), re.MULTILINE))
    for name in (re.sub(r"[-_.]+", "-", one).lower() for one in direct):
        assert rows[name] == made[name], name
    binding = [
        name
        for name, licence in made.items()
        if re.search(r"(?<!L)GPL|UNKNOWN", licence) and "Lesser" not in licence
    ]
    assert binding == []
