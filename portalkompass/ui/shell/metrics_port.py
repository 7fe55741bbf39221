"""Figures of the running app for Prometheus: plain text on a port of its own that only this machine reaches."""

from __future__ import annotations

import datetime as dt
import http.server
import logging
import shutil
import threading

from portalkompass.settings import Settings, SettingsError, load_settings
from portalkompass.ui.auth import activity
from portalkompass.ui.auth.localhost_only import OWN_HOST
from portalkompass.warehouse import snapshots, waiting
from portalkompass.workspace import WorkspaceError, last_digests

LOG = logging.getLogger(__name__)
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def text(settings: Settings) -> str:
    """Every figure with its kind; sizes in bytes, ages in seconds."""
    settings = snapshots.in_use(settings)
    lines = ["# TYPE portalkompass_up gauge", "portalkompass_up 1"]
    if snapshot := snapshots.published(settings.warehouse_dir):
        age = dt.datetime.now(dt.UTC).timestamp() - snapshot.path.stat().st_mtime
        lines += [
            "# TYPE portalkompass_snapshot_age_seconds gauge",
            f"portalkompass_snapshot_age_seconds {age:.0f}",
        ]
    if settings.data_dir.is_dir():
        free = shutil.disk_usage(settings.data_dir).free
        lines += ["# TYPE portalkompass_disk_free_bytes gauge", f"portalkompass_disk_free_bytes {free}"]
    if sent := _last_digests(settings):
        moment = dt.datetime.now(dt.UTC)
        lines.append("# TYPE portalkompass_digest_age_seconds gauge")
        lines += [
            f"portalkompass_digest_age_seconds{{property={_quoted(site)},way={_quoted(way)}}} "
            f"{(moment - at).total_seconds():.0f}"
            for (site, way), at in sorted(sent.items())
        ]
    waits = int(bool(waiting.sentence(settings.warehouse_dir)))
    lines += ["# TYPE portalkompass_load_waiting gauge", f"portalkompass_load_waiting {waits}"]
    lines.append("# TYPE portalkompass_events_total counter")
    lines += [
        f'portalkompass_events_total{{event="{event}",ok="{str(ok).lower()}"}} {number}'
        for (event, ok), number in sorted(activity.counted().items())
    ]
    return "\n".join(lines) + "\n"


def _last_digests(settings: Settings) -> dict[tuple[str, str], dt.datetime]:
    """Of the ways that are configured now."""
    if not settings.digest.ways:
        return {}
    try:
        last = last_digests(settings.workspace_url)
    except WorkspaceError:
        return {}
    return {of: sent for of, sent in last.items() if of[1] in settings.digest.ways}


def _quoted(label: str) -> str:
    """A label's value as the text format wants it."""
    escaped = label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'"{escaped}"'


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The figures; only under /metrics, and only to who asked this machine by its own name."""
        if OWN_HOST.fullmatch(self.headers.get("Host", "")) is None:
            self.send_error(403)
            return
        if self.path != "/metrics":
            self.send_error(404)
            return
        try:
            content = text(load_settings()).encode()
        except (SettingsError, OSError):
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", TYPE)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """A question every few seconds is not worth a line."""


def open_if_asked() -> http.server.ThreadingHTTPServer | None:
    """The port of the settings, answering until it is shut; None where none is wanted or it is taken."""
    try:
        port = load_settings().operations.metrics_port
    except SettingsError:
        return None
    if not port:
        return None
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Answer)
    except OSError:
        LOG.error("Der Port %d für Kennzahlen ist belegt (operations.metrics_port).", port)  # noqa: TRY400
        return None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
