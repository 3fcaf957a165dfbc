"""The routes of ballots: one is asked for with a login, and sent without any, so that nobody knows whose it is."""

import time

from starlette.requests import Request
from starlette.responses import Response

from sync.protocol import version, wire
from sync.protocol.messages import BallotRequest, BallotSignReply, BallotSignRequest, FailureReply
from sync.server.accounts.signing_in import Gate
from sync.server.core import Core
from sync.server.sync import balloting
from sync.server.web.asking import answered, message_in
from sync.server.web.replies import Answer, Moved, Replies, bearer

MOST = 128 * 1024
"""Bytes of a ballot: forty questions, two of them answered in words."""


class BallotRoutes:
    """Asking for a ballot, and sending one."""

    def __init__(self, core: Core, gate: Gate, replies: Replies) -> None:
        self._core = core
        self._gate = gate
        self._replies = replies

    async def sign(self, request: Request) -> Response:
        """`POST /ballot/sign`, with a login: a learner is given the blind signature of one token a call.

        Takes a `BallotSignRequest`, gives a `BallotSignReply`. The same request again has the same answer. Failures:
        FORBIDDEN (no learner of that cohort, no such call, closed), BALLOT_SPENT (another token was signed for them),
        BAD_BATCH (no blinded token).
        """
        started, token = time.perf_counter(), bearer(request)

        def answer(packed: bytes) -> Answer:
            device = ""
            try:
                caller = self._gate.caller(token)
                device = caller.device.hex()
                signed = balloting.sign(self._core, caller, message_in(BallotSignRequest, packed, MOST))
                return Answer(200, wire.pack(BallotSignReply(self._core.server, signed)), device)
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._replies.failed(error, device)

        found, packed = await answered(self._replies, request, MOST, answer)
        self._replies.write_line(request, found, Moved(len(packed), len(found.body)), started)
        return _response(found)

    async def cast(self, request: Request) -> Response:
        """`POST /ballot`, without a login: a ballot is counted once. A token sent with it is not read.

        Takes a `BallotRequest`, gives a `FailureReply` with code 0. BALLOT_SPENT: this ballot was counted before, a
        retry is done; FORBIDDEN: no ballot of an open call, or answers to other questions than the call's.

        No line of the request log: its neighbours would say when it came, and from whom by the requests around it.
        """

        def answer(packed: bytes) -> Answer:
            try:
                balloting.cast(self._core, message_in(BallotRequest, packed, MOST))
                return Answer(200, wire.pack(FailureReply(self._core.server, 0)))
            except Exception as error:  # noqa: BLE001  # every failure has its answer
                return self._replies.failed(error)

        found, _ = await answered(self._replies, request, MOST, answer)
        return _response(found)


def _response(found: Answer) -> Response:
    return Response(found.body, found.status, media_type=version.CONTENT_TYPE)
