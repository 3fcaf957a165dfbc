"""The queue of e-mail: put in the transaction that makes the occasion, claimed by one process, kept until it is over.

A message is claimed, sent, and then marked. A process that is killed between the last two leaves it claimed; another
takes it when the claim is over, and the person gets it twice: SMTP offers nothing better. Never more often than it is
killed, and never a message that was marked.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from os import urandom
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, delete, func, insert, select, update

from sync.server.core import Core
from sync.server.mailing.words import Occasion
from sync.server.storage.dialect import upsert
from sync.server.storage.schema import incident, mail

GIVEN_UP = "mail given up"
CLAIM_MS = 10 * 60_000
"""How long a message is left to the process that took it."""
_FIRST_WAIT_MS = 5 * 60_000
_LONGEST_WAIT_MS = 4 * 3_600_000
_PATIENCE_MS = 3 * 86_400_000
_NONCE = 12
KEPT_MS = 30 * 86_400_000
"""For how long a message that is over is still counted."""
BATCH = 10
"""Messages taken at once: each may take the relay's whole time, and the claim must outlast them all."""


class State(IntEnum):
    """Where a message is."""

    WAITING = 0
    SENT = 1
    GIVEN_UP = 2


class Queued(NamedTuple):
    """A message that this process is to send."""

    no: int
    occasion: Occasion
    person_no: int | None
    at: int
    tries: int
    facts: dict[str, Any]


class Count(NamedTuple):
    """How many messages of an occasion are in a state."""

    occasion: str
    state: State
    messages: int


def put(
    core: Core, connection: Connection, occasion: Occasion, person_no: int, *, mark: str, facts: Mapping[str, Any]
) -> None:
    """Queue a message, unless one with this mark was queued before. `facts` may hold what nobody else should read."""
    values = {
        "mark": f"{occasion}:{mark}",
        "kind": str(occasion),
        "person_no": person_no,
        "at": core.now(),
        "due": core.now(),
        "state": int(State.WAITING),
        "content": _seal(core, facts),
    }
    connection.execute(upsert(connection, mail).values(values).on_conflict_do_nothing(index_elements=[mail.c.mark]))


def claim(core: Core, connection: Connection) -> list[Queued]:
    """Take some of what is due: for a while no other process does."""
    now = core.now()
    due = (mail.c.state == int(State.WAITING), mail.c.due <= now)
    columns = (mail.c.no, mail.c.kind, mail.c.person_no, mail.c.at, mail.c.tries, mail.c.content)
    asked = select(*columns).where(*due).order_by(mail.c.due, mail.c.no).limit(BATCH)
    taken = connection.execute(asked.with_for_update(skip_locked=True)).all()
    numbers = [row.no for row in taken]
    connection.execute(update(mail).where(mail.c.no.in_(numbers)).values(due=now + CLAIM_MS, tries=mail.c.tries + 1))
    return [
        Queued(row.no, Occasion(row.kind), row.person_no, row.at, row.tries + 1, _open(core, row.content))
        for row in taken
    ]


def sent(connection: Connection, queued: Queued) -> None:
    """The relay has it: what it said is forgotten."""
    _over(connection, queued, State.SENT)


def later(core: Core, connection: Connection, queued: Queued) -> None:
    """It could not be sent now: again after a wait that doubles, for three days."""
    now = core.now()
    wait = min(_LONGEST_WAIT_MS, _FIRST_WAIT_MS << (queued.tries - 1))
    if now + wait > queued.at + _PATIENCE_MS:
        give_up(core, connection, queued)
        return
    connection.execute(update(mail).where(mail.c.no == queued.no).values(due=now + wait))


def give_up(core: Core, connection: Connection, queued: Queued) -> None:
    """It will never be sent: IT hears which sort it was, and of nobody's name."""
    _over(connection, queued, State.GIVEN_UP)
    values = {"at": core.now(), "what": GIVEN_UP, "detail": f"{queued.occasion}, message {queued.no}", "records": 1}
    connection.execute(insert(incident).values(values))


def sweep(core: Core) -> None:
    """Forget messages that were sent or given up 30 days ago: whom was written to, and when, is nobody's business then.

    What was given up stays an incident, which names nobody.
    """
    is_over = (mail.c.state.in_([int(State.SENT), int(State.GIVEN_UP)]), mail.c.due < core.now() - KEPT_MS)
    core.writer.run(lambda connection: connection.execute(delete(mail).where(*is_over)).rowcount)


def counts(connection: Connection) -> list[Count]:
    """How many messages are where."""
    asked = select(mail.c.kind, mail.c.state, func.count()).group_by(mail.c.kind, mail.c.state)
    rows: Iterable[Any] = connection.execute(asked.order_by(mail.c.kind, mail.c.state))
    return [Count(kind, State(state), count) for kind, state, count in rows]


def oldest_waiting(connection: Connection) -> int:
    """Since when the longest waiting message waits, in milliseconds; 0 when none does."""
    return connection.execute(select(func.min(mail.c.at)).where(mail.c.state == int(State.WAITING))).scalar() or 0


def _over(connection: Connection, queued: Queued, state: State) -> None:
    connection.execute(update(mail).where(mail.c.no == queued.no).values(state=int(state), content=b""))


def _key(core: Core) -> ChaCha20Poly1305:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"spoc mail").derive(core.secrets.publish)
    return ChaCha20Poly1305(derived)


def _seal(core: Core, facts: Mapping[str, Any]) -> bytes:
    """An invitation's code is kept as a hash everywhere else: a copy of the database must not give it (attack A34)."""
    nonce = urandom(_NONCE)
    return nonce + _key(core).encrypt(nonce, msgspec.json.encode(facts), None)


def _open(core: Core, content: bytes) -> dict[str, Any]:
    try:
        plain = _key(core).decrypt(content[:_NONCE], content[_NONCE:], None)
    except InvalidTag:
        return {}
    found: dict[str, Any] = msgspec.json.decode(plain)
    return found
