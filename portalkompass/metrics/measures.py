"""What each figure means: one frozen object a measure, beside the expression that computes it.

Cards, tables, tooltips, slides and the glossary read label, unit, format and definition from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw

from portalkompass.metrics.comparison import SMALL_BASE

LazyFrame = nw.LazyFrame[Any]
MeasureFormat = Literal[
    "integer", "decimal1", "decimal2", "percent", "percent_change", "signed", "signed_integer"
]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as a reader meets it; ``definition`` is one German sentence or two.

    ``method`` is the chapter of docs/methods.md by which an estimate is worked out, "" for what is counted.
    """

    id: str
    label: str
    format: MeasureFormat
    definition: str
    unit: str = ""
    low_is_good: bool = False
    method: str = ""

    @property
    def explained(self) -> str:
        """Label and definition, for notes below a table."""
        return f"{self.label}: {self.definition}"


CLICKS = Measure(
    "clicks",
    "Klicks",
    "integer",
    "Klicks auf ein Suchergebnis der Property in der Google-Suche.",
    unit="Klicks",
)
IMPRESSIONS = Measure(
    "impressions",
    "Impressionen",
    "integer",
    "Wie oft ein Ergebnis der Property in der Google-Suche angezeigt wurde.",
    unit="Impressionen",
)
POSITION = Measure(
    "position",
    "Ø Position",
    "decimal1",
    "Mittlerer Platz in der Google-Suche, gewichtet mit den Impressionen; 1 ist der beste Platz.",
    unit="Platz",
    low_is_good=True,
)
CTR = Measure(
    "ctr", "Klickrate", "percent", "Klicks geteilt durch Impressionen; ohne Impressionen unbekannt."
)
HIDDEN_SHARE = Measure(
    "hidden_click_share",
    "Verdeckte Klicks",
    "percent",
    "Anteil der Klicks, zu denen Google keine Suchanfrage nennt: (Summe der Property − Summe der genannten "
    "Suchanfragen) geteilt durch die Summe der Property.",
    low_is_good=True,
)
SHARE = Measure("share", "Anteil", "percent", "Anteil an den Klicks aller Seiten im Zeitraum.")
CUMULATIVE_SHARE = Measure(
    "cumulative_share",
    "Anteil kumuliert",
    "percent",
    "Anteil dieser und aller Seiten mit mehr Klicks an den Klicks aller Seiten.",
)
CHANGE = Measure(
    "change",
    "Veränderung",
    "percent_change",
    "Veränderung der Klicks gegenüber dem Vergleichszeitraum, je Tag mit Daten, wo die Zahl der Tage verschieden ist; "
    f"ohne Klicks dort unbekannt. Unter {SMALL_BASE} Klicks dort sagt ein Prozentwert wenig.",
)
DEMAND = Measure(
    "demand",
    "Nachfrage",
    "integer",
    "Klicks aus der Google-Suche auf die Seiten, die der Leistung zugeordnet sind, mal deren Anteil.",
    unit="Klicks",
)
UNMET = Measure(
    "unmet_impressions",
    "Ungedeckte Nachfrage",
    "integer",
    "Impressionen von Suchanfragen zur Leistung, bei denen höchstens eine Seite erschien, die ihr nicht zugeordnet "
    "ist, und das hinter Platz 10 oder mit weniger als der Hälfte der Klicks, die der Platz hier sonst bringt: je "
    "Suchanfrage nicht mehr, als ihre Impressionen die der eigenen Seite übersteigen. Wird nie zur Nachfrage addiert.",
    unit="Impressionen",
    low_is_good=True,
    method="Ungedeckte Nachfrage",
)
PORTAL_VIEWS = Measure(
    "unique_page_views",
    "Eindeutige Seitenansichten",
    "integer",
    "Besuche des Portals, in denen die Seite mindestens einmal aufgerufen wurde (Portalstatistik, nicht "
    "Google; wegen der Einwilligung eine Untergrenze).",
    unit="Seitenansichten",
)
EXPECTED_CTR = Measure(
    "expected_ctr",
    "Übliche Klickrate",
    "percent",
    "Klickrate, die Suchanfragen ohne Stadtnamen auf diesem Platz bei dieser Property gewöhnlich haben (aus den "
    "eigenen Daten geschätzt, Ausreißer ausgenommen).",
    method="Klickkurve",
)
EXTRA_CLICKS = Measure(
    "extra_clicks",
    "Klickpotenzial",
    "integer",
    "Geschätzte Mehrklicks im Jahr, wenn die Suchanfrage oder Seite ein realistisches Ziel erreicht: Impressionen im "
    "Jahr mal Unterschied der Klickraten am Ziel und heute.",
    unit="im Jahr",
    method="Klickpotenzial",
)
EFFECT = Measure(
    "effect",
    "Wirkung",
    "percent_change",
    "Veränderung der Klicks seit dem Ereignis, bereinigt um dieselben Wochen des Vorjahres und um vergleichbare "
    "Seiten.",
    method="Wirkung eines Ereignisses",
)
OUTLIER_SCORE = Measure(
    "score",
    "Abweichung",
    "signed",
    "Abstand der Woche vom Erwarteten, geteilt durch die übliche Streuung der Seite (robust geschätzt).",
    unit="Streuungen",
    method="Auffällige Wochen",
)


