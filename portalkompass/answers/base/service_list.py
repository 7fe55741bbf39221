"""The list of OZG services as the answers use it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.metrics.measures import LazyFrame
from portalkompass.schema import SERVICE_DIRECTORY
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables, WarehouseError
from portalkompass.warehouse.reader import Warehouse

STATUS_ORDER = ("Go-Live", "In Umsetzung", "In Vorbereitung", "offen")
LIVE, DATED, OVERDUE = "live", "mit Termin", "überfällig"
PROGRESS_ORDER = (LIVE, DATED, OVERDUE, *STATUS_ORDER)
"""Go-lives by whether they have happened, then the status groups; "Go-Live" is left for one without a month."""
GO_LIVE_MEANING = (
    f"{LIVE}: Der Monat des Go-Live ist am Stand der Liste erreicht. {DATED}: Er liegt danach. {OVERDUE}: Er ist "
    "vorbei, ohne dass die Liste den Go-Live meldet."
)
WITHOUT_STATUS = "ohne Status"
PENDING = "anstehend"
SOURCE = "OZG-Liste der Stadt"
DIRECTORY = "Leistungsverzeichnis der Stadt"
LANES = ("startbar", "wartet auf andere", "erst klären")


def services(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """All columns of the city's services in their newest state, with those of `with_progress`, by list and name."""

    def make() -> pd.DataFrame:
        newest = warehouse.ask(lambda t: own(t, "services", settings).sort("list", "name"))
        return with_progress(newest, history(warehouse, settings), warehouse.list_day)

    return warehouse.once(("services", settings.city.municipality), make)


def listed_on(warehouse: Warehouse, settings: Settings, day: dt.date | None) -> Warehouse:
    """The warehouse with the city's list as it stood on that day; None is its newest state.

    Raises:
        WarehouseError: there was no list yet.
    """
    if day is None:
        return warehouse
    known = days(warehouse, settings)
    if any(state <= day for state in known):
        return warehouse.listed_on(day)
    if not known:
        raise WarehouseError("Noch ist keine OZG-Liste geladen; einen Stand von ihr gibt es nicht.")
    raise WarehouseError(
        f"Die OZG-Liste ist am {german.date(day)} noch nicht bekannt: Der früheste geladene Stand ist vom "
        f"{german.date(known[0])}."
    )


def days(warehouse: Warehouse, settings: Settings) -> tuple[dt.date, ...]:
    """Dates of all known states of the list, oldest first."""
    states = history(warehouse, settings)["as_of"]
    newest = services(warehouse, settings)["as_of"].nlargest(1)
    return tuple(day.date() for day in sorted(states.unique()) or newest)


