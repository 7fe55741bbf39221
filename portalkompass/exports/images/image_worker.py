"""The drawing process seen from the app: started when first needed, kept, replaced when it dies.

vl-convert holds the interpreter's lock while it draws; in a process of its own it cannot stop the app.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

Form = Literal["svg", "png", "pdf"]
PPI = 200
"""Resolution of PNG files, in pixels an inch."""
SECONDS = 30.0
"""How long one job may take; the first one also starts the process."""
WAIT_SECONDS = 120.0
"""How long a job may wait for those before it."""
_ROOT = Path(__file__).resolve().parents[3]


class ImageFault(Exception):
    """A picture was not made; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class _Running:
    process: subprocess.Popen[str]
    answers: queue.Queue[dict[str, Any] | None]

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


class ImageWorker:
    """One drawing process for all threads; jobs take turns."""

    def __init__(self, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = command or (sys.executable, "-m", "portalkompass.exports.images.image_child")
        self._seconds = seconds
        self._turn = threading.Lock()
        self._running: _Running | None = None

    @property
    def process_id(self) -> int | None:
        """Id of the process that draws at present; None while there is none."""
        return self._running.process.pid if self._running and self._running.alive else None

    def draw(
        self, page: str, specification: Mapping[str, Any] | None, forms: Sequence[Form]
    ) -> dict[str, bytes]:
        """The page in the wanted forms; a process that dies meanwhile costs one further try.

        Raises:
            ImageFault: it took too long, died twice, or the drawing itself failed.
        """
        job = {"page": page, "specification": specification, "forms": list(forms), "ppi": PPI}
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise ImageFault("Es werden gerade zu viele Bilder erzeugt. Bitte gleich noch einmal versuchen.")
        try:
            answer = self._ask(job) or self._ask(job)
        finally:
            self._turn.release()
        if answer is None:
            raise ImageFault("Das Bild konnte nicht erzeugt werden: Der Zeichenprozess brach ab.")
        if "fault" in answer:
            raise ImageFault(f"Das Bild konnte nicht erzeugt werden ({answer['fault']}).")
        return {form: base64.b64decode(text) for form, text in answer["made"].items()}

    def close(self) -> None:
        """End the process; the next job starts another."""
        running, self._running = self._running, None
        if running is not None:
            running.process.kill()
            running.process.wait()

    def _ask(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """The answer; None when the process died before it came."""
        running = self._started()
        stdin = running.process.stdin
        assert stdin is not None
        try:
            stdin.write(json.dumps(job) + "\n")
            stdin.flush()
            answer = running.answers.get(timeout=self._seconds)
        except OSError:
            answer = None
        except queue.Empty:
            self.close()
            raise ImageFault(
                f"Das Bild wurde nach {self._seconds:.0f} Sekunden abgebrochen. Bitte einen kürzeren Zeitraum "
                "wählen oder die Zahlen als Excel herunterladen."
            ) from None
        if answer is None:
            self.close()
        return answer

    def _started(self) -> _Running:
        if self._running is None or not self._running.alive:
            self.close()
            process = subprocess.Popen(
                self._command,
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
            assert process.stdout is not None
            threading.Thread(
                target=_listen, args=(process.stdout, answers), name="image-worker", daemon=True
            ).start()
            self._running = _Running(process, answers)
        return self._running


def _listen(stream: IO[str], answers: queue.Queue[dict[str, Any] | None]) -> None:
    """Pass answers on; the end of the stream (the process died) is passed on as None."""
    with contextlib.suppress(OSError, ValueError):  # an answer that breaks off is none
        for line in stream:
            answers.put(json.loads(line))
    answers.put(None)


_shared: ImageWorker | None = None
_sharing = threading.Lock()


def shared_worker() -> ImageWorker:
    """The one worker of this process; ended with it."""
    global _shared  # noqa: PLW0603 one child process per app
    with _sharing:
        if _shared is None:
            _shared = ImageWorker()
            atexit.register(_shared.close)
        return _shared
