"""Google's error replies."""

from __future__ import annotations

import json


class ApiError(Exception):
    """An error reply: HTTP status and JSON body."""

    def __init__(self, code: int, body: dict[str, object]) -> None:
        super().__init__(body)
        self.code = code
        self.body = json.dumps(body, ensure_ascii=False).encode()


def api_error(code: int, reason: str, message: str, *, domain: str = "global", status: str = "") -> ApiError:
    """An error of the API in Google's shape; ``status`` only where Google names one."""
    error: dict[str, object] = {
        "code": code,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
    }
    return ApiError(code, {"error": error | ({"status": status} if status else {})})


def unauthorised() -> ApiError:
    """401: there is no token, or it is not accepted."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
        "valid authentication credential."
    )
    return api_error(401, "authError", message, status="UNAUTHENTICATED")


def not_found() -> ApiError:
    """404: there is no such address or property."""
    return api_error(404, "notFound", "Not Found")
