"""Nothing lost: one archive of warehouse, workspace and data files, and the way back from it."""

from portalkompass.operations.backup import back_up
from portalkompass.operations.errors import SafekeepingError
from portalkompass.operations.restore import finish_pending, restore
from portalkompass.operations.unpacking import check

__all__ = ["SafekeepingError", "back_up", "check", "finish_pending", "restore"]
