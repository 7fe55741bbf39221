"""What people write: links, annotations, scenarios, decisions; the public face of the workspace."""

from portalkompass.workspace.database import Workspace
from portalkompass.workspace.errors import StaleEdit, WorkspaceError
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
from portalkompass.workspace.resolve import conflicts, dead_links, resolve_pages, resolve_queries
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
    "Annotation",
    "Difference",
    "ServiceLink",
    "Shipped",
    "StaleEdit",
    "Workspace",
    "WorkspaceError",
    "add_annotation",
    "add_link",
    "annotation_differences",
    "annotation_frame",
    "annotations",
    "conflicts",
    "dead_links",
    "delete_annotation",
    "delete_link",
    "extra_services",
    "link_differences",
    "link_fault",
    "links",
    "open_workspace",
    "read_links",
    "resolve_pages",
    "resolve_queries",
    "update_annotation",
    "update_link",
    "workspace_of",
]
