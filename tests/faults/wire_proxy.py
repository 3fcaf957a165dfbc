"""Something on the way between laptop and server that misbehaves: answers for it, cuts it short, loses what it said."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol


@dataclass(frozen=True)
class Answered:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes


class Misbehaves(Protocol):
    """What happens to one exchange. `forward` asks the real server."""

    def __call__(self, handler: BaseHTTPRequestHandler, forward: Forward) -> None: ...


class Forward(Protocol):
    """Asks the real server and gives its answer."""

    def __call__(self) -> Answered: ...


@dataclass
class Proxy:
    """A proxy on a port of its own. `plan`: what happens to the next exchanges; afterwards all goes through."""

    port: int
    plan: list[Misbehaves] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def proxy(to_port: int) -> Iterator[Proxy]:
    """A proxy to a port of this computer."""
    made = Proxy(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            made.seen.append(dict(self.headers))
            planned = made.plan.pop(0) if made.plan else let_through
            if isinstance(planned, _HangsUp):
                self.rfile.read(planned.after)
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))

            def forward() -> Answered:
                connection = http.client.HTTPConnection("127.0.0.1", to_port, timeout=30)
                connection.request(self.command, self.path, body, {**self.headers, "Connection": "close"})
                answer = connection.getresponse()
                try:
                    return Answered(answer.status, dict(answer.getheaders()), answer.read())
                finally:
                    answer.close()
                    connection.close()

            try:
                planned(self, forward)
            except ConnectionError:
                self.close_connection = True  # the server is down, or the laptop went away

        do_PUT = do_GET = do_POST  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    """Say something and hang up."""
    handler.close_connection = True
    handler.send_response_only(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@dataclass(frozen=True)
class _HangsUp:
    after: int

    def __call__(self, handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        """Nothing is left to say."""


def hang_up_after(count: int) -> Misbehaves:
    """The line is cut when so many bytes of the body have gone."""
    return _HangsUp(count)


def let_through(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """What a wire should do."""
    answer = forward()
    kept: dict[str, str] = {
        name: answer.headers[name] for name in ("content-type", "content-range") if name in answer.headers
    }
    reply(handler, answer.status, kept, answer.body)


def lose_the_answer(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """The server does its work; nobody hears of it."""
    forward()
    handler.close_connection = True


def cut_the_answer(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """Half of what was promised."""
    answer = forward()
    handler.close_connection = True
    handler.send_response_only(answer.status)
    handler.send_header("Content-Type", answer.headers["content-type"])
    handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    handler.wfile.write(answer.body[: len(answer.body) // 2])


def cut_after(count: int) -> Misbehaves:
    """So many bytes of what was promised."""

    def cut(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        answer = forward()
        handler.close_connection = True
        handler.send_response_only(answer.status)
        for name in ("content-type", "content-range"):
            if name in answer.headers:
                handler.send_header(name, answer.headers[name])
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body[:count])

    return cut


def change_a_byte(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """One bit of the answer is another."""
    answer = forward()
    middle = len(answer.body) // 2
    body = answer.body[:middle] + bytes([answer.body[middle] ^ 1]) + answer.body[middle + 1 :]
    reply(handler, answer.status, {"Content-Type": answer.headers["content-type"]}, body)


def sign_in_page(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """A hotel's page, with a status as if all were well."""
    reply(handler, 200, {"Content-Type": "text/html"}, b"<html>Bienvenue dans le train</html>")


def bad_gateway(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
    """A proxy that cannot reach the server."""
    reply(handler, 502, {"Content-Type": "text/html"}, b"<html>502</html>")


def send_elsewhere(address: str) -> Misbehaves:
    """A redirect to another host."""

    def redirect(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        reply(handler, 307, {"Location": f"{address}/sync"}, b"")

    return redirect


def told_short(by: int) -> Misbehaves:
    """The answer ends so many bytes before its end; a negative number: as many too many."""

    def misbehave(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        answer = forward()
        body = answer.body[: len(answer.body) - by] if by > 0 else answer.body + b"!" * -by
        reply(handler, answer.status, {"Content-Type": answer.headers["content-type"]}, body)

    return misbehave


def twice(command: str, address: str, fault: Misbehaves, number: int, way: Proxy) -> Misbehaves:
    """The nth request of a kind and the one after it."""

    def both(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        way.plan.insert(0, fault)
        fault(handler, forward)

    return of_the(command, address, both, number, way)


def of_the(command: str, address: str, fault: Misbehaves, number: int, way: Proxy) -> Misbehaves:
    """Let all through but the nth request of a kind."""
    left = [number]

    def misbehave(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
        if handler.command == command and handler.path.startswith(address):
            left[0] -= 1
            if left[0] == 0:
                fault(handler, forward)
                return
        way.plan.insert(0, misbehave)
        let_through(handler, forward)

    return misbehave
