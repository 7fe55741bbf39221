"""Properties by group: whoever may not see one gets none of its rows, through no screen and no cache."""

import json

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from portalkompass import schema
from portalkompass.screens import SCREENS
from portalkompass.settings import DEMO_SITE
from portalkompass.ui.auth.identity import COOKIE
from portalkompass.warehouse.reader import open_published
from tests import warehouse_fixture
from tests.browser.conftest import free_port
from tests.ui.auth.conftest import serving
from tests.ui.auth.cookies import cookie
from tests.warehouse_fixture import SITE, settings_for

OTHER = "https://anderswo.example/"


def test_a_limited_view_holds_no_row_of_another_property(tmp_path):
    settings = settings_for(tmp_path)
    warehouse_fixture.publish(settings)
    warehouse = open_published(settings)
    shut, own = warehouse.limited_to(frozenset([OTHER])), warehouse.limited_to(frozenset([SITE]))
    assert shut.sites() == ()
    assert shut.data_date(SITE) is None
    with_site = [name for name, table in schema.TABLES.items() if "site" in table.names]
    filled = 0
    for name in with_site:
        rows = len(warehouse.ask(lambda tables, name=name: tables[name]))
        assert len(shut.ask(lambda tables, name=name: tables[name])) == 0, name
        assert len(own.ask(lambda tables, name=name: tables[name])) == rows, name
        filled += rows > 0
    assert filled >= 5
    assert len({warehouse.name, shut.name, own.name}) == 3
    assert {warehouse.snapshot, shut.snapshot, own.snapshot} == {warehouse.name}
    assert warehouse.limited_to(None) is warehouse


@pytest.fixture(scope="module")
def shared_out(demo_data, tmp_path_factory, provider):
    groups = [
        {"group": "pk-lesen", "sites": [OTHER]},
        {"group": "pk-bearbeiten", "sites": [DEMO_SITE]},
    ]
    folder = tmp_path_factory.mktemp("properties")
    with serving(demo_data, folder, provider, port=free_port(), properties=json.dumps(groups)) as app:
        yield app


def everything_sent(app, group, slug):
    """All bytes that the server sends for a screen, until its script is done."""
    jar = f"{COOKIE}={cookie(app.address, [group])}"
    with connect(
        f"{app.address.replace('http', 'ws')}/_stcore/stream",
        origin=app.address,
        subprotocols=["streamlit"],
        open_timeout=60,  # a busy machine is no fault
        additional_headers={"Cookie": jar},
        max_size=None,
    ) as connection:
        sent, pages = run(connection, "")
        return sent + run(connection, pages[slug])[0]


def run(connection, page):
    """Bytes of one whole run and the addresses of its pages; a run cut short for a new one is not the end."""
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    connection.send(message.SerializeToString())
    sent, pages = b"", {}
    while True:
        received = connection.recv(timeout=60)
        sent += received
        answer = ForwardMsg.FromString(received)
        if answer.WhichOneof("type") == "navigation":
            pages = {one.url_pathname: one.page_script_hash for one in answer.navigation.app_pages}
        if (
            answer.WhichOneof("type") == "script_finished"
            and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        ):
            return sent, pages


@pytest.mark.parametrize("slug", [screen.slug for screen in SCREENS if screen.slug != "bericht"])
def test_a_screen_sends_nothing_of_a_property_that_is_not_shared_with_the_group(shared_out, slug):
    host = b"portal.leverkusen.example"
    with_right = everything_sent(shared_out, "pk-bearbeiten", slug)
    without = everything_sent(shared_out, "pk-lesen", slug)
    assert host not in without
    assert len(without) < len(with_right)
    if slug in ("seiten", "daten"):
        assert host in with_right
