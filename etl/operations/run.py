"""Every configured source, one after the other; a fault of one does not keep the others from loading."""

from __future__ import annotations

import duckdb

from etl.console import Step
from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.reports import loaded
from etl.sources.matomo.pull import pull_matomo
from etl.sources.search_console.pull import pull
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published


def run_all(settings: Settings, progress: Step | None = None) -> list[str]:
    """Bring every configured source up to date; returns a German sentence for each.

    Raises:
        LoadError: no source is configured, or one failed (after the others were tried).
    """
    if not settings.search_console.sites and not settings.matomo.url:
        raise LoadError(
            "Es ist keine Quelle eingerichtet. Bitte search_console.site und search_console.credentials_file oder "
            "matomo.url setzen (Anleitung in der README) oder Dateien mit „python -m etl import“ laden."
        )
    done: list[str] = []
    faults: list[str] = []
    if settings.search_console.sites:
        try:
            done += _search_console(settings, progress)
        except LoadError as fault:
            faults.append(f"Search Console: {fault}")
    if settings.matomo.url:
        try:
            done += _matomo(settings, progress)
        except LoadError as fault:
            faults.append(f"Matomo: {fault}")
    if not _has_services(settings):
        try:
            import_paths([settings.data_file("ozg_services.csv")], settings)
            done.append("OZG-Liste: mitgelieferter Stand geladen.")
        except LoadError as fault:
            faults.append(f"OZG-Liste: {fault}")
    if faults:
        raise LoadError(" ".join(faults))
    return done


def _search_console(settings: Settings, progress: Step | None) -> list[str]:
    report = pull(settings, progress=progress)
    summary = f"Search Console: {loaded(report.days, report.rows, report.requests)}"
    return [summary, *report.hidden, *(f"Hinweis: {warning}" for warning in report.warnings)]


def _matomo(settings: Settings, progress: Step | None) -> list[str]:
    report = pull_matomo(settings, progress=progress)
    summary = f"Matomo: {loaded(report.days, report.rows, report.requests)}"
    return [summary, *(f"Hinweis: {warning}" for warning in report.warnings)]


def _has_services(settings: Settings) -> bool:
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return False
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return bool(connection.execute("SELECT count(*) FROM services").fetchall()[0][0])
