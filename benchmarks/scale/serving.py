"""Our app and a plain Streamlit app as servers of their own, and what they take to start."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from benchmarks.child import ChildFailed
from benchmarks.report import ROOT
from benchmarks.scale.data import environment
from benchmarks.scale.shape import Shape

APP, PLAIN = ROOT / "app.py", Path(__file__).with_name("plain_app.py")
SHAPES = "BENCH_PLAIN_SHAPES"
AS_INSTALLED = Path(__file__).with_name("as_installed")
"""Put before the installed packages of both apps."""
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, its process, and the seconds from start to the first health answer."""

    address: str
    pid: int
    seconds: float

    def megabytes(self) -> float:
        """Resident memory now, in MB (10⁶ bytes)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) * 1024 / 1e6 if found else float("nan")

    def processor_seconds(self) -> float:
        """Processor time since the start, of all threads."""
        ticks = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, ticks[11:13])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def ours(folder: Path) -> Iterator[Server]:
    """Our app on a data folder, with the environment of the shipped service (deploy/systemd)."""
    with _serve(APP, environment(folder) | {"MALLOC_ARENA_MAX": "2"}) as server:
        yield server


@contextmanager
def plain(shapes: Mapping[str, Shape]) -> Iterator[Server]:
    """A plain app with a page of each shape under its name."""
    with _serve(PLAIN, os.environ | {SHAPES: json.dumps(shapes)}) as server:
        yield server


@contextmanager
def _serve(script: Path, env: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = env | {"PYTHONPATH": str(AS_INSTALLED)}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with TemporaryFile("w+", encoding="utf-8") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            _healthy(process, port)
            yield Server(f"http://127.0.0.1:{port}", process.pid, time.perf_counter() - begin)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)


def _healthy(process: subprocess.Popen[bytes], port: int) -> None:
    """Knocks until the port is open: asking for a page so often would take time from the start it measures."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as knock:
            is_open = knock.connect_ex(("127.0.0.1", port)) == 0
        if is_open:
            with suppress(OSError), urllib.request.urlopen(_health(port), timeout=2):  # noqa: S310 loopback
                return
        time.sleep(0.02)
    raise ChildFailed(f"{_health(port)} does not answer")


def _health(port: int) -> str:
    return f"http://127.0.0.1:{port}/_stcore/health"
