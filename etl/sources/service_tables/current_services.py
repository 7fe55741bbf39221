"""The services as they are today: the newest OZG list, and what else the city's own directory names."""

from __future__ import annotations

from duckdb import DuckDBPyConnection as Connection

from etl.store.publish import present
from portalkompass.schema import SERVICE_DIRECTORY, SERVICES

NEWEST_DIRECTORY = f"""
    SELECT * FROM {SERVICE_DIRECTORY.name} WHERE municipality = $1 AND import_id = (
        SELECT import_id FROM {SERVICE_DIRECTORY.name} WHERE municipality = $1
        ORDER BY as_of DESC, loaded_at DESC, import_id DESC LIMIT 1
    )
"""
"""Rows of the directory that holds, of the municipality $1."""
_WITHOUT_STATUS = "ohne Status"
_OF_DIRECTORY = f"""
    INSERT INTO services (municipality, service, as_of, name, list, departments, ozg_id, leistungsschluessel)
    SELECT d.municipality, d.service,
        coalesce((SELECT max(as_of) FROM services WHERE municipality = $1), d.as_of),
        d.name, '{_WITHOUT_STATUS}', d.departments, d.ozg_id, d.leistungsschluessel
    FROM ({NEWEST_DIRECTORY}) d
    WHERE d.service NOT IN (SELECT service FROM services WHERE municipality = $1)
"""
_KEYS_OF_DIRECTORY = f"""
    UPDATE services SET leistungsschluessel = d.leistungsschluessel FROM ({NEWEST_DIRECTORY}) d
    WHERE services.municipality = $1 AND services.service = d.service
      AND len(coalesce(services.leistungsschluessel, [])) = 0
"""


def follow_newest(connection: Connection, municipality: str) -> None:
    """Make ``services`` what holds now: the newest dated OZG list, with services without status of the directory.

    A service that the OZG list names without a key has those of the directory. Without either list it is empty.
    """
    columns = ", ".join(f'"{name}"' for name in SERVICES.names)
    connection.execute("DELETE FROM services WHERE municipality = ?", [municipality])
    connection.execute(
        f"""
        INSERT INTO services ({columns})
        SELECT {columns} FROM service_status_history
        WHERE municipality = $1
          AND as_of = (SELECT max(as_of) FROM service_status_history WHERE municipality = $1)
        """,
        [municipality],
    )
    if present(connection, [SERVICE_DIRECTORY]):
        connection.execute(_KEYS_OF_DIRECTORY, [municipality])
        connection.execute(_OF_DIRECTORY, [municipality])
