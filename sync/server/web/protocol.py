"""HTTP as uvicorn reads it, with a bound on what comes before the body (attack A51)."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 32 * 1024
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers go on beyond `MAX_HEAD` bytes."""

    _in_head = True
    _head = 0

    def data_received(self, data: bytes) -> None:
        """Count what comes while a head is open."""
        super().data_received(data)
        if not self._in_head:
            return
        self._head += len(data)
        if self._head > MAX_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is over: what follows is bounded by the route."""
        self._in_head = False
        super().on_headers_complete()
