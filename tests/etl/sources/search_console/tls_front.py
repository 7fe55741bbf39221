"""TLS in front of a loopback server, as a proxy with its own certificate would do it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def tls_front(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Forward decrypted traffic to ``port``; yields the TLS port."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def serve_one(raw: socket.socket) -> None:
        with suppress(OSError):
            near = context.wrap_socket(raw, server_side=True)
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=pump, args=(near, far), daemon=True).start()
            pump(far, near)

    def accept() -> None:
        while not stopped.is_set():
            with suppress(OSError):
                raw, _ = listener.accept()
                threading.Thread(target=serve_one, args=(raw,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
