"""Every service a page can be mapped to: the OZG list, the city's own additions, the pick list."""

from __future__ import annotations

import pandas as pd

from portalkompass.answers.base import service_list
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.question import Question
from portalkompass.proposals import ServiceName, municipal_services, with_synonyms

LISTED, ADDED, OFFERED = "Liste der Stadt", "ohne Status, schon zugeordnet", "ohne Status, Auswahlliste"


def choices(question: Question) -> pd.DataFrame:
    """service_id, name, target (leistung or ohne_status), group; each id once, in the order of the groups.

    Raises:
        ListFault: the pick list cannot be used.
    """
    listed = service_list.services(question.warehouse, question.settings)
    has_status = listed[listed["list"] != service_list.WITHOUT_STATUS]
    offered = municipal_services(question.settings.data_file("municipal_services.csv"))
    parts = (
        (has_status.rename(columns={"service": "service_id"}), "leistung", LISTED),
        (service_map(question).extra, "ohne_status", ADDED),
        (offered.rename(columns={"id": "service_id"}), "ohne_status", OFFERED),
    )
    rows = pd.concat(
        [
            frame[["service_id", "name"]].astype("str").assign(target=target, group=group)
            for frame, target, group in parts
        ],
        ignore_index=True,
    )
    return rows.drop_duplicates("service_id").reset_index(drop=True)


def named(question: Question, rows: pd.DataFrame) -> tuple[ServiceName, ...]:
    """The choices with their everyday words, for proposals.

    Raises:
        ListFault: the list of synonyms cannot be used.
    """
    plain = [ServiceName(key, name) for key, name in zip(rows["service_id"], rows["name"], strict=True)]
    return with_synonyms(plain, question.settings.data_file("service_synonyms.csv"))
