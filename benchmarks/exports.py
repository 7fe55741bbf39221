"""Files: how long a slide, a picture and a deck take, and whether the app still answers meanwhile.

    python -m benchmarks exports

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

from benchmarks.part import Goal, Part, Result
from portalkompass.exhibit import Exhibit, Field
from portalkompass.exports import files
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.slide_set import SlideSet

LOST = "exports lost to the kill"
DAY = dt.date(2025, 12, 15)
EXPORTS = 10
FORMATS = {form.id: form for form in files.FORMATS}
LIMITS = {
    "slide with a native chart": 80.0,
    "PNG at 200 ppi": 300.0,
    "SVG": 150.0,
    "deck of 20 slides": 1000.0,
    "accessible PDF of the deck": 15_000.0,
    "health answer during ten exports": 60.0,
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


def twenty() -> SlideSet:
    """Title and nineteen slides: twelve charts, six tables, one picture."""
    charts = [replace(line(), id=f"line{number}") for number in range(12)]
    tables = [replace(table(), id=f"table{number}") for number in range(6)]
    return SlideSet("Sachstand Digitalisierung", ("Stadt",), (*charts, *tables, dots()), DAY)


def measure(runs: int) -> dict[str, float]:
    """Medians in milliseconds by what was measured."""
    worker = ImageWorker()
    try:
        found = {
            "slide with a native chart": _median(
                lambda: files.make(line(), FORMATS["pptx"], worker=worker), runs
            ),
            "PNG at 200 ppi": _median(lambda: files.make(line(), FORMATS["png"], worker=worker), runs),
            "SVG": _median(lambda: files.make(line(), FORMATS["svg"], worker=worker), runs),
            "deck of 20 slides": _median(lambda: files.deck_file(twenty(), worker=worker), 5),
            "accessible PDF of the deck": _median(lambda: files.paper_file(twenty(), worker=worker), 5),
        }
    finally:
        worker.close()
    health, kills = health_under_load()
    return {
        **found,
        "health answer during ten exports": health,
        LOST: kills,
    }


def _median(make: Callable[[], bytes], runs: int) -> float:
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


def run(runs: int) -> Result:
    """All measurements beside their limits."""
    found = measure(max(runs, 5))
    return Result(
        method=(
            "A line chart of two series over 16 months through every format, a deck of 20 slides (twelve charts, six "
            "tables, one picture), medians after a warm-up. Then ten exports in threads of a server process that is "
            "asked from outside, its drawing process killed meanwhile.",
        ),
        columns=("", "median"),
        rows=tuple((name, f"{value:.0f}{' ms' if name in LIMITS else ''}") for name, value in found.items()),
        goals=(
            *(
                Goal(f"{name} ≤ {limit:.0f} ms", f"{found[name]:.0f} ms", found[name] <= limit)
                for name, limit in LIMITS.items()
            ),
            Goal("a killed drawing process costs no export", f"{found[LOST]:.0f} lost", found[LOST] == 0),
        ),
    )


PART = Part("exports", "Slides, pictures and decks", run, ("python-pptx", "vl-convert-python"))


if __name__ == "__main__" and sys.argv[1:] == ["serve"]:
    serve()
