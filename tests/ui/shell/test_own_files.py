import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from portalkompass.ui.shell import own_files

CLIENT = TestClient(Starlette(routes=own_files.ROUTES))


def test_the_page_names_exactly_the_files_that_are_served():
    named = re.findall(rb'(?:href|src)="\./(portalkompass/[^"]+)"', own_files.TAGS)
    assert {path.decode() for path in named} == {route.path.lstrip("/") for route in own_files.ROUTES}
    for path, kind in zip(named, own_files.KINDS.values(), strict=True):
        answer = CLIENT.get(f"/{path.decode()}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["cache-control"] == "no-cache"


def test_the_script_writes_texts_only_and_asks_nobody():
    script = (own_files.OWN / "shell.js").read_text(encoding="utf-8")
    for dangerous in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "http",
    ):
        assert dangerous not in script
