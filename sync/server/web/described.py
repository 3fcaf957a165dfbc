"""What each route takes, gives and may answer: one entry a route; a test walks the application's routes."""

from typing import Any, NamedTuple

import msgspec

from sync.protocol import version
from sync.protocol.errors import Failure
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
from sync.protocol.parts import FetchReply, FetchRequest, SendReply, SendRequest

LOGIN, MONITORING = "login", "monitoring"

Failures = tuple[tuple[int, Failure], ...]


class Body(NamedTuple):
    """A body: a packed message, or bytes or text of a type. `also_json`: third parties may speak JSON instead."""

    message: type[msgspec.Struct] | None = None
    type: str = "application/octet-stream"
    is_text: bool = False
    also_json: bool = False


class Operation(NamedTuple):
    """A route by a method."""

    name: str
    summary: str
    gives: dict[int, Body]
    takes: Body | None = None
    auth: str = ""
    failures: Failures = ()
    more: str = ""
    parameters: tuple[dict[str, Any], ...] = ()


_ALWAYS: Failures = ((400, Failure.BAD_BATCH), (429, Failure.BUSY), (500, Failure.FAULT))
_MESSAGE: Failures = ((413, Failure.BAD_BATCH), (426, Failure.UPDATE_NEEDED), *_ALWAYS)
_KNOWN: Failures = ((401, Failure.LOGIN_EXPIRED), *_MESSAGE)
_DONE = Body(FailureReply)
_FILE = (
    {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The SHA-256 of the file, as 64 lower-case hexadecimal digits.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
)
_RANGE = {
    "name": "Range",
    "in": "header",
    "description": "`bytes=N-`: the file from a place on.",
    "schema": {"type": "string", "pattern": "^bytes=[0-9]+-$"},
}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("POST", version.SYNC): Operation(
        "sync",
        "Push and pull in one.",
        {200: Body(SyncReply, also_json=True)},
        Body(SyncRequest, also_json=True),
        LOGIN,
        _KNOWN,
        """Each entry of a batch has its own answer (`Run`); a refusal blocks no other. A request that asks for nothing
        new may be held for up to 25 s (`wait`). As JSON, which may be packed with gzip, new records of kinds that never
        change are taken.""",
    ),
    ("POST", version.JOIN): Operation(
        "join",
        "First contact with an invitation code.",
        {200: Body(Session)},
        Body(JoinRequest),
        "",
        (
            (400, Failure.WEAK_PASSWORD),
            (403, Failure.FORBIDDEN),
            (404, Failure.INVITATION_UNKNOWN),
            (410, Failure.INVITATION_USED),
            (410, Failure.INVITATION_EXPIRED),
            *_MESSAGE,
        ),
    ),
    ("POST", version.LOGIN): Operation(
        "login",
        "Sign in on a further device.",
        {200: Body(Session, also_json=True)},
        Body(LoginRequest, also_json=True),
        "",
        ((403, Failure.WRONG_PASSWORD), (403, Failure.FORBIDDEN), *_MESSAGE),
    ),
    ("POST", version.REFRESH): Operation(
        "refresh",
        "A new token for an old login; a refresh token serves once.",
        {200: Body(Session, also_json=True)},
        Body(RefreshRequest, also_json=True),
        "",
        _KNOWN,
    ),
    ("POST", version.LOGOUT): Operation(
        "logout",
        "End the login of this device at once.",
        {200: _DONE},
        None,
        LOGIN,
        _KNOWN,
        "The reply has code 0: nothing failed.",
    ),
    ("POST", version.PUBLISH): Operation(
        "publish",
        "An author publishes a course from its authoring space.",
        {200: Body(PublishReply)},
        Body(PublishRequest),
        LOGIN,
        ((403, Failure.FORBIDDEN), (409, Failure.NOT_READY), *_KNOWN),
    ),
    ("POST", version.RELEASE): Operation(
        "release",
        "A trainer lets the grades of a quiz reach the learners of a cohort.",
        {200: Body(ReleaseReply)},
        Body(ReleaseRequest),
        LOGIN,
        ((403, Failure.FORBIDDEN), *_KNOWN),
    ),
    ("POST", version.BALLOT_SIGN): Operation(
        "ballotSign",
        "A learner asks for their ballot: a blinded token is signed.",
        {200: Body(BallotSignReply)},
        Body(BallotSignRequest),
        LOGIN,
        ((403, Failure.FORBIDDEN), (410, Failure.BALLOT_SPENT), *_KNOWN),
    ),
    ("POST", version.BALLOT): Operation(
        "ballot",
        "A ballot, sent by nobody.",
        {200: _DONE},
        Body(BallotRequest),
        "",
        ((403, Failure.FORBIDDEN), (410, Failure.BALLOT_SPENT), *_MESSAGE),
        "A token sent with it is not read, and no line of the request log is written.",
    ),
    ("POST", version.SEND_PARTS): Operation(
        "sendParts",
        "Parts of files, or the question how far files are.",
        {200: Body(SendReply)},
        Body(SendRequest),
        LOGIN,
        _KNOWN,
        "What became of each part stands in its answer (`Held`): FILE_DAMAGED, FILE_TOO_LARGE, OVER_QUOTA.",
    ),
    ("POST", version.FETCH_FILES): Operation(
        "fetchFiles",
        "Small files together.",
        {200: Body(FetchReply)},
        Body(FetchRequest),
        LOGIN,
        _KNOWN,
    ),
    ("GET", version.FILES + "{name}"): Operation(
        "getFile",
        "A file, or the rest of it from a place on.",
        {200: Body(), 206: Body()},
        None,
        LOGIN,
        ((401, Failure.LOGIN_EXPIRED), (404, Failure.FILE_MISSING), *_ALWAYS),
        "Who may not read it now hears what is said of a file that is not there.",
        (*_FILE, _RANGE),
    ),
    ("PUT", version.FILES + "{name}"): Operation(
        "putFile",
        "A whole file, as laptops of 0.2 send it.",
        {200: _DONE},
        Body(),
        LOGIN,
        (
            (400, Failure.FILE_DAMAGED),
            (401, Failure.LOGIN_EXPIRED),
            (413, Failure.FILE_TOO_LARGE),
            (413, Failure.OVER_QUOTA),
            *_ALWAYS,
        ),
        "",
        _FILE,
    ),
    ("GET", version.HEALTH): Operation(
        "health",
        "Versions, counts and the last verified backup; no personal data.",
        {200: Body(None, "application/json", is_text=True)},
    ),
    ("GET", version.METRICS): Operation(
        "metrics",
        "Figures for Prometheus.",
        {200: Body(None, "text/plain", is_text=True)},
        None,
        MONITORING,
        ((404, Failure.UNKNOWN),),
        "From this computer, with the token of monitoring, or for everybody where IT opened it.",
    ),
    ("GET", version.OPENAPI): Operation(
        "openapi", "This description.", {200: Body(None, "application/json", is_text=True)}
    ),
}
