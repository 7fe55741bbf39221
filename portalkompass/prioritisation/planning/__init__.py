"""The year's plan: best set and order of services under limits of days, money, dates and dependencies."""

from portalkompass.prioritisation.planning.doubt import Doubt, under_doubt
from portalkompass.prioritisation.planning.economics import (
    Business,
    Economy,
    Rates,
    annuity,
    economy,
    present_value,
)
from portalkompass.prioritisation.planning.greedy import best_plan
from portalkompass.prioritisation.planning.missing_room import Clash, Extra, clash, next_cost
from portalkompass.prioritisation.planning.portfolio import Gate, Limits, Project, used, waits_for_itself
from portalkompass.prioritisation.planning.programme import Plan, Programme

__all__ = [
    "Business",
    "Clash",
    "Doubt",
    "Economy",
    "Extra",
    "Gate",
    "Limits",
    "Plan",
    "Programme",
    "Project",
    "Rates",
    "annuity",
    "best_plan",
    "clash",
    "economy",
    "next_cost",
    "present_value",
    "under_doubt",
    "used",
    "waits_for_itself",
]
