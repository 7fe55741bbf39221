"""A forward proxy on loopback that tunnels CONNECT requests and counts them, or refuses them."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Tunnel(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        request = self.rfile.readline().decode()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        method, target, _ = request.split(" ", 2)
        if method != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        host, port = target.rsplit(":", 1)
        with self.server.lock:
            self.server.targets.append(target)
        if self.server.refusal:
            self.wfile.write(f"HTTP/1.1 {self.server.refusal} Refused\r\nContent-Length: 0\r\n\r\n".encode())
            return
        with socket.create_connection((host, int(port))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.wfile.flush()
            pairs = {self.connection: far, far: self.connection}
            while True:
                readable, _, _ = select.select(list(pairs), [], [], 5)
                if not readable:
                    return
                for side in readable:
                    data = side.recv(65536)
                    if not data:
                        return
                    pairs[side].sendall(data)


class Proxy(socketserver.ThreadingTCPServer):
    """The proxy; ``targets`` lists where it was asked to connect to, ``refusal`` is the status it refuses with."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refusal: int) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.targets: list[str] = []
        self.refusal = refusal
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxy(refusal: int = 0) -> Iterator[Proxy]:
    with Proxy(refusal) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()
