"""One script and one stylesheet of our own, for what Streamlit has no option for (docs/adr/0019-own-files.md).

Its own words become German, its bare chart toolbar goes out of sight, and charts can be walked by keyboard. Both are
constant files; nothing of a person or of data reaches them.
"""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

OWN = Path(__file__).parent / "own"
KINDS = {"shell.css": "text/css", "shell.js": "text/javascript"}
TAGS = (
    b'<link rel="stylesheet" href="./portalkompass/shell.css">'
    b'<script type="module" src="./portalkompass/shell.js"></script>'
)
"""What stands in the head of the page; addresses are relative, as Streamlit's own, so that a sub-path holds."""


def own_file(request: Request) -> Response:
    """The file of that name; browsers ask again after an update."""
    name = Path(request.url.path).name
    return Response((OWN / name).read_bytes(), media_type=KINDS[name], headers={"Cache-Control": "no-cache"})


ROUTES = [Route(f"/portalkompass/{name}", own_file, methods=["GET", "HEAD"]) for name in KINDS]
