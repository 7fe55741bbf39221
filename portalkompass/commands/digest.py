"""The digest of the finished week: printed, or sent once by every configured way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from portalkompass import german
from portalkompass.commands.opening import Demo, NoData, as_no_data, open_warehouse, write

if TYPE_CHECKING:
    from portalkompass.answers.base.question import Question
    from portalkompass.answers.digest.alerts import AlertState
    from portalkompass.exports.letters.letter import Letter
    from portalkompass.settings import Settings
    from portalkompass.workspace import Workspace

Way = Literal["mail", "webhook"]
NAMES: dict[Way, str] = {"mail": "E-Mail", "webhook": "Webhook"}


def digest(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Zeigen, was gesendet würde; nichts senden, nichts vermerken.")
    ] = False,
    eml: Annotated[
        Path | None, typer.Option("--eml", help="Die E-Mail in diese Datei schreiben statt sie zu senden.")
    ] = None,
    site: Annotated[str, typer.Option("--site", help="Property; sonst die Haupt-Property.")] = "",
    demo: Demo = False,
) -> None:
    """Der Wochenbericht der letzten Woche, deren Tage endgültig sind: je Woche einmal per E-Mail und Webhook."""
    warehouse, settings = open_warehouse(demo)
    if settings.distributed:
        raise NoData("Der Wochenbericht ist auf dieser Datenbasis (Spark) nicht verfügbar.")
    from portalkompass.answers import default_filters
    from portalkompass.answers.asking import ask
    from portalkompass.answers.digest.digest import alert_states, of_last_week
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.letters.letter import as_email
    from portalkompass.workspace import WorkspaceError, workspace_of

    if site and site not in warehouse.sites():
        raise NoData(f"Die Property „{site}“ ist nicht geladen. Möglich: {', '.join(warehouse.sites())}.")
    with as_no_data(WorkspaceError, ImageFault):
        workspace = workspace_of(settings)
        question = ask(warehouse, workspace, default_filters(warehouse, settings, site), settings)
        week = of_last_week(question)
        if week is None:
            raise NoData(
                "Noch gibt es keine volle Woche mit endgültigen Suchdaten; es wurde nichts gesendet."
            )
        states = alert_states(question)
        if eml is not None:
            server, chosen = settings.operations.notify, settings.digest
            mail = as_email(_letter(week, states), server.mail_from, chosen.mail_to or (server.mail_from,))
            write(mail.as_bytes(), eml)
            typer.echo(f"{eml} geschrieben; es wurde nichts gesendet.")
        elif not settings.digest.ways:
            _print(_letter(week, states))
            typer.echo(_nobody(settings), err=True)
        else:
            _by_every_way(week, states, workspace, dry_run=dry_run)


def _nobody(settings: Settings) -> str:
    if settings.demo:
        return "Beispieldaten werden nicht gesendet."
    return "Es wurde nichts gesendet: Empfänger stehen in den Einstellungen unter digest.mail_to und digest.webhook."


@dataclass(frozen=True, slots=True)
class _Due:
    """What a way still lacks of the week: the digest, or only alerts that have come up since."""

    way: Way
    whole: bool
    states: tuple[AlertState, ...]

    @property
    def anything(self) -> bool:
        return self.whole or any(state.raised for state in self.states)


def _by_every_way(
    week: Question, states: Sequence[AlertState], workspace: Workspace, *, dry_run: bool
) -> None:
    """What each way still lacks is sent and noted; one that fails does not stop the other.

    Raises:
        NoData: a way failed; what went out by the other is noted.
    """
    from portalkompass.operations.messages import SendingError

    faults = []
    for way in week.settings.digest.ways:
        due = _due(week, states, workspace, way)
        if not due.anything:
            typer.echo(
                f"{NAMES[way]}: Der Bericht der Woche ab {german.date(week.now.start)} ist schon gesendet."
            )
        elif dry_run:
            typer.echo(f"{NAMES[way]} an {_told(week.settings, way)} (Probelauf, es wird nichts gesendet):\n")
            _print(_letter(week, due.states, whole=due.whole))
        else:
            try:
                refused = _send(week.settings, way, _letter(week, due.states, whole=due.whole))
            except SendingError as fault:
                faults.append(str(fault))
                continue
            _note(week, due, workspace)
            typer.echo(f"{NAMES[way]}: gesendet an {_told(week.settings, way)}.")
            if refused:
                number = german.count(refused, "Adresse", "Adressen")
                faults.append(f"Der Mailserver hat {number} abgelehnt; die übrigen haben den Bericht.")
    if faults:
        raise NoData(" ".join(faults))


def _due(week: Question, states: Sequence[AlertState], workspace: Workspace, way: Way) -> _Due:
    from portalkompass.workspace import DIGEST, delivered, subject_of

    sent = delivered(workspace, week.filters.site, week.now.start, way)
    left = tuple(state for state in states if subject_of(state.name) not in sent)
    return _Due(way, DIGEST not in sent, left)


def _note(week: Question, due: _Due, workspace: Workspace) -> None:
    from portalkompass.workspace import DIGEST, note_delivery, subject_of

    raised = [subject_of(state.name) for state in due.states if state.raised]
    subjects = [*([DIGEST] if due.whole else []), *raised]
    note_delivery(workspace, subjects, week.filters.site, week.now.start, due.way)


def _letter(week: Question, states: Sequence[AlertState], *, whole: bool = True) -> Letter:
    from portalkompass.answers.digest.digest import alert_slides, slides
    from portalkompass.exports import files

    made = slides(week, states) if whole else alert_slides(week, states)
    return files.letter(made, week.settings.login.address)


def _send(settings: Settings, way: Way, letter: Letter) -> int:
    """How many recipients were refused."""
    from portalkompass.exports.letters.letter import as_email
    from portalkompass.operations.messages import post, send_mail

    if way == "webhook":
        post(settings.digest.webhook, {"text": letter.chat})
        return 0
    server = settings.operations.notify
    return send_mail(server, as_email(letter, server.mail_from, settings.digest.mail_to))


def _told(settings: Settings, way: Way) -> str:
    """Whom it goes to; the address of a webhook is a secret and stays unsaid."""
    return ", ".join(settings.digest.mail_to) if way == "mail" else "den eingerichteten Chat"


def _print(letter: Letter) -> None:
    write(f"Betreff: {letter.subject}\n\n{letter.text}")
