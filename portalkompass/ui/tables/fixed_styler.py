"""Tables written once per answer: what a rerun sends again without writing every cell anew.

pandas makes markup for each cell whenever a Styler is translated, and Streamlit translates it with every run
of a script; of the markup it only reads each cell's place and text. Here both are laid down beforehand, which halves a
click on a screen with a long table, at 1 and at 24 million rows (`python -m benchmarks devices`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd
from pandas.io.formats.style import Styler


def fixed(frame: pd.DataFrame, texts: Mapping[str, Sequence[str]]) -> Styler:
    """``frame`` with the texts of its columns as they will be sent; the values stay what they are sorted by.

    Only for ``st.dataframe``: the result can no longer be rendered as HTML or text. Cells whose text is that of
    their value anyhow are left out, as Streamlit writes those itself.
    """
    columns = [
        (place, *_differing(texts[name], [str(value) for value in frame[name].tolist()]))
        for place, name in enumerate(frame.columns)
        if name in texts
    ]
    rows = frame.style
    # Streamlit takes no subclass of Styler for one, so the object itself answers with what was laid down.
    rows._translate = lambda *_, **__: {"body": [_cells(columns)]}  # type: ignore[attr-defined]
    return rows


Column = tuple[int, Sequence[int], Sequence[str]]
"""Place of a column, its rows whose text is not just their value's, and these texts."""


def _differing(texts: Sequence[str], own: Sequence[str]) -> tuple[Sequence[int], Sequence[str]]:
    rows = [row for row, (text, plain) in enumerate(zip(texts, own, strict=True)) if text != plain]
    if len(rows) == len(texts):
        return range(len(rows)), texts
    return rows, [texts[row] for row in rows]


def _cells(columns: Sequence[Column]) -> Iterator[dict[str, str]]:
    """Made anew for each run: kept as cells they would take ten times the memory of their texts."""
    for column, rows, texts in columns:
        for row, text in zip(rows, texts, strict=True):
            yield {"id": f"row{row}_col{column}", "display_value": text}
