"""The services as the app knows them: the OZG list, the municipal names, the synonyms."""

import csv

from portalkompass.proposals import ServiceName, municipal_services, with_synonyms
from portalkompass.settings import SHIPPED_DATA


def services():
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        listed = [ServiceName(row["service_id"], row["name"]) for row in csv.DictReader(file, delimiter=";")]
    offered = municipal_services(SHIPPED_DATA / "municipal_services.csv")
    extra = [ServiceName(*pair) for pair in zip(offered["id"], offered["name"], strict=True)]
    return with_synonyms([*listed, *extra], SHIPPED_DATA / "service_synonyms.csv")
