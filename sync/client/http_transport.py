"""The server's calls over HTTP: sync, and joining, signing in and out, publishing, releasing.

The id of the server is checked before anything else of a reply is believed; failures come back under their names.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from sync.client.http_connection import Answer, HttpConnection, Rest
from sync.protocol import errors
from sync.protocol.errors import AnswerCut, Failure, LoginExpired, NotOurServer, SyncError
from sync.protocol.limits import MAX_REPLY
from sync.protocol.messages import (
    BallotRequest,
    BallotSignReply,
    BallotSignRequest,
    FailureReply,
    JoinRequest,
    LoginRequest,
    PublishReply,
    PublishRequest,
    RefreshRequest,
    ReleaseReply,
    ReleaseRequest,
    Session,
    SyncReply,
    SyncRequest,
)
from sync.protocol.parts import FetchReply, FetchRequest, Held, Part, SendReply, SendRequest
from sync.protocol.version import (
    BALLOT,
    BALLOT_SIGN,
    FETCH_FILES,
    FILES,
    JOIN,
    LOGIN,
    LOGOUT,
    PROTOCOL,
    PUBLISH,
    REFRESH,
    RELEASE,
    SEND_PARTS,
    SYNC,
    is_older,
)
from sync.protocol.wire import Damaged, pack, unpack

_Reply = TypeVar("_Reply", Session, SyncReply, SendReply, FetchReply, PublishReply, ReleaseReply, BallotSignReply)
_Result = TypeVar("_Result")
_OK = 200
_NOT_FOUND = 404

_PLAIN: dict[Failure, type[SyncError]] = {
    Failure.FILE_DAMAGED: errors.FileDamaged,
    Failure.FILE_MISSING: errors.FileMissing,
    Failure.FILE_TOO_LARGE: errors.FileTooLarge,
    Failure.OVER_QUOTA: errors.OverQuota,
    Failure.BALLOT_SPENT: errors.BallotSpent,
    Failure.INVITATION_UNKNOWN: errors.InvitationUnknown,
    Failure.INVITATION_USED: errors.InvitationUsed,
    Failure.INVITATION_EXPIRED: errors.InvitationExpired,
    Failure.WRONG_PASSWORD: errors.WrongPassword,
    Failure.WEAK_PASSWORD: errors.WeakPassword,
    Failure.LOGIN_EXPIRED: errors.LoginExpired,
    Failure.UPDATE_NEEDED: errors.UpdateNeeded,
    Failure.BAD_BATCH: errors.BadBatch,
    Failure.FAULT: errors.BadBatch,
    Failure.FORBIDDEN: errors.Forbidden,
}


class TokenSource(Protocol):
    """Where the tokens of the signed-in person are kept: the keychain stays outside of this package."""

    def token(self) -> str:
        """The access token."""

    def refresh_token(self) -> str:
        """The token that gives new ones, once."""

    def renewed(self, session: Session) -> None:
        """Keep new tokens in place of the old ones."""


class HttpServer:
    """Calls that need no login yet. `server`: the id that must answer, None before the first contact."""

    def __init__(self, connection: HttpConnection, server: bytes | None = None) -> None:
        self._connection = connection
        self._server = server

    def join(self, code: str, password: str, device: str) -> Session:
        """First contact with an invitation. InvitationUnknown, InvitationUsed, InvitationExpired, WeakPassword."""
        return self._call(JOIN, JoinRequest(PROTOCOL, code, password, device), Session)

    def login(self, login: str, password: str, device: str) -> Session:
        """Sign in on a new device. WrongPassword."""
        return self._call(LOGIN, LoginRequest(PROTOCOL, login, password, device), Session)

    def refresh(self, refresh_token: str) -> Session:
        """New tokens for old. LoginExpired."""
        return self._call(REFRESH, RefreshRequest(PROTOCOL, refresh_token), Session)

    def cast_ballot(self, ballot: BallotRequest) -> None:
        """Send a ballot: no token goes with it. BallotSpent when it was counted before, Forbidden."""
        self._raise_failure(self._connection.post(BALLOT, pack(ballot)))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _call(
        self, path: str, message: msgspec.Struct, reply_type: type[_Reply], token: str = "", *, waits: bool = False
    ) -> _Reply:
        answer = self._connection.post(path, pack(message), token, waits=waits)
        self._raise_failure(answer)
        try:
            reply = unpack(reply_type, answer.body, MAX_REPLY)
        except Damaged as error:
            raise AnswerCut(str(error)) from error
        self._check_server(reply.server)
        return reply

    def _raise_failure(self, answer: Answer) -> None:
        if answer.status == _OK:
            return
        try:
            failure = unpack(FailureReply, answer.body, MAX_REPLY)
        except Damaged as error:
            raise AnswerCut(f"status {answer.status}: {error}") from error
        self._check_server(failure.server)
        if answer.status == _NOT_FOUND and failure.code == 0:
            raise errors.NotOffered
        raise named(failure)

    def _check_server(self, server: bytes) -> None:
        if self._server is not None and server != self._server:
            raise NotOurServer(f"server {server.hex()} instead of {self._server.hex()}")


class HttpTransport(HttpServer):
    """`ports.Transport` over HTTP, and the other calls of a signed-in person. An expired token is renewed once."""

    def __init__(self, connection: HttpConnection, server: bytes, tokens: TokenSource) -> None:
        super().__init__(connection, server)
        self._tokens = tokens

    def exchange(self, request: SyncRequest) -> SyncReply:
        """Send a sync request and give the reply. Interrupted: only when the request may wait."""
        waits = request.wait > 0
        return self._renewing(lambda token: self._call(SYNC, request, SyncReply, token, waits=waits))

    def publish(self, course: bytes) -> PublishReply:
        """Ask for a course to be published. NotReady with what it lacks, Forbidden."""
        return self._ask(PUBLISH, PublishRequest(PROTOCOL, course), PublishReply)

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        """Let the grades of a quiz reach the learners of a cohort. Forbidden."""
        return self._ask(RELEASE, ReleaseRequest(PROTOCOL, cohort, activity), ReleaseReply)

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        """Send parts of files, or ask how far they are. NotOffered, BadBatch."""
        return self._ask(SEND_PARTS, SendRequest(PROTOCOL, tuple(parts)), SendReply).held

    def fetch_files(self, names: Sequence[bytes]) -> Sequence[bytes | None]:
        """Fetch small files together, the first of those asked for, unchecked. NotOffered."""
        return self._ask(FETCH_FILES, FetchRequest(PROTOCOL, tuple(names)), FetchReply).contents

    def get_file(self, sha256: bytes, offset: int, size: int, came: Callable[[bytes], None]) -> None:
        """Fetch the rest of a file, unchecked. FileMissing; FileDamaged when less or more comes than it has."""
        path, rest = FILES + sha256.hex(), Rest(offset, size)
        self._renewing(lambda token: self._raise_failure(self._connection.get(path, token, rest, came)))

    def put_file(self, sha256: bytes, content: bytes) -> None:
        """Send a whole file to a server of 0.2. FileDamaged, FileTooLarge; BadBatch when the upload was cut."""
        path = FILES + sha256.hex()
        self._renewing(lambda token: self._raise_failure(self._connection.put(path, content, token)))

    def sign_ballot(self, asked: BallotSignRequest) -> BallotSignReply:
        """Ask for the person's one ballot of a call. Forbidden, BallotSpent."""
        return self._ask(BALLOT_SIGN, asked, BallotSignReply)

    def logout(self) -> None:
        """Make the tokens of this device worthless."""
        self._raise_failure(self._connection.post(LOGOUT, b"", self._tokens.token()))

    def _ask(self, path: str, message: msgspec.Struct, reply_type: type[_Reply]) -> _Reply:
        return self._renewing(lambda token: self._call(path, message, reply_type, token))

    def _renewing(self, call: Callable[[str], _Result]) -> _Result:
        """Make a call; once more with a renewed token when the present one has expired."""
        try:
            return call(self._tokens.token())
        except LoginExpired:
            self._tokens.renewed(self.refresh(self._tokens.refresh_token()))
        return call(self._tokens.token())


def named(failure: FailureReply) -> SyncError:
    """The error that a failure's code stands for. An unknown code is of a newer server: it is not read as an answer."""
    code = Failure(failure.code)
    if code is Failure.BUSY:
        return errors.Busy(failure.retry_after, failure.reference)
    if code is Failure.UPDATE_NEEDED and is_older(failure.highest, failure.highest_rules):
        return errors.ServerOlder(failure.reference)
    if code is Failure.NOT_READY:
        return errors.NotReady(failure.lacks)
    return _PLAIN.get(code, AnswerCut)(failure.reference)
