"""Erasure of a person: what the law does not hold is nowhere any more (protocol rule 13, attack A59)."""

from __future__ import annotations

import json
import stat
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from sync.domain import spaces
from sync.domain.cohorts import MEMBER
from sync.domain.exercises import DRAFT, HAND_IN, Draft
from sync.domain.files import Attachment
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE, NextAction, PrivateNote
from sync.domain.forum import POST, Post
from sync.domain.ids import PersonId
from sync.domain.merge import ERASED
from sync.domain.notes import NOTE, Note
from sync.domain.people import CARD
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Delete, Edit
from sync.reports.evidence import Finding
from sync.server import administration
from sync.server.accounts import erasing, people
from sync.server.storage import erasures
from sync.server.sync import chain, filing
from tests.integration.server.reviews import hand_in, handed
from tests.integration.server.test_chain import check, file_of
from tests.integration.server.world import Laptop, World, raw, verdicts

CANARY = "canari 7f3a"
FILE = f"the bytes of {CANARY}".encode()


def everywhere(world: World) -> list[str]:
    """Files of the server that hold the canary, and a copy of its database, wherever that is."""
    copied = world.data.with_name(f"copy-{world.chance(4).hex()}.db")
    world.core.database.copy(copied)
    files = [copied, *(each for each in world.data.rglob("*") if each.is_file())]
    return sorted(each.name for each in files if CANARY.encode() in each.read_bytes())


def gave_a_file(laptop: Laptop) -> Attachment:
    core, name = laptop.world.core, sha256(FILE).digest()
    with core.files.incoming() as incoming:
        incoming.write(FILE)
        filing.take(core, laptop.caller.person_no, name, incoming)
    return Attachment(name=f"{CANARY}.txt", type="text/plain", size=len(FILE), sha256=name)


def lived(world: World) -> tuple[Laptop, Laptop]:
    """Inès has written, Sophie has noted something about her; both laptops are up to date."""
    ines, sophie = world.laptop("ines"), world.laptop("sophie")
    own, staff = spaces.own(PersonId(ines.caller.person)), world.space(SpaceType.STAFF)
    note = ines.create(NOTE, Note(activity=b"a" * 16, text=f"first {CANARY}", at=1))
    draft = Draft(cohort=world.cohort, activity=b"a" * 16, text=CANARY, files=(gave_a_file(ines),))
    ines.push(own, note, ines.create(DRAFT, draft))
    changes = {NOTE.number_of("text"): raw(b"\xae" + f"now {CANARY}"[:14].encode())}
    ines.push(own, Edit(ines.next_n(), note.id, 1, 0, changes))
    sophie.push(staff, sophie.create(PRIVATE_NOTE, PrivateNote(text=CANARY, at=1)))
    sophie.push(staff, sophie.create(NEXT_ACTION, NextAction(text=CANARY, at=1)))
    hand_in(ines)
    ines.push(world.space(SpaceType.COHORT), ines.post("Bonjour"))
    core, no = world.core, ines.caller.person_no
    with core.reading() as connection:
        who = people.get(connection, "ines")
    core.writer.run(
        lambda connection: people.rename(
            connection, core.organisation, who, f"Inès {CANARY}", now=world.now, tail=core.tail()
        )
    )
    core.writer.run(lambda connection: people.add_device(connection, no, f"{CANARY} laptop", 1, world.chance(10)))
    ines.pull()
    sophie.pull()
    return ines, sophie


def test_after_erasure_the_canary_is_in_no_file_of_the_server_and_told_to_nobody(world: World) -> None:
    ines, sophie = lived(world)
    assert len(everywhere(world)) >= 2
    done = erasing.erase(world.core, "ines")
    assert done.clean
    assert (done.records, done.files) == (4, 1)
    assert everywhere(world) == []
    sophie.pull()
    told = [bytes(row.body) for rows in sophie.rows.values() for row in rows.values()]
    assert not [body for body in told if CANARY.encode() in body]
    staff = spaces.staff(world.cohort, PersonId(ines.caller.person))
    assert [bytes(row.body) for row in sophie.rows[staff].values()] == [ERASED, ERASED]


def test_what_the_law_and_the_others_work_hold_stays_under_no_name(world: World) -> None:
    ines, sophie = lived(world)
    erasing.erase(world.core, "ines")
    sophie.pull()
    personal = spaces.personal(world.cohort, PersonId(ines.caller.person))
    assert [HAND_IN.decode(bytes(r.body)) for r in sophie.rows[personal].values() if r.kind == HAND_IN.number] == [
        handed()
    ]
    cohort = sophie.rows[world.space(SpaceType.COHORT, "sophie")].values()
    assert [POST.decode(bytes(r.body)) for r in cohort if r.kind == POST.number] == [Post(text="Bonjour")]
    names = {MEMBER.decode(bytes(r.body)).name for r in cohort if r.kind == MEMBER.number}
    names |= {CARD.decode(bytes(r.body)).name for r in sophie.rows[world.space(SpaceType.ORG, "sophie")].values()}
    assert names == {erasing.NAME, "Karim", "Sophie", "Paul", "Omar"}


