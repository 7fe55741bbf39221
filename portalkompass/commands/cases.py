"""What departments count, without a browser: the council's table and the file for the central statistics component."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from portalkompass import german
from portalkompass.commands.opening import Demo, NoData, as_no_data, day, filters_of, open_warehouse, write

Out = Annotated[Path | None, typer.Option("--out", help="In diese Datei statt auf die Ausgabe.")]
NO_CASES = "Es sind noch keine Fallzahlen geladen. Nächster Schritt: „python -m etl import DATEI“."


def cases(
    form: Annotated[
        Literal["csv", "json", "xlsx", "md"], typer.Option("--format", help="csv, json, xlsx oder md.")
    ] = "csv",
    last: Annotated[str, typer.Option("--to", help="Letzter Tag, JJJJ-MM-TT.")] = "",
    out: Out = None,
    demo: Demo = False,
) -> None:
    """Fälle je Leistung und Jahr: Kanäle, Online-Quote, Ende-zu-Ende, Bearbeitungszeit, Rückstand; drei Jahre."""
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise typer.BadParameter("--format xlsx braucht --out DATEI.")
    until = day(last, "--to")
    warehouse, settings = open_warehouse(demo)
    from portalkompass.answers.asking import ask
    from portalkompass.answers.services.case_years import council_table, outside
    from portalkompass.exports import files
    from portalkompass.workspace import workspace_of

    filters = filters_of(warehouse, settings, until and until.replace(month=1, day=1), until)
    question = ask(warehouse, workspace_of(settings), filters, settings)
    table = council_table(question)
    if table is None:
        raise NoData(outside(question) or NO_CASES)
    write(files.make(table, files.format_of(form)), out)


def transactions(
    month: Annotated[str, typer.Option("--month", help="JJJJ-MM; ohne Angabe der neueste geladene.")] = "",
    out: Out = None,
    demo: Demo = False,
) -> None:
    """Monatsdatei der Transaktionen für die Zentrale Statistik-Komponente (Spalten: data/transactions.toml)."""
    if month and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise typer.BadParameter(f"--month: „{month}“ ist kein Monat der Form JJJJ-MM.")
    warehouse, settings = open_warehouse(demo)
    from portalkompass.answers import default_filters
    from portalkompass.answers.asking import ask
    from portalkompass.answers.services.transactions import headline, months_told
    from portalkompass.answers.services.transactions import transactions as counted
    from portalkompass.exports.transactions_file import SchemaFault, make, read_schema
    from portalkompass.workspace import workspace_of

    with as_no_data(SchemaFault):
        schema = read_schema(settings.data_file("transactions.toml"))
    question = ask(warehouse, workspace_of(settings), default_filters(warehouse, settings), settings)
    told = months_told(question)
    if not told:
        raise NoData(NO_CASES)
    wanted = day(f"{month}-01", "--month") if month else told[0]
    if wanted is None or wanted not in told:
        raise NoData(
            f"Für {month} sind keine Anträge des Kanals Online geladen; der neueste Monat ist {german.month(told[0])}."
        )
    made = counted(question, wanted, schema.several_keys)
    city = settings.city
    write(make(wanted, made.rows, schema, ars=city.ars, municipality=city.name), out)
    sample = "Beispieldaten, nicht zum Einreichen. " if warehouse.sample else ""
    typer.echo(f"{sample}{headline(made)}", err=True)
    for sentence in made.left_out:
        typer.echo(sentence, err=True)
