"""A visitor without a browser: speaks Streamlit's websocket, asks for screens, reads what the server sends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
PATIENCE = 60.0
"""Seconds after which an unfinished screen counts as an error."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What came back for one request: seconds until finished, faults shown, size, first headings."""

    seconds: float
    faults: tuple[str, ...]
    bytes: int
    texts: tuple[str, ...]
    said: str = ""
    """All texts below headings."""
    uploads: int = 0
    first_chart: float | None = None
    """Seconds until the first chart was there; None without one."""


class Visitor:
    """One session; screens are asked for one after the other."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.pages: dict[str, str] = {}
        self.sliders: dict[str, str] = {}
        """Of the last answer, by their ids, with the fragments that they belong to."""
        self.asked = BackMsg()

    def ask(self, slug: str, query: str = "") -> Screen:
        """Ask for a screen and wait until its script has finished (on the second try, once it is known)."""
        if slug and slug not in self.pages:
            self._run("", "")
        return self._run(self.pages.get(slug, ""), query)

    def enter(self, slug: str) -> Screen:
        """The first request of a browser that has loaded the front end by a deep link: it knows the name alone."""
        return self._run("", "", slug)

    def move(self, key: str, value: float) -> Screen:
        """Move the slider of this key on the last screen; its fragment alone runs, if it is in one."""
        id = next(id for id in self.sliders if id.endswith(f"-{key}"))
        message = BackMsg()
        message.CopyFrom(self.asked)
        message.rerun_script.fragment_id = self.sliders[id]
        state = message.rerun_script.widget_states.widgets.add()
        state.id = id
        state.double_array_value.data.append(value)
        return self._answer(message)

    def _run(self, page: str, query: str, name: str = "") -> Screen:
        message = BackMsg()
        message.rerun_script.page_name = name
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = page
        self.asked, self.sliders = message, {}
        return self._answer(message)

    def _answer(self, message: BackMsg) -> Screen:
        begin = time.perf_counter()
        self.connection.send(message.SerializeToString())
        faults: list[str] = []
        texts: list[str] = []
        said: list[str] = []
        size = uploads = 0
        chart: float | None = None
        while True:
            received = self.connection.recv(timeout=PATIENCE)
            assert isinstance(received, bytes)
            size += len(received)
            answer = ForwardMsg()
            answer.ParseFromString(received)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.pages |= {one.url_pathname: one.page_script_hash for one in answer.navigation.app_pages}
            elif kind == "delta" and answer.delta.HasField("new_element"):
                element = answer.delta.new_element
                if element.HasField("exception"):
                    faults.append(element.exception.message)
                if element.HasField("alert") and element.alert.format == Alert.ERROR:
                    faults.append(element.alert.body)
                if element.HasField("heading"):
                    texts.append(element.heading.body)
                if element.HasField("markdown"):
                    said.append(element.markdown.body.replace("\\", ""))
                uploads += element.HasField("file_uploader")
                if element.HasField("slider"):
                    self.sliders[element.slider.id] = answer.delta.fragment_id
                if element.HasField("vega_lite_chart"):
                    chart = chart or time.perf_counter() - begin
            elif kind == "script_finished" and answer.script_finished in FINISHED:
                seconds = time.perf_counter() - begin
                return Screen(seconds, tuple(faults), size, tuple(texts), "\n".join(said), uploads, chart)


@contextmanager
def visitor(address: str, **headers: str) -> Iterator[Visitor]:
    """A session with the app at ``http://host:port`` for as long as the block runs."""
    host = urlsplit(address).netloc
    # Like a browser: it sends no pings of its own, and a busy server is none that is gone.
    with connect(
        f"ws://{host}/_stcore/stream",
        subprotocols=["streamlit"],
        open_timeout=60,  # a busy machine is no fault
        origin=address,
        additional_headers=headers,
        max_size=None,
        ping_interval=None,
    ) as connection:
        yield Visitor(connection)