def sums(*, keep_position: bool = True) -> list[nw.Expr]:
    """Σ clicks, Σ impressions and Σ sum_position, for ``agg`` or ``select``; then ``whole()``."""
    counts = [nw.col(name).sum() for name in ("clicks", "impressions")]
    return [*counts, *position_sums()] if keep_position else counts


def position_sums(suffix: str = "") -> list[nw.Expr]:
    """Σ sum_position and ``placed``, the number of rows that have one, for ``agg`` or ``select``.

    Discover has no positions: a sum over nothing is 0 on one engine and missing on another, a count is not.
    """
    place = nw.col(f"sum_position{suffix}")
    return [place.sum(), place.count().alias(f"placed{suffix}")]


def whole(*names: str) -> list[nw.Expr]:
    """Sums made int64 again; apart from the aggregation, which pandas does fast only for plain sums."""
    return [nw.col(name).cast(nw.Int64) for name in names or ("clicks", "impressions")]


def known_sums(rows: LazyFrame, key: str, *names: str) -> LazyFrame:
    """key and Σ of each of ``names``; a sum to which no row of the key gives a value is missing, not 0."""
    counted = rows.with_columns(
        *[nw.when(nw.col(name).is_null()).then(0).otherwise(1).alias(f"{name}_known") for name in names]
    )
    summed = counted.group_by(key).agg(
        *[nw.col(part).sum() for name in names for part in (name, f"{name}_known")]
    )
    return summed.select(
        key, *[nw.when(nw.col(f"{name}_known") > 0).then(nw.col(name)).alias(name) for name in names]
    )


def position(suffix: str = "") -> nw.Expr:
    """Σ sum_position / Σ impressions + 1, from summed columns.

    Missing without impressions, and where no row has a position (Discover).
    """
    shown = nw.col(f"impressions{suffix}")
    mean = nw.col(f"sum_position{suffix}") / shown + 1
    placed = nw.col(f"placed{suffix}") > 0
    return nw.when((shown != 0) & placed).then(mean).alias(f"position{suffix}")


def ctr(suffix: str = "") -> nw.Expr:
    """Σ clicks / Σ impressions, from summed columns; without impressions missing, not infinite."""
    shown = nw.col(f"impressions{suffix}")
    return nw.when(shown != 0).then(nw.col(f"clicks{suffix}") / shown).alias(f"ctr{suffix}")


def ratio(part: str, whole: str, name: str) -> nw.Expr:
    """part / whole; missing where whole is 0 or missing."""
    return nw.when(nw.col(whole) != 0).then(nw.col(part) / nw.col(whole)).alias(name)


def change(now: str, before: str, name: str = "change", *, factor: float | None = 1.0) -> nw.Expr:
    """now / (before × ``factor``) − 1; missing where there was nothing before.

    ``factor`` lets the earlier sum stand for as many days as the later one; without one (None) nothing is
    comparable, and all changes are missing.
    """
    comparable = (nw.col(before) != 0) & nw.lit(factor is not None)
    return nw.when(comparable).then(nw.col(now) / (nw.col(before) * (factor or 1.0)) - 1).alias(name)
