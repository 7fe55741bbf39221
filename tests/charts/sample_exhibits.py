"""Small exhibits of every kind, with texts that would do harm if anything interpreted them."""

import datetime as dt

import pandas as pd

from portalkompass.exhibit import Exhibit, Field, Mark, PointNames

HOSTILE = '<img src=x onerror="alert(1)"> [x](javascript:alert(1)) $\\alpha$ {"signal": "1+1"}'
DAY = dt.date(2025, 12, 15)


def exhibit(kind, frame, fields, **parts):
    texts = {"headline": "H", "subtitle": "S", "source": "Q", "data_date": DAY, "alt": "A"}
    return Exhibit(id=f"probe-{kind}", kind=kind, frame=frame, fields=fields, **(texts | parts))


def trend(**parts):
    """October and November 2025 against the year before; November incomplete, its last day provisional."""
    frame = pd.DataFrame(
        {
            "bucket": pd.to_datetime(["2025-10-01", "2025-11-01", "2025-10-01", "2025-11-01"]),
            "series": ["Aktuell", "Aktuell", "Vorjahr", "Vorjahr"],
            "position": [8.8, 8.5, 23.9, None],
            "partial": [False, True, False, False],
            "provisional": [False, True, False, False],
        }
    )
    fields = (
        Field("bucket", "Monat", "month"),
        Field("series", "Zeitraum"),
        Field("position", "Ø Position", "decimal1", low_is_good=True),
    )
    settings = {"x": "bucket", "y": "position", "series": "series", "reverse_y": True} | parts
    return exhibit("line", frame, fields, **settings)


def measures(**parts):
    """Clicks, click rate and position of the same months; the year before has no November."""
    frame = trend().frame.assign(clicks=[120, 45, 80, None], ctr=[0.06, 0.045, 0.04, None])
    fields = (
        Field("bucket", "Monat", "month"),
        Field("clicks", "Klicks", "integer"),
        Field("ctr", "Klickrate", "percent"),
        Field("position", "Ø Position", "decimal1", low_is_good=True),
        Field("series", "Zeitraum"),
    )
    settings = {"x": "bucket", "panels": ("clicks", "ctr", "position"), "series": "series"} | parts
    return exhibit("panels", frame, fields, **settings)


def bands(**parts):
    frame = pd.DataFrame(
        {
            "bucket": pd.to_datetime(["2025-10-01", "2025-11-01"] * 2),
            "band": ["1–3", "1–3", "4–10", "4–10"],
            "queries": [10, 20, 30, 40],
        }
    )
    fields = (
        Field("bucket", "Monat", "month"),
        Field("band", "Band"),
        Field("queries", "Anfragen", "integer"),
    )
    return exhibit("stacked_area", frame, fields, x="bucket", y="queries", series="band", **parts)


def bars():
    frame = pd.DataFrame({"title": ["Wohngeld", HOSTILE, "Wohngeld"], "clicks": [14050, 7, 3]})
    fields = (Field("title", "Seite"), Field("clicks", "Klicks", "integer"))
    return exhibit("bar", frame, fields, x="clicks", y="title")


def contributions():
    frame = pd.DataFrame(
        {
            "name": ["Hundesteuer", "Hundesteuer", "Bauportal"],
            "criterion": ["Klicks", "Trend", "Klicks"],
            "points": [30.0, 12.5, 20.0],
        }
    )
    fields = (
        Field("name", "Leistung"),
        Field("criterion", "Kriterium"),
        Field("points", "Beitrag", "decimal1"),
    )
    return exhibit("stacked_bar", frame, fields, x="points", y="name", series="criterion")


def ranks():
    frame = pd.DataFrame({"name": ["A", "B"], "rank": [1, 2], "rank_low": [1, 1], "rank_high": [1, 3]})
    fields = (Field("name", "Leistung"), Field("rank", "Rang", "integer"))
    return exhibit("dots", frame, fields, x="rank", y="name", interval=("rank_low", "rank_high"))


def gantt():
    frame = pd.DataFrame(
        {"name": ["A", HOSTILE], "start": ["Q3 2026", "Q1 2027"], "live": ["Q4 2026", "Q1 2027"]}
    )
    fields = (Field("name", "Leistung"), Field("start", "Beginn"), Field("live", "Live"))
    return exhibit("gantt", frame, fields, x="live", y="name", interval=("start", "live"))


def timeline():
    """One live, one to come; one promised for September and late by the day of the data."""
    frame = pd.DataFrame(
        {
            "name": ["A", HOSTILE, "C"],
            "due": pd.to_datetime(["2025-09-01", "2025-12-01", "2026-02-01"]),
            "state": ["überfällig", "live", "mit Termin"],
            "until": pd.to_datetime(["2025-12-01", "2025-12-01", "2026-02-01"]),
        }
    )
    fields = (Field("name", "Leistung"), Field("due", "Monat", "month"), Field("state", "Go-Live"))
    parts = {"x": "due", "y": "name", "series": "state", "interval": ("due", "until")}
    return exhibit("timeline", frame, fields, **parts)


def scatter():
    frame = pd.DataFrame({"title": ["A", HOSTILE], "impressions": [100, 900], "position": [3.0, 12.0]})
    fields = (
        Field("title", "Seite"),
        Field("impressions", "Impressionen", "integer"),
        Field("position", "Ø Position", "decimal1"),
    )
    return exhibit(
        "scatter",
        frame,
        fields,
        x="impressions",
        y="position",
        reverse_y=True,
        point_names=PointNames("title"),
    )


def slope():
    frame = pd.DataFrame(
        {"year": ["2024", "2025"] * 2, "name": ["A", "A", "B", "B"], "position": [20.0, 8.0, 5.0, 6.0]}
    )
    fields = (Field("year", "Jahr"), Field("name", "Seite"), Field("position", "Ø Position", "decimal1"))
    return exhibit("slope", frame, fields, x="year", y="position", series="name", reverse_y=True)


def heatmap():
    frame = pd.DataFrame({"day": ["Montag", "Dienstag"], "month": ["Mai", "Mai"], "clicks": [5, 1300]})
    fields = (Field("day", "Tag"), Field("month", "Monat"), Field("clicks", "Klicks", "integer"))
    return exhibit("heatmap", frame, fields, x="month", y="day", size="clicks")


def annotated(*marks):
    return trend(marks=tuple(Mark(*mark) for mark in marks))


EVERY_KIND = (
    trend(),
    measures(),
    bands(),
    bars(),
    contributions(),
    ranks(),
    scatter(),
    slope(),
    heatmap(),
    gantt(),
    timeline(),
)
