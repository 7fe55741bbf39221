"""Faults are judged by Google's reason and message, never by status alone."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import json
import ssl

import google.auth.exceptions
import httplib2
import msgspec
import pytest
from googleapiclient.errors import HttpError

from etl.sources.search_console.faults import LoadQuotaExceeded, RateLimited, Refused, Transient, judge

ACCOUNT = "dienst@projekt.example"


def reply(
    status: int, reason: str = "", message: str = "", headers: dict[str, str] | None = None
) -> HttpError:
    body = {"error": {"code": status, "message": message, "errors": [{"reason": reason, "message": message}]}}
    response = httplib2.Response({"status": str(status), **(headers or {})})
    response.reason = "Reason"
    return HttpError(response, json.dumps(body).encode())


def judged(error: Exception) -> Exception:
    return judge(error, site="sc-domain:a.example", account=ACCOUNT)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (reply(403, "quotaExceeded", "Search Analytics QPS quota exceeded."), RateLimited),
        (reply(403, "quotaExceeded", "Search Analytics load quota exceeded."), LoadQuotaExceeded),
        (reply(429, "quotaExceeded", "Search Analytics load quota exceeded."), LoadQuotaExceeded),
        (reply(403, "quotaExceeded", "Quota exceeded."), LoadQuotaExceeded),
        (reply(403, "rateLimitExceeded", "Rate Limit Exceeded"), RateLimited),
        (reply(429, "rateLimitExceeded", "Rate Limit Exceeded"), RateLimited),
        (reply(429, "", ""), RateLimited),
        (reply(403, "userRateLimitExceeded", ""), RateLimited),
        (reply(403, "dailyLimitExceeded", ""), LoadQuotaExceeded),
        (reply(500), Transient),
        (reply(503, "backendError"), Transient),
        (reply(408), Transient),
        (http.client.IncompleteRead(b"half"), Transient),
        (http.client.RemoteDisconnected("gone"), Transient),
        (TimeoutError("timed out"), Transient),
        (ConnectionResetError("reset"), Transient),
        (httplib2.ServerNotFoundError("no host"), Transient),
        (msgspec.DecodeError("truncated"), Transient),
        (google.auth.exceptions.TransportError("no route"), Transient),
        (google.auth.exceptions.RefreshError("503", retryable=True), Transient),
        (google.auth.exceptions.RefreshError("no", {"error": "invalid_grant"}, retryable=False), Refused),
        (google.auth.exceptions.RefreshError("no", "<html>proxy</html>", retryable=False), Transient),
        (ssl.SSLCertVerificationError("self-signed"), Refused),
        (reply(403, "forbidden", "User does not have sufficient permission"), Refused),
        (reply(403, "accessNotConfigured", ""), Refused),
        (reply(401, "authError", ""), Refused),
        (reply(404, "notFound", ""), Refused),
        (reply(400, "invalidParameter", "startDate"), Refused),
    ],
)
def test_a_fault_is_judged_by_its_reason(error: Exception, kind: type[Exception]) -> None:
    assert type(judged(error)) is kind


def test_retry_after_is_read() -> None:
    fault = judged(reply(429, "rateLimitExceeded", "", {"retry-after": "7"}))
    assert isinstance(fault, RateLimited)
    assert fault.retry_after == 7.0


def test_a_server_fault_may_name_its_pause_too() -> None:
    fault = judged(reply(503, "backendError", "", {"retry-after": "12"}))
    assert isinstance(fault, Transient)
    assert fault.retry_after == 12.0


def test_retry_after_may_be_a_date_and_nonsense_is_none() -> None:
    in_a_minute = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60), usegmt=True)
    named = [
        judged(reply(429, "rateLimitExceeded", "", {"retry-after": text}))
        for text in (in_a_minute, "Wed, 21 Oct 2015 07:28:00 GMT", "inf", "-5", "bald")
    ]
    pauses = [fault.retry_after for fault in named if isinstance(fault, RateLimited)]
    assert pauses == [pytest.approx(60, abs=3), 0.0, None, None, None]


@pytest.mark.parametrize("error", [reply(400, "badRequest", "Bad."), reply(404, "notFound"), reply(401)])
def test_every_refusal_names_the_account_and_what_to_do(error: Exception) -> None:
    sentence = str(judged(error))
    assert ACCOUNT in sentence
    assert "Bitte" in sentence


def test_a_missing_permission_names_account_and_property() -> None:
    sentence = str(judged(reply(403, "forbidden", "")))
    assert ACCOUNT in sentence
    assert "sc-domain:a.example" in sentence
    assert "Nutzer und Berechtigungen" in sentence


def test_an_error_page_that_is_not_json_is_judged_by_its_status() -> None:
    response = httplib2.Response({"status": "502"})
    response.reason = "Bad Gateway"
    assert type(judged(HttpError(response, b"<html>Bad Gateway</html>"))) is Transient


def test_no_key_material_reaches_a_sentence() -> None:
    secret = "-----BEGIN PRIVATE KEY-----" + "A" * 200
    assert secret[:120] not in str(judged(google.auth.exceptions.TransportError(secret)))
    assert "PRIVATE" not in str(
        judged(google.auth.exceptions.RefreshError(secret, {"error": "invalid_grant"}, retryable=False))
    )


def test_faults_of_our_own_are_passed_on() -> None:
    own = ZeroDivisionError()
    assert judged(own) is own
