"""What a write does. Whoever opens the workspace for other people decides by this who may write it."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """The kind of a write; its line in the audit is free text beside it."""

    LINK = "link"
    """Say which pages and queries belong to which service."""
    MOVE_PAGE = "move page"
    """Say that a page has a new address; its links follow, so that both raise the links' revision."""
    ANNOTATE = "annotate"
    REJECT_PROPOSAL = "reject proposal"
    ALLOW_PROPOSAL = "allow proposal"
    SAVE_VIEW = "save view"
    EDIT_SCENARIO = "edit scenario"
    DECIDE = "decide"
    RUN_VOTE = "run vote"
    """Open a voting round, or end it."""
    SHOW_BALLOTS = "show ballots"
    ADOPT_MEDIAN = "adopt median"
    EDIT_PROFILE = "edit profile"
    """Say how the columns of an imported file are called."""
    MAINTAIN = "maintain"
    """What the product does by itself, e.g. deleting what is kept no longer."""
