"""What the newest Streamlit, DuckDB, Narwhals and pandas would break: `make next`.

An environment of its own gets the pinned packages but for these four, which are the newest that pip finds; then the
suite runs there, on sample data that the newest have made. Nothing of the project or of its environment is changed.
Further arguments go to pytest, so that a few rooms can be tried first.

The four are looked up one by one and pinned to what is found: left open, pip tries older versions of all they need in
turn, which takes longer than the suite itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WATCHED = ("streamlit", "duckdb", "narwhals", "pandas")


def repinned(requirements: str, newest: dict[str, str]) -> str:
    """The lines of a requirements file, with the newest versions in place of those of the watched packages."""
    pin = re.compile(rf"^({'|'.join(newest)})==\S+", re.IGNORECASE)
    own = [line for line in requirements.splitlines() if not line.startswith("-r ")]
    return "".join(pin.sub(lambda found: f"{found[1]}=={newest[found[1]]}", line) + "\n" for line in own)


def found_by(pip: list[str | Path], folder: Path) -> dict[str, str]:
    """Name and newest version of each of the four, as pip finds them for this Python.

    Raises `subprocess.CalledProcessError` if pip cannot reach its index.
    """
    report = folder / "newest.json"
    options = ["--quiet", "--dry-run", "--no-deps", "--ignore-installed", "--report", report]
    subprocess.run([*pip, "install", *options, *WATCHED], check=True)
    found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {one["metadata"]["name"]: one["metadata"]["version"] for one in found}


def pins(requirements: str) -> dict[str, str]:
    """Name and version of every pinned line."""
    return dict(re.findall(r"^([A-Za-z0-9_-]+)(?:\[\w+\])?==(\S+)", requirements, re.MULTILINE))


def broken(output: str) -> list[str]:
    """What pytest's summary calls failed, by room, with the first reason of each; empty if nothing did."""
    found = re.findall(r"^(?:FAILED|ERROR) (\S+?\.py)(?:::.*? - (.*)|.*)$", output, re.MULTILINE)
    rooms = Counter(file.rpartition("/")[0] for file, _ in found)
    reasons = {file.rpartition("/")[0]: reason for file, reason in reversed(found) if reason}
    return [
        f"{room}: {number} failed" + (f" ({reasons[room]})" if room in reasons else "")
        for room, number in rooms.most_common()
    ]


def say(text: str) -> None:
    """One line for the person at the keyboard."""
    sys.stdout.write(text + "\n")


def main(folder: Path) -> int:
    """Build, compare, run; 0 if the suite passes with the newest."""
    files = [
        (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-dev.txt")
    ]
    files.append((ROOT / "requirements-mcp.txt").read_text(encoding="utf-8"))
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    python = next(
        path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()
    )
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check"]
    ours, newest = pins("\n".join(files)), found_by(pip, folder)
    newer = [f"{name} {ours[name]} -> {newest[name]}" for name in WATCHED if newest[name] != ours[name]]
    if not newer:
        say("All four are the newest already.")
        return 0
    say("Newer: " + ", ".join(newer))
    wanted = folder / "requirements-next.txt"
    wanted.write_text("".join(repinned(text, newest) for text in files), encoding="utf-8")
    done = subprocess.run([*pip, "install", "--quiet", "-r", wanted], check=False)
    if done.returncode:
        say("They cannot be installed together with the others that are pinned; pip says why above.")
        return 1
    report = folder / "report.txt"
    # A cache of its own: sample data kept by the pinned versions would hide what the newest make of them.
    suite = [python, "-m", "pytest", "-q", "-rfE", "-n", "auto", "--dist", "loadfile"]
    suite += ["-o", f"cache_dir={folder / 'cache'}", *sys.argv[2:]]
    with report.open("w", encoding="utf-8") as out:
        tested = subprocess.run(suite, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, check=False)
    output = report.read_text(encoding="utf-8")
    say("\n".join(broken(output)) or (output if tested.returncode else "Nothing breaks."))
    say(f"{output.strip().rpartition(chr(10))[2]} All of it: {report}")
    return tested.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
