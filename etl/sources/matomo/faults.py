"""What went wrong with a request to Matomo, judged by its message first and by the HTTP status last.

Matomo reports its errors as ``{"result": "error", "message": …}``, often with HTTP 200; a web page instead of
JSON comes from something in front of it (sign-in, proxy, maintenance page) or from a wrong address.
Source: https://developer.matomo.org/api-reference/reporting-api
"""

from __future__ import annotations

import http.client
import re
import ssl

import msgspec

from etl.files.kinds.portal_kinds import is_matomo_error
from etl.sources.retries import (
    CONNECTION_FAULTS,
    FIRST_SERVER_ERROR,
    RateLimited,
    Refused,
    Transient,
    seconds_until,
)
from etl.sources.transport import PROXY_REFUSALS, connection_words, proxy_sentence, refused_tunnel


class WebPage(Transient):
    """A web page where JSON was asked for; the message says which kind."""


class Maintenance(Transient):
    """Matomo says that it is being maintained."""


class _Error(msgspec.Struct):
    result: object = None
    message: object = None


_ENVELOPE: msgspec.json.Decoder[_Error | list[msgspec.Raw]] = msgspec.json.Decoder(_Error | list[msgspec.Raw])
_MESSAGE_LIMIT = 200
_TEXT_LIMIT = 2000
_SIGN_IN = re.compile(rb"(?i)type=[\"']?password|login|sign.?in|anmeld")
_TOKEN = re.compile(
    r"(?i)authenticate with the provided token|token_auth|invalid token|token is (not valid|invalid)"
    r"|must be logged in|authentifizier|angemeldet sein|token.{0,20}ungültig"
)
_ACCESS = re.compile(r"(?i)can.?t access this resource|requires an? .{0,12}access|nicht auf diese ressource")
_NO_SITE = re.compile(
    r"(?i)unexpected website|website id = \d+ .*(couldn.?t|could not) be found|unerwartete website"
)
_MAINTENANCE = re.compile(r"(?i)maintenance|wartung|database (upgrade|update)|needs to be (upgraded|updated)")
_NO_METHOD = re.compile(
    r"(?i)method .* does not exist|plugin .* (not|isn.?t) (activated|enabled|loaded|installed)"
)
_SERVER = re.compile(
    r"(?i)sqlstate|mysql|deadlock|lock wait|gone away|too many connections|timed? ?out|memory size|"
    r"temporar|try again|connection refused|internal server error"
)


def fault_of_reply(status: int, body: bytes, retry_after: str, *, site_id: int) -> Exception | None:
    """What a reply says is wrong, or None if it is an answer to be read."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        message = _message(start)
        if message is not None:
            return _judge_message(message, site_id=site_id)
    if status == http.client.TOO_MANY_REQUESTS:
        return RateLimited("HTTP 429", seconds_until(retry_after))
    if status >= FIRST_SERVER_ERROR or status == http.client.REQUEST_TIMEOUT:
        maintained = status == http.client.SERVICE_UNAVAILABLE and b"aintenance" in start
        return Maintenance("Wartung") if maintained else Transient(f"HTTP {status}")
    if status != http.client.OK:
        return Refused(_status_sentence(status))
    if start.startswith(b"<"):
        page = "Anmeldeseite" if _SIGN_IN.search(start) else "Webseite"
        return WebPage(f"eine {page} statt Daten")
    text = " ".join(start[:_TEXT_LIMIT].decode(errors="replace").split())
    if not start.startswith((b"{", b"[")) and is_matomo_error(text):
        return _judge_message(text, site_id=site_id)
    return None


def judge(error: Exception) -> Exception:
    """Turn an exception of the transport or reader into Transient or Refused; others come back as they are."""
    if isinstance(error, (Transient, Refused)):
        return error
    if isinstance(error, msgspec.ValidationError):
        return Transient("Antwort in unerwarteter Form")
    if isinstance(error, (msgspec.DecodeError, UnicodeDecodeError)):
        return Transient("Antwort ist kein vollständiges JSON")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(
            "Das Zertifikat des Matomo-Servers ist nicht vertrauenswürdig. Hat die Stadt eine eigene "
            "Zertifizierungsstelle, bitte deren Zertifikat mit matomo.ca_file angeben."
        )
    if (status := refused_tunnel(error)) is not None:
        return Refused(_of_proxy(status))
    if isinstance(error, CONNECTION_FAULTS):
        return Transient(connection_words(error))
    return error


def _message(body: bytes) -> str | None:
    """The text of an error reply; None if the reply is none (or cut, which the reader will find)."""
    try:
        reply = _ENVELOPE.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if isinstance(reply, _Error) and reply.result == "error":
        return " ".join(str(reply.message or "ohne Meldung").split())
    return None


def _judge_message(message: str, *, site_id: int) -> Exception:
    if _MAINTENANCE.search(message):
        return Maintenance("Wartung")
    if _NO_SITE.search(message):
        return Refused(
            f"Matomo kennt keine Website mit der Nummer {site_id}. Bitte matomo.site_id prüfen; die Nummer steht "
            "in Matomo unter „Verwaltung → Websites“."
        )
    if _ACCESS.search(message):
        return Refused(
            f"Der Matomo-Token darf die Website {site_id} nicht lesen. Bitte dem Nutzer des Tokens in Matomo "
            "Leserecht („view“) auf diese Website geben und matomo.site_id prüfen."
        )
    if _TOKEN.search(message):
        return Refused(
            "Matomo erkennt den Token nicht an: Er ist falsch, abgelaufen oder gelöscht. Bitte in Matomo unter "
            "„Persönlich → Sicherheit“ einen neuen Token anlegen und in die Datei matomo.token_file schreiben."
        )
    if _SERVER.search(message):
        return Transient(f"Serverfehler „{message[:_MESSAGE_LIMIT]}“")
    if _NO_METHOD.search(message):
        return Refused(
            f"Dieser Matomo-Server bietet einen benötigten Bericht nicht an: „{message[:_MESSAGE_LIMIT]}“."
        )
    return Refused(f"Matomo lehnt die Anfrage ab: „{message[:_MESSAGE_LIMIT]}“.")


def _of_proxy(status: int) -> str:
    allow = (
        "diesen Rechner dort für Matomo freigeben lassen (Liste erlaubter Adressen, vorgeschaltete Anmeldung)"
    )
    return proxy_sentence(status, "matomo", "Matomo", allow)


def _status_sentence(status: int) -> str:
    if status in PROXY_REFUSALS:
        return _of_proxy(status)
    if status == http.client.NOT_FOUND:
        return "Unter matomo.url antwortet kein Matomo (HTTP 404). Bitte die Adresse der Installation prüfen."
    if http.client.MULTIPLE_CHOICES <= status < http.client.BAD_REQUEST:
        return (
            f"Matomo leitet auf eine andere Adresse weiter (HTTP {status}); der Token wird dorthin nicht "
            "mitgeschickt. Bitte matomo.url auf die endgültige Adresse setzen."
        )
    return f"Der Matomo-Server lehnt die Anfrage ab (HTTP {status})."
