"""A read-only MCP server over ``ask``: off unless started, speaks over standard input and output only.

Needs requirements-mcp.txt. It opens no port and writes nothing; what it may show is what ``ask`` may show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from portalkompass.commands.asking import answered_for, screens
from portalkompass.commands.opening import NoData
from portalkompass.screens.answer_json import as_json
from portalkompass.screens.requests import Options, RequestFault
from portalkompass.settings import SettingsError
from portalkompass.warehouse.engine import WarehouseError

INSTRUCTIONS = (
    "Zahlen des Serviceportals einer Stadt: Google-Suche, Portalnutzung, OZG-Leistungen. Erst list_screens, dann "
    "ask_screen. Jede Zahl hat Definition, Zeitraum und Datenstand; fehlende Werte sind nie null Klicks."
)


def server(*, demo: bool = False) -> MCPServer:
    """The server with its two tools; nothing runs yet."""
    made = MCPServer("portalkompass", instructions=INSTRUCTIONS)

    @made.tool()
    def list_screens() -> list[dict[str, Any]]:
        """Ansichten mit ihren Teilen und den Filtern, die sie kennen."""
        return screens()

    @made.tool()
    def ask_screen(screen: str, filters: dict[str, str] | None = None) -> dict[str, Any]:
        """Antwort einer Ansicht; Filter wie bei list_screens genannt, Tage als JJJJ-MM-TT, dazu view."""
        fields, given = Options.fields_by_name(), filters or {}
        if unknown := sorted(set(given) - set(fields)):
            raise ToolError(f"Unbekannte Filter: {', '.join(unknown)}. Möglich: {', '.join(fields)}.")
        options = Options(**{fields[name].name: str(value) for name, value in given.items()})
        with _as_tool_faults():
            return as_json(*answered_for(screen, options, demo=demo))

    @made.tool()
    def ask_link(address: str) -> dict[str, Any]:
        """Antwort auf eine kopierte Adresse der App."""
        with _as_tool_faults():
            return as_json(*answered_for("", Options(), link=address, demo=demo))

    return made


@contextmanager
def _as_tool_faults() -> Iterator[None]:
    """Faults of the request or the data as their sentence, which the client shows."""
    try:
        yield
    except (RequestFault, NoData, SettingsError, WarehouseError) as fault:
        raise ToolError(str(fault)) from None
