"""The chain of personal spaces and its daily signed head (protocol rule 11, attacks A44 and A60)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from sync.domain.cohorts import DAY_MS, ENROLMENT
from sync.domain.evidence import SIGNED_HEAD
from sync.domain.exercises import HAND_IN
from sync.domain.publishing import Row
from sync.domain.spaces import SpaceType
from sync.reports import evidence
from sync.reports.evidence import Accepted, Evidence, Finding, Proved
from sync.server.issuing.keys import issuer
from sync.server.storage.schema import space as space_table
from sync.server.sync import chain, rows
from tests.integration.server.reviews import hand_in, handed
from tests.integration.server.world import World

Change = Callable[[Evidence], Evidence]


def exported(world: World) -> list[Accepted]:
    """What Sophie's laptop has of Inès' space."""
    sophie = world.laptop("sophie")
    sophie.pull()
    told = sophie.rows[world.space(SpaceType.PERSONAL)].values()
    return [(row.seq, row.kind, row.id, row.author, row.at, bytes(row.body)) for row in told]


def file_of(world: World, accepted: list[Accepted] | None = None) -> bytes:
    return evidence.write(
        world.space(SpaceType.PERSONAL),
        exported(world) if accepted is None else accepted,
        organisation="Organisme Exemple",
        cohort="Novembre",
        learner="Inès",
        people={},
        exported_at=world.now,
        key=b"",
    )


def check(world: World, content: bytes) -> Proved:
    return evidence.check(content, [issuer(world.data).public_key()])


def signed(world: World, count: int = 3) -> list[bytes]:
    ines = world.laptop("ines")
    made = [hand_in(ines, version) for version in range(1, count + 1)]
    assert chain.sign_all(world.core) >= 1
    return made


def test_what_a_laptop_holds_of_a_space_proves_itself_with_the_public_key_alone(world: World) -> None:
    signed(world)
    proved = check(world, file_of(world))
    assert (proved.finding, proved.proven, proved.later) == (Finding.SOUND, 4, 1)
    assert proved.signed_at == world.now
    hand_in(world.laptop("ines"), 4)
    assert check(world, file_of(world)).later == 2


def _other_text(file: Evidence) -> Evidence:
    body = msgspec.msgpack.encode(msgspec.structs.replace(handed(), text="Mon autre texte."))
    changed = [msgspec.structs.replace(one, body=body, says=None) if one.seq == 2 else one for one in file.rows]
    said = evidence.write(
        bytes.fromhex(file.space),
        [(r.seq, r.kind, bytes.fromhex(r.id), bytes.fromhex(r.author), r.at, r.body) for r in changed],
        organisation="",
        cohort="",
        learner="",
        people={},
        exported_at=0,
        key=b"",
    )
    return msgspec.json.decode(said, type=Evidence)


def _other_words(file: Evidence) -> Evidence:
    """The bytes stay, what is read beside them lies."""
    spoken = [
        msgspec.structs.replace(one, says={**one.says, "text": "x"}) if one.seq == 2 else one for one in file.rows
    ]
    return msgspec.structs.replace(file, rows=spoken)


def _earlier(file: Evidence) -> Evidence:
    earlier = [msgspec.structs.replace(one, at=one.at - DAY_MS) if one.seq == 2 else one for one in file.rows]
    return msgspec.structs.replace(file, rows=earlier)


def _without_one(file: Evidence) -> Evidence:
    return msgspec.structs.replace(file, rows=[one for one in file.rows if one.seq != 2])


def _with_one_more(file: Evidence) -> Evidence:
    more = msgspec.structs.replace(file.rows[1], id="ff" * 16, seq=3)
    return msgspec.structs.replace(file, rows=[*(one for one in file.rows if one.seq != 3), more])


def _twice(file: Evidence) -> Evidence:
    return msgspec.structs.replace(file, rows=[*file.rows, msgspec.structs.replace(file.rows[1], id="ff" * 16)])


@pytest.mark.parametrize(
    "change", [_other_text, _other_words, _earlier, _without_one, _with_one_more, _twice], ids=lambda one: one.__name__
)
def test_whatever_is_changed_in_the_file_it_is_found_altered(world: World, change: Change) -> None:
    signed(world)
    file = msgspec.json.decode(file_of(world), type=Evidence)
    assert check(world, msgspec.json.encode(file)).finding is Finding.SOUND
    assert check(world, msgspec.json.encode(change(file))).finding is Finding.ALTERED


def test_a_head_that_somebody_else_signed_proves_nothing(world: World) -> None:
    signed(world)
    stranger = Ed25519PrivateKey.generate().public_key()
    assert evidence.check(file_of(world), [stranger]).finding is Finding.UNKNOWN_KEY
    told = exported(world)
    head = next(row for row in told if row[1] == SIGNED_HEAD.number)
    forged = msgspec.structs.replace(SIGNED_HEAD.decode(head[5]), signature=bytes(64))
    told = [(*row[:5], msgspec.msgpack.encode(forged)) if row is head else row for row in told]
    assert check(world, file_of(world, told)).finding is Finding.ALTERED


def test_a_file_without_a_head_says_so_and_one_that_is_none_too(world: World) -> None:
    hand_in(world.laptop("ines"))
    assert check(world, file_of(world)).finding is Finding.UNSIGNED
    assert check(world, b'{"format": 1}').finding is Finding.UNREADABLE


def test_the_server_signs_once_a_day_what_came_before_that_day(world: World) -> None:
    def heads() -> int:
        return sum(row[1] == SIGNED_HEAD.number for row in exported(world))

    ines = world.laptop("ines")
    hand_in(ines, 1)
    assert (chain.sign_day(world.core), heads()) == (0, 0)
    world.now += DAY_MS
    assert chain.sign_day(world.core) > 0
    hand_in(ines, 2)
    assert (chain.sign_day(world.core), heads()) == (0, 1)
    world.now += DAY_MS
    assert (chain.sign_day(world.core), heads()) == (1, 2)
    world.now += DAY_MS
    assert (chain.sign_day(world.core), heads()) == (0, 2)
    assert check(world, file_of(world)).finding is Finding.SOUND


def test_a_row_that_was_edited_since_leaves_its_trace_and_the_chain_holds(world: World) -> None:
    signed(world)
    space = world.space(SpaceType.PERSONAL)
    seen = next(row for row in exported(world) if row[1] == ENROLMENT.number)
    other = msgspec.structs.replace(ENROLMENT.decode(seen[5]), since=7)
    row = Row(ENROLMENT, seen[2], msgspec.msgpack.encode(other))
    world.core.writer.run(lambda connection: rows.write(connection, space, [row], world.now, world.core.tail()))
    chain.sign_all(world.core)
    proved = check(world, file_of(world))
    assert (proved.finding, proved.gone) == (Finding.SOUND, 1)


def test_after_a_restore_the_chain_goes_on_and_says_so(world: World) -> None:
    signed(world, 1)
    snapshot = world.copy()
    ines = world.laptop("ines")
    ines.pull()
    made = ines.create(HAND_IN, handed(2))
    told = ines.push(world.space(SpaceType.PERSONAL), made).cursor
    world.put_back(snapshot)
    back = world.laptop("ines")
    assert back.push(world.space(SpaceType.PERSONAL), made, claim=told).outcome.name == "RENEWED"
    back.push(world.space(SpaceType.PERSONAL), made)
    chain.sign_all(world.core)
    proved = check(world, file_of(world))
    assert (proved.finding, proved.restored, proved.proven) == (Finding.SOUND, 1, 4)


def test_a_space_from_before_there_were_chains_begins_its_chain_where_it_stands(world: World) -> None:
    ines = world.laptop("ines")
    hand_in(ines, 1)
    world.core.writer.run(lambda connection: connection.execute(update(space_table).values(link=None)))
    hand_in(ines, 2)
    chain.sign_all(world.core)
    proved = check(world, file_of(world))
    assert (proved.finding, proved.older, proved.proven) == (Finding.SOUND, 2, 1)


def test_more_traces_than_one_head_can_name_are_told_by_several(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_MOST_GONE", 2)
    signed(world)
    space = world.space(SpaceType.PERSONAL)
    for since in range(5):
        seen = next(row for row in exported(world) if row[1] == ENROLMENT.number)
        other = msgspec.structs.replace(ENROLMENT.decode(seen[5]), since=since)
        row = Row(ENROLMENT, seen[2], msgspec.msgpack.encode(other))
        world.core.writer.run(
            lambda connection, row=row: rows.write(connection, space, [row], world.now, world.core.tail())  # type: ignore[misc]
        )
    chain.sign_all(world.core)
    proved = check(world, file_of(world))
    assert (proved.finding, proved.gone) == (Finding.SOUND, 5)
