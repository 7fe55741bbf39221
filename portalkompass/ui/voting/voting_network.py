"""Voting from other devices: a second port that serves the voting page alone, only where it was asked for.

The app itself keeps listening on this machine only. Without ``PORTALKOMPASS_WORKSHOP_LAN=1`` no second port is
opened and the voting page, too, is for this machine only.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette

from portalkompass.settings import Settings, SettingsError, load_settings
from portalkompass.ui.shell.metrics_port import open_if_asked
from portalkompass.ui.shell.startup import warm_up
from portalkompass.ui.voting.voting_routes import ROUTES

LOG = logging.getLogger(__name__)
WARNING = (
    "Runden sind in diesem Netz offen: Wer den Code einer laufenden Runde kennt, kann ohne Anmeldung "
    "mitmachen, und die Verbindung ist nicht verschlüsselt. Bitte nach dem Termin von der "
    "Betreuung der Anwendung wieder abschalten lassen."
)
ONLY_HERE = (
    "Mitmachen kann man nur auf diesem Rechner. Für andere Geräte im selben Netz kann die Betreuung der "
    "Anwendung Runden öffnen."
)


SET_ADDRESS = "Die Betreuung der Anwendung kann die eingestellte Adresse der Abstimmung ändern."
REACH_SECONDS = 1.0


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up, and open the second port for as long as the app runs; healthy means that both ports answer."""
    server, figures = _start_if_asked(), open_if_asked()
    try:
        async with warm_up(app):
            if server is not None:
                await _until_open(server)
            yield
    finally:
        if server is not None:
            server.should_exit = True
        if figures is not None:
            figures.shutdown()


def voting_address(settings: Settings, own: str) -> str:
    """Where participants find the voting page: the second port in the network, else the app's address, ``own``
    where none is configured.
    """
    if not settings.workshop_lan:
        return (settings.login.address or own).rstrip("/")
    given = settings.workshop_address.rstrip("/")
    return given or f"http://{_network_address()}:{settings.workshop_port}"


def reach_fault(settings: Settings, own: str) -> str:
    """Why a phone cannot reach the voting page, in a sentence before a round opens; empty where it can, as far as this
    machine can tell: something has to answer there.
    """
    if not settings.workshop_lan and not settings.login.wanted:
        return ONLY_HERE
    address = voting_address(settings, own)
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if host in ("localhost", "127.0.0.1", "::1"):
        return f"Die Adresse {address} gilt nur auf diesem Rechner: Handys erreichen sie nicht. {SET_ADDRESS}"
    try:
        socket.create_connection((host, port), timeout=REACH_SECONDS).close()
    except OSError:
        return f"Unter {address} antwortet nichts: Handys erreichen die Abstimmung so nicht. {SET_ADDRESS}"
    return ""


def _start_if_asked() -> uvicorn.Server | None:
    try:
        settings = load_settings()
    except SettingsError:  # the screen says what is wrong with them
        return None
    if not settings.workshop_lan:
        return None
    port = settings.workshop_port
    config = uvicorn.Config(
        Starlette(routes=ROUTES),
        host="0.0.0.0",  # noqa: S104 asked for by the setting, and nothing but the voting page
        port=port,
        log_level="warning",
        server_header=False,
        limit_concurrency=200,
        timeout_keep_alive=5,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_run, args=(server, port), name="voting", daemon=True).start()
    LOG.warning("PORTALKOMPASS_WORKSHOP_LAN: %s", WARNING)
    return server


async def _until_open(server: uvicorn.Server, seconds: float = 10.0) -> None:
    """A port that is taken, or slow to open, does not keep the app itself from starting."""
    until = time.monotonic() + seconds
    while not (server.started or server.should_exit) and time.monotonic() < until:
        await asyncio.sleep(0.02)


def _run(server: uvicorn.Server, port: int) -> None:
    try:
        server.run()
    except SystemExit:  # uvicorn leaves so when the port is taken; the app itself goes on
        server.should_exit = True
        LOG.error("the voting page could not be opened on port %d", port)  # noqa: TRY400


def _network_address() -> str:
    """This machine's address in its network; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
