"""What a reader has to know about dashes, hollow points and bands of a chart."""

from __future__ import annotations

from portalkompass.exhibit import Exhibit


def reading_help(exhibit: Exhibit) -> tuple[str, ...]:
    """German sentences on how to read dashes and hollow points, only where the chart has them."""
    frame = exhibit.frame
    sentences = []
    if exhibit.kind == "line" and "provisional" in frame and bool(frame["provisional"].fillna(False).any()):
        sentences.append("Gestrichelt: vorläufige Tage, die Google noch nachträgt.")
    if exhibit.kind == "line" and "partial" in frame and bool(frame["partial"].fillna(False).any()):
        sentences.append("Hohler Punkt: Zeitraum mit unvollständigen Tagen, nur eingeschränkt vergleichbar.")
    if exhibit.band:
        low, high = exhibit.band
        sentences.append(f"Graue Fläche: zwischen „{low}“ und „{high}“.")
    return tuple(sentences)
