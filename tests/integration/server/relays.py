"""A real SMTP relay on loopback, in a thread of its own: what it took, and how it refuses when it is told to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Taken(NamedTuple):
    """A message that the relay took. `tls`: whether the line was encrypted."""

    to: list[str]
    message: EmailMessage
    tls: bool

    @property
    def text(self) -> str:
        """What a person reads."""
        return str(self.message.get_content())


class Relay:
    """`answer` is what it says to the next recipients; empty: it takes them."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.answer = ""
        self.port = 0

    async def handle_RCPT(  # noqa: N802  # the library calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(Taken(list(envelope.rcpt_tos), message, session.ssl is not None))
        return "250 OK"


class _Listening(Controller):
    """Listens on a free port; the library would knock at port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # asyncio's own server
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library's


@contextmanager
def relay(authority: trustme.CA | None = None) -> Iterator[Relay]:
    """A relay for the time of the block, with STARTTLS where an authority vouches for it."""
    made, context = Relay(), None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
    secured = context is not None
    listening = _Listening(made, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=secured)
    listening.start()
    made.port = listening.port
    try:
        yield made
    finally:
        listening.stop()


def authority_file(authority: trustme.CA, folder: Path) -> Path:
    """The authority's certificate, as IT hands it out."""
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path
