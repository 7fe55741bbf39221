"""Of which workshop the promises are shown: all of them unless the reader picks one."""

from __future__ import annotations

from portalkompass.ui.filters import filters
from portalkompass.ui.reading import Reading
from portalkompass.workspace import promises, scenario_list


def picked(reading: Reading) -> str:
    """Name of the workshop; "" for all. There is nothing to pick while only one has promised anything."""
    promised = {one.scenario_id for one in promises(reading.workspace)}
    listed = scenario_list(reading.workspace)
    names = [str(name) for name in listed.loc[listed["id"].isin(promised), "name"]]
    if len(names) < 2:  # noqa: PLR2004
        return ""
    return filters.search("Workshop", {name: name for name in names}, "szenario", "Alle Workshops")
