"""The commands of ``python -m portalkompass``: German text or JSON on stdout, faults as one sentence.

Exit codes: 0 done; 1 a fault of settings or data, one sentence on stderr; 2 wrong usage.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from portalkompass.commands.asking import ask
from portalkompass.commands.benchmark import benchmark
from portalkompass.commands.cases import cases, transactions
from portalkompass.commands.deck import deck
from portalkompass.commands.digest import digest
from portalkompass.commands.opening import Demo, NoData
from portalkompass.commands.publish import publish
from portalkompass.commands.results import figures, plan, ranking, template
from portalkompass.commands.upkeep import backup, prepare, restore, retention
from portalkompass.settings import SettingsError


def mcp(demo: Demo = False) -> None:
    """Die Antworten als Werkzeuge eines MCP-Servers (nur lesend, über Standardein- und -ausgabe)."""
    try:
        from portalkompass.commands.mcp_server import server
    except ModuleNotFoundError:
        raise NoData(
            "Für den MCP-Server fehlt ein Paket: „pip install -r requirements-mcp.txt“ in der Umgebung der App."
        ) from None
    server(demo=demo).run("stdio")


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Ergebnisse des Portalkompasses ohne Browser.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    figures,
    ranking,
    plan,
    cases,
    transactions,
    deck,
    publish,
    template,
    digest,
    ask,
    mcp,
    prepare,
    backup,
    restore,
    retention,
):
    app.command()(_command)
app.add_typer(benchmark, name="benchmark")


def run() -> None:
    """Run the commands; a fault leaves with its sentence and exit code 1, never with a traceback."""
    import duckdb

    from portalkompass.operations import SafekeepingError
    from portalkompass.operations.errors import reason
    from portalkompass.screens.requests import RequestFault
    from portalkompass.warehouse.engine import WarehouseError
    from portalkompass.warehouse.faults import sentence_of
    from portalkompass.workspace import WorkspaceError

    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        _leave("Abgebrochen.", 1)
    except (SettingsError, NoData, WarehouseError, WorkspaceError, SafekeepingError) as error:
        _leave(str(error), 1)
    except RequestFault as error:
        _leave(str(error), 2)
    except TyperException as error:
        _leave(_usage_fault(str(error)), 2)
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        _leave(f"Ein Dateizugriff schlug fehl: {reason(error)}{place}.", 1)
    except duckdb.Error as error:
        _leave(sentence_of(error), 1)
    raise SystemExit(code or 0)


_ENGLISH = {
    "No such option:": "Unbekannte Option",
    "No such command": "Unbekannter Befehl",
    "Got unexpected extra argument": "Unerwartetes Argument",
    "Got unexpected extra arguments": "Unerwartete Argumente",
    "requires an argument.": "braucht einen Wert.",
    "Missing argument": "Es fehlt das Argument",
    "Value error, ": "",
    "Invalid value for": "Ungültiger Wert für",
    "is not one of": "ist nicht vorgesehen; erlaubt:",
}


def _usage_fault(message: str) -> str:
    """The command library speaks English; without a message it has printed the help itself."""
    if not message:
        return "Bitte einen Befehl angeben."
    for english, translated in _ENGLISH.items():
        message = message.replace(english, translated)
    return f"Falscher Aufruf: {message.rstrip('.')}. Hilfe: python -m portalkompass --help"


def _leave(sentence: str, code: int) -> NoReturn:
    sys.stderr.buffer.write(f"{sentence}\n".encode())
    raise SystemExit(code) from None
