"""``benchmark …``: the city's figures as a signed file for other cities, and theirs beside them."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portalkompass import german
from portalkompass.commands.opening import Demo, NoData, as_no_data, open_warehouse, settings_of, write
from portalkompass.settings import ROOT

if TYPE_CHECKING:
    from portalkompass.exchange.benchmark_file import Benchmark

benchmark = typer.Typer(
    no_args_is_help=True, help="Kennzahlen mit anderen Städten vergleichen, ohne zentrale Stelle."
)
MONTHS = 12
NOTHING = (
    "Es gibt noch keine Kennzahl mit Leistungsschlüssel, die weitergegeben werden könnte. Nächster Schritt: Fallzahlen "
    "oder Rückmeldungen laden („python -m etl import DATEI“)."
)
File = Annotated[Path, typer.Argument(metavar="DATEI", help="Die Vergleichsdatei einer anderen Stadt.")]


@benchmark.command("export")
def export(
    out: Annotated[Path, typer.Argument(metavar="DATEI", help="Die Datei, die entsteht (.json).")],
    first: Annotated[str, typer.Option("--from", help="Erster Monat, JJJJ-MM.")] = "",
    last: Annotated[str, typer.Option("--to", help="Letzter Monat, JJJJ-MM; ohne Angabe der neueste.")] = "",
    demo: Demo = False,
) -> None:
    """Die eigenen Kennzahlen je Leistungsschlüssel, unterschrieben; kleine Zahlen sind nicht darin."""
    if out.suffix.lower() != ".json":
        raise typer.BadParameter(f"{out.name}: Der Name der Datei muss auf .json enden.")
    start, end = _month(first, "--from"), _month(last, "--to")
    warehouse, settings = open_warehouse(demo)
    from dataclasses import replace

    from portalkompass.answers import default_filters
    from portalkompass.answers.asking import ask
    from portalkompass.answers.base.periods import month_of, months_before
    from portalkompass.answers.services.for_others.handed_on import handed_on, newest_month, shown
    from portalkompass.exchange import keys
    from portalkompass.exchange.benchmark_file import BenchmarkFault, signed
    from portalkompass.workspace import workspace_of

    filters, workspace = default_filters(warehouse, settings), workspace_of(settings)
    end = end or newest_month(ask(warehouse, workspace, filters, settings)) or filters.end.replace(day=1)
    start = start or months_before(end, MONTHS - 1)
    until = month_of(end).end
    if start > end:
        raise typer.BadParameter(f"Der erste Monat ({start:%Y-%m}) liegt nach dem letzten ({end:%Y-%m}).")
    if until >= settings.current_day():
        raise NoData(f"{german.month(end)} ist noch nicht vorbei. Bitte mit --to einen Monat davor nennen.")
    question = ask(warehouse, workspace, replace(filters, start=start, end=until), settings)
    made, left_out = handed_on(question)
    if not made.services:
        raise NoData(" ".join((NOTHING, *left_out)))
    with as_no_data(BenchmarkFault):
        key = keys.own_key(settings)
    write(signed(made, key), out)
    sample = "Beispieldaten, nicht zum Weitergeben. " if made.sample else ""
    figures = german.count(len(shown(made)), "Wert", "Werte")
    services = german.count(len(made.services), "Leistung", "Leistungen")
    typer.echo(
        f"{sample}{out}: {figures} zu {services}, {german.month(start)} bis {german.month(end)}. "
        f"Fingerabdruck des Schlüssels: {keys.fingerprint(keys.public(key))}"
    )
    for sentence in left_out:
        typer.echo(sentence, err=True)


@benchmark.command("show")
def show(file: File) -> None:
    """Was in einer Vergleichsdatei steht, als CSV; der eigenen oder der einer anderen Stadt."""
    content, _ = _opened(file)
    from portalkompass.answers.services.for_others.handed_on import shown

    write(shown(content).to_csv(sep=";", decimal=",", index=False))
    typer.echo(
        f"{content.city.name} (ARS {content.city.ars}), {german.date(content.first)} bis {german.date(content.last)}, "
        f"ausgegeben am {german.date(content.made_on)}.",
        err=True,
    )


@benchmark.command("import")
def import_file(
    file: File,
    preview: Annotated[bool, typer.Option("--preview", help="Prüfen und zeigen, nichts laden.")] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Rückfragen der Prüfung mit Ja beantworten.")
    ] = False,
    demo: Demo = False,
) -> None:
    """Die Kennzahlen einer anderen Stadt laden; zurückgenommen werden sie wie jeder Import."""
    _opened(file)
    options = [name for name, wanted in (("--preview", preview), ("--confirm", confirm)) if wanted]
    options += ["--demo"] if demo else []
    sys.stdout.flush()
    done = subprocess.run(
        [sys.executable, "-m", "etl", "import", *options, "--", str(file.resolve())], cwd=ROOT, check=False
    )
    raise typer.Exit(done.returncode)


@benchmark.command("key")
def key(demo: Demo = False) -> None:
    """Der Fingerabdruck des eigenen Schlüssels, zum Vorlesen am Telefon; ein Schlüssel entsteht beim ersten Mal."""
    from portalkompass.exchange import keys
    from portalkompass.exchange.benchmark_file import BenchmarkFault

    settings = settings_of(demo)
    with as_no_data(BenchmarkFault):
        own = keys.public(keys.own_key(settings))
        known = keys.trusted(settings)
    typer.echo(f"Eigener Schlüssel von {settings.city.name}: {keys.fingerprint(own)}")
    for one in known:
        typer.echo(
            f"{one.city} (ARS {one.ars}): {keys.fingerprint(one.x)}, verglichen am {one.compared_on or 'unbekannt'}"
        )


@benchmark.command("trust")
def trust(
    file: File,
    fingerprint: Annotated[
        str, typer.Option("--fingerprint", help="Der Fingerabdruck, wie ihn die Stadt am Telefon vorliest.")
    ],
    demo: Demo = False,
) -> None:
    """Dem Schlüssel einer Stadt vertrauen, nachdem sie seinen Fingerabdruck vorgelesen hat."""
    content, x = _opened(file)
    from portalkompass.exchange import keys
    from portalkompass.exchange.benchmark_file import BenchmarkFault

    settings, city = settings_of(demo), content.city
    if not keys.same_fingerprint(fingerprint, x):
        raise NoData(
            f"{file.name}: Der Fingerabdruck ist ein anderer als der gehörte. Die Datei ist nicht von der Stadt, die "
            "ihn vorgelesen hat, oder es ist ein Hörfehler; der Schlüssel bleibt unbekannt."
        )
    if city.ars == settings.city.ars:
        raise NoData(
            f"{file.name}: Die Datei nennt die eigene Stadt als Absender. Der eigene Schlüssel gilt schon."
        )
    with as_no_data(BenchmarkFault):
        keys.trust(settings, keys.TrustedKey(city.ars, city.name, x, settings.current_day().isoformat()))
    typer.echo(
        f"Dateien von {city.name} (ARS {city.ars}) mit dem Schlüssel {keys.fingerprint(x)} werden jetzt geladen."
    )


def _opened(file: Path) -> tuple[Benchmark, str]:
    """The content of a file and its public key, which need not be known.

    Raises:
        NoData: it cannot be read, or is forged.
    """
    from portalkompass.exchange import keys
    from portalkompass.exchange.benchmark_file import MOST_BYTES, BenchmarkFault, opened

    try:
        with file.open("rb") as stream:
            content, signer = opened(stream.read(MOST_BYTES + 1))
    except BenchmarkFault as fault:
        raise NoData(f"{file.name}: {fault}.") from None
    except OSError as error:
        raise NoData(f"{file.name} lässt sich nicht lesen: {german.why_unreadable(error)}.") from None
    return content, keys.public(signer)


def _month(text: str, option: str) -> dt.date | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise typer.BadParameter(f"{option}: „{text}“ ist kein Monat der Form JJJJ-MM.")
    return dt.date.fromisoformat(f"{text}-01")