def history(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """The same in every state of the list that was loaded, each judged by its own date, oldest first."""

    def make() -> pd.DataFrame:
        states = warehouse.ask(
            lambda t: own(t, "service_status_history", settings).sort("as_of", "list", "name")
        )
        return with_progress(states, states)

    return warehouse.once(("status history", settings.city.municipality), make)


def with_progress(rows: pd.DataFrame, states: pd.DataFrame, day: dt.date | None = None) -> pd.DataFrame:
    """The rows with go_live (live, mit Termin, überfällig, None), due (its month), progress (that, else status group).

    A go-live is live from the month that the list names, as far as the list's own date reaches. After that date
    nothing is known: a month that has passed by ``day`` (the list's date unless given) without a list that reports it
    is overdue, one to come is dated. A month that an earlier one of ``states`` named stays promised until a later
    list names another or reports the service live.
    """
    if rows.empty:
        return rows.assign(go_live=None, due=None, progress=None)
    named = states[states["go_live_month"].notna()].sort_values("as_of", kind="stable")
    earlier: dict[str, list[tuple[pd.Timestamp, pd.Timestamp]]] = {}
    for service, *promised in named[["service", "as_of", "go_live_month"]].itertuples(index=False, name=None):
        earlier.setdefault(str(service), []).append((promised[0], promised[1]))
    judged = [
        _go_live(as_of, group == STATUS_ORDER[0], month, earlier.get(str(service), []), day)
        for service, as_of, group, month in rows[
            ["service", "as_of", "status_group", "go_live_month"]
        ].itertuples(index=False, name=None)
    ]
    go_live = pd.Series([word for word, _ in judged], index=rows.index, dtype="object")
    due = pd.Series([month for _, month in judged], index=rows.index, dtype="datetime64[us]")
    progress = go_live.where(go_live.notna(), rows["status_group"])
    return rows.assign(go_live=go_live, due=due, progress=progress)


def _go_live(
    as_of: pd.Timestamp,
    reported: bool,
    month: pd.Timestamp | None,
    earlier: list[tuple[pd.Timestamp, pd.Timestamp]],
    day: dt.date | None,
) -> tuple[str | None, pd.Timestamp | None]:
    """How far one go-live is and the month that this is judged by; None where no month was ever named."""
    if pd.isna(month):
        before = [named for state, named in earlier if state < as_of]
        month = before[-1] if before and not reported else None
    if month is None:
        return None, None
    if reported and month <= as_of:
        return LIVE, month
    this_month = max(as_of, pd.Timestamp(day) if day else as_of).replace(day=1)
    if month < this_month:
        return OVERDUE, month
    return (DATED, month) if reported else (None, None)


def told(rows: pd.DataFrame) -> str:
    """How many of these services stand where: 2 live, 3 mit Termin bis Februar 2026, 4 In Umsetzung."""
    return german.listing([f"{amount} {word}" for word, amount in _words(rows).items()])


def progress_counts(rows: pd.DataFrame) -> dict[str, int]:
    """Services by progress in its order; those without status are not counted."""
    counted = rows.loc[rows["list"] != WITHOUT_STATUS, "progress"].dropna().value_counts()
    further = sorted(set(counted.index) - set(PROGRESS_ORDER))
    return {name: int(counted[name]) for name in (*PROGRESS_ORDER, *further) if name in counted.index}


def _words(rows: pd.DataFrame) -> dict[str, int]:
    """`progress_counts` with the month until which the dated ones are to come."""
    until = dated_until(rows)
    counts = progress_counts(rows)
    when = "" if until is None else f" {'im' if counts[DATED] == 1 else 'bis'} {german.month(until)}"
    return {f"{name}{when}" if name == DATED else name: amount for name, amount in counts.items()}


def dated_until(rows: pd.DataFrame) -> dt.date | None:
    """First day of the last month that a go-live to come is named for; None without one."""
    months = rows.loc[(rows["list"] != WITHOUT_STATUS) & (rows["go_live"] == DATED), "go_live_month"]
    return None if months.empty else months.max().date()


@dataclass(frozen=True, slots=True)
class Responsible:
    """How many services the city is responsible for, and what says so, in German."""

    count: int
    source: str


def responsible(warehouse: Warehouse, settings: Settings) -> Responsible:
    """The services of the city's directory, and those with a status that it does not name; the setting without one.

    So no service with a status is counted that the number does not hold. A view of an earlier list has the directory
    of its day.
    """

    def make() -> Responsible:
        city = settings.city
        rows = directory(warehouse, settings)
        if rows.empty:
            return Responsible(city.services_responsible, city.services_responsible_source)
        listed = services(warehouse, settings)
        with_status = set(listed.loc[listed["list"] != WITHOUT_STATUS, "service"])
        besides = len(with_status - set(rows["service"]))
        source = f"{DIRECTORY}, Stand {german.date(rows['as_of'].iloc[0].date())}"
        if besides:
            source += f", und {besides} mit Status, die dort {'fehlt' if besides == 1 else 'fehlen'}"
        return Responsible(len(rows) + besides, source)

    city = settings.city
    key = ("responsible", city.municipality, city.services_responsible, city.services_responsible_source)
    return warehouse.once(key, make)


def directory(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """The city's own list of services that holds (of the day that is asked for), by name; empty where none is."""
    if not warehouse.holds(SERVICE_DIRECTORY.name):
        return pd.DataFrame(columns=list(SERVICE_DIRECTORY.names))
    states = warehouse.ask(
        lambda t: own(t, SERVICE_DIRECTORY.name, settings).sort("as_of", "loaded_at", "import_id", "name")
    )
    if warehouse.list_day is not None:
        states = states[states["as_of"] <= pd.Timestamp(warehouse.list_day)]
    newest: pd.DataFrame = (
        states[states["import_id"] == states["import_id"].iloc[-1]] if len(states) else states
    )
    return newest.reset_index(drop=True)


def status_told(status: object, go_live: object) -> str:
    """The status in the list's words, with what its go-live is; empty without a status."""
    if german.is_missing(status):
        return ""
    overdue = OVERDUE if str(status).startswith(STATUS_ORDER[0]) else f"{STATUS_ORDER[0]} {OVERDUE}"
    note = {LIVE: LIVE, DATED: "geplant", OVERDUE: overdue}.get(str(go_live), "")
    return f"{status}, {note}" if note else str(status)


def own(tables: Tables, table: str, settings: Settings) -> LazyFrame:
    """Rows of the city, of a table that knows municipalities."""
    return tables[table].filter(nw.col("municipality") == settings.city.municipality)


def named(rows: pd.DataFrame, department: str) -> pd.Series[bool]:
    """For which services the list names the department, which may stand among others."""
    return rows["departments"].fillna("").map(lambda names: department in _departments(names)).astype("bool")


def departments(warehouse: Warehouse, settings: Settings) -> tuple[str, ...]:
    """Every department that the list names for a service, in order."""
    listed = services(warehouse, settings)["departments"].dropna()
    return tuple(sorted({name for names in listed for name in _departments(names)}))


def _departments(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(";") if name.strip())


def status_counts(warehouse: Warehouse, settings: Settings) -> dict[str, int]:
    """Services by status group in the order of progress; those without status are not counted."""
    listed = services(warehouse, settings)
    groups = listed.loc[listed["list"] != WITHOUT_STATUS, "status_group"].dropna()
    counted = groups.value_counts()
    further = sorted(set(counted.index) - set(STATUS_ORDER))
    return {name: int(counted[name]) for name in (*STATUS_ORDER, *further) if name in counted.index}


def status_course(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """as_of, services: how many had a status in each state of the list that was loaded, oldest first."""
    states = history(warehouse, settings)
    listed = states[
        states["list"].notna() & (states["list"] != WITHOUT_STATUS) & states["status_group"].notna()
    ]
    return listed.groupby("as_of").size().rename("services").reset_index()


def list_date(frame: pd.DataFrame) -> str:
    """Date of the list in German, for source lines; empty without services."""
    return "" if frame.empty else f"{frame['as_of'].max():%d.%m.%Y}"


def source(frame: pd.DataFrame) -> str:
    """Source line of figures from the OZG list."""
    stand = list_date(frame)
    return f"{SOURCE}, Stand {stand}" if stand else SOURCE
