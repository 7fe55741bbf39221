"""What people write: links, annotations, scenarios, decisions; the public face of the workspace."""

from portalkompass.workspace.database import Workspace
from portalkompass.workspace.decision_log import DECISIONS, Decision, decide, decisions, withdraw
from portalkompass.workspace.errors import StaleEdit, WorkspaceError
from portalkompass.workspace.history import audit_list
from portalkompass.workspace.notes import (
    Annotation,
    add_annotation,
    annotation_differences,
    annotation_frame,
    annotations,
    delete_annotation,
    update_annotation,
)
from portalkompass.workspace.opening import Shipped, open_workspace, workspace_of
from portalkompass.workspace.records import PageMark, Profile, SavedView, discard, keep, kept
from portalkompass.workspace.refusals import Refusal, allow_again, refusals, refuse
from portalkompass.workspace.resolve import conflicts, dead_links, resolve_pages, resolve_queries
from portalkompass.workspace.scenarios import (
    Scenario,
    clone_scenario,
    delete_scenario,
    load_scenario,
    lock_scenario,
    save_scenario,
    scenario_list,
)
from portalkompass.workspace.service_links import (
    ServiceLink,
    add_link,
    delete_link,
    extra_services,
    link_differences,
    link_fault,
    links,
    read_links,
    update_link,
)
from portalkompass.workspace.shipped import Difference

__all__ = [
    "DECISIONS",
    "Annotation",
    "Decision",
    "Difference",
    "PageMark",
    "Profile",
    "Refusal",
    "SavedView",
    "Scenario",
    "ServiceLink",
    "Shipped",
    "StaleEdit",
    "Workspace",
    "WorkspaceError",
    "add_annotation",
    "add_link",
    "allow_again",
    "annotation_differences",
    "annotation_frame",
    "annotations",
    "audit_list",
    "clone_scenario",
    "conflicts",
    "dead_links",
    "decide",
    "decisions",
    "delete_annotation",
    "delete_link",
    "delete_scenario",
    "discard",
    "extra_services",
    "keep",
    "kept",
    "link_differences",
    "link_fault",
    "links",
    "load_scenario",
    "lock_scenario",
    "open_workspace",
    "read_links",
    "refusals",
    "refuse",
    "resolve_pages",
    "resolve_queries",
    "save_scenario",
    "scenario_list",
    "update_annotation",
    "update_link",
    "withdraw",
    "workspace_of",
]
