"""A PostgreSQL server of the tests' own, on loopback in a temporary folder, stopped by its own process id.

Debian's package is enough; nothing of an installed cluster is touched. The server refuses to run as root, so
root starts it as the package's own user.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import psycopg
import pytest

USER = "postgres"
MISSING = "Kein PostgreSQL gefunden. Bitte das Paket „postgresql“ einrichten (tools/ensure_postgresql.py)."


def programs():
    """Folder of initdb and postgres: on the path, else Debian's newest version; None without one."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    found = [one.parent for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def _as_user():
    """Keywords for subprocess: root hands over to the package's user."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"user": USER, "group": USER, "extra_groups": []} if root else {}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql_server():
    """Port of a running server; databases are made by ``new_database``."""
    folder = programs()
    if folder is None:
        pytest.fail(MISSING, pytrace=False)
    home = Path(tempfile.mkdtemp(prefix="portalkompass-pg-"))
    who = _as_user()
    if who:
        shutil.chown(home, USER, USER)
    data, port = home / "data", _free_port()
    log = (home / "server.log").open("w", encoding="utf-8")
    server = None
    try:
        initdb = [folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=log, stderr=log, cwd=home, **who)
        options = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": home,
            "fsync": "off",
        }
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [folder / "postgres", "-D", data, *given], stdout=log, stderr=log, cwd=home, **who
        )
        _wait(server, port, home / "server.log")
        yield port
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)  # "fast shutdown": sessions are ended, nothing is lost
            server.wait(30)
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def new_database(port, of="template0"):
    """SQLAlchemy URL of a fresh database: a copy of another one, which nobody is connected to; else an empty one."""
    name = f"w{uuid.uuid4().hex}"
    with psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
    return f"postgresql+psycopg://{USER}@127.0.0.1:{port}/{name}"


def _wait(server, port, log):
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"PostgreSQL startet nicht:\n{log.read_text(encoding='utf-8')}", pytrace=False)
