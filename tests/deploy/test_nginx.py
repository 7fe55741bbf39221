"""The shipped nginx configuration, run by a real nginx with a certificate of its own before a stand-in app."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from portalkompass.settings import ROOT

PROGRAM = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
NAME = "portalkompass.stadt.example"
LARGE = b"/* long */" * 2000


class _App(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it got, a cookie without flags, and a large script."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            self.close_connection = True
            return
        body = LARGE if self.path.endswith(".js") else str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/plain")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.send_header("Set-Cookie", "_streamlit_user=abc; Path=/; HttpOnly")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@dataclass(frozen=True)
class Front:
    """Ports of the running nginx."""

    plain: int
    tls: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.tls}{path}", headers={"Host": NAME, **headers}, method=method
        )
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=unverified()), _Stay)
        try:
            with opener.open(request, timeout=60) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as reply:
            return reply.code, dict(reply.headers), reply.read()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        """Redirects are looked at, not followed."""


@functools.cache
def unverified() -> ssl.SSLContext:
    """One for all requests: each made anew reads the system's certificates."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    if PROGRAM is None:
        pytest.fail("Kein nginx gefunden (tools/ensure_server_programs.py).", pytrace=False)
    folder = tmp_path_factory.mktemp("nginx")
    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    plain, tls = free_ports(2)
    config = configuration(folder, app.server_address[1], plain, tls)
    tested = subprocess.run(
        [PROGRAM, "-t", "-p", folder, "-c", config], capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stderr
    server = subprocess.Popen([PROGRAM, "-p", folder, "-c", config])
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", tls)) == 0:
                break
        time.sleep(0.05)
    yield Front(plain, tls)
    server.terminate()
    server.wait(60)
    app.shutdown()


def configuration(folder: Path, app: int, plain: int, tls: int, gate: int = 0) -> Path:
    """The shipped file with ports and certificate exchanged, nothing else; with that of a gate on its port, if any."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN={NAME} "
        f"-keyout key.pem -out certificate.pem".split(),
        cwd=folder,
        check=True,
        capture_output=True,
    )
    shipped = (ROOT / "deploy" / "nginx" / "portalkompass.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
        ("127.0.0.1:8501", f"127.0.0.1:{app}"),
        ("/etc/portalkompass/tls/zertifikat.pem", str(certificate)),
        ("/etc/portalkompass/tls/schluessel.pem", str(key)),
    ):
        assert shipped.count(old) == 1, old
        shipped = shipped.replace(old, new)
    if gate:
        own = (ROOT / "deploy" / "nginx" / "portalkompass-gate.inc").read_text(encoding="utf-8")
        assert own.count("127.0.0.1:4180") == 2
        (folder / "gate.inc").write_text(own.replace("127.0.0.1:4180", f"127.0.0.1:{gate}"), encoding="utf-8")
        line = "# include /etc/nginx/portalkompass-gate.inc;"
        assert shipped.count(line) == 1
        shipped = shipped.replace(line, f"include {folder}/gate.inc;")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{shipped}}}\n",
        encoding="utf-8",
    )
    return main


def test_plain_requests_are_sent_to_tls(front: Front) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{front.plain}/portalkompass/x?a=1", headers={"Host": NAME}
    )
    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(_Stay).open(request, timeout=60)
    assert moved.value.code == 301
    assert moved.value.headers["Location"] == f"https://{NAME}/portalkompass/x?a=1"


def test_the_app_learns_the_real_address_whatever_the_visitor_claims(front: Front) -> None:
    _, _, body = front.ask("/portalkompass/", **{"X-Forwarded-For": "10.9.9.9", "Forwarded": "for=evil"})
    seen = body.decode()
    assert "X-Forwarded-For: 127.0.0.1" in seen
    assert "X-Forwarded-Proto: https" in seen
    assert f"Host: {NAME}" in seen
    assert "evil" not in seen
    assert "10.9.9.9" not in seen


def test_cookies_become_secure_and_the_apps_own_headers_pass(front: Front) -> None:
    status, headers, _ = front.ask("/portalkompass/")
    assert status == 200
    cookie = headers["Set-Cookie"].lower()
    assert "secure" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert headers["Content-Security-Policy"] == "default-src 'self'"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Server"] == "nginx"


def test_scripts_are_compressed(front: Front) -> None:
    _, headers, body = front.ask("/portalkompass/static/a.js", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < len(LARGE) / 10


@pytest.mark.parametrize("path", ["metrics", "metrics/", "agent/x"])
def test_figures_about_the_server_and_the_remote_control_are_closed(front: Front, path: str) -> None:
    assert front.ask(f"/portalkompass/_stcore/{path}")[0] == 404


def test_nothing_outside_the_sub_path_reaches_the_app(front: Front) -> None:
    assert front.ask("/_stcore/health")[0] == 404
    assert front.ask("/")[0] == 302


def test_the_websocket_passes(front: Front) -> None:
    with (
        socket.create_connection(("127.0.0.1", front.tls), timeout=60) as plain,
        unverified().wrap_socket(plain, server_hostname=NAME) as connection,
    ):
        connection.sendall(
            f"GET /portalkompass/_stcore/stream HTTP/1.1\r\nHost: {NAME}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\n\r\n".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize(("path", "allowed"), [("_stcore/upload_file/a", 11), ("w/ABCD", 60)])
def test_uploads_and_codes_are_limited(front: Front, path: str, allowed: int) -> None:
    """Asked at once: one after the other a slow machine stays below the rate."""
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: front.ask(f"/portalkompass/{path}")[0], range(5 * allowed)))
    assert set(answers) == {200, 429}
    assert answers.count(200) >= allowed - 1
