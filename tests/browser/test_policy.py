"""The Content-Security-Policy in a real browser: what should not run does not.

That nothing of the app offends it is seen wherever a test opens a screen (tests/browser/conftest.py), of all screens by
`test_everyone_can_use_every_view`; of files and clipboard by tests/browser/test_exports.py.
"""

import pytest

from portalkompass.ui.shell.security_headers import PAGE, inline_scripts
from tests.browser.conftest import WATCH, finished

pytestmark = pytest.mark.browser


def offences(page):
    return page.evaluate("window.offences")


def test_foreign_scripts_and_eval_are_stopped(app, page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.add_init_script(WATCH)
    page.goto(f"{app.address}/ueberblick")
    finished(page)
    assert offences(page) == []
    page.evaluate(
        "for (const how of [s => s.textContent = 'window.ran = 1', s => s.src = 'https://evil.invalid/x.js', "
        "s => s.src = 'data:text/javascript,window.ran=1']) "
        "{ const s = document.createElement('script'); how(s); document.body.append(s) }"
    )
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert len(offences(page)) >= 4
    assert {f"offends the policy: {offence}" for offence in offences(page)} <= set(complaints)
    policy = page.request.get(app.address).headers["content-security-policy"]
    assert "'unsafe-eval'" not in policy
    assert "default-src 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts


def test_the_page_of_streamlit_has_the_one_script_that_is_allowed():
    assert len(inline_scripts(PAGE)) == 1
