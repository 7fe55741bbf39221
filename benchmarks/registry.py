"""All parts in the order of the report. A new part is a module with a ``PART`` and a line here."""

from __future__ import annotations

from benchmarks import (
    case_import,
    exports,
    moved_slider,
    portal_import,
    prioritisation,
    reading,
    screens,
    year_plan,
)
from benchmarks.extractor import competitor, raw
from benchmarks.part import Part
from benchmarks.scale import browser, devices, filters, server, sessions, starting

PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        competitor.PART,
        raw.PART,
        portal_import.PART,
        case_import.PART,
        prioritisation.PART,
        moved_slider.PART,
        year_plan.PART,
        exports.PART,
        screens.PART,
        reading.PART,
        server.PART,
        filters.PART,
        browser.PART,
        sessions.PART,
        starting.PART,
        devices.PART,
    )
}
