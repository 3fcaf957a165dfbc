"""People and devices as the server knows them. A login is compared without case."""

from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync.domain import spaces as names
from sync.domain.ids import PersonId, uuid7
from sync.domain.people import CARD, Card
from sync.protocol.limits import MAX_NAME
from sync.server.storage.dialect import upsert
from sync.server.storage.schema import device, person
from sync.server.sync import rows


class UnknownLogin(LookupError):
    """Nobody has this login."""


class LoginTaken(ValueError):
    """Somebody has this login already."""


class BadName(ValueError):
    """An empty or much too long name or login."""


class Person(NamedTuple):
    """A person of the organisation."""

    no: int
    id: PersonId
    name: str
    login: str
    password: str | None
    blocked: bool = False
    """Whether IT lets nobody in under this name."""


def folded(login: str) -> str:
    """A login as it is compared."""
    return login.replace("\0", "").strip().casefold()


def find(connection: Connection, login: str) -> Person | None:
    """The person with a login."""
    columns = (person.c.no, person.c.id, person.c.name, person.c.login, person.c.password, person.c.blocked)
    row = connection.execute(select(*columns).where(person.c.login == folded(login))).one_or_none()
    return None if row is None else Person(*row)


def get(connection: Connection, login: str) -> Person:
    """The person with a login. UnknownLogin when there is none."""
    found = find(connection, login)
    if found is None:
        raise UnknownLogin(login)
    return found


def add(connection: Connection, organisation: bytes, name: str, login: str, *, now: int, entropy: bytes) -> Person:
    """Add a person, and their card to the organisation's space; 18 random bytes name them and the transaction."""
    clean, key = name.replace("\0", "").strip(), folded(login)
    if not clean or not key or max(len(clean), len(key)) > MAX_NAME:
        raise BadName(name)
    if find(connection, key) is not None:
        raise LoginTaken(login)
    id_ = PersonId(uuid7(now, entropy[:10]))
    new = upsert(connection, person).values(id=id_, name=clean, login=key, since=now).on_conflict_do_nothing()
    if connection.execute(new).rowcount == 0:
        raise LoginTaken(login)  # by somebody who was faster
    rows.write(connection, names.org(organisation), [rows.row(CARD, id_, Card(name=clean))], now, entropy[10:])
    return get(connection, key)


def rename(connection: Connection, organisation: bytes, who: Person, name: str, *, now: int, tail: bytes) -> Person:
    """Give a person another name, on their card too. BadName."""
    clean = name.strip()
    if not clean or len(clean) > MAX_NAME:
        raise BadName(name)
    connection.execute(update(person).where(person.c.no == who.no).values(name=clean))
    rows.write(connection, names.org(organisation), [rows.row(CARD, who.id, Card(name=clean))], now, tail)
    return who._replace(name=clean)


def change_login(connection: Connection, who: Person, login: str) -> Person:
    """Give a person another login. BadName, or LoginTaken when somebody else has it."""
    key = folded(login)
    if not key or len(key) > MAX_NAME:
        raise BadName(login)
    holder = find(connection, key)
    if holder is not None and holder.no != who.no:
        raise LoginTaken(login)
    connection.execute(update(person).where(person.c.no == who.no).values(login=key))
    return who._replace(login=key)


def set_blocked(connection: Connection, person_no: int, *, blocked: bool) -> None:
    """Let nobody in under a person's name, or let them in again."""
    connection.execute(update(person).where(person.c.no == person_no).values(blocked=blocked))


def set_mail(connection: Connection, person_no: int, *, wanted: bool) -> None:
    """Whether a person wants reminders and digests by e-mail."""
    connection.execute(update(person).where(person.c.no == person_no).values(mail=wanted))


def set_password(connection: Connection, person_no: int, hashed: str) -> None:
    """Keep a new password's hash."""
    connection.execute(update(person).where(person.c.no == person_no).values(password=hashed))


def add_device(connection: Connection, person_no: int, name: str, now: int, entropy: bytes) -> int:
    """A new device of a person; its number here."""
    id_ = uuid7(now, entropy)
    shown = name.replace("\0", "").strip()[:MAX_NAME]
    connection.execute(insert(device).values(id=id_, person_no=person_no, name=shown, since=now))
    number: int = connection.execute(select(device.c.no).where(device.c.id == id_)).scalar_one()
    return number
