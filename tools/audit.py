"""What the program is made of: known vulnerabilities, a bill of materials (SBOM), licences.

``python tools/audit.py`` checks every package that runs with the app, its own dependencies included, against two
sources of advisories and writes ``build/sbom.json`` (CycloneDX). A finding that is not explained in
``tools/advisories.toml`` is a failure. A source that cannot be reached is not: the run then says that nothing was
checked, and never that all is well; ``--strict`` fails there too. ``--licences`` writes docs/licences.md.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("pypi", "osv")
SECONDS = 240
HEAD = """# Licences

Packages that run with the app and what they need, as their own metadata say (`python tools/audit.py --licences`); the
versions stand in the bill of materials that `make audit` writes. psycopg (LGPL) and certifi (MPL) are used
unchanged. The
shipped font is under the SIL Open Font License, see its folder.

| package | licence |
|---|---|
"""
LICENCES = ROOT / "docs" / "licences.md"


@dataclass(frozen=True)
class Outcome:
    """What one source said: findings (package, version, advisory), packages it knows and does not know."""

    findings: tuple[tuple[str, str, str], ...]
    checked: tuple[str, ...]
    unknown: tuple[str, ...]


def canonical(name: str) -> str:
    """The name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(lines: Iterable[str]) -> dict[str, str]:
    """Name -> version of the required packages and of all that they need here, as installed."""
    found: dict[str, str] = {}
    waiting = [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-"))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        one = waiting.pop()
        key = (canonical(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        package = metadata.distribution(one.name)
        found[key[0]] = package.version
        for text in package.requires or ():
            needed = Requirement(text)
            wanted = ("", *one.extras)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in wanted):
                waiting.append(needed)
    return dict(sorted(found.items()))


def shipped() -> dict[str, str]:
    """The packages that run with the app."""
    return closure((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())


def ask(source: str, packages: Mapping[str, str]) -> Outcome | None:
    """What a source says of these packages; None where it cannot be reached."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "packages.txt"
        listed.write_text("".join(f"{name}=={version}\n" for name, version in packages.items()), "utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(listed), "--no-deps", "--disable-pip"]
        command += ["-s", source, "-f", "json", "--progress-spinner", "off", "--timeout", "20"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None
    return read(done.stdout)


def read(text: str) -> Outcome | None:
    """pip-audit's report; None where there is none, or where the source knew not one of the packages."""
    try:
        rows: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    checked = tuple(row["name"] for row in rows if "skip_reason" not in row)
    unknown = tuple(row["name"] for row in rows if "skip_reason" in row)
    findings = tuple((row["name"], row["version"], one["id"]) for row in rows for one in row.get("vulns", ()))
    return Outcome(findings, checked, unknown) if checked else None


def judge(
    outcomes: Mapping[str, Outcome | None], explained: Mapping[str, str], *, strict: bool
) -> tuple[int, list[str]]:
    """Exit code and the lines that say what was found, what is explained and what was not looked at."""
    lines, code = [], 0
    for source, outcome in outcomes.items():
        if outcome is None:
            lines.append(f"{source}: advisory source not reachable; nothing was checked there.")
            continue
        lines.append(f"{source}: {len(outcome.checked)} packages checked.")
        if outcome.unknown:
            lines.append(f"{source}: NOT checked, unknown there: {', '.join(outcome.unknown)}.")
            code = code or (2 if strict else 0)
        for name, version, advisory in outcome.findings:
            reason = explained.get(advisory, "")
            lines.append(
                f"{source}: {name} {version}: {advisory} {'– ' + reason if reason else 'NOT EXPLAINED'}"
            )
            code = code if reason else 1
    if not any(outcomes.values()):
        lines.append(
            "RESULT: no advisory source could be reached. The dependencies are NOT audited by this run."
        )
        return (2 if strict else 0), lines
    lines.append("RESULT: " + ("unexplained findings." if code == 1 else "no unexplained finding."))
    return code, lines


def sbom(packages: Mapping[str, str]) -> dict[str, Any]:
    """CycloneDX bill of the environment, cut down to what runs with the app."""
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--of",
        "JSON",
        "--output-reproducible",
        sys.executable,
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    bill: dict[str, Any] = json.loads(made.stdout)
    bill["components"] = [one for one in bill["components"] if canonical(one["name"]) in packages]
    kept = {one["bom-ref"] for one in bill["components"]}
    bill["dependencies"] = [
        one | {"dependsOn": [name for name in one.get("dependsOn", ()) if name in kept]}
        for one in bill.get("dependencies", ())
        if one["ref"] in kept
    ]
    return bill


def licences(packages: Mapping[str, str]) -> str:
    """docs/licences.md: package and licence as its own metadata say."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    known = {canonical(one["Name"]): one["License"].partition("\n")[0] for one in json.loads(made.stdout)}
    rows = [f"| {name} | {known[name].replace('|', '/')} |" for name in packages]
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """Exit code 0: nothing unexplained; 1: a finding; 2 (``--strict``): not everything could be checked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strict", action="store_true", help="fail where something could not be checked")
    parser.add_argument("--licences", action="store_true", help="write docs/licences.md")
    wanted = parser.parse_args()
    packages = shipped()
    if wanted.licences:
        LICENCES.write_text(licences(packages), encoding="utf-8")
        return 0
    target = ROOT / "build" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(sbom(packages), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"SBOM: {target.relative_to(ROOT)} with {len(packages)} packages.\n")
    explained = tomllib.loads((ROOT / "tools" / "advisories.toml").read_text(encoding="utf-8"))
    code, lines = judge(
        {source: ask(source, packages) for source in SOURCES}, explained, strict=wanted.strict
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
