"""Login cookies as Streamlit signs them, of any age."""

import json
import time

from itsdangerous import URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

from portalkompass.ui.auth.identity import COOKIE
from tests.ui.auth.conftest import SECRET


def cookie(origin, groups, *, secret=SECRET, age=0, name="Test", **further):
    """The value of the cookie of somebody in these groups, signed so many seconds ago; ``further`` are claims."""

    class Earlier(TimestampSigner):
        def get_timestamp(self):
            return int(time.time()) - age

    claims = {"origin": origin, "is_logged_in": True, "name": name, "groups": groups, "provider": "default"}
    claims |= {"nonce": f"{time.time_ns()}"} | further
    return URLSafeTimedSerializer(secret, salt=COOKIE, signer=Earlier).dumps(json.dumps(claims))
