"""Every way in which the two ends can fail each other, by name.

A `Refusal` answers one mutation and blocks no other. A `SyncError` ends a request; nothing of the person's work is
lost by it: what they wrote waits in the outbox. The window turns each into a sentence that says what is safe, what
failed and what to do next (`spoc_desktop.services.sentences`).
"""

from enum import IntEnum


class Refusal(IntEnum):
    """Why the server did not take one mutation."""

    UNKNOWN = 0
    NOT_MEMBER = 1
    NOT_ALLOWED = 2
    UNKNOWN_KIND = 3
    INVALID = 4
    TOO_LARGE = 5
    EXISTS = 6
    MISSING = 7
    DELETED = 8
    CLOSED = 9
    BROKEN = 10
    """The server failed on this entry alone: it is set aside and the others go on (fault F37)."""
    BAD_WRITER = 11
    FILE_MISSING = 12
    """The record names a file whose bytes the server does not have, or that its writer may not read (rule 7)."""
    OVER_QUOTA = 13
    """The person has used up what they may store: nothing more is taken until IT gives more (rule 14)."""

    @classmethod
    def _missing_(cls, value: object) -> "Refusal":
        return cls.UNKNOWN


class SyncError(Exception):
    """A request that brought no answer to apply. The base of all below; `detail` is for the technical line only."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Unreachable(SyncError):
    """No connection: offline, wrong address, server stopped."""


class AnswerCut(SyncError):
    """The connection ended in mid-answer, or the answer was damaged on the way."""


class TooSlow(SyncError):
    """Nothing moved for the stall time."""


class CaptivePortal(SyncError):
    """Something else than our server answered: a hotel's or a train's sign-in page."""


class NotOurServer(SyncError):
    """The address answers as another SPOC server, or a new empty one (guard, rule 9)."""


class UntrustedCertificate(SyncError):
    """The server's certificate is not vouched for by this computer."""


class LoginExpired(SyncError):
    """The login is over: signed out elsewhere, device removed, token replayed."""


class UpdateNeeded(SyncError):
    """The two programs do not speak a common version."""


class ServerOlder(UpdateNeeded):
    """They do not, and it is the server that is older: nothing is to be installed on this computer."""


class Busy(SyncError):
    """The server asks to come back. `retry_after` in seconds."""

    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class BadBatch(SyncError):
    """The server could not take the request as a whole (400, 413, 500): send less at a time (rule 12)."""


class InvitationUnknown(SyncError):
    """No such invitation code: mistyped, or of another server."""


class InvitationUsed(SyncError):
    """The code was used already."""


class InvitationExpired(SyncError):
    """The code is too old."""


class WrongPassword(SyncError):
    """Name and password do not belong together; which of the two is wrong is not said."""


class WeakPassword(SyncError):
    """The password is too short or too well known."""


class NotReady(SyncError):
    """The course cannot be published yet; `lacks` lists the check-list's lines as (lack, title)."""

    def __init__(self, lacks: tuple[tuple[int, str], ...] = ()) -> None:
        super().__init__(f"{len(lacks)} lacks")
        self.lacks = lacks


class NotOffered(SyncError):
    """The server is older than this program and has no such route."""


class FileDamaged(SyncError):
    """The bytes of a file are not those that its name promises."""


class FileMissing(SyncError):
    """The server has no such file for this person."""


class FileTooLarge(SyncError):
    """The file is larger than the server takes."""


class OverQuota(SyncError):
    """The person has used up what they may store."""


class BallotSpent(SyncError):
    """The token of a ballot was used already, or is none of this ballot (rule 6)."""


class Forbidden(SyncError):
    """The person may not do this."""


class Failure(IntEnum):
    """The code of a failure in the body of a reply; `FAILURES` maps it to its error."""

    UNKNOWN = 0
    INVITATION_UNKNOWN = 1
    INVITATION_USED = 2
    INVITATION_EXPIRED = 3
    WRONG_PASSWORD = 4
    WEAK_PASSWORD = 5
    LOGIN_EXPIRED = 6
    UPDATE_NEEDED = 7
    BUSY = 8
    BAD_BATCH = 9
    NOT_READY = 10
    FORBIDDEN = 11
    FAULT = 12
    FILE_DAMAGED = 13
    FILE_MISSING = 14
    FILE_TOO_LARGE = 15
    OVER_QUOTA = 16
    BALLOT_SPENT = 17

    @classmethod
    def _missing_(cls, value: object) -> "Failure":
        return cls.UNKNOWN
