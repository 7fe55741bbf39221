import asyncio
from concurrent.futures import ThreadPoolExecutor

from portalkompass.ui.shell.own_files import TAGS
from portalkompass.ui.shell.security_headers import HEADERS, SecurityHeaders

PAGE = b'<html lang="en"><title>Streamlit</title>'


def answer(content_type, chunks, *, kind="http", accept=b"text/html"):
    """What a client gets when the app behind the gate sends these chunks."""
    seen, sent = {}, []

    async def app(scope, _receive, send):
        seen.update(scope)
        headers = [(b"content-type", content_type), (b"content-length", b"%d" % sum(map(len, chunks)))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for index, chunk in enumerate(chunks):
            more = index < len(chunks) - 1
            await send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def send(message):
        sent.append(message)

    headers = [(b"accept", accept), (b"accept-encoding", b"gzip")]
    # In a thread of its own: after browser tests an event loop is still running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(
            asyncio.run, SecurityHeaders(app)({"type": kind, "headers": headers}, None, send)
        ).result()
    start = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return seen, start, b"".join(message.get("body", b"") for message in sent[1:])


def test_the_page_says_that_it_is_german_and_its_length_fits():
    seen, headers, body = answer(b"text/html; charset=utf-8", [PAGE[:9], PAGE[9:]])
    assert body == b'<html lang="de"><title>Portalkompass</title>' + TAGS
    assert headers["content-length"] == str(len(body))
    assert b"accept-encoding" not in dict(seen["headers"])


def test_other_answers_pass_unchanged_with_every_security_header():
    seen, headers, body = answer(b"text/javascript", [PAGE], accept=b"*/*")
    assert body == PAGE
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS
    assert dict(seen["headers"])[b"accept-encoding"] == b"gzip"


def test_websockets_are_left_alone():
    _, headers, _ = answer(b"text/html", [PAGE], kind="websocket")
    assert "x-frame-options" not in headers
