"""Signed heads: each day the server signs where the chain of a personal space stands, as a row of that space (rule 11).

The signature is the issuer's, as on certificates: whoever holds its public key verifies the space without the server.
"""

from collections.abc import Iterator
from functools import partial

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, Connection, and_, select, update

from sync.domain.cohorts import DAY_MS
from sync.domain.evidence import SIGNED_HEAD, Gone, SignedHead, extended, head_id, signed_bytes
from sync.domain.ids import NOBODY
from sync.domain.kind import encode
from sync.domain.spaces import SpaceType
from sync.reports.codes import fingerprint
from sync.server.core import Core
from sync.server.issuing.keys import issuer
from sync.server.storage import links, spaces
from sync.server.storage.log import Kept, SpaceLog
from sync.server.storage.schema import log, space

_MOST_GONE = 400
"""Rows that are no longer there in one head: it stays within what a body may hold."""


def sign_day(core: Core) -> int:
    """Sign each personal space that took something before today (UTC) and was not signed today; how many."""
    today = core.now() // DAY_MS * DAY_MS
    unsigned = (log.c.space_no == space.c.no, log.c.seq > space.c.signed_seq)
    oldest = select(log.c.at).where(*unsigned).order_by(log.c.seq).limit(1).scalar_subquery()
    return _sign(core, and_(space.c.signed_at < today, oldest < today))


def sign_all(core: Core) -> int:
    """Sign each personal space that took something since its last signed head; how many."""
    return _sign(core, space.c.signed_seq < space.c.seq)


def _sign(core: Core, due: ColumnElement[bool]) -> int:
    with core.reading() as connection:
        found = connection.execute(select(space.c.id).where(space.c.seq > 0, due)).scalars().all()
    personal = sorted(bytes(id_) for id_ in found if id_[0] == SpaceType.PERSONAL)
    if not personal:
        return 0
    key = issuer(core.settings.data)
    return sum(core.writer.run(partial(_sign_one, core, key, id_)) for id_ in personal)


def _sign_one(core: Core, key: Ed25519PrivateKey, space_id: bytes, connection: Connection) -> bool:
    head, now = spaces.ensure(connection, space_id), core.now()
    signed_seq = connection.execute(select(space.c.signed_seq).where(space.c.no == head.no)).scalar_one()
    if signed_seq >= head.seq:
        return False
    link = links.settled(connection, head)
    links.keep(connection, head, link)
    writing = SpaceLog(connection, head._replace(link=link.raw))
    gone = links.gone_since(connection, head.no, signed_seq)
    plain = SignedHead(
        epoch=head.epoch,
        seq=head.seq,
        link=link.hash,
        at=now,
        key=fingerprint(key.public_key()),
        turns=links.turns_since(connection, head.no, signed_seq),
    )
    for one in _heads(key, head.id, plain, gone):
        row = Kept(writing.next_seq, SIGNED_HEAD.number, head_id(space_id, one), NOBODY, now, encode(one))
        writing.put(row)
    after = writing.close(core.tail())
    values = {"signed_seq": after.seq, "signed_at": now}
    connection.execute(update(space).where(space.c.no == head.no).values(values))
    return True


def _heads(key: Ed25519PrivateKey, space_id: bytes, plain: SignedHead, gone: list[Gone]) -> Iterator[SignedHead]:
    """The head, signed; several where one body cannot name all that is no longer there."""
    for n in range(0, max(1, len(gone)), _MOST_GONE):
        named = msgspec.structs.replace(plain, gone=tuple(gone[n : n + _MOST_GONE]))
        made = msgspec.structs.replace(named, signature=key.sign(signed_bytes(space_id, named)))
        yield made
        seq = plain.seq + 1
        row = (seq, SIGNED_HEAD.number, head_id(space_id, made), NOBODY, plain.at, encode(made))
        plain = msgspec.structs.replace(plain, seq=seq, link=extended(plain.link, [row]), turns=())
