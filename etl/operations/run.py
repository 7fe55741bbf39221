"""Every configured source, one after the other; a fault of one does not keep the others from loading."""

from __future__ import annotations

from etl.console import Step
from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.sources.registry import SOURCES, configured_sources
from etl.store.publish import published_state
from portalkompass.settings import Settings


def run_all(settings: Settings, progress: Step | None = None) -> list[str]:
    """Bring every configured source up to date; returns a German sentence for each.

    Raises:
        LoadError: no source is configured, or one failed (after the others were tried).
    """
    sources = configured_sources(settings)
    if not sources:
        needed = " oder ".join(source.needed_settings for source in SOURCES)
        raise LoadError(
            f"Es ist keine Quelle eingerichtet. Bitte {needed} setzen (Anleitung in docs/handbuch.md) oder Dateien mit "
            "„python -m etl import“ laden."
        )
    done: list[str] = []
    faults: list[str] = []
    for source in sources:
        try:
            summary, *notes = source.pull(settings, None, None, progress).sentences()
            done += [f"{source.label}: {summary}", *notes]
        except LoadError as fault:
            faults.append(f"{source.label}: {fault}")
    if not _has_services(settings):
        try:
            import_paths([settings.data_file("ozg_services.csv")], settings)
            done.append("OZG-Liste: mitgelieferter Stand geladen.")
        except LoadError as fault:
            faults.append(f"OZG-Liste: {fault}")
    if faults:
        raise LoadError(" ".join(faults))
    return done


def _has_services(settings: Settings) -> bool:
    with published_state(settings) as connection:
        return bool(connection.execute("SELECT count(*) FROM services").fetchall()[0][0])
