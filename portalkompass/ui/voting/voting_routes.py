"""The route ``/w/<code>``: a participant's way to the voting page of one open round, and to nothing else.

The participant is a random token in a signed cookie that holds for this round and its hours only. SameSite
keeps other sites from voting in somebody's name; a code alone shows the form, but nothing of other ballots.
"""

from __future__ import annotations

import logging
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portalkompass.ui.auth.activity import note
from portalkompass.ui.auth.html_page import response
from portalkompass.ui.auth.revoked_sessions import workspace_in_use
from portalkompass.ui.voting import assessing_page, voting_page
from portalkompass.ui.voting.voting_attempts import Attempts
from portalkompass.workspace import (
    Round,
    RoundClosed,
    WorkspaceError,
    agenda_of,
    assess,
    ballot_of,
    cast,
    round_of_code,
    signing_key,
)

LOG = logging.getLogger(__name__)
COOKIE = "stimme"
KEEP = Path(__file__).with_name("keep.js")
MOST_BYTES = 20_000
MOST_FIELDS = 120
UNKNOWN = "Diesen Code gibt es nicht, oder die Abstimmung ist beendet."
WAIT = "Zu viele falsche Codes. Bitte in einigen Minuten erneut versuchen."
SAVED = "Ihre Gewichte sind gespeichert."
ATTEMPTS = Attempts()
BELOW = re.compile(r"(.*?)/w(/[^/]*)?")


async def enter(request: Request) -> Response:
    """The page that asks for a code, and the way on from it."""
    if request.method != "POST":
        return _page(voting_page.entrance(root=_root(request)))
    form = await _form(request)
    if form is None:
        return _page(voting_page.entrance(UNKNOWN, _root(request)), 413)
    voting = await _round(request, str(form.get("code", "")))
    if isinstance(voting, Response):
        return voting
    return RedirectResponse(f"{_root(request)}/w/{voting.code}", 303)


async def vote(request: Request) -> Response:
    """The ballot of a round: shown, or saved and shown again."""
    voting = await _round(request, request.path_params["code"])
    if isinstance(voting, Response):
        return voting
    try:
        return await (_save if request.method == "POST" else _show)(request, voting)
    except RoundClosed as fault:
        return _page(voting_page.notice("Abstimmung beendet", str(fault)), 410)
    except WorkspaceError as fault:
        LOG.warning("a ballot was not saved: %s", fault)
        return _page(voting_page.notice("Das hat nicht geklappt", str(fault)), 503)


