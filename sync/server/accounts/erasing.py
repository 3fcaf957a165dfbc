"""Erasure of a person (protocol rule 13, attack A59): each kind says what becomes of what was theirs.

WIPE: the record stays as a row without a payload, with a new seq, so that every laptop lets go of it at its next sync.
PSEUDONYM: it stays, and whoever reads it sees a card without a name. KEEP: the law holds it, a certificate for one.
What is done is done again from the list of erasures, after a kill or a restore, and changes nothing twice.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, select, update

from sync.domain import spaces as names
from sync.domain.cohorts import MEMBER, Member, Part
from sync.domain.ids import CohortId, PersonId, derived
from sync.domain.kind import Erase
from sync.domain.kinds import KINDS
from sync.domain.merge import ERASED, GONE
from sync.domain.people import CARD, Card
from sync.domain.revisions import REVISION
from sync.domain.spaces import SpaceType
from sync.server.accounts import people
from sync.server.core import Core
from sync.server.storage import erasures, spaces
from sync.server.storage.dialect import upsert
from sync.server.storage.log import SpaceLog, read_record
from sync.server.storage.schema import (
    device,
    enrolment,
    erased,
    file,
    log,
    metadata,
    naming,
    person,
    space,
    upload,
)
from sync.server.sync import rows

NAME = "Personne effacée"
"""What stands in place of a name, on every laptop of the organisation."""
_SUMMED_UP = {person.name, device.name, enrolment.name, erased.name}
"""Tables in which a row of a person stays, without what tells who it was."""
_log = logging.getLogger(__name__)


class Erasure(NamedTuple):
    """What was done. `kept`: records that the law holds, under no name. `clean`: its files hold no remains."""

    person: bytes
    records: int
    files: int
    kept: int
    clean: bool


class _Row(NamedTuple):
    space_no: int
    id: bytes
    kind: int
    author: bytes
    body: bytes


def erase(core: Core, login: str) -> Erasure:
    """Erase a person for good. UnknownLogin."""
    with core.reading() as connection:
        who = people.get(connection, login)
    erasures.note(core.settings.data, who.id, core.now())
    done = _erase(core, who.no, who.id)
    return done._replace(clean=_scrub(core))


def apply_again(core: Core) -> int:
    """Erase those on the list whom the database still knows: after a restore, or a kill; how many."""
    listed = erasures.read(core.settings.data)
    again = [(no, id_) for id_ in listed.people if (no := _known(core, id_)) is not None]
    for no, id_ in again:
        _erase(core, no, PersonId(id_))
    if again or not listed.is_clean:
        _scrub(core)
    if again:
        _log.info("%d people were erased again", len(again))
    return len(again)


def _known(core: Core, id_: bytes) -> int | None:
    """The number of somebody who is in the database and not erased there."""
    with core.reading() as connection:
        none = select(erased.c.person_no)
        query = select(person.c.no).where(person.c.id == id_, person.c.no.not_in(none))
        found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def _erase(core: Core, no: int, id_: PersonId) -> Erasure:
    core.writer.run(lambda connection: _close_account(connection, no, id_))
    # Read when nothing of theirs can arrive any more.
    with core.reading() as connection:
        wiped, kept = _rows_of(connection, id_)
        cohorts = connection.execute(select(enrolment.c.cohort).where(enrolment.c.person_no == no)).scalars().all()
    for space_no in sorted({row.space_no for row in wiped}):
        ids = [row.id for row in wiped if row.space_no == space_no]
        core.writer.run(lambda connection, in_no=space_no, ids=ids: _wipe(core, connection, no, in_no, ids))  # type: ignore[misc]  # bound now
    _take_names_away(core, id_, [CohortId(cohort) for cohort in cohorts])
    with core.reading() as connection:
        files = _nobodys(connection, no)
    # The bytes before the rows that know of them: an erasure that is cut short in between finds them again.
    for sha256 in files:
        core.files.remove(sha256)
    core.writer.run(lambda connection: _forget_files(connection, no, files))
    core.arrivals.forget(no)
    core.writer.run(lambda connection: _close(connection, no, core.now()))
    return Erasure(id_, len(wiped), len(files), kept, clean=False)


def _rows_of(connection: Connection, id_: PersonId) -> tuple[list[_Row], int]:
    """The rows to wipe, and how many of theirs stay."""
    about = _spaces_about(connection, id_)
    columns = (log.c.space_no, log.c.id, log.c.kind, log.c.author, log.c.body)
    theirs = select(*columns).where((log.c.author == id_) | log.c.space_no.in_(about))
    wiped, kept = [], 0
    for row in connection.execute(theirs):
        found = _Row(row.space_no, bytes(row.id), row.kind, bytes(row.author), bytes(row.body))
        if found.body in GONE:
            continue
        if about.get(found.space_no) is SpaceType.OWN or _rule_of(found) is Erase.WIPE:
            wiped.append(found)
        elif found.author == id_:
            kept += 1
    return wiped, kept


def _spaces_about(connection: Connection, id_: PersonId) -> dict[int, SpaceType]:
    """Spaces that are about one person, by number: their own, and as a learner their personal and staff spaces."""
    found: dict[int, SpaceType] = {}
    for no, space_id in connection.execute(select(space.c.no, space.c.id)):
        type_ = names.type_of(bytes(space_id))
        if type_ in {SpaceType.OWN, SpaceType.PERSONAL, SpaceType.STAFF} and names.ids_of(bytes(space_id))[-1] == id_:
            found[no] = type_
    return found


def _rule_of(row: _Row) -> Erase:
    """What erasure does to a row; an overtaken value goes the way of the record that it was in."""
    kind = KINDS.get(row.kind)
    if kind is REVISION:
        try:
            kind = KINDS.get(REVISION.decode(row.body).kind)
        except msgspec.MsgspecError:
            return Erase.WIPE
    return Erase.WIPE if kind is None else kind.erase


def _close_account(connection: Connection, no: int, id_: PersonId) -> None:
    """Nobody signs in under that name any more; laptops that still do are told that they may read nothing.

    Their devices stay, without a name: this is how they hear it.
    """
    blank = {"name": NAME, "login": f"erased-{id_.hex()}", "password": None, "blocked": True}
    spaces.seat_person(connection, no, [])
    connection.execute(update(person).where(person.c.no == no).values(blank))
    connection.execute(update(device).where(device.c.person_no == no).values(name=""))
    connection.execute(update(enrolment).where(enrolment.c.person_no == no).values(ended=True))
    for table in metadata.sorted_tables:
        if "person_no" in table.c and table.name not in {*_SUMMED_UP, upload.name}:
            connection.execute(delete(table).where(table.c.person_no == no))


def _wipe(core: Core, connection: Connection, no: int, space_no: int, ids: Iterable[bytes]) -> None:
    """Take the payload of some records of a space; the files that they named are the person's from then on."""
    space_id = connection.execute(select(space.c.id).where(space.c.no == space_no)).scalar_one()
    writing = SpaceLog(connection, spaces.ensure(connection, bytes(space_id)))
    wanted = list(ids)
    writing.load(wanted)
    for id_ in wanted:
        there = writing.get(id_)
        if there is not None and there.body not in GONE:
            _make_files_theirs(connection, no, space_no, id_, core.now())
            writing.put(there._replace(seq=writing.next_seq, body=ERASED, stamps=None))
    writing.close(core.tail())


