"""Tell somebody that a nightly run failed: e-mail and webhook, as the settings say; never a secret in them."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from email.message import EmailMessage
from pathlib import Path

from etl.sources.transport import connection_words
from portalkompass.german import why_unreadable
from portalkompass.settings import Notify, Settings

_SECONDS = 20.0
_MAIL_FAULTS: tuple[tuple[type[smtplib.SMTPException], str], ...] = (
    (smtplib.SMTPAuthenticationError, "der Mailserver lehnt die Anmeldung ab"),
    (smtplib.SMTPRecipientsRefused, "der Mailserver lehnt die Empfänger ab"),
    (smtplib.SMTPSenderRefused, "der Mailserver lehnt den Absender ab"),
    (
        smtplib.SMTPNotSupportedError,
        "der Mailserver kann nicht, was operations.notify verlangt (smtp_security)",
    ),
    (smtplib.SMTPException, "der Mailserver nimmt sie nicht an"),
)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def notify(settings: Settings, command: str, sentence: str) -> list[str]:
    """Send the sentence over every configured way; returns a German sentence for each way that failed.

    A message that cannot be sent is no second fault of the run: the caller prints it and goes on.
    """
    chosen = settings.operations.notify
    faults = []
    if chosen.mail_to:
        try:
            _mail(chosen, command, sentence)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            faults.append(f"Die E-Mail zur Störung ließ sich nicht senden: {_words(error)}.")
    if chosen.webhook:
        try:
            _post(chosen.webhook, command, sentence)
        except (OSError, ValueError) as error:
            faults.append(f"Der Webhook zur Störung ließ sich nicht erreichen: {_words(error)}.")
    return faults


def _words(error: Exception) -> str:
    for kind, words in _MAIL_FAULTS:
        if isinstance(error, kind):
            return words
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {why_unreadable(error)}"
    if isinstance(error, ValueError):
        return "eine Adresse in operations.notify ist nicht zu gebrauchen (ein Webhook braucht https)"
    return connection_words(error)


def _mail(chosen: Notify, command: str, sentence: str) -> None:
    message = EmailMessage()
    message["Subject"] = f"Portalkompass: „{command}“ ist fehlgeschlagen"
    message["From"], message["To"] = chosen.mail_from, ", ".join(chosen.mail_to)
    message.set_content(f"{sentence}\n\nBefehl: python -m etl {command}\nRechner: {socket.gethostname()}\n")
    with _server(chosen) as server:
        if chosen.smtp_user:
            password = Path(chosen.smtp_password_file).read_text(encoding="utf-8").strip()
            server.login(chosen.smtp_user, password)
        server.send_message(message)


def _server(chosen: Notify) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=chosen.ca_file or None)
    if chosen.smtp_security == "tls":
        return smtplib.SMTP_SSL(chosen.smtp_host, chosen.smtp_port, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(chosen.smtp_host, chosen.smtp_port, timeout=_SECONDS)
    if chosen.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The message goes to the configured address and nowhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        """Refuse: urllib turns this into an HTTPError."""


def _post(address: str, command: str, sentence: str) -> None:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError("https is required")
    body = {"text": f"Portalkompass: {sentence}", "command": command, "host": socket.gethostname()}
    request = urllib.request.Request(  # noqa: S310 the scheme was checked above
        address, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as reply:
        reply.read(1024)
