"""A request on its way while the laptop still writes down what the one before it brought.

The server's work and the laptop's then overlap; the reply counts only when the request turns out to be the right one.
"""

from concurrent.futures import Executor, Future, ThreadPoolExecutor

from sync.client.ports import Transport
from sync.protocol.errors import SyncError
from sync.protocol.messages import SyncReply, SyncRequest


def new_line() -> Executor:
    """A thread of its own for the requests of one laptop; it ends when nobody holds it any more."""
    return ThreadPoolExecutor(1, "spoc-line")


class Pipeline:
    """One line to the server: at most one request is under way, on `line`, which does one thing at a time."""

    def __init__(self, transport: Transport, line: Executor) -> None:
        self._transport = transport
        self._line = line
        self._under_way: tuple[SyncRequest, Future[SyncReply]] | None = None

    def start(self, request: SyncRequest) -> None:
        """Send a request without waiting for its reply, unless it is on its way already."""
        if self._under_way is None or self._under_way[0] != request:
            self.settle()
            self._under_way = (request, self._line.submit(self._transport.exchange, request))

    def exchange(self, request: SyncRequest) -> SyncReply:
        """The reply to a request, sent now if it was not started. Every failure is a `SyncError` by name."""
        if self._under_way is None or self._under_way[0] != request:
            self.settle()
            return self._transport.exchange(request)
        answer, self._under_way = self._under_way[1], None
        return answer.result()

    def settle(self) -> None:
        """Wait for a request that nobody needs any more: sent twice it does no harm, and its failure comes again."""
        if self._under_way is not None:
            answer, self._under_way = self._under_way[1], None
            error = answer.exception()
            if error is not None and not isinstance(error, SyncError):
                raise error
