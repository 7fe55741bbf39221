"""What all plain HTML pages (sign-in, voting) share: their headers, their look, the page around what they say."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0 auto;max-width:40rem;padding:1.25rem;font:1.0625rem/1.5 "Fira Sans",system-ui,sans-serif;color:#141414}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}p{margin:.5rem 0}.grau{color:#4d5370}
fieldset{border:1px solid #d5d8e2;border-radius:4px;margin:0 0 1rem;padding:.75rem 1rem}
legend{font-weight:600;padding:0 .25rem}.enden{display:flex;justify-content:space-between;font-size:.9375rem}
input[type=range]{width:100%;height:2.5rem;accent-color:#2044aa}
input[type=text]{width:100%;font:inherit;padding:.5rem;border:1px solid #6e7597;border-radius:4px}
button{font:inherit;font-weight:600;width:100%;padding:.875rem;border:0;border-radius:4px;background:#2044aa;color:#fff}
.gut{border-left:4px solid #0b6b53;padding:.5rem .75rem;background:#eef6f3}
.warn{border-left:4px solid #a3232e;padding:.5rem .75rem;background:#faeff0}
:focus-visible{outline:3px solid #d58100;outline-offset:2px}
"""


def response(html: str, status: int = 200, *, scripts: bool = False) -> HTMLResponse:
    """The page with the headers that all of them have; ``scripts``: files of this address may run, nothing else."""
    headers = dict(HEADERS)
    if scripts:
        headers["Content-Security-Policy"] += "; script-src 'self'"
    return HTMLResponse(html, status, headers=headers)


def page(title: str, body: str, *, tab: str = "", above: str = "", style: str = "", script: str = "") -> str:
    """A page whose heading is ``title``; ``tab`` is its name in the browser, where that is another.

    ``body`` and ``above`` (what stands over the heading) are HTML, ``style`` is further CSS, ``script`` the address of
    a file, relative to the page's.
    """
    tag = f'<script type="module" src="{escape(script, quote=True)}"></script>' if script else ""
    return (
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(tab or title)}</title><style>{STYLE}{style}</style>{tag}</head>"
        f"<body><main>{above}<h1>{escape(title)}</h1>{body}</main></body></html>"
    )
