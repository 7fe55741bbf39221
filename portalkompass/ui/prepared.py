"""Tables written once per answer: what a rerun sends again without writing every cell anew.

pandas makes markup for each cell whenever a Styler is translated, and Streamlit translates it with every run
of a script; of the markup it only reads each cell's place and text. Here both are laid down beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.io.formats.style import Styler


def fixed(frame: pd.DataFrame, texts: Mapping[str, Sequence[str]]) -> Styler:
    """``frame`` with the texts of its columns as they will be sent; the values stay what they are sorted by.

    Only for ``st.dataframe``: the result can no longer be rendered as HTML or text. Cells whose text is that of
    their value anyhow are left out, as Streamlit writes those itself.
    """
    cells = [_cell(row, column, text) for column, row, text in _differing(frame, texts)]
    rows, translated = frame.style, {"body": [cells]}
    # Streamlit takes no subclass of Styler for one, so the object itself answers with what was laid down.
    rows._translate = lambda *_, **__: translated  # type: ignore[attr-defined]
    return rows


def _differing(frame: pd.DataFrame, texts: Mapping[str, Sequence[str]]) -> list[tuple[int, int, str]]:
    """column, row and text of the cells whose text is not just their value's."""
    plain = frame.astype(str)
    return [
        (place, row, text)
        for place, name in enumerate(frame.columns)
        if name in texts
        for row, (text, own) in enumerate(zip(texts[name], plain[name].tolist(), strict=True))
        if text != own
    ]


def _cell(row: int, column: int, text: str) -> dict[str, Any]:
    return {"id": f"row{row}_col{column}", "display_value": text}
