"""E-mail and webhook as the settings say: over TLS, with time limits, tried again; no secret or address in a fault."""

from __future__ import annotations

import http.client
import json
import smtplib
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from portalkompass.settings import Notify

T = TypeVar("T")

_SECONDS = 20.0
_TRIES, _FIRST_PAUSE = 3, 1.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_FIRST_SERVER_ERROR, _TOO_MANY = 500, 429


class SendingError(Exception):
    """A message that was not sent; the message is a German sentence without address or secret."""


def send_mail(server: Notify, message: EmailMessage) -> int:
    """Hand a message to the mail server; how many of its recipients the server refused.

    Raises:
        SendingError: the server refused the message, or could not be reached after three tries.
    """
    password, trusted = _password(server), _trusted(server)
    if server.smtp_security == "none" and server.smtp_host not in _LOOPBACK:
        raise SendingError(
            "Ohne Verschlüsselung (smtp_security = „none“) wird nur an einen Mailserver auf diesem Rechner gesendet."
        )

    def send() -> int:
        with _connected(server, trusted) as connection:
            if server.smtp_user:
                connection.login(server.smtp_user, password)
            return len(connection.send_message(message))

    try:
        return _patiently(send, _passing_mail_fault)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise SendingError(f"Die E-Mail ließ sich nicht senden: {_mail_reason(error)}.") from None


def post(address: str, body: Mapping[str, str]) -> None:
    """Send a JSON object to a webhook.

    Raises:
        SendingError: the address is no https (nor on this machine), it refused, or could not be reached.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        safe = False
    if not safe:
        raise SendingError("Der Webhook braucht eine Adresse mit https.")
    content = json.dumps(body, ensure_ascii=False).encode()

    def send() -> None:
        request = urllib.request.Request(  # noqa: S310 the scheme was checked above
            address, content, {"Content-Type": "application/json"}
        )
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as reply:
            reply.read(1024)

    try:
        _patiently(send, _passing_web_fault)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise SendingError(f"Der Webhook ließ sich nicht erreichen: {_web_reason(error)}.") from None


def _patiently(send: Callable[[], T], passing: Callable[[BaseException], bool]) -> T:
    retrying = Retrying(
        retry=retry_if_exception(passing),
        stop=stop_after_attempt(_TRIES),
        wait=wait_exponential_jitter(multiplier=_FIRST_PAUSE, max=10.0, jitter=_FIRST_PAUSE),
        reraise=True,
    )
    return retrying(send)


def _password(server: Notify) -> str:
    if not server.smtp_user:
        return ""
    try:
        password = Path(server.smtp_password_file).read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError):
        password = ""
    if not password:
        raise SendingError(
            "Das Kennwort des Mailservers (operations.notify.smtp_password_file) fehlt oder lässt sich nicht lesen."
        )
    return password


def _trusted(server: Notify) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except OSError:
        raise SendingError(
            "Die Datei der CA-Zertifikate (operations.notify.ca_file) lässt sich nicht lesen."
        ) from None


def _connected(server: Notify, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.smtp_security == "tls":
        return smtplib.SMTP_SSL(server.smtp_host, server.smtp_port, timeout=_SECONDS, context=context)
    connection = smtplib.SMTP(server.smtp_host, server.smtp_port, timeout=_SECONDS)
    if server.smtp_security == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The message goes to the configured address and nowhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        """Refuse: urllib turns this into an HTTPError."""


def _passing_mail_fault(error: BaseException) -> bool:
    """Broken lines and replies in the four hundreds pass; refusals, certificates and passwords do not."""
    if isinstance(error, smtplib.SMTPAuthenticationError | ssl.SSLCertVerificationError):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code < _FIRST_SERVER_ERROR for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < _FIRST_SERVER_ERROR
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError)


def _passing_web_fault(error: BaseException) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code >= _FIRST_SERVER_ERROR or error.code == _TOO_MANY
    certificate = isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError)
    return isinstance(error, OSError | http.client.HTTPException) and not certificate


def _mail_reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "der Mailserver nimmt Konto oder Kennwort nicht an"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "der Mailserver nimmt keine der Adressen an"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "der Mailserver bietet die verlangte Verschlüsselung oder Anmeldung nicht an"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"der Mailserver antwortet mit {error.smtp_code}"
    return _connection_reason(error, "der Mailserver")


def _web_reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"er antwortet mit {error.code}"
    reason = getattr(error, "reason", error)
    return _connection_reason(reason if isinstance(reason, Exception) else error, "er")


def _connection_reason(error: Exception, who: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"dem Zertifikat wird nicht vertraut, mit dem {who} sich ausweist"
    if isinstance(error, ssl.SSLError):
        return f"{who} spricht kein TLS, wie es die Einstellungen verlangen"
    if isinstance(error, TimeoutError):
        return f"{who} antwortet nicht rechtzeitig"
    return f"{who} ist nicht erreichbar oder bricht die Verbindung ab"
