"""The typed list of screens, and answers kept on disk."""

from portalkompass.screens.catalogue import SCREENS, Screen, Topic, View, screen_of

__all__ = ["SCREENS", "Screen", "Topic", "View", "screen_of"]
