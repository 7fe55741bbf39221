"""What people write: links, annotations, scenarios, decisions; the public face of the workspace is what stands here."""

from portalkompass.workspace.deliveries import DIGEST, delivered, last_digests, note_delivery, subject_of
from portalkompass.workspace.history import audit_list, state_of
from portalkompass.workspace.links.rejected_proposals import (
    RejectedProposal,
    allow_again,
    reject,
    rejected_proposals,
)
from portalkompass.workspace.links.resolve import (
    conflicts,
    dead_links,
    links_digest,
    page_tables,
    query_tables,
    resolve_all,
    resolve_pages,
    resolve_queries,
)
from portalkompass.workspace.links.service_links import (
    ServiceLink,
    add_link,
    delete_link,
    extra_services,
    link_fault,
    links,
    read_links,
    update_link,
)
from portalkompass.workspace.notes import (
    Annotation,
    add_annotation,
    annotations,
    delete_annotation,
)
from portalkompass.workspace.opening import Shipped, close_workspace, open_workspace, workspace_of
from portalkompass.workspace.page_moves import (
    PageMove,
    add_moves,
    delete_move,
    page_moves,
    read_moves,
    resolved,
    update_move,
)
from portalkompass.workspace.records import Profile, SavedView, discard, keep, kept
from portalkompass.workspace.reports.report_edits import (
    Clash,
    add_page,
    cells_of,
    clashes_of,
    move_page,
    remove_page,
    save_texts,
    settle_clash,
    show_page,
)
from portalkompass.workspace.reports.reports import (
    STANDARD_PAGES,
    Report,
    ReportPage,
    create_report,
    delete_report,
    deliver_report,
    made_pages,
    next_report,
    pages_of,
    report_list,
)
from portalkompass.workspace.revoked_sessions import revoke_session, revoked_sessions
from portalkompass.workspace.self_audits import RESULTS as AUDIT_RESULTS
from portalkompass.workspace.self_audits import (
    AuditedPoint,
    save_self_audit,
    self_audits,
    with_answer,
)
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, StaleEdit
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.tracked_queries import (
    TrackedQuery,
    as_listed,
    track,
    tracked_queries,
    untrack,
)
from portalkompass.workspace.typed import keep_typed, typed_by
from portalkompass.workspace.workshop.agendas import (
    Agenda,
    Kind,
    Remark,
    add_remarks,
    agenda_of,
    begin_workshop,
    change_agenda,
    change_remark,
    delete_remark,
    remarks,
    turn_clock,
)
from portalkompass.workspace.workshop.assessing import (
    assess,
    assessment_rounds,
    known_cells,
    open_assessment,
    voices,
)
from portalkompass.workspace.workshop.decision_log import (
    DECIDED,
    DECISIONS,
    Decision,
    decide,
    decisions,
    withdraw,
)
from portalkompass.workspace.workshop.promise_log import Promise, promises
from portalkompass.workspace.workshop.scenarios import (
    Scenario,
    delete_scenario,
    load_scenario,
    lock_scenario,
    rename_scenario,
    save_scenario,
    scenario_list,
)
from portalkompass.workspace.workshop.sheets import (
    Entry,
    Filled,
    Sheet,
    drafts_of,
    keep_draft,
    last_changes,
    read_sheet,
    save_cells,
    settle,
    told,
)
from portalkompass.workspace.workshop.voting import (
    Round,
    RoundClosed,
    adopt,
    all_rounds,
    ballot_departments,
    ballot_of,
    ballots,
    cast,
    close_round,
    open_round,
    opinions,
    round_of_code,
    rounds,
    show_spread,
    signing_key,
)
