"""Requests to Matomo: token in the body, paced, retried, and never a word of the token anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from tenacity import RetryCallState

from etl.sources.matomo.access import api_address, open_transport, read_token
from etl.sources.matomo.faults import Maintenance, WebPage, fault_of_reply, judge
from etl.sources.pace import Pace
from etl.sources.retries import RateLimited, Refused, Stopped, Transient, patiently
from portalkompass.settings import Matomo

_LONGEST_RETRY_AFTER = 300.0
_WEB_PAGE_ATTEMPTS = 3
"""A web page instead of data is nearly always a wrong address or a sign-in: three tries tell."""
T = TypeVar("T")


class Client:
    """Sends one request after the other: reports are computed on the server, parallel asking only slows it."""

    def __init__(self, settings: Matomo, pace: Pace) -> None:
        self._settings = settings
        self._pace = pace
        self._address = api_address(settings.url)
        self._token = read_token(settings)
        self._transport = open_transport(settings)
        self.host = urlsplit(self._address).netloc

    def ask(self, method: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """The answer to an API method, read by ``read``; an answer that cannot be read is tried again.

        Raises:
            Refused: no retry can help.
            Stopped: tries are used up; a later run can go on.
        """
        try:
            return patiently(
                lambda: self._ask_once(method, parameters, read),
                self._pace,
                stop=self._enough,
                first_backoff=self._settings.backoff_seconds,
                longest_retry_after=_LONGEST_RETRY_AFTER,
            )
        except Transient as fault:
            raise Stopped(self._sentence(fault)) from None

    def _ask_once(self, method: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        self._pace.wait()
        try:
            value = read(self._send(method, parameters))
        except Exception as error:
            fault = judge(error)
            if isinstance(fault, Transient):
                # The connection may hold rest bytes of a broken reply: the next try opens a new one.
                self._transport.close()
            if isinstance(fault, RateLimited):
                self._pace.rate_limited()
            raise self._without_token(fault) from None
        self._pace.succeeded()
        return value

    def _send(self, method: str, parameters: Mapping[str, str]) -> bytes:
        form = {
            "module": "API",
            "method": method,
            "idSite": str(self._settings.site_id),
            "format": "JSON",
            "format_metrics": "0",
            # Messages and the name of the overflow row come in the language of the token's owner otherwise.
            "language": "en",
            **parameters,
            "token_auth": self._token,
        }
        response, body = self._transport.request(
            self._address,
            "POST",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        status, retry_after = int(response.status), response.get("retry-after", "")
        fault = fault_of_reply(status, body, retry_after, site_id=self._settings.site_id)
        if fault is not None:
            raise fault
        return bytes(body).removeprefix(b"\xef\xbb\xbf")

    def _without_token(self, fault: Exception) -> Exception:
        """A fault that quotes the server must not quote the token back."""
        text = str(fault)
        if self._token not in text and quote_plus(self._token) not in text:
            return fault
        clean = text.replace(self._token, "•••").replace(quote_plus(self._token), "•••")
        return Refused(clean) if isinstance(fault, Refused) else Transient(clean)

    def _enough(self, state: RetryCallState) -> bool:
        web_page = state.outcome is not None and isinstance(state.outcome.exception(), WebPage)
        most = self._settings.max_attempts
        return state.attempt_number >= (min(most, _WEB_PAGE_ATTEMPTS) if web_page else most)

    def _sentence(self, fault: Transient) -> str:
        if isinstance(fault, WebPage):
            return (
                f"Unter {self.host} kommt {fault} von Matomo. Bitte prüfen, ob matomo.url die Adresse der "
                "Matomo-Installation ist und ob eine vorgeschaltete Anmeldung oder ein Proxy die Abfrage abfängt; "
                "ein späterer Lauf setzt fort."
            )
        if isinstance(fault, Maintenance):
            return f"Matomo unter {self.host} wird gerade gewartet; ein späterer Lauf setzt fort."
        tries = self._settings.max_attempts
        if isinstance(fault, RateLimited):
            return (
                f"Der Server {self.host} bremst die Abfragen auch nach {tries} Versuchen. Ein späterer Lauf setzt "
                "fort; bei Wiederholung matomo.requests_per_second senken."
            )
        return (
            f"Matomo unter {self.host} ist auch nach {tries} Versuchen nicht erreichbar ({fault}). Bitte Netz und "
            "Server prüfen und bei Zeitüberschreitungen matomo.days_per_request senken; ein späterer Lauf setzt fort."
        )
