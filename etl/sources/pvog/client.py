"""Requests to an Open-PVOG interface: the list of one regional key, paced and tried again."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from tenacity import stop_after_attempt

from etl.files.csv_tables import csv_of_json
from etl.sources.pace import Pace
from etl.sources.retries import (
    CONNECTION_FAULTS,
    FIRST_SERVER_ERROR,
    RateLimited,
    Refused,
    Stopped,
    Transient,
    patiently,
    seconds_until,
)
from etl.sources.transport import connection_words, open_http
from portalkompass.settings import Pvog

_LONGEST_RETRY_AFTER = 300.0


class Client:
    """Asks ``/v1/data/{ars}``; the reply is the list as CSV, whether it came as CSV or as JSON."""

    def __init__(self, settings: Pvog, pace: Pace) -> None:
        try:
            parts = urlsplit(settings.url.strip())
            host = parts.hostname or ""
        except ValueError:
            host = ""
        if not host or parts.scheme not in ("http", "https"):
            raise Refused("pvog.url ist keine Web-Adresse der Form „https://open-pvog.example/“.")
        self._settings, self._pace = settings, pace
        self._base = settings.url.strip().rstrip("/")
        self._transport = open_http(settings, "pvog")
        self.host = parts.netloc

    def list_of(self, ars: str) -> bytes:
        """The list of a regional key as CSV.

        Raises:
            Refused: no retry can help.
            Stopped: tries are used up.
        """
        try:
            return patiently(
                lambda: self._ask(ars),
                self._pace,
                stop=stop_after_attempt(self._settings.max_attempts),
                first_backoff=self._settings.backoff_seconds,
                longest_retry_after=_LONGEST_RETRY_AFTER,
            )
        except Transient as fault:
            raise Stopped(
                f"Open-PVOG unter {self.host} ist auch nach {self._settings.max_attempts} Versuchen nicht erreichbar "
                f"({fault}). Ein späterer Lauf versucht es wieder."
            ) from None

    def _ask(self, ars: str) -> bytes:
        self._pace.wait()
        try:
            response, body = self._transport.request(f"{self._base}/v1/data/{ars}", "GET")
        except CONNECTION_FAULTS as error:
            self._transport.close()
            raise Transient(connection_words(error)) from None
        status = int(response.status)
        if status == http.client.TOO_MANY_REQUESTS:
            self._pace.rate_limited()
            raise RateLimited("HTTP 429", seconds_until(response.get("retry-after", "")))
        if status >= FIRST_SERVER_ERROR or status == http.client.REQUEST_TIMEOUT:
            raise Transient(f"HTTP {status}")
        if status == http.client.NOT_FOUND:
            raise Refused(f"Open-PVOG unter {self.host} kennt den Regionalschlüssel {ars} nicht (HTTP 404).")
        if status != http.client.OK:
            raise Refused(
                f"Open-PVOG unter {self.host} lehnt die Abfrage ab (HTTP {status}). Bitte pvog.url prüfen."
            )
        table = as_csv(body)
        self._pace.succeeded()
        return table


def as_csv(body: bytes) -> bytes:
    """The list as CSV.

    Raises:
        Transient: a web page or JSON that is cut off, which another try may mend.
        Refused: JSON without rows.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start or start.startswith(b"<"):
        raise Transient("eine Webseite statt der Liste" if start else "leere Antwort")
    if not start.startswith((b"[", b"{")):
        return body
    try:
        table = csv_of_json(start)
    except ValueError:
        raise Transient("Antwort ist kein vollständiges JSON") from None
    if table is None:
        raise Refused("Die Antwort von Open-PVOG enthält keine Liste von Onlinediensten.")
    return table
