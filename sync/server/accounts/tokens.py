"""Tokens: opaque, bound to a device, kept as SHA-256; a refresh token serves once (attacks A35, A36).

Who presents a refresh token a second time is a thief, or a laptop whose answer was lost. The two are told apart by
whether anything that the first use gave was ever seen again: if not, nothing is lost by giving anew; if so, the device
is signed out.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from sync.protocol.errors import LoginExpired
from sync.server.storage.dialect import cursor_of
from sync.server.storage.schema import device, incident, token
from sync.server.sync.accept import Caller

REUSED = "refresh token reused"
_BYTES = 16


class Lives(NamedTuple):
    """How long the two tokens of a pair last, in milliseconds."""

    access_ms: int
    refresh_ms: int


class Given(NamedTuple):
    """A pair of tokens, and when the first ends, in milliseconds."""

    access: str
    refresh: str
    expires: int


class Known(NamedTuple):
    """Who a token names; `fresh`: the token is presented for the first time, which has to be written down."""

    caller: Caller
    token_no: int
    fresh: bool


class _Found(NamedTuple):
    no: int
    access_until: int
    seen: bool
    gone: bool
    device_no: int
    device: bytes
    person_no: int
    person: bytes


class Bearer(NamedTuple):
    """The person behind a refresh token."""

    device_no: int
    given: Given


def give(
    connection: Connection,
    device_no: int,
    now: int,
    lives: Lives,
    chance: Callable[[int], bytes],
    *,
    parent_no: int | None = None,
) -> Given:
    """Make a pair of tokens for a device. Pairs of its whose time is over are swept away."""
    given = Given(_token(chance), _token(chance), now + lives.access_ms)
    connection.execute(delete(token).where(token.c.device_no == device_no, token.c.refresh_until < now))
    connection.execute(
        insert(token).values(
            device_no=device_no,
            parent_no=parent_no,
            access=_kept(given.access),
            refresh=_kept(given.refresh),
            access_until=given.expires,
            refresh_until=now + lives.refresh_ms,
        )
    )
    connection.execute(update(device).where(device.c.no == device_no).values(seen=now))
    return given


def known(connection: Connection, access: str, now: int) -> Known:
    """Who an access token names. LoginExpired when it names nobody any more."""
    row = cursor_of(connection).execute(_KNOWN, (_kept(access),)).fetchone()
    found = None if row is None else _Found(*row)
    if found is None or found.gone or found.access_until <= now:
        raise LoginExpired
    return Known(Caller(found.person_no, found.person, found.device_no, found.device), found.no, not found.seen)


def mark_seen(connection: Connection, token_no: int) -> None:
    """Write down that a pair of tokens reached its laptop."""
    connection.execute(update(token).where(token.c.no == token_no).values(seen=True))


def renew(
    connection: Connection, refresh: str, now: int, lives: Lives, chance: Callable[[int], bytes]
) -> Bearer | None:
    """A new pair for a refresh token. None when it was stolen: the device is signed out, and that must be committed.

    LoginExpired when the token names nobody any more.
    """
    found = connection.execute(
        select(token, device.c.gone)
        .join(device, device.c.no == token.c.device_no)
        .where(token.c.refresh == _kept(refresh))
        .with_for_update(of=token)
    ).one_or_none()
    if found is None or found.gone or found.refresh_until <= now:
        raise LoginExpired
    if found.replaced and _was_seen(connection, found):
        sign_out(connection, found.device_no)
        connection.execute(insert(incident).values(at=now, what=REUSED))
        return None
    connection.execute(delete(token).where(token.c.parent_no == found.no))
    connection.execute(update(token).where(token.c.no == found.no).values(replaced=True, seen=True))
    return Bearer(found.device_no, give(connection, found.device_no, now, lives, chance, parent_no=found.no))


def sign_out(connection: Connection, device_no: int) -> None:
    """End a device's login at once: every token of it is void."""
    connection.execute(update(device).where(device.c.no == device_no).values(gone=True))
    connection.execute(delete(token).where(token.c.device_no == device_no))


def sign_out_device(connection: Connection, device_id: bytes) -> None:
    """`sign_out`, of the device with an id."""
    sign_out(connection, connection.execute(select(device.c.no).where(device.c.id == device_id)).scalar_one())


def sign_out_everywhere(connection: Connection, person_no: int) -> None:
    """End all logins of a person: the password changed."""
    for device_no in connection.execute(select(device.c.no).where(device.c.person_no == person_no)).scalars().all():
        sign_out(connection, device_no)


_KNOWN = (
    "SELECT token.no, token.access_until, token.seen, device.gone, device.no, device.id, person.no, "
    "person.id FROM token JOIN device ON device.no = token.device_no "
    "JOIN person ON person.no = device.person_no WHERE token.access = ?"
)


def _was_seen(connection: Connection, parent: Row[Any]) -> bool:
    children = select(token.c.no).where(token.c.parent_no == parent.no, or_(token.c.seen, token.c.replaced))
    return connection.execute(children.limit(1)).one_or_none() is not None


def _token(chance: Callable[[int], bytes]) -> str:
    return urlsafe_b64encode(chance(_BYTES)).decode().rstrip("=")


def _kept(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "replace")).digest()
