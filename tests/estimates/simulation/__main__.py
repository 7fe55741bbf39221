"""Prints error rates, coverage and power of the estimates, or the table of critical values.

``python -m tests.estimates.simulation [--runs N] [--library DIR]``: the table of docs/methods.md, Markdown.
``DIR`` holds another version of the package ``portalkompass`` (``git archive COMMIT portalkompass | tar -x -C DIR``).
``python -m tests.estimates.simulation --critical``: the table in ``portalkompass/estimates/steps.py``.
``python -m tests.estimates.simulation --sample DIR``: the back-test of the click potential on the sample data in DIR.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.estimates.simulation.measured import Rate


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.estimates.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--library", default="")
    parser.add_argument("--critical", action="store_true")
    parser.add_argument("--sample", default="")
    asked = parser.parse_args()
    if asked.library:
        sys.path.insert(0, asked.library)
    if asked.critical:
        print_critical()
    elif asked.sample:
        print_sample(asked.sample)
    else:
        print_rates(asked.runs)


def print_critical() -> None:
    """The critical values, a row a length."""
    from tests.estimates.simulation import critical

    for weeks, row in zip(critical.CRITICAL_WEEKS, critical.table(), strict=True):
        say(f"{weeks:4d} weeks: {', '.join(f'{value:.2f}' for value in row)}")


def print_sample(folder: str) -> None:
    """Queries of the sample data that reached their target, by the month in which the estimate was made."""
    from tests.estimates.simulation.measured import Rate
    from tests.estimates.simulation.sample import reached

    total = Rate()
    for month, covered in reached(folder):
        say(f"| {month} | {covered.of} | {percent(covered)} |")
        total.add(covered.hits, covered.of)
    say(f"| alle | {total.of} | {percent(total)} |")


def print_rates(runs: int) -> None:
    """A row a world."""
    from tests.estimates.simulation import measured
    from tests.estimates.simulation.climbing import PORTALS
    from tests.estimates.simulation.worlds import WORLDS

    say("| Welt | Rückgang: falsch | gefunden | in der Spanne | Wirkung: falsch | gefunden | in der Spanne |")
    for world in WORLDS:
        loss, event = measured.decay(world, runs), measured.happened(world, runs)
        cells = (*(percent(rate) for rate in loss.values()), *(percent(rate) for rate in event.values()))
        say(f"| {world.name} | {' | '.join(cells)} |")
    say("| Welt | Auffälligkeiten: Abfragen mit Fehlalarm | Fehlalarme je 10.000 Wochen | gefunden |")
    for world in WORLDS:
        odd = measured.outlying(world, runs)
        rate = f"{odd['weeks'].share * 1e4:.2f}".replace(".", ",")
        say(f"| {world.name} | {percent(odd['screens'])} | {rate} | {percent(odd['found'])} |")
    say("| Portal | Klickpotenzial: in der Spanne | Suchanfragen |")
    for portal in PORTALS:
        covered = measured.promised(portal, max(runs // 10, 1))["covered"]
        say(f"| {portal.name} | {percent(covered)} | {covered.of} |")


def percent(rate: Rate) -> str:
    """A share as a reader of German writes it; a dash where nothing was measured."""
    return f"{rate.share * 100:.1f}".replace(".", ",") + " %" if rate.of else "–"


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


main()
