"""The MCP server, asked by a real client over standard input and output."""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from portalkompass.screens import SCREENS
from portalkompass.settings import ROOT
from tests.commands.conftest import environment, run


def called(folder, *calls):
    from mcp import Client, StdioServerParameters  # takes its time; every worker imports this file

    async def talk():
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "portalkompass", "mcp"],
            env=environment(folder),
            cwd=str(ROOT),
        )
        async with Client(server) as client:
            tools = await client.list_tools()
            return [tool.name for tool in tools.tools], [await client.call_tool(*call) for call in calls]

    # Apart, because a browser test of the same process may have left its own loop running.
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, talk()).result()


def test_a_client_lists_the_screens_and_gets_the_answer_of_ask(folder):
    names, (listed, asked, refused, unknown) = called(
        folder,
        ("list_screens", {}),
        ("ask_screen", {"screen": "rankings", "filters": {"view": "positionen", "compare": "none"}}),
        ("ask_screen", {"screen": "suchanfragen", "filters": {"device": "MOBILE"}}),
        ("ask_screen", {"screen": "suchanfragen", "filters": {"farbe": "rot"}}),
    )
    assert names == ["list_screens", "ask_screen", "ask_link"]
    entries = listed.structured_content["result"]
    assert [entry["screen"] for entry in entries] == [screen.slug for screen in SCREENS]
    typed = run(folder, "ask", "rankings", "--view", "positionen", "--compare", "none")
    assert asked.structured_content == json.loads(typed.stdout)
    assert refused.is_error
    assert "kann so nicht filtern. Geräte je Suchanfrage" in refused.content[0].text
    assert unknown.is_error
    assert "Unbekannte Filter: farbe" in unknown.content[0].text
