"""Attacks A1, A3, A5, A6: every kind × space × person × operation, worked out from the declarations and tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from sync.domain.cohorts import WEEK_MS, Part
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import CourseId
from sync.domain.kind import Kind, Merge, encode
from sync.domain.kinds import KINDS
from sync.domain.merge import FieldStamp
from sync.domain.permissions import Operation, Role
from sync.domain.spaces import SpaceType
from sync.protocol.errors import FileMissing, Refusal
from sync.protocol.messages import Create, Delete, Edit, Outcome
from sync.server.accounts.enrolling import BothParts
from sync.server.storage import spaces
from sync.server.storage.log import Kept, SpaceLog, Stamps
from sync.server.sync import filing
from tests.integration.server.world import COURSE, Laptop, World, raw, verdicts, world

PEOPLE: dict[str, dict[SpaceType, Role]] = {
    "ines": {
        SpaceType.OWN: Role.OWNER,
        SpaceType.ORG: Role.READER,
        SpaceType.COURSE: Role.READER,
        SpaceType.PERSONAL: Role.OWNER,
        SpaceType.COHORT: Role.MEMBER,
    },
    "karim": {SpaceType.ORG: Role.READER, SpaceType.COURSE: Role.READER, SpaceType.COHORT: Role.MEMBER},
    "sophie": {
        SpaceType.ORG: Role.READER,
        SpaceType.COURSE: Role.TRAINER,
        SpaceType.PERSONAL: Role.TRAINER,
        SpaceType.COHORT: Role.TRAINER,
        SpaceType.AUTHORING: Role.TRAINER,
        SpaceType.STAFF: Role.TRAINER,
    },
    "paul": {SpaceType.ORG: Role.READER, SpaceType.COURSE: Role.AUTHOR, SpaceType.AUTHORING: Role.AUTHOR},
    "omar": {SpaceType.ORG: Role.READER},
}
"""What each person is in the spaces of Inès and of her cohort: written by hand, not by `permissions.py`."""


def smallest(kind: Kind) -> bytes:
    """The smallest body that decodes as a kind."""
    return encode(msgspec.convert(_smallest_struct(kind.body), kind.body))


def _smallest_struct(type_: type[msgspec.Struct]) -> list[Any]:
    return [_value(field) for field in msgspec.structs.fields(type_)]


def _value(field: msgspec.structs.FieldInfo) -> Any:
    if not field.required:
        return field.default
    plain = {bytes: bytes(16), str: "x", int: 1, float: 1.0, bool: False}
    if field.type in plain:
        return plain[field.type]
    if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
        return _smallest_struct(field.type)
    return 1 if isinstance(field.type, type) else ()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("matrix")) as made:
        yield made


@pytest.fixture(scope="module")
def laptops(ground: World) -> dict[str, Laptop]:
    return {login: ground.laptop(login) for login in PEOPLE}


def planted(ground: World, space: bytes, kind: Kind, author: bytes, body: bytes = b"") -> bytes:
    """A record of a kind in a space, put there past all rules."""
    id_ = ground.chance(16)
    body = body or smallest(kind)
    stamp = encode(Stamps(FieldStamp(1, 1, 1, author), bytes(16))) if kind.merge is Merge.EDITED else None

    def job(connection: Connection) -> None:
        log = SpaceLog(connection, spaces.ensure(connection, space))
        log.put(Kept(log.next_seq, kind.number, id_, author, ground.now, body, stamp))
        log.close(ground.core.tail())

    ground.core.writer.run(job)
    return id_


def mutation(laptop: Laptop, operation: Operation, kind: Kind, id_: bytes) -> Create | Edit | Delete:
    if operation is Operation.CREATE:
        return Create(laptop.next_n(), kind.number, id_, raw(smallest(kind)))
    if operation is Operation.DELETE:
        return laptop.delete(id_, 10**6)
    first = msgspec.msgpack.decode(smallest(kind), type=list[msgspec.Raw])[0]
    return Edit(laptop.next_n(), id_, 1, 10**6, {0: first})


@pytest.mark.parametrize("type_", SpaceType, ids=lambda each: each.name)
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda each: each.name)
def test_nobody_does_more_or_less_than_the_declaration_of_the_kind_says(
    ground: World, laptops: dict[str, Laptop], kind: Kind, type_: SpaceType
) -> None:
    space = ground.space(type_, "ines")
    stranger = ground.id_of("omar")
    for login, roles in PEOPLE.items():
        laptop, role = laptops[login], roles.get(type_)
        for operation in Operation:
            for is_author in (True, False):
                author = laptop.caller.person if is_author else stranger
                id_ = ground.chance(16) if operation is Operation.CREATE else planted(ground, space, kind, author)
                answer = laptop.push(space, mutation(laptop, operation, kind, id_))
                told = (login, operation.name, is_author)
                if role is None:
                    assert answer.outcome is Outcome.REVOKED, told
                    continue
                ((_, verdict, _, refusal),) = verdicts(answer)
                may = _may(kind, type_, role, operation, is_author=is_author)
                assert verdict == ("ACCEPTED" if may else "REFUSED"), told
                assert may or refusal == Refusal.NOT_ALLOWED, told


def _may(kind: Kind, type_: SpaceType, role: Role, operation: Operation, *, is_author: bool) -> bool:
    """The rule said a second time, in other words than `Kind.permits`."""
    writes = type_ in kind.space and role in kind.write
    if operation is Operation.CREATE:
        return writes
    return writes and kind.merge is Merge.EDITED and (is_author or role in kind.others)


@pytest.mark.parametrize("login", PEOPLE)
def test_a_person_is_told_exactly_the_spaces_that_are_theirs(ground: World, login: str) -> None:
    laptop = ground.laptop(login)
    laptop.pull()
    others = {type_: ground.space(type_, "ines") for type_ in SpaceType}
    theirs = {type_ for type_, space in others.items() if laptop.cursors.get(space) is not None}
    assert theirs == set(PEOPLE[login])


@pytest.mark.parametrize("type_", SpaceType, ids=lambda each: each.name)
def test_a_file_is_read_by_exactly_who_may_read_the_record_that_names_it(
    ground: World, laptops: dict[str, Laptop], type_: SpaceType
) -> None:
    """Attack A1 on the files: one right, that of the space."""
    content = type_.name.encode()
    sha256 = filing.keep(ground.core, content)
    named = Attachment(sha256=sha256, name="x", size=len(content))
    before = {login for login, laptop in laptops.items() if is_file_readable(laptop, sha256)}
    planted(ground, ground.space(type_, "ines"), POST, bytes(16), encode(Post(text="", files=(named,))))
    after = {login for login, laptop in laptops.items() if is_file_readable(laptop, sha256)}
    assert before == set()
    assert after == {login for login, roles in PEOPLE.items() if type_ in roles}


def is_file_readable(laptop: Laptop, sha256: bytes) -> bool:
    try:
        filing.open_for(laptop.world.core, laptop.caller.person_no, sha256)
    except FileMissing:
        return False
    return True


def test_another_courses_trainer_sees_and_writes_nothing_here(tmp_path: Path) -> None:
    """Attack A6: trainer of X, nothing in Y."""
    with world(tmp_path) as made:
        other = made.administration.add_cohort("Autre", CourseId(bytes(15) + b"\x02"), made.now, made.now + WEEK_MS)
        made.administration.enrol(other, "omar", Part.TRAINER)
        omar = made.laptop("omar")
        omar.pull()
        for type_ in (SpaceType.COURSE, SpaceType.COHORT, SpaceType.PERSONAL, SpaceType.STAFF, SpaceType.AUTHORING):
            space = made.space(type_, "ines")
            assert space not in omar.cursors
            assert omar.push(space, omar.post("x")).outcome is Outcome.REVOKED


def test_who_is_trainer_and_author_may_do_what_either_may(tmp_path: Path) -> None:
    with world(tmp_path) as made:
        made.administration.make_author(COURSE, "sophie")
        sophie = made.laptop("sophie")
        kind = next(kind for kind in KINDS.values() if kind.name == "lesson")
        answer = sophie.push(made.space(SpaceType.AUTHORING), mutation(sophie, Operation.CREATE, kind, made.chance(16)))
        assert verdicts(answer)[0][1] == "ACCEPTED"
        cohort = made.space(SpaceType.COHORT)
        assert verdicts(sophie.push(cohort, sophie.post("bonjour")))[0][1] == "ACCEPTED"


def test_nobody_is_learner_and_trainer_of_one_cohort(tmp_path: Path) -> None:
    """They would grade themselves."""
    with world(tmp_path) as made, pytest.raises(BothParts):
        made.administration.enrol(made.cohort, "ines", Part.TRAINER)
