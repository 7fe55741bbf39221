"""`python -m benchmarks [PART…] [--runs N]`: measure, print, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import sys

from benchmarks.child import ChildFailed
from benchmarks.registry import PARTS
from benchmarks.report import REPORT, section, write

_RUNS = 3


def main() -> int:
    """Run the named parts, all of them by default; 1 if one could not be measured.

    A missed goal is a finding, written down as such, not a failure of the benchmark.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=_RUNS, help="runs per part; the report shows medians")
    parser.add_argument("--dry", action="store_true", help="print only, leave the report as it is")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.parts if name not in PARTS]:
        parser.error(f"unknown part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")
    for name in arguments.parts or PARTS:
        part = PARTS[name]
        _say(f"{name} …")
        try:
            result = part.run(arguments.runs)
        except ChildFailed as failure:
            sys.stderr.write(f"{failure}\n")
            return 1
        _say(section(part, result, arguments.runs) + "\n")
        if not arguments.dry:
            write(part, result, arguments.runs, list(PARTS))
            _say(f"written to {REPORT.name}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
