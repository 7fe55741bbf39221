"""Three services and three criteria, worked by hand.

criterion  scale   anchors       direction  weight   a      b      c
clicks     log     100 … 10000   higher     2        1000   100    10000
effort     ladder  1 … 5         lower      1        3      1      unknown
trend      linear  0 … 1         higher     1        0,3    1,5    0

values     clicks  effort  trend        score = 50·clicks + 25·effort + 25·trend
a          0,5     0,5     0,3          25 + 12,5 + 7,5    = 45
b          0       1       1 (clipped)  0 + 25 + 25        = 50
c          1       ?       0            50 + (0 … 25) + 0  = 50 … 75, middle 62,5
"""

import math

import pandas as pd

from portalkompass.prioritisation import Criterion


def criterion(
    id: str, scale: str = "linear", lower: float = 0, upper: float = 1, **more: object
) -> Criterion:
    levels = [{"value": lower, "label": "wenig"}, {"value": upper, "label": "viel"}]
    return Criterion.model_validate(
        {
            "id": id,
            "label": id.capitalize(),
            "kind": "measured",
            "axis": "nutzen",
            "unit": "",
            "direction": "higher",
            "scale": scale,
            "lower": lower,
            "upper": upper,
            "weight": 1,
            "help": "Quelle",
            "levels": levels if scale == "ladder" else [],
            **more,
        }
    )


CRITERIA = (
    criterion("clicks", "log", 100, 10_000),
    criterion("effort", "ladder", 1, 5, direction="lower"),
    criterion("trend"),
)
WEIGHTS = {"clicks": 2.0, "effort": 1.0, "trend": 1.0}
MATRIX = pd.DataFrame(
    {"clicks": [1000, 100, 10_000], "effort": [3, 1, math.nan], "trend": [0.3, 1.5, 0.0]},
    index=["a", "b", "c"],
)
