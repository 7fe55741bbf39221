"""When Python's garbage collection runs: not during the start, and never over what stays in memory for good.

What it gains is measured at 1 and at 24 million rows (`python -m benchmarks devices`, docs/benchmarks.md):

* Imports leave no garbage behind, and collecting during them takes a quarter of their time. So it is off until all is
  imported.
* Streamlit collects after each run of a script, while everybody waits, and looks at the whole memory: three quarters of
  a click that changes nothing, nearly all of it for imported code that never goes. So what is there after the start is
  left out.

This module is imported before Streamlit; it imports nothing itself.
"""

from __future__ import annotations

import gc


def pause() -> None:
    """No garbage collection from now on; the first thing that the app does."""
    gc.disable()


def leave_out_what_is_there() -> None:
    """Collections that Streamlit asks for no longer look at what is in memory now."""
    gc.freeze()


def resume() -> None:
    """Collect from now on, what is in memory now left out; called when the start is over."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.enable()


def restore() -> None:
    """As Python does it by itself: at the end libraries look whether all of theirs has gone."""
    gc.unfreeze()
    gc.enable()
