"""One declaration a kind, and nothing else to touch."""

import re
from pathlib import Path

import msgspec
import pytest

from sync.domain import kinds, spaces
from sync.domain.files import may_name_files
from sync.domain.ids import CohortId, CourseId, PersonId, SpaceId
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import (
    MEMBER,
    Operation,
    Role,
    readable_types,
    seats_of_author,
    seats_of_learner,
    seats_of_own,
    seats_of_trainer,
)
from sync.domain.spaces import SpaceType

COHORT, COURSE, ORGANISATION = CohortId(b"c" * 16), CourseId(b"k" * 16), b"o" * 16
ANNE, BRUNO = PersonId(b"a" * 16), PersonId(b"b" * 16)


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_a_body_is_a_frozen_array_that_inherits_from_none(kind: Kind) -> None:
    config = kind.body.__struct_config__
    assert config.frozen
    assert config.array_like
    assert kind.body.__bases__ == (msgspec.Struct,)


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_kind_names_of_its_body_is_there(kind: Kind) -> None:
    assert set(kind.search) <= set(kind.fields)
    assert kind.others <= kind.write


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_says_so_when_its_bodies_can_name_files(kind: Kind) -> None:
    """Otherwise they would not travel, and nobody could read them."""
    assert kind.files == bool(may_name_files(kind.body))


def test_two_kinds_cannot_share_a_number() -> None:
    first = next(iter(kinds.KINDS.values()))
    with pytest.raises(ValueError, match="both claim"):
        kinds.table([first, first])


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_who_may_write_a_kind_can_read_the_space_it_lives_in(kind: Kind) -> None:
    for role in kind.write:
        assert readable_types(role) & set(kind.space)


def test_no_role_but_the_owner_occurs_in_an_own_space() -> None:
    assert [role for role in Role if SpaceType.OWN in readable_types(role)] == [Role.OWNER]


def test_an_append_only_record_can_be_made_and_never_edited() -> None:
    attempt = next(kind for kind in kinds.KINDS.values() if kind.name == "attempt")
    assert attempt.permits(SpaceType.PERSONAL, Role.OWNER, Operation.CREATE, is_author=True)
    assert not attempt.permits(SpaceType.PERSONAL, Role.OWNER, Operation.EDIT, is_author=True)
    assert not attempt.permits(SpaceType.COHORT, Role.OWNER, Operation.CREATE, is_author=True)
    assert not attempt.permits(SpaceType.PERSONAL, Role.TRAINER, Operation.CREATE, is_author=True)


def test_a_post_of_another_is_edited_by_trainers_alone() -> None:
    post = next(kind for kind in kinds.KINDS.values() if kind.name == "post")
    assert post.permits(SpaceType.COHORT, Role.MEMBER, Operation.EDIT, is_author=True)
    assert not post.permits(SpaceType.COHORT, Role.MEMBER, Operation.EDIT, is_author=False)
    assert post.permits(SpaceType.COHORT, Role.TRAINER, Operation.EDIT, is_author=False)


def test_a_learner_reads_no_staff_authoring_or_other_learner_s_space() -> None:
    seats = seats_of_learner(COHORT, COURSE, ANNE) | seats_of_own(ANNE, ORGANISATION)
    assert {spaces.type_of(space) for space in seats} == {
        SpaceType.OWN,
        SpaceType.ORG,
        SpaceType.COURSE,
        SpaceType.COHORT,
        SpaceType.PERSONAL,
    }
    assert not [space for space in seats if bytes(BRUNO) in spaces.ids_of(space)]


def test_a_trainer_reads_what_each_learner_sent_and_nobody_s_own_space() -> None:
    seats = seats_of_trainer(COHORT, COURSE, frozenset({ANNE, BRUNO}))
    assert {spaces.personal(COHORT, ANNE), spaces.staff(COHORT, BRUNO), spaces.authoring(COURSE)} <= set(seats)
    assert SpaceType.OWN not in {spaces.type_of(space) for space in seats}


@pytest.mark.parametrize(
    "seats",
    [
        seats_of_own(ANNE, ORGANISATION),
        seats_of_learner(COHORT, COURSE, ANNE),
        seats_of_trainer(COHORT, COURSE, frozenset({ANNE})),
        seats_of_author(COURSE),
    ],
)
def test_every_seat_is_in_a_type_of_space_that_its_role_reads(seats: dict[SpaceId, Role]) -> None:
    for space, role in seats.items():
        assert spaces.type_of(space) in readable_types(role)


@pytest.mark.parametrize("space", [b"", b"\x00" * 17, b"\x01" * 16, b"\x04" * 17, b"\xff" * 17])
def test_bytes_that_name_no_space_are_refused(space: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # two places say it in their own words
        spaces.type_of(space)


class Wave(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    text: str


def test_no_file_but_a_feature_s_own_names_its_kind() -> None:
    """A new kind touches no list: no module of the wire, engine, server log or store names a particular kind."""
    shared = [*Path("sync/protocol").rglob("*.py"), *Path("sync/client").rglob("*.py"), Path("sync/domain/merge.py")]
    declared = {f"{kind.name.upper()}" for kind in kinds.KINDS.values()}
    for path in shared:
        imported = re.findall(r"from sync\.domain\.\w+ import ([^\n]+)", path.read_text(encoding="utf-8"))
        names = {name.strip(" ()") for line in imported for name in line.split(",")}
        assert not names & declared, path


def test_a_new_kind_is_one_declaration() -> None:
    wave = Kind(
        99,
        "wave",
        Wave,
        space=(SpaceType.COHORT,),
        merge=Merge.APPEND,
        write=MEMBER,
        erase=Erase.WIPE,
        search=("text",),
    )
    listed = kinds.table([*kinds.KINDS.values(), wave])
    assert listed[99].decode(msgspec.msgpack.encode(["hello"])) == Wave(text="hello")
    assert wave.permits(SpaceType.COHORT, Role.MEMBER, Operation.CREATE, is_author=True)
