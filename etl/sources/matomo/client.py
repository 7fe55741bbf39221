"""Requests to Matomo: token in the body, paced, retried, and never a word of the token anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from etl.sources.matomo.access import api_address, open_transport, read_token
from etl.sources.matomo.faults import Maintenance, RateLimited, Refused, Transient, WebPage, judge, refusal
from etl.sources.pace import Pace
from portalkompass.settings import Matomo

_LONGEST_BACKOFF = 60.0
_LONGEST_RETRY_AFTER = 300.0
_WEB_PAGE_ATTEMPTS = 3
"""A web page instead of data is nearly always a wrong address or a sign-in: three tries tell."""
T = TypeVar("T")


class Stopped(Exception):
    """The run ends before its plan is done, in a state the next run goes on from; German sentence."""


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
            return self._ask_patiently(method, parameters, read)
        except Transient as fault:
            raise Stopped(self._sentence(fault)) from None

    def _ask_patiently(self, method: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        retrying = Retrying(
            retry=retry_if_exception_type(Transient),
            stop=self._enough,
            wait=self._backoff,
            sleep=self._pace.sleep,
            reraise=True,
        )
        for attempt in retrying:
            with attempt:
                return self._ask_once(method, parameters, read)
        raise AssertionError("tenacity re-raises the last fault")

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
        wrong = refusal(
            int(response.status), body, response.get("retry-after"), site_id=self._settings.site_id
        )
        if wrong is not None:
            raise wrong
        return bytes(body).removeprefix(b"\xef\xbb\xbf")

    def _without_token(self, fault: Exception) -> Exception:
        """A fault that quotes the server must not quote the token back."""
        text = str(fault)
        if self._token not in text and quote_plus(self._token) not in text:
            return fault
        clean = text.replace(self._token, "•••").replace(quote_plus(self._token), "•••")
        return Refused(clean) if isinstance(fault, Refused) else Transient(clean)

    def _enough(self, state: RetryCallState) -> bool:
        fault = state.outcome.exception() if state.outcome else None
        most = self._settings.max_attempts
        return stop_after_attempt(min(most, _WEB_PAGE_ATTEMPTS) if isinstance(fault, WebPage) else most)(
            state
        )

    def _backoff(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, RateLimited) and fault.retry_after is not None:
            return min(fault.retry_after, _LONGEST_RETRY_AFTER)
        first = self._settings.backoff_seconds
        return wait_exponential_jitter(multiplier=first, max=_LONGEST_BACKOFF, jitter=first)(state)

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
