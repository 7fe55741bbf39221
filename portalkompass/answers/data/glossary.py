"""Begriffe: what every figure means, from the measures themselves."""

from __future__ import annotations

import pandas as pd

from portalkompass.metrics.derived_measures import GLOSSARY


def glossary() -> pd.DataFrame:
    """label, definition, unit, direction ("niedriger ist besser" or empty), in alphabetical order."""
    rows = [
        (m.label, m.definition, m.unit, "niedriger ist besser" if m.low_is_good else "") for m in GLOSSARY
    ]
    frame = pd.DataFrame(rows, columns=["label", "definition", "unit", "direction"])
    return frame.sort_values("label", key=lambda names: names.str.casefold().str.lstrip("ø ")).reset_index(
        drop=True
    )
