"""`python -m etl demo`: an invented portal, pulled over HTTP by the real extractor, as an archive grows.

The extractor runs as of 30 September 2025 and again as of 17 December 2025 against the stand-in server:
days that Google no longer serves at the second date are still there, as in a real archive. The whole is
built aside and published at the end, so that a demo that is being rebuilt stays readable.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from etl.console import Step
from etl.demo.files.ai_report import write_ai_report
from etl.demo.files.audits import write_audits
from etl.demo.files.case_numbers import SERVICES, write_case_file
from etl.demo.files.elsewhere import (
    named_keys,
    online_applications,
    write_dashboard,
    write_legal_dates,
    write_lists,
)
from etl.demo.files.feedback import write_feedback
from etl.demo.files.listed_services import write_services
from etl.demo.files.other_cities import CITIES, write_benchmarks
from etl.demo.files.portal_numbers import write_portal_files
from etl.demo.files.site_search import write_site_search
from etl.demo.server.credentials import write_credentials
from etl.demo.server.stand_in import serve
from etl.demo.world.world import DemoWorld, build_world
from etl.operations.imports import import_paths
from etl.reports import counted
from etl.sources.search_console.pull import pull
from etl.store.publish import built_aside
from portalkompass.settings import DEMO_SITE, DEMO_TODAY, SHIPPED_DATA, Settings

FIRST_PULL = dt.date(2025, 9, 30)


def build(settings: Settings, progress: Step | None = None) -> Iterator[str]:
    """Build the demo warehouse from scratch and publish it; yields German sentences as it goes.

    ``settings`` are those of the demo folder (`Settings.as_demo`).

    Raises:
        LoadError: the folder holds live data, or another load is running.
    """
    with built_aside(settings) as building:
        world, scratch = build_world(), building.warehouse_dir.parent
        yield from _pull(building, world, scratch, progress)
        import_paths(write_portal_files(world, scratch / "portal"), building, site=DEMO_SITE)
        yield "Portal-Daten von Juli bis November 2025 geladen."
        import_paths([write_site_search(scratch / "suche")], building, site=DEMO_SITE)
        yield "Suche im Portal von Juli bis November 2025 geladen."
        import_paths([write_ai_report(world, scratch / "generative-ki")], building, site=DEMO_SITE)
        yield "Bericht zu generativer KI von September bis Dezember 2025 geladen."
        shipped, named = (settings.data_file(name) for name in ("ozg_services.csv", "municipal_services.csv"))
        listed = write_services(shipped, named, scratch / "liste")
        import_paths([listed], building)
        yield "OZG-Liste des Sachstandsberichts vom 15.12.2025 geladen, mit Schlüsseln und weiteren Leistungen."
        cases = write_case_file(scratch / "faelle")
        import_paths([cases], building)
        yield f"Fallzahlen von {len(SERVICES)} Leistungen von 2023 bis November 2025 geladen."
        import_paths([write_feedback(scratch / "rueckmeldungen")], building)
        yield f"Rückmeldungen zu {len(SERVICES)} Leistungen von 2023 bis November 2025 geladen."
        import_paths(write_lists(scratch / "anderswo", listed, building.city), building)
        import_paths([write_dashboard(scratch / "dashboard", online_applications(cases))], building)
        yield "Onlinedienste der Stadt und ihrer Nachbarn, Angebote und Dashboard des Bundes geladen."
        keys = {service: key for service, (key, _) in named_keys(listed).items()}
        import_paths(write_benchmarks(scratch / "vergleich", keys, building), building)
        yield f"Kennzahlen von {len(CITIES)} anderen Städten geladen."
    write_legal_dates(settings.data_dir / "legal_dates.csv")
    write_audits(settings.data_dir / "self_audits.csv", SHIPPED_DATA / "service_standard.toml")
    yield f"Beispieldaten liegen bereit in {settings.warehouse_dir}."


def _pull(building: Settings, world: DemoWorld, scratch: Path, progress: Step | None) -> Iterator[str]:
    with serve(world, today=FIRST_PULL) as server:
        console = building.search_console.model_copy(
            update={
                "credentials_file": str(write_credentials(scratch, server.token_uri)),
                "api_endpoint": server.endpoint,
                "queries_per_second": 10_000.0,
                "workers": 2,
                "page_devices": True,
                "query_devices": True,
                "hourly": True,
                "proxy": "",
                "ca_file": "",
            }
        )
        for today in (FIRST_PULL, DEMO_TODAY):
            server.today = today
            report = pull(
                building.model_copy(update={"today": today, "search_console": console}), progress=progress
            )
            yield (
                f"Search Console mit Stand {today:%d.%m.%Y} geladen: {counted(report.days, 'Tag', 'Tage')}, "
                f"{counted(report.rows, 'Zeile', 'Zeilen')}, {counted(report.requests, 'Anfrage', 'Anfragen')}."
            )
