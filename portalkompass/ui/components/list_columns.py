"""What the columns of the OZG list are called on the screen."""

from __future__ import annotations

LABELS = {
    "service_id": "Kennung",
    "name": "Leistung",
    "list": "Liste",
    "status": "Status",
    "go_live_month": "Monat des Go-Live",
    "latest_development": "Letzte Entwicklung",
    "motion_number": "Antragsnummer",
    "route": "Umsetzungsweg",
    "route_certainty": "Sicherheit des Weges",
    "route_evidence": "Beleg des Weges",
    "departments": "Fachbereiche",
    "other_parties": "Weitere Beteiligte",
    "next_step": "Nächster Schritt",
    "blocker": "Hindernis",
    "depends_on": "Hängt ab von",
    "lane": "Bahn",
    "lane_reason": "Grund der Bahn",
    "ozg_id": "OZG-Nummer",
    "leistungsschluessel": "Leistungsschlüssel",
    "note": "Bemerkung",
}