def test_their_own_laptop_loses_every_space(world: World) -> None:
    ines, _sophie = lived(world)
    erasing.erase(world.core, "ines")
    ines.pull()
    assert ines.rows == {}
    with world.core.reading() as connection, pytest.raises(people.UnknownLogin):
        people.get(connection, "ines")


def test_the_chain_of_their_space_still_holds(world: World) -> None:
    ines, _sophie = lived(world)
    chain.sign_all(world.core)
    id_ = PersonId(ines.caller.person)
    erasing.erase(world.core, "ines")
    world.now += 1
    chain.sign_all(world.core)
    sophie = world.laptop("sophie")
    sophie.pull()
    rows = sophie.rows[spaces.personal(world.cohort, id_)].values()
    accepted = [(row.seq, row.kind, row.id, row.author, row.at, bytes(row.body)) for row in rows]
    world.id_of = lambda login: id_ if login == "ines" else b""  # type: ignore[method-assign]  # no login names her
    assert check(world, file_of(world, accepted)).finding is Finding.SOUND


def test_the_list_lies_beside_the_secrets_holds_ids_only_and_nobody_else_reads_it(world: World) -> None:
    ines, _sophie = lived(world)
    erasing.erase(world.core, "ines")
    path = world.data / erasures.ERASURES
    assert json.loads(path.read_text())["erased"] == {ines.caller.person.hex(): world.now}
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_restored_backup_is_erased_again_before_anybody_is_served(world: World, tmp_path: Path) -> None:
    ines, _sophie = lived(world)
    backup = tmp_path / "backup" / "server.db"
    backup.parent.mkdir()
    world.administration.back_up(backup)
    erasing.erase(world.core, "ines")
    world.core.close()
    administration.restore(world.data, backup)
    world.reopen()
    for aside in world.data.glob("*before-restore*"):
        aside.unlink()
    assert everywhere(world) == []
    with world.core.reading() as connection, pytest.raises(people.UnknownLogin):
        people.get(connection, "ines")
    ines.pull()
    assert ines.rows == {}


def test_an_erasure_that_was_cut_short_is_ended_at_the_next_start_and_changes_nothing_twice(world: World) -> None:
    ines, _sophie = lived(world)
    erasures.note(world.data, ines.caller.person, world.now)
    assert erasing.apply_again(world.core) == 1
    assert everywhere(world) == []
    assert erasing.apply_again(world.core) == 0


def test_an_erasure_that_was_cut_short_among_its_files_takes_them_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(_sha256: bytes) -> None:
        raise OSError("held by an antivirus")

    lived(world)
    with monkeypatch.context() as cut:
        cut.setattr(world.core.files, "remove", held)
        with pytest.raises(OSError, match="held"):
            erasing.erase(world.core, "ines")
    assert erasing.apply_again(world.core) == 1
    assert everywhere(world) == []


def test_a_file_that_another_sent_who_was_erased_before_is_taken_by_an_erasure_that_was_cut_short(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named by a draft alone, which is wiped when the server is killed."""
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    given = gave_a_file(karim)
    post = karim.create(POST, Post(text="voir", files=(given,)))
    ((_, _, base, _),) = verdicts(karim.push(cohort, post))
    draft = ines.create(DRAFT, Draft(cohort=world.cohort, activity=b"a" * 16, text="voir", files=(given,)))
    assert verdicts(ines.push(spaces.own(PersonId(ines.caller.person)), draft))[0][1] == "ACCEPTED"
    karim.push(cohort, Delete(karim.next_n(), post.id, 1, base))
    assert erasing.erase(world.core, "karim").files == 0
    with monkeypatch.context() as cut:
        cut.setattr(erasing, "_take_names_away", _killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(world.core, "ines")
    assert world.core.files.has(given.sha256, given.size)
    assert erasing.apply_again(world.core) == 1
    assert everywhere(world) == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_file_that_somebody_else_sent_too_stays(world: World) -> None:
    lived(world)
    karim = world.laptop("karim")
    given = gave_a_file(karim)
    assert erasing.erase(world.core, "ines").files == 0
    assert world.core.files.has(given.sha256, given.size)


def test_two_erasures_at_once_are_both_on_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, once = erasures.read, threading.Event()

    def slow(data: Path) -> erasures.Erasures:
        found = reading(data)
        once.wait(0.2)  # the other one reads meanwhile, unless it has to wait
        return found

    monkeypatch.setattr(erasures, "read", slow)
    both = [threading.Thread(target=erasures.note, args=(tmp_path, bytes([n]) * 16, n)) for n in (1, 2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert set(reading(tmp_path).people) == {bytes([1]) * 16, bytes([2]) * 16}
