"""Tell somebody that a nightly run failed: e-mail and webhook, as the settings say; never a secret in them."""

from __future__ import annotations

import socket
from email.message import EmailMessage

from portalkompass.operations.messages import SendingError, post, send_mail
from portalkompass.settings import Notify, Settings


def notify(settings: Settings, command: str, sentence: str) -> list[str]:
    """Send the sentence over every configured way; returns a German sentence for each way that failed.

    A message that cannot be sent is no second fault of the run: the caller prints it and goes on.
    """
    chosen = settings.operations.notify
    faults = []
    if chosen.mail_to:
        try:
            send_mail(chosen, _mail(chosen, command, sentence))
        except SendingError as fault:
            faults.append(f"Zur Störung: {fault}")
    if chosen.webhook:
        body = {"text": f"Portalkompass: {sentence}", "command": command, "host": socket.gethostname()}
        try:
            post(chosen.webhook, body)
        except SendingError as fault:
            faults.append(f"Zur Störung: {fault}")
    return faults


def _mail(chosen: Notify, command: str, sentence: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = f"Portalkompass: „{command}“ ist fehlgeschlagen"
    message["From"], message["To"] = chosen.mail_from, ", ".join(chosen.mail_to)
    message.set_content(f"{sentence}\n\nBefehl: python -m etl {command}\nRechner: {socket.gethostname()}\n")
    return message
