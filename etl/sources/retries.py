"""What may go wrong with a request to any source, and how patiently it is sent again."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import math
import re
from collections.abc import Callable
from typing import TypeVar

import httplib2
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.stop import stop_base
from tenacity.wait import wait_exponential_jitter

from etl.errors import LoadError
from etl.sources.pace import Pace

FIRST_SERVER_ERROR = 500
CONNECTION_FAULTS = (OSError, http.client.HTTPException, httplib2.HttpLib2Error)
"""What a broken connection raises."""
_LONGEST_BACKOFF = 60.0
T = TypeVar("T")


class Transient(Exception):
    """Worth another try: server fault, dropped line, cut or unreadable reply, time-out.

    ``retry_after`` in seconds, where the other side names it.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(Transient):
    """Too many requests per second or minute."""


class Refused(LoadError):
    """No retry can help; the sentence tells what to do."""


class Stopped(Exception):
    """The run ends before its plan is done, in a state the next run goes on from; German sentence."""


def patiently(
    send: Callable[[], T],
    pace: Pace,
    *,
    stop: stop_base | Callable[[RetryCallState], bool],
    first_backoff: float,
    longest_retry_after: float = math.inf,
) -> T:
    """What ``send`` returns in the end; tried again after a transient fault until ``stop`` says enough.

    Raises:
        Transient: the last fault, when tries are used up. Other exceptions come through at once.
    """
    growing = wait_exponential_jitter(multiplier=first_backoff, max=_LONGEST_BACKOFF, jitter=first_backoff)

    def wait(state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, Transient) and fault.retry_after is not None:
            return min(fault.retry_after, longest_retry_after)
        return growing(state)

    retrying = Retrying(
        retry=retry_if_exception_type(Transient), stop=stop, wait=wait, sleep=pace.sleep, reraise=True
    )
    return retrying(send)


def seconds_until(retry_after: str) -> float | None:
    """Seconds from now, from a header's number of seconds or date (RFC 9110); None if it says neither."""
    if re.fullmatch(r"\d+(\.\d+)?", retry_after):
        return float(retry_after)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())
