"""The typed list of screens, and answers kept on disk."""

from portalkompass.screens.catalogue import ADDRESSES, SCREENS, Screen, Topic, View, screen_of

__all__ = ["ADDRESSES", "SCREENS", "Screen", "Topic", "View", "screen_of"]
