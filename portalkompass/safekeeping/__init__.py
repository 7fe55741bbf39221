"""Nothing lost: one archive of warehouse, workspace and data files, and the way back from it."""

from portalkompass.safekeeping.backup import back_up
from portalkompass.safekeeping.faults import SafekeepingError
from portalkompass.safekeeping.manifest import Manifest
from portalkompass.safekeeping.restore import finish_pending, restore
from portalkompass.safekeeping.unpacking import check

__all__ = ["Manifest", "SafekeepingError", "back_up", "check", "finish_pending", "restore"]
