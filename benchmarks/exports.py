"""Files: how long a slide, a picture and a deck take, and whether the app still answers meanwhile.

    python -m benchmarks.exports

Medians after one warm-up. The health measurement runs ten exports in threads of a server process, as the
app does, and asks that server from outside.
"""

from __future__ import annotations

import datetime as dt
import http.client
import http.server
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from portalkompass.exhibit import Exhibit, Field
from portalkompass.exports import files
from portalkompass.exports.image_worker import ImageWorker
from portalkompass.slide_set import SlideSet

RUNS = 15
DAY = dt.date(2025, 12, 15)
EXPORTS = 10
FORMATS = {form.id: form for form in files.FORMATS}
LIMITS = {
    "Folie mit nativem Diagramm": 80.0,
    "PNG, 200 ppi": 300.0,
    "SVG": 150.0,
    "Präsentation mit 15 Folien": 4000.0,
    "Health-Antwort bei zehn Exporten": 60.0,
}


def line() -> Exhibit:
    """Sixteen months in two series."""
    months = pd.date_range("2024-08-01", periods=16, freq="MS")
    frame = pd.DataFrame(
        {
            "bucket": [*months, *months],
            "clicks": [20_000 + 900 * number for number in range(32)],
            "series": ["Aktuell"] * 16 + ["Vorjahr"] * 16,
        }
    )
    fields = (
        Field("bucket", "Monat", "month"),
        Field("clicks", "Klicks", "integer"),
        Field("series", "Zeitraum"),
    )
    return _exhibit("clicks_trend", "line", frame, fields, x="bucket", y="clicks", series="series")


def table() -> Exhibit:
    """Nine rows of words."""
    frame = pd.DataFrame(
        {
            "name": [f"Leistung {n}" for n in range(9)],
            "status": ["In Umsetzung"] * 9,
            "text": ["Anbindung an das Fachverfahren ist erfolgt; Anbindung ans ePayment in Umsetzung"] * 9,
        }
    )
    return _exhibit(
        "ozg",
        "table",
        frame,
        (Field("name", "Leistung"), Field("status", "Status"), Field("text", "Entwicklung")),
    )


def dots() -> Exhibit:
    """A chart that PowerPoint cannot draw itself."""
    frame = pd.DataFrame(
        {
            "name": list("ABCDEFGH"),
            "rank": range(1, 9),
            "rank_low": [1, 1, 2, 3, 4, 5, 6, 7],
            "rank_high": range(1, 9),
        }
    )
    fields = (Field("name", "Leistung"), Field("rank", "Rang", "integer"))
    return _exhibit("rank_ranges", "dots", frame, fields, x="rank", y="name")


def _exhibit(id: str, kind: str, frame: pd.DataFrame, fields: tuple[Field, ...], **parts: str) -> Exhibit:
    return Exhibit(
        id=id,
        kind=kind,  # type: ignore[arg-type]
        frame=frame,
        fields=fields,
        headline="Im November 2025: Klicks 35.967, 136 % mehr als im Vorjahr",
        subtitle="Klicks nach Monaten",
        source="Google Search Console",
        data_date=DAY,
        alt="Diagramm",
        **parts,  # type: ignore[arg-type]
    )


def fifteen() -> SlideSet:
    """Title and fourteen slides: nine charts, four tables, one picture."""
    charts = [replace(line(), id=f"line{number}") for number in range(9)]
    tables = [replace(table(), id=f"table{number}") for number in range(4)]
    return SlideSet("Sachstand Digitalisierung", ("Stadt",), (*charts, *tables, dots()), DAY)


def measure() -> dict[str, float]:
    """Medians in milliseconds by what was measured."""
    worker = ImageWorker()
    try:
        found = {
            "Folie mit nativem Diagramm": _median(lambda: files.make(line(), FORMATS["pptx"], worker=worker)),
            "PNG, 200 ppi": _median(lambda: files.make(line(), FORMATS["png"], worker=worker)),
            "SVG": _median(lambda: files.make(line(), FORMATS["svg"], worker=worker)),
            "Präsentation mit 15 Folien": _median(lambda: files.deck_file(fifteen(), worker=worker), 5),
        }
    finally:
        worker.close()
    health, kills = health_under_load()
    return {
        **found,
        "Health-Antwort bei zehn Exporten": health,
        "Exporte, die nach dem Abschuss des Zeichenprozesses fehlen": kills,
    }


def _median(make: Callable[[], bytes], runs: int = RUNS) -> float:
    make()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        make()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def health_under_load() -> tuple[float, float]:
    """Median answer of the health address in ms while ten exports run, and exports lost to a kill."""
    command = [sys.executable, "-m", "benchmarks.exports", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = int(server.stdout.readline())
            _get(port, "/start")
            times, done = [], 0
            while done < EXPORTS:
                begin = time.perf_counter()
                done = int(_get(port, "/health"))
                times.append((time.perf_counter() - begin) * 1000)
                time.sleep(0.02)
            lost = float(EXPORTS - int(_get(port, "/made")))
        finally:
            server.terminate()
    return statistics.median(times), lost


def _get(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def serve() -> None:
    """The server process: exports in threads, the drawing process killed once while they run."""
    worker = ImageWorker()
    files.make(line(), FORMATS["png"], worker=worker)
    files.make(line(), FORMATS["pptx"], worker=worker)
    done, made = [0], [0]

    def export(number: int) -> None:
        form = FORMATS[("png", "svg", "pdf", "pptx")[number % 4]]
        try:
            files.make(line(), form, worker=worker)
            made[0] += 1
        finally:
            done[0] += 1

    def start() -> None:
        for number in range(EXPORTS):
            threading.Thread(target=export, args=(number,), daemon=True).start()
        time.sleep(0.1)
        if worker.process_id:
            os.kill(worker.process_id, signal.SIGTERM)

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/start":
                threading.Thread(target=start, daemon=True).start()
            body = str(made[0] if self.path == "/made" else done[0]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: only the port is printed."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


def report() -> str:
    """The measurements as a Markdown table beside their limits."""
    rows = ["| Messung | Median | Grenze |", "|---|---:|---:|"]
    for name, value in measure().items():
        limit = LIMITS.get(name)
        unit = " ms" if limit else ""
        rows.append(f"| {name} | {value:.0f}{unit} | {f'≤ {limit:.0f} ms' if limit else '0'} |")
    return "\n".join(rows)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        sys.stdout.write(report() + "\n")
