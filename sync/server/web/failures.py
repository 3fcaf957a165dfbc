"""Errors as they travel: a status for proxies, a code for laptops, a reference for IT, no stack trace (attack A52)."""

import logging
from secrets import token_hex

from sync.protocol import errors
from sync.protocol.errors import Failure
from sync.protocol.messages import FailureReply
from sync.protocol.version import PROTOCOL, PROTOCOL_MIN, RULES, RULES_MIN
from sync.protocol.wire import Damaged
from sync.server.sync.exchange import RulesApart, TooMuch

_log = logging.getLogger(__name__)

_KNOWN: dict[type[Exception], tuple[int, Failure]] = {
    errors.InvitationUnknown: (404, Failure.INVITATION_UNKNOWN),
    errors.InvitationUsed: (410, Failure.INVITATION_USED),
    errors.InvitationExpired: (410, Failure.INVITATION_EXPIRED),
    errors.WrongPassword: (403, Failure.WRONG_PASSWORD),
    errors.WeakPassword: (400, Failure.WEAK_PASSWORD),
    errors.LoginExpired: (401, Failure.LOGIN_EXPIRED),
    errors.UpdateNeeded: (426, Failure.UPDATE_NEEDED),
    RulesApart: (426, Failure.UPDATE_NEEDED),
    errors.Busy: (429, Failure.BUSY),
    errors.NotReady: (409, Failure.NOT_READY),
    errors.FileDamaged: (400, Failure.FILE_DAMAGED),
    errors.FileMissing: (404, Failure.FILE_MISSING),
    errors.FileTooLarge: (413, Failure.FILE_TOO_LARGE),
    errors.OverQuota: (413, Failure.OVER_QUOTA),
    errors.BallotSpent: (410, Failure.BALLOT_SPENT),
    errors.Forbidden: (403, Failure.FORBIDDEN),
    errors.BadBatch: (400, Failure.BAD_BATCH),
    Damaged: (400, Failure.BAD_BATCH),
    TooMuch: (413, Failure.BAD_BATCH),
}


def failure(server: bytes, error: Exception) -> tuple[int, FailureReply]:
    """The status and the body for an error. What is not foreseen is logged under a reference."""
    known = _KNOWN.get(type(error))
    if known is None:
        reference = token_hex(4)
        _log.error("fault %s", reference, exc_info=error)
        return 500, FailureReply(server, int(Failure.FAULT), reference)
    status, code = known
    retry_after = error.retry_after if isinstance(error, errors.Busy) else 0.0
    lacks = error.lacks if isinstance(error, errors.NotReady) else ()
    spans = (PROTOCOL_MIN, PROTOCOL, RULES_MIN, RULES) if code is Failure.UPDATE_NEEDED else (0, 0, 0, 0)
    lowest, highest, *rules = spans
    return status, FailureReply(server, int(code), "", retry_after, lowest, highest, lacks, *rules)
