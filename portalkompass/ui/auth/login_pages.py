"""The few pages before the login, as plain HTML: sign in, wrong role. They load nothing and run nothing.

Why a login failed is said in our own words, chosen by a code; nothing that a provider or an address says is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portalkompass.ui.auth.html_page import page, response
from portalkompass.ui.auth.identity import OidcConfig
from portalkompass.ui.auth.roles import Person
from portalkompass.ui.streamlit_internals import generate_login_redirect_url

PROVIDER = "default"
LINK = (
    ".knopf{display:block;text-align:center;text-decoration:none;font-weight:600;padding:.875rem;"
    "border-radius:4px;background:#2044aa;color:#fff}"
)
AGAIN = "Bitte noch einmal anmelden."
TELL_IT = "Wiederholt es sich, hilft Ihre IT."


@dataclass(frozen=True, slots=True)
class SignInFault:
    """Why a login failed: in the log, and for the person."""

    outcome: str
    sentence: str


FAULTS = {
    "access_denied": SignInFault(
        "abgelehnt oder abgebrochen",
        f"Die Anmeldung wurde beim Anmeldedienst abgelehnt oder abgebrochen. {AGAIN}",
    ),
    "login_required": SignInFault(
        "beim Anmeldedienst nicht angemeldet", f"Sie sind beim Anmeldedienst nicht angemeldet. {AGAIN}"
    ),
    "consent_required": SignInFault(
        "Zustimmung fehlt beim Anmeldedienst", f"Beim Anmeldedienst fehlt Ihre Zustimmung. {AGAIN}"
    ),
    "invalid_request": SignInFault(
        "Anmeldedienst weist die Anfrage zurück", f"Der Anmeldedienst weist die Anfrage zurück. {TELL_IT}"
    ),
    "invalid_scope": SignInFault(
        "Anmeldedienst kennt einen Scope nicht",
        "Der Anmeldedienst kennt nicht, was der Portalkompass erfragt. Ihre IT muss die Einrichtung prüfen.",
    ),
    "unauthorized_client": SignInFault(
        "Anwendung beim Anmeldedienst nicht zugelassen",
        "Der Portalkompass ist beim Anmeldedienst nicht zugelassen. Ihre IT muss die Einrichtung prüfen.",
    ),
    "server_error": SignInFault(
        "Fehler beim Anmeldedienst", f"Der Anmeldedienst meldet einen eigenen Fehler. {AGAIN} {TELL_IT}"
    ),
    "temporarily_unavailable": SignInFault(
        "Anmeldedienst vorübergehend nicht erreichbar",
        "Der Anmeldedienst ist vorübergehend nicht erreichbar. Bitte in einigen Minuten noch einmal anmelden.",
    ),
    "unreachable": SignInFault(
        "Anmeldedienst nicht erreichbar",
        f"Der Portalkompass erreicht den Anmeldedienst nicht. Bitte später noch einmal anmelden. {TELL_IT}",
    ),
    "unconfirmed": SignInFault(
        "vom Anmeldedienst nicht bestätigt",
        f"Der Anmeldedienst hat die Anmeldung nicht bestätigt. {AGAIN} {TELL_IT}",
    ),
    "interrupted": SignInFault(
        "unterbrochen oder zu alt",
        f"Die Anmeldung wurde unterbrochen oder hat zu lange gedauert. {AGAIN}",
    ),
    "failed": SignInFault("gescheitert", f"Die Anmeldung ist gescheitert. {AGAIN} {TELL_IT}"),
}
"""By the error codes of OpenID Connect, and by our own for what fails on this side."""
HINT = "Nach der Anmeldung geht es dort weiter, wohin Sie wollten."


async def sign_in(request: Request) -> Response:
    """The page with the button; where no login is configured there is no such page."""
    oidc = _oidc(request)
    if oidc is None:
        return _page("Keine Anmeldung", "<p>Hier ist keine Anmeldung eingerichtet.</p>", 404)
    fault = FAULTS.get(request.query_params.get("grund", ""))
    why = f'<p class="warn" role="alert">{escape(fault.sentence)}</p>' if fault else ""
    body = (
        f"{why}<p>Bitte melden Sie sich mit Ihrem Konto der Verwaltung an.</p>"
        f'<p><a class="knopf" href="{escape(oidc.base)}/anmelden/los">Anmelden</a></p>'
        f'<p class="grau">{HINT}</p>'
    )
    return _page("Portalkompass", body)


async def begin(request: Request) -> Response:
    """On to the provider, by the same short-lived token that ``st.login`` uses: it can only be called from a
    screen, and no screen is served before the login.
    """
    if _oidc(request) is None:
        return await sign_in(request)
    return RedirectResponse(generate_login_redirect_url(PROVIDER), 303, headers={"Cache-Control": "no-store"})


def without_role(person: Person, oidc: OidcConfig) -> Response:
    """For somebody the provider knows but to whom no group gives a role."""
    body = (
        f"<p>Sie sind als „{escape(person.name)}“ angemeldet, aber keine Ihrer Gruppen hat hier eine Rolle.</p>"
        "<p>Rollen vergibt Ihre IT über Gruppen des Anmeldedienstes.</p>"
        f'<p><a class="knopf" href="{escape(oidc.base)}/auth/logout">Abmelden</a></p>'
    )
    return _page("Kein Zugang", body, 403)


def not_believed(reason: str, way_out: str) -> Response:
    """For a request whose person the proxy in front does not name as it has to; ``way_out`` ends its session."""
    body = (
        "<p>Dieser Portalkompass lässt nur ein, wen der vorgeschaltete Zugang Ihrer Verwaltung angemeldet hat. "
        f"Dessen Angabe wurde nicht anerkannt: {escape(reason)}.</p><p>Bitte rufen Sie die Seite neu auf. {TELL_IT}</p>"
    )
    if way_out:
        body += f'<p><a class="knopf" href="{escape(way_out)}">Neu anmelden</a></p>'
    return _page("Kein Zugang", body, 403)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return response(page(title, body, style=LINK), status)


def _oidc(request: Request) -> OidcConfig | None:
    return getattr(request.state, "oidc", None)


ROUTES = [
    Route("/anmelden", sign_in, methods=["GET"]),
    Route("/anmelden/los", begin, methods=["GET"]),
]
