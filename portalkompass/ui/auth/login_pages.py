"""The few pages before the login, as plain HTML: sign in, wrong role. They load nothing and run nothing."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portalkompass.ui.auth.html_page import page, response
from portalkompass.ui.auth.identity import OidcConfig
from portalkompass.ui.auth.roles import Person
from portalkompass.ui.auth.streamlit_internals import generate_login_redirect_url

PROVIDER = "default"
LINK = (
    ".knopf{display:block;text-align:center;text-decoration:none;font-weight:600;padding:.875rem;"
    "border-radius:4px;background:#2044aa;color:#fff}"
)
HINT = "Nach der Anmeldung geht es dort weiter, wohin Sie wollten."


async def sign_in(request: Request) -> Response:
    """The page with the button; where no login is configured there is no such page."""
    oidc = _oidc(request)
    if oidc is None:
        return _page("Keine Anmeldung", "<p>Hier ist keine Anmeldung eingerichtet.</p>", 404)
    body = (
        "<p>Bitte melden Sie sich mit Ihrem Konto der Verwaltung an.</p>"
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


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return response(page(title, body, style=LINK), status)


def _oidc(request: Request) -> OidcConfig | None:
    return getattr(request.state, "oidc", None)


ROUTES = [
    Route("/anmelden", sign_in, methods=["GET"]),
    Route("/anmelden/los", begin, methods=["GET"]),
]