def _make_files_theirs(connection: Connection, no: int, space_no: int, record: bytes, now: int) -> None:
    """Count the files of a record that goes as sent by the person: an erasure that is done again finds them so.

    Who sent them may have been erased before, and once the payload is gone nothing else says what it named.
    """
    of_record = select(naming.c.sha256).where(naming.c.space_no == space_no, naming.c.record == record)
    for sha256 in connection.execute(select(file.c.sha256).where(file.c.sha256.in_(of_record))).scalars().all():
        theirs = upsert(connection, upload).values(person_no=no, sha256=sha256, at=now)
        connection.execute(theirs.on_conflict_do_nothing())


def _take_names_away(core: Core, id_: PersonId, cohorts: Iterable[CohortId]) -> None:
    """Their card in the organisation and those in cohorts say nobody's name."""
    now = core.now()
    card, org = rows.row(CARD, id_, Card(name=NAME)), names.org(core.organisation)
    core.writer.run(lambda connection: rows.write(connection, org, [card], now, core.tail()))
    for cohort in cohorts:
        core.writer.run(lambda connection, cohort=cohort: _show_nobody(core, connection, cohort, id_))  # type: ignore[misc]  # bound now


def _show_nobody(core: Core, connection: Connection, cohort: CohortId, id_: PersonId) -> None:
    head = spaces.ensure(connection, names.cohort(cohort))
    name = derived(MEMBER.name, cohort, id_)
    there = read_record(connection, head.no, name)
    part = Part.UNKNOWN if there is None or there.body in GONE else MEMBER.decode(there.body).part
    card = rows.row(MEMBER, name, Member(person=id_, name=NAME, part=part, left=True))
    rows.write(connection, head.id, [card], core.now(), core.tail())


def _files_of(connection: Connection, no: int) -> set[bytes]:
    sent = connection.execute(select(upload.c.sha256).where(upload.c.person_no == no)).scalars()
    return {bytes(sha256) for sha256 in sent}


def _nobodys(connection: Connection, no: int) -> list[bytes]:
    """Those of their files that no record names and nobody else sent: they go."""
    return [sha256 for sha256 in sorted(_files_of(connection, no)) if not _is_wanted(connection, no, sha256)]


def _is_wanted(connection: Connection, no: int, sha256: bytes) -> bool:
    by_record = select(naming.c.sha256).where(naming.c.sha256 == sha256)
    by_other = select(upload.c.sha256).where(upload.c.sha256 == sha256, upload.c.person_no != no)
    return any(connection.execute(asked.limit(1)).first() is not None for asked in (by_record, by_other))


def _forget_files(connection: Connection, no: int, gone: list[bytes]) -> None:
    connection.execute(delete(upload).where(upload.c.person_no == no))
    for sha256 in gone:
        if not _is_wanted(connection, no, sha256):
            connection.execute(delete(file).where(file.c.sha256 == sha256))


def _close(connection: Connection, no: int, now: int) -> None:
    connection.execute(upsert(connection, erased).values(person_no=no, at=now).on_conflict_do_nothing())


def _scrub(core: Core) -> bool:
    """Write the database's files anew, so that nothing of what was taken out is left in their free pages."""
    now = core.now()
    if not core.database.scrub():
        return False
    erasures.note_scrubbed(core.settings.data, now)
    return True
