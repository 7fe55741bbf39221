"""The Search Console API through google-api-python-client: sign-in, pacing, retries, one transport a thread."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import google.auth.exceptions
import google_auth_httplib2
import httplib2
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from tenacity import stop_after_attempt

from etl.sources.pace import Pace
from etl.sources.retries import RateLimited, Refused, Stopped, Transient, patiently
from etl.sources.search_console.faults import LoadQuotaExceeded, judge
from etl.sources.transport import open_http
from portalkompass import german
from portalkompass.settings import SearchConsole

SCOPE = "https://www.googleapis.com/auth/webmasters.readonly"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Transport:
    """A connection and its sign-in, for one thread."""

    http: httplib2.Http
    credentials: Any

    @classmethod
    def open(cls, settings: SearchConsole, key: Mapping[str, Any]) -> Transport:
        """Not signed in yet; with time-out, proxy and own CA file, which hold for token requests too.

        Raises:
            LoadError: the key is damaged, the CA file is missing or the proxy is no address.
        """
        try:
            credentials = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                key, scopes=[SCOPE]
            )
        except (ValueError, google.auth.exceptions.GoogleAuthError):
            raise Refused(
                "Die Schlüsseldatei des Dienstkontos ist beschädigt. Bitte im Google-Cloud-Projekt einen neuen "
                "JSON-Schlüssel erzeugen."
            ) from None
        http = open_http(settings, "search_console")
        # Google uses 308 in resumable transfers only; here it would be a proxy's redirect.
        http.redirect_codes = http.redirect_codes - {308}
        return cls(http, credentials)


class Client:
    """Sends requests for all workers; safe to share between threads.

    httplib2 is not thread-safe, so each thread keeps a transport (and its connection) of its own.
    """

    def __init__(self, settings: SearchConsole, pace: Pace) -> None:
        self._settings = settings
        self._pace = pace
        self._key = read_key(settings)
        self._local = threading.local()
        options = {"api_endpoint": settings.api_endpoint} if settings.api_endpoint else None
        # The discovery document ships with the library: no network is needed to build the service.
        self._service = build(
            "searchconsole",
            "v1",
            http=self._transport().http,
            static_discovery=True,
            cache_discovery=False,
            client_options=options,
        )

    @property
    def account(self) -> str:
        """E-mail of the service account, for sentences that tell whom to give access."""
        return str(self._key.get("client_email", "(unbekannt)"))

    def query(self, site: str, body: Mapping[str, object], read: Callable[[bytes], T]) -> T:
        """Answer of searchAnalytics.query, read by ``read``."""
        return self.send(
            site, lambda service: service.searchanalytics().query(siteUrl=site, body=dict(body)), read
        )

    def send(self, site: str, request: Callable[[Any], Any], read: Callable[[bytes], T]) -> T:
        """Send what ``request`` builds until it is answered; ``read`` turns the bytes into a value.

        ``read`` is part of each try: a reply that cannot be read is a transport fault like any other.

        Raises:
            Refused: no retry can help.
            Stopped: tries or load-quota pauses are used up; a later run can go on.
        """
        settings = self._settings
        while True:
            try:
                return patiently(
                    lambda: self._send_once(site, request, read),
                    self._pace,
                    stop=stop_after_attempt(settings.max_attempts),
                    first_backoff=settings.backoff_seconds,
                )
            except LoadQuotaExceeded:
                if not self._pace.pause(settings.load_quota_pause_seconds, settings.load_quota_pauses):
                    raise Stopped(
                        f"Das Abfrage-Kontingent (Load) der Property „{site}“ ist aufgebraucht. Was geladen wurde, "
                        "ist veröffentlicht; ein späterer Lauf setzt dort fort."
                    ) from None
            except RateLimited:
                raise Stopped(
                    f"Google bremst die Abfragen für „{site}“ auch nach {settings.max_attempts} Versuchen. "
                    "Ein späterer Lauf setzt fort; bei Wiederholung search_console.queries_per_second senken."
                ) from None
            except Transient as fault:
                raise Stopped(
                    f"Google ist auch nach {settings.max_attempts} Versuchen nicht erreichbar ({fault}). "
                    "Bitte die Netzverbindung prüfen; ein späterer Lauf setzt fort."
                ) from None

    def _send_once(self, site: str, request: Callable[[Any], Any], read: Callable[[bytes], T]) -> T:
        self._pace.wait()
        if self._pace.stop.is_set():
            raise Stopped("Der Lauf wurde angehalten; ein späterer Lauf setzt fort.")
        try:
            transport = self._signed_in()
            prepared = request(self._service)
            transport.credentials.apply(prepared.headers)
            # The library would parse into dicts; the bytes go straight to a typed reader instead.
            prepared.postproc = lambda _response, content: content
            value = read(prepared.execute(http=transport.http))
        except Exception as error:
            fault = self._judged(error, site)
            if isinstance(fault, RateLimited):
                self._pace.rate_limited()
            elif isinstance(fault, Transient):
                # The connection may hold rest bytes of a broken reply: the next try opens a new one.
                self._transport().http.close()
            raise fault from None
        self._local.token_is_new = False
        self._pace.succeeded()
        return value

    def _judged(self, error: Exception, site: str) -> Exception:
        expired = isinstance(error, HttpError) and error.resp.status == http.client.UNAUTHORIZED
        if expired and not self._local.token_is_new:
            self._transport().credentials.token = None
            return Transient("Anmeldung abgelaufen")
        return judge(error, site=site, account=self.account)

    def _signed_in(self) -> Transport:
        """This thread's transport with a valid token.

        Signed in apart from the request, for two reasons: a sign-in server that answers with a web page
        makes google-auth raise TypeError, which must not be taken for a fault of our own; and its
        ready-made AuthorizedHttp asks a third Google host about regional boundaries in a thread of its
        own, on the same connection.
        """
        transport = self._transport()
        if not transport.credentials.valid:
            try:
                transport.credentials.refresh(google_auth_httplib2.Request(transport.http))
            except (TypeError, KeyError, AttributeError):
                raise Transient("Anmeldeserver antwortet nicht mit einem Token") from None
            self._local.token_is_new = True
        return transport

    def _transport(self) -> Transport:
        if not hasattr(self._local, "transport"):
            self._local.transport = Transport.open(self._settings, self._key)
        transport: Transport = self._local.transport
        return transport


def read_key(settings: SearchConsole) -> dict[str, Any]:
    """The service account's key file.

    Raises:
        Refused: not configured, missing, unreadable or of the wrong kind; never quotes its content.
    """
    if not settings.credentials_file:
        raise Refused(
            "Es ist kein Dienstkonto eingerichtet. Bitte search_console.credentials_file auf die Schlüsseldatei "
            "(JSON) des Dienstkontos setzen; die Anleitung steht in docs/handbuch.md."
        )
    path = Path(settings.credentials_file).expanduser()
    try:
        key = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise Refused(
            f"Die Schlüsseldatei {path} gibt es nicht. Bitte search_console.credentials_file prüfen."
        ) from None
    except OSError as error:
        raise Refused(
            f"Die Schlüsseldatei {path} (search_console.credentials_file) ist nicht lesbar: "
            f"{german.why_unreadable(error)}."
        ) from None
    except ValueError:
        raise Refused(f"Die Schlüsseldatei {path} (search_console.credentials_file) ist kein JSON.") from None
    if not isinstance(key, dict) or key.get("type") != "service_account":
        raise Refused(
            f"Die Datei {path} (search_console.credentials_file) ist kein Schlüssel eines Dienstkontos (type: "
            "service_account fehlt)."
        )
    return key
