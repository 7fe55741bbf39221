"""What went wrong with a request, judged by Google's reason and message, never by status alone.

Google answers most quota errors with 403, the status of a missing permission: a status-based
judgement either retries for ever or gives up on data that would come a minute later.
Source: https://developers.google.com/webmaster-tools/limits
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import google.auth.exceptions
import msgspec
from googleapiclient.errors import HttpError

from etl.sources.retries import (
    CONNECTION_FAULTS,
    FIRST_SERVER_ERROR,
    RateLimited,
    Refused,
    Transient,
    seconds_until,
)
from etl.sources.transport import PROXY_REFUSALS, connection_words, proxy_sentence, refused_tunnel


class LoadQuotaExceeded(Exception):
    """The property's load quota (ten minutes or day) is used up; only waiting helps."""


@dataclass(frozen=True, slots=True)
class _GoogleError:
    status: int
    reasons: frozenset[str]
    message: str
    retry_after: float | None
    from_google: bool


_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_LOAD_REASONS = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
_API_OFF_REASONS = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_OAUTH_REFUSALS = frozenset(
    {
        "invalid_grant",
        "invalid_client",
        "unauthorized_client",
        "invalid_scope",
        "access_denied",
        "account_not_found",
    }
)


def judge(error: Exception, *, site: str, account: str) -> Exception:
    """Turn any exception of a request into Transient, RateLimited, LoadQuotaExceeded or Refused.

    Exceptions that are none of the network's business are returned as they are.
    """
    if isinstance(error, (Transient, LoadQuotaExceeded, Refused)):
        return error
    if isinstance(error, HttpError):
        return _judge_reply(_read(error), site=site, account=account)
    if isinstance(error, google.auth.exceptions.TransportError):
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error.__cause__
        return Transient(f"Anmeldeserver nicht erreichbar: {connection_words(cause)}")
    if isinstance(error, google.auth.exceptions.RefreshError):
        if error.args and str(error.args[0]).lstrip().startswith("<"):
            # The page itself is not quoted, and its status is lost in the library.
            return Transient("statt des Anmeldeservers antwortet eine Webseite, vermutlich die eines Proxys")
        if error.retryable or not _is_oauth_refusal(error):
            return Transient("Anmeldeserver antwortet mit einem Fehler")
        return Refused(
            f"Google lehnt die Anmeldung des Dienstkontos {account} ab. Bitte prüfen, ob der Schlüssel noch "
            "gültig ist und die Uhr dieses Rechners stimmt, und gegebenenfalls einen neuen Schlüssel erzeugen."
        )
    if isinstance(error, msgspec.DecodeError):
        return Transient("Antwort ist kein vollständiges JSON")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(
            "Das Zertifikat der Gegenstelle ist nicht vertrauenswürdig. Hinter einem prüfenden Proxy bitte "
            "dessen Zertifikat mit search_console.ca_file angeben."
        )
    if (status := refused_tunnel(error)) is not None:
        return Refused(_of_proxy(status))
    if isinstance(error, CONNECTION_FAULTS):
        return Transient(connection_words(error))
    return error


def _is_oauth_refusal(error: google.auth.exceptions.RefreshError) -> bool:
    """Whether the sign-in server itself said no; anything else is a proxy's or server's passing fault."""
    reply = error.args[1] if len(error.args) > 1 else None
    code = reply.get("error") if isinstance(reply, dict) else None
    return isinstance(code, str) and code in _OAUTH_REFUSALS


def _judge_reply(reply: _GoogleError, *, site: str, account: str) -> Exception:
    text = reply.message.lower()
    quota = "quotaExceeded" in reply.reasons or reply.status == http.client.TOO_MANY_REQUESTS
    if reply.reasons & _RATE_REASONS or (quota and "qps" in text):
        return RateLimited(reply.message, reply.retry_after)
    if reply.reasons & _LOAD_REASONS or (quota and "load" in text) or "quotaExceeded" in reply.reasons:
        return LoadQuotaExceeded(reply.message)
    if quota:
        return RateLimited(reply.message, reply.retry_after)
    if reply.status >= FIRST_SERVER_ERROR or reply.status == http.client.REQUEST_TIMEOUT:
        return Transient(f"Google antwortet mit HTTP {reply.status}", reply.retry_after)
    return Refused(_sentence(reply, site=site, account=account))


def _of_proxy(status: int) -> str:
    allow = "dort searchconsole.googleapis.com und oauth2.googleapis.com freigeben lassen"
    return proxy_sentence(status, "search_console", "Google", allow)


def _sentence(reply: _GoogleError, *, site: str, account: str) -> str:
    if not reply.from_google and reply.status in PROXY_REFUSALS:
        return _of_proxy(reply.status)
    if reply.reasons & _API_OFF_REASONS:
        return (
            "Die Search Console API ist im Google-Cloud-Projekt des Dienstkontos nicht eingeschaltet. "
            "Bitte dort unter „APIs und Dienste“ die „Google Search Console API“ aktivieren."
        )
    if reply.status == http.client.FORBIDDEN:
        return (
            f"Kein Zugriff auf die Property „{site}“. Bitte in der Search Console unter „Einstellungen → Nutzer "
            f"und Berechtigungen“ das Dienstkonto {account} hinzufügen und prüfen, ob die Property genau so heißt "
            "(„sc-domain:…“ oder die vollständige Adresse mit Schrägstrich am Ende)."
        )
    if reply.status == http.client.UNAUTHORIZED:
        return f"Google lehnt die Anmeldung des Dienstkontos {account} ab. Bitte den Schlüssel prüfen oder erneuern."
    if reply.status == http.client.NOT_FOUND:
        return (
            f"Google kennt die Property „{site}“ nicht. Bitte den Namen in den Einstellungen prüfen und ob das "
            f"Dienstkonto {account} in der Search Console auf sie berechtigt ist."
        )
    return (
        f"Google lehnt die Anfrage für „{site}“ ab (HTTP {reply.status}, Dienstkonto {account}): {reply.message} "
        "Bitte Property und Suchtypen (search_console.search_types) in den Einstellungen prüfen."
    )


def _read(error: HttpError) -> _GoogleError:
    headers: Mapping[str, str] = error.resp
    retry_after = seconds_until(headers.get("retry-after", ""))
    reasons: set[str] = set()
    from_google = True
    message = f"HTTP {error.resp.status}"
    try:
        body = json.loads(error.content)["error"]
        message = str(body.get("message") or message)
        for part in (*body.get("errors", ()), *body.get("details", ())):
            reasons.add(str(part.get("reason", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        # A proxy's or load balancer's page instead of Google's JSON: the status is all there is.
        from_google = False
    return _GoogleError(
        int(error.resp.status), frozenset(reasons - {""}), message[:200], retry_after, from_google
    )
