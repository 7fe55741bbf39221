"""The drawing process seen from the app: started when first needed, kept, replaced when it dies.

vl-convert holds the interpreter's lock while it draws; in a process of its own it cannot stop the app.
"""

from __future__ import annotations

import atexit
import base64
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

LOG = logging.getLogger(__name__)
Form = Literal["svg", "png"]
PPI = 200
"""Resolution of PNG files, in pixels an inch."""
SECONDS = 30.0
"""How long one job may take; the first one also starts the process."""
WAIT_SECONDS = 120.0
"""How long a job may wait for those before it."""
_ROOT = Path(__file__).resolve().parents[3]


class ImageFault(Exception):
    """A picture or paper was not made; the message is a German sentence."""


class ImageWorker:
    """One drawing process for all threads; jobs take turns."""

    def __init__(self, command: Sequence[str] | None = None, seconds: float = SECONDS) -> None:
        self._command = command or (sys.executable, "-m", "portalkompass.exports.images.image_child")
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    @property
    def process_id(self) -> int | None:
        """Id of the process that draws at present; None while there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def draw(
        self, page: str, specification: Mapping[str, Any] | None, forms: Sequence[Form], ppi: int = PPI
    ) -> dict[str, bytes]:
        """The page in the wanted forms; a process that dies meanwhile costs one further try.

        Raises:
            ImageFault: it took too long, died twice, or the drawing itself failed.
        """
        return self._made({"page": page, "specification": specification, "forms": list(forms), "ppi": ppi})

    def typeset(self, markup: str, document: Mapping[str, Any]) -> bytes:
        """The document as PDF, set by the Typst ``markup``, which reads it as data.

        Raises:
            ImageFault: as for ``draw``.
        """
        return self._made({"markup": markup, "document": document})["pdf"]

    def _made(self, job: dict[str, Any]) -> dict[str, bytes]:
        if not self._turn.acquire(timeout=WAIT_SECONDS):
            raise ImageFault("Es werden gerade zu viele Dateien erzeugt. Bitte gleich noch einmal versuchen.")
        try:
            answer = self._ask(job) or self._ask(job)
        finally:
            self._turn.release()
        if answer is None:
            raise ImageFault("Die Datei konnte nicht erzeugt werden: Der Zeichenprozess brach ab.")
        if "fault" in answer:
            LOG.error("nothing was drawn: %s", answer["fault"])
            raise ImageFault(
                "Die Datei konnte nicht erzeugt werden; den Grund nennt das Protokoll des Servers."
            )
        return {form: base64.b64decode(text) for form, text in answer["made"].items()}

    def close(self) -> None:
        """End the process; the next job starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _ask(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """The answer; None when the process died before it came."""
        process, begin = self._started(), time.monotonic()
        assert process.stdin is not None
        assert process.stdout is not None
        # Killed for taking too long, the process gives no answer either: reading always comes to an end.
        limit = threading.Timer(self._seconds, process.kill)
        limit.daemon = True
        limit.start()
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
        except (OSError, ValueError):  # an answer that breaks off is none
            self.close()
        else:
            return answer
        finally:
            limit.cancel()
        if time.monotonic() - begin >= self._seconds:
            raise ImageFault(
                f"Die Datei wurde nach {self._seconds:.0f} Sekunden abgebrochen. Bitte einen kürzeren Zeitraum "
                "wählen oder die Zahlen als Excel herunterladen."
            )
        return None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self.process_id is None:
            self.close()
            self._process = subprocess.Popen(
                self._command,
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        return self._process


SHARED = ImageWorker()
"""The one worker of this process; what it started ends with it."""
atexit.register(SHARED.close)
