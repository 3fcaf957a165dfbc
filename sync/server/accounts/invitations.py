"""Invitation codes: 12 signs that a person types once, kept only as a hash (attack A34)."""

import hashlib
from base64 import b32encode
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync.protocol.errors import InvitationExpired, InvitationUnknown, InvitationUsed
from sync.server.storage.schema import invitation, person

_BYTES = 8
_SIGNS = 12
_MISREAD = str.maketrans("018", "OIB")


class Invited(NamedTuple):
    """Whom a code invites."""

    person_no: int
    name: str
    login: str


def normal(code: str) -> str:
    """A code as it was given out: capitals, no spaces or dashes, 0, 1 and 8 read as the letters they look like."""
    return "".join(sign for sign in code.upper() if sign.isalnum()).translate(_MISREAD)


def shown(code: str) -> str:
    """A code in groups of four, as it is read out and written down."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def invite(connection: Connection, person_no: int, until: int, entropy: bytes) -> str:
    """Make a code for a person, good once, up to `until`; 8 random bytes make it."""
    if len(entropy) != _BYTES:
        raise ValueError("an invitation takes 8 random bytes")
    code = b32encode(entropy).decode()[:_SIGNS]
    connection.execute(insert(invitation).values(code=_kept(code), person_no=person_no, until=until))
    return shown(code)


def look_up(connection: Connection, code: str, now: int) -> Invited:
    """Whom a code invites. InvitationUnknown, InvitationUsed or InvitationExpired."""
    found = connection.execute(
        select(invitation.c.until, invitation.c.used, person.c.no, person.c.name, person.c.login)
        .join(person, person.c.no == invitation.c.person_no)
        .where(invitation.c.code == _kept(normal(code)))
    ).one_or_none()
    if found is None:
        raise InvitationUnknown
    if found.used:
        raise InvitationUsed
    if found.until < now:
        raise InvitationExpired
    return Invited(found.no, found.name, found.login)


def use(connection: Connection, code: str) -> None:
    """Take a code out of use. InvitationUsed when somebody was faster."""
    key = _kept(normal(code))
    taken = connection.execute(
        update(invitation).where(invitation.c.code == key, invitation.c.used.is_(False)).values(used=True)
    )
    if taken.rowcount != 1:
        raise InvitationUsed


def _kept(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