async def _show(request: Request, voting: Round) -> Response:
    participant = await run_in_threadpool(_participant, request, voting)
    own = (
        await run_in_threadpool(ballot_of, workspace_in_use(), voting.id, participant)
        if participant
        else None
    )
    sentence = SAVED if own and "gespeichert" in request.query_params else ""
    if voting.assessing is not None:
        shown = _page(assessing_page.page_of(voting, own, request.query_params.get("seite", "")))
    else:
        named = await run_in_threadpool(_departments, voting)
        chosen = _department_of(own)
        ask = bool(named) and (own is None or "stelle" in request.query_params)
        department = chosen if named else None
        shown = _page(
            voting_page.departments(voting, named, chosen)
            if ask
            else voting_page.ballot(voting, own, sentence, department=department)
        )
    if participant is None:
        serializer = await run_in_threadpool(_serializer)
        shown.set_cookie(
            COOKIE,
            serializer.dumps([voting.id, secrets.token_urlsafe(18)]),
            max_age=voting.seconds_open,
            path=f"{_root(request)}/w/{voting.code}",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return shown


async def _save(request: Request, voting: Round) -> Response:
    participant = await run_in_threadpool(_participant, request, voting)
    if participant is None:
        sentence = "Bitte öffnen Sie den Link der Abstimmung erneut und erlauben Sie dieser Seite Cookies."
        return _page(voting_page.notice("Stimme nicht erkannt", sentence), 403)
    form = await _form(request)
    if voting.assessing is not None:
        return await _assess(request, voting, participant, form)
    named = await run_in_threadpool(_departments, voting)
    department = _department(form, named) if named else None
    if form is not None and list(form) == ["stelle"]:
        own = await run_in_threadpool(ballot_of, workspace_in_use(), voting.id, participant)
        return _page(voting_page.ballot(voting, own, department=department))
    weights = None if form is None else _weights(form, voting)
    if form is None or weights is None:
        sentence = "Diese Eingabe lässt sich nicht lesen."
        return _page(voting_page.ballot(voting, None, sentence, good=False, department=department), 400)
    nickname = "".join(char for char in str(form.get("spitzname", "")) if char.isprintable())
    moved = [
        str(criterion["id"])
        for criterion in voting.criteria
        if weights[str(criterion["id"])] != voting_page.begin(criterion) or f"m-{criterion['id']}" in form
    ]
    if not any(weights.values()):
        sentence = "Mindestens ein Kriterium braucht ein Gewicht über 0. Es wurde nichts gespeichert."
        entered = {"weights": weights, "moved": moved, "nickname": nickname}
        return _page(voting_page.ballot(voting, entered, sentence, good=False, department=department), 400)
    said = (weights, nickname, moved, department or "")
    await run_in_threadpool(cast, workspace_in_use(), voting.id, participant, *said)
    note("vote", round=voting.id)  # neither who nor from where: ballots are secret
    return RedirectResponse(f"{_root(request)}/w/{voting.code}?gespeichert=1", 303)


async def _assess(request: Request, voting: Round, participant: str, form: FormData | None) -> Response:
    """Save one page of an assessment, and go on to the next."""
    sent = None if form is None else assessing_page.sent(form, voting)
    if sent is None:
        return _page(voting_page.notice("Nicht lesbar", "Diese Eingabe lässt sich nicht lesen."), 400)
    workspace = workspace_in_use()
    await run_in_threadpool(lambda: assess(workspace, voting.id, participant, **sent.said))
    note("vote", round=voting.id)
    own = await run_in_threadpool(ballot_of, workspace, voting.id, participant)
    return RedirectResponse(f"{_root(request)}/w/{voting.code}?seite={sent.next_page(voting, own)}", 303)


async def _round(request: Request, code: str) -> Round | Response:
    """The open round of a code, or the page that says why there is none.

    Who has a cookie of this round is let in although others of the same address have guessed too often: in a
    town hall everybody may share one.
    """
    address = request.client.host if request.client else ""
    waiting = ATTEMPTS.exhausted(address)
    if waiting and COOKIE not in request.cookies:
        return _page(voting_page.notice("Bitte warten", WAIT), 429)
    try:
        voting = await run_in_threadpool(lambda: round_of_code(workspace_in_use(), code))
    except WorkspaceError as fault:
        LOG.warning("a voting round was not read: %s", fault)
        return _page(voting_page.notice("Das hat nicht geklappt", str(fault)), 503)
    if waiting and (voting is None or await run_in_threadpool(_participant, request, voting) is None):
        return _page(voting_page.notice("Bitte warten", WAIT), 429)
    if voting is None:
        ATTEMPTS.failed(address)
        return _page(voting_page.entrance(UNKNOWN, _root(request), code), 404)
    return voting


def _participant(request: Request, voting: Round) -> str | None:
    """The token of the cookie; None without one, with a forged or expired one, or one of another round. Blocks."""
    try:
        round_id, participant = _serializer().loads(
            request.cookies.get(COOKIE, ""), max_age=voting.seconds_open
        )
    except (BadSignature, ValueError, TypeError):
        return None
    return str(participant) if round_id == voting.id else None


def _departments(voting: Round) -> tuple[str, ...]:
    """The departments of the workshop; none where there are no two to tell apart. Blocks."""
    named = agenda_of(workspace_in_use(), voting.scenario_id).departments
    return named if len(named) > 1 else ()


def _department(form: FormData | None, named: Sequence[str]) -> str:
    """The department that the form names, "" unless it is one of the workshop's."""
    said = "" if form is None else str(form.get("stelle", ""))
    return said if said in named else ""


def _department_of(own: Mapping[str, Any] | None) -> str:
    """The department of a ballot cast before; "" without."""
    return str((own["assessments"] or {}).get("department", "")) if own else ""


def _weights(form: FormData, voting: Round) -> dict[str, float] | None:
    """Points by criterion; None unless every criterion has a number of 0 … 100."""
    try:
        weights = {str(c["id"]): float(str(form[f"g-{c['id']}"])) for c in voting.criteria}
    except (KeyError, ValueError):
        return None
    usable = all(math.isfinite(value) and 0 <= value <= 100 for value in weights.values())  # noqa: PLR2004
    return weights if usable else None


async def _form(request: Request) -> FormData | None:
    """The fields of a small form; None for anything larger or of another kind."""
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "")
    small = length.isdigit() and int(length) <= MOST_BYTES
    if not small or not kind.startswith("application/x-www-form-urlencoded"):
        return None
    return await request.form(max_fields=MOST_FIELDS, max_files=0)


def keep_file(request: Request) -> Response:
    """The script of the pages; browsers ask again after an update."""
    return Response(KEEP.read_bytes(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _page(html: str, status: int = 200) -> Response:
    return response(html, status, scripts=True)


def _root(request: Request) -> str:
    """The sub-path of the app that stands before /w; "" at the root."""
    parts = BELOW.fullmatch(request.scope["path"])
    return parts.group(1) if parts else ""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_key(workspace_in_use()), salt="voting")


ROUTES = [
    Route("/w", enter, methods=["GET", "POST"]),
    Route("/w/", enter, methods=["GET", "POST"]),
    Route(f"/w/{KEEP.name}", keep_file, methods=["GET"]),
    Route("/w/{code}", vote, methods=["GET", "POST"]),
]
