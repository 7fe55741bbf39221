"""Proposals for the map between pages, queries and services: pure, deterministic, always for a person to judge."""

from portalkompass.proposals.city_names import city_names
from portalkompass.proposals.lists import ListFault, municipal_services, with_synonyms
from portalkompass.proposals.moves import moved_pages
from portalkompass.proposals.propose import THRESHOLD, Proposal, ServiceName, Subject, propose

__all__ = [
    "THRESHOLD",
    "ListFault",
    "Proposal",
    "ServiceName",
    "Subject",
    "city_names",
    "moved_pages",
    "municipal_services",
    "propose",
    "with_synonyms",
]
