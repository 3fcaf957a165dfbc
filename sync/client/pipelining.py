"""A request on its way while the laptop still writes down what the one before it brought.

The server's work and the laptop's then overlap; the reply counts only when the request turns out to be the right one.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from sync.client.ports import Transport
from sync.protocol.errors import SyncError
from sync.protocol.messages import SyncReply, SyncRequest

NewLine = Callable[[], Executor]
"""Makes what does one thing at a time beside the caller, for one run."""


def new_line() -> Executor:
    """A thread for the requests of one run; it starts with the first that is sent ahead."""
    return ThreadPoolExecutor(1, "spoc-line")


class Pipeline:
    """The way to the server for one run: at most one request is under way. Without a line none is sent ahead."""

    def __init__(self, transport: Transport, new: NewLine | None) -> None:
        self._transport = transport
        self._line = None if new is None else new()
        self._under_way: tuple[SyncRequest, Future[SyncReply]] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a request was sent ahead and its reply not asked for."""
        return self._under_way is not None

    def start(self, request: SyncRequest) -> None:
        """Send a request without waiting for its reply, unless it is on its way already or there is no line."""
        if self._line is not None and (self._under_way is None or self._under_way[0] != request):
            self.settle()
            self._under_way = (request, self._line.submit(self._transport.exchange, request))

    def exchange(self, request: SyncRequest) -> SyncReply:
        """The reply to a request, sent now if it was not started. Every failure is a `SyncError` by name."""
        if self._under_way is None or self._under_way[0] != request:
            self.settle()
            return self._transport.exchange(request)
        answer, self._under_way = self._under_way[1], None
        return answer.result()

    def close(self) -> None:
        """The run is over: no request stays under way, no thread stays behind."""
        try:
            self.settle()
        finally:
            if self._line is not None:
                self._line.shutdown()

    def settle(self) -> None:
        """Wait for a request that nobody needs any more: sent twice it does no harm, and its failure comes again."""
        if self._under_way is not None:
            answer, self._under_way = self._under_way[1], None
            error = answer.exception()
            if error is not None and not isinstance(error, SyncError):
                raise error
