"""Faults F20, F34 to F36: what a laptop was told before is checked first, and proves a restore of the server."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.domain.cohorts import Part
from sync.domain.spaces import SpaceType
from sync.protocol.messages import START, Batch, Cursor, Outcome, Standing, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.server.administration import restore
from sync.server.storage.schema import incident
from sync.server.sync.claims import RESTORED
from tests.integration.server.world import World, entry, verdicts


def incidents(world: World) -> list[str]:
    with world.core.reading() as connection:
        return list(connection.execute(select(incident.c.what)).scalars())


def test_a_server_put_back_below_the_program_is_found_out_by_the_tail_of_an_answer(world: World) -> None:
    """Fault F35: a snapshot of the machine, with every marker."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    snapshot = world.copy()
    post = ines.post("après la copie")
    claim = ines.push(cohort, post).cursor
    world.put_back(snapshot)
    answer = ines.push(cohort, post, claim=claim)
    assert (answer.outcome, answer.cursor.epoch, answer.cursor.seq, answer.runs) == (Outcome.RENEWED, 2, 0, ())
    assert incidents(world) == [RESTORED]
    assert [each[1] for each in verdicts(ines.push(cohort, post, claim=answer.cursor))] == ["ACCEPTED"]


def test_it_is_found_out_too_where_others_have_written_as_far_as_the_claim(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    snapshot = world.copy()
    claim = ines.push(cohort, ines.post("perdu")).cursor
    world.put_back(snapshot)
    karim.push(cohort, karim.post("à sa place"), karim.post("et au-delà"))
    assert ines.push(cohort, ines.post("suite"), claim=claim).outcome is Outcome.RENEWED


def test_a_pull_proves_a_restore_by_its_claim_and_begins_the_space_in_a_new_epoch(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    snapshot = world.copy()
    ines.push(cohort, ines.post("perdu"))
    ines.pull()
    karim.pull()
    world.put_back(snapshot)
    ines.pull()
    assert ines.cursors[cohort].epoch == 2
    assert ines.texts(cohort) == []
    karim.pull()
    assert (karim.cursors[cohort].epoch, incidents(world)) == (2, [RESTORED])


def test_a_claim_beside_an_equal_digest_proves_a_restore_all_the_same(world: World) -> None:
    """The laptop was told of its push and had not pulled it: digest and cursor are those of the snapshot."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    ines.pull()
    snapshot = world.copy()
    claim = ines.push(cohort, ines.post("perdu")).cursor
    world.put_back(snapshot)
    reply = ines.ask(digest=ines.digest(), standings=(Standing(cohort, ines.cursors[cohort], claim),))
    (page,) = reply.pages
    assert (page.begins, page.cursor.epoch) == (True, 2)
    assert incidents(world) == [RESTORED]


def test_a_new_epoch_is_higher_than_every_claimed_one(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    snapshot = world.copy()
    first = ines.push(cohort, ines.post("perdu")).cursor
    world.put_back(snapshot)
    second = ines.push(cohort, ines.post("perdu"), claim=first).cursor
    assert second.epoch == 2
    world.put_back(snapshot)
    answer = karim.push(cohort, karim.post("x"), claim=second)
    assert (answer.outcome, answer.cursor.epoch) == (Outcome.RENEWED, 3)


def test_a_claim_of_an_older_epoch_is_told_the_new_one_and_proves_nothing(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    old = karim.push(cohort, karim.post("avant")).cursor
    snapshot = world.copy()
    lost = ines.push(cohort, ines.post("perdu")).cursor
    world.put_back(snapshot)
    ines.push(cohort, ines.post("x"), claim=lost)
    answer = karim.push(cohort, karim.post("suite"), claim=old)
    assert (answer.outcome, answer.cursor.epoch) == (Outcome.RENEWED, 2)
    assert incidents(world) == [RESTORED]


@pytest.mark.parametrize(
    "forged",
    [
        Cursor(1, 4, b"ATAIL___", b"ASEAL___"),
        Cursor(9, 4, b"ATAIL___", b"ASEAL___"),
        Cursor(1, 4, b"", b""),
        Cursor(1, -4, b"ATAIL___", b"ASEAL___"),
        Cursor(2**63, 2**64 - 1, b"ATAIL___", b"ASEAL___"),
    ],
)
def test_a_wrong_seal_concerns_that_laptop_alone(world: World, forged: Cursor) -> None:
    """Attack A43: nobody but the server makes a place; a forged one gives nobody a new epoch."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    answer = ines.push(cohort, ines.post("x"), claim=forged)
    assert (answer.outcome, answer.runs) == (Outcome.COMPARE, ())
    assert incidents(world) == []
    reply = ines.ask(digest=None, standings=(Standing(cohort, forged, forged),))
    (page,) = reply.pages
    assert page.begins
    assert page.cursor.epoch == 1
    assert ines.ask(digest=bytes(8), standings=(Standing(cohort, forged, forged),)).send_whole


def test_the_seal_of_one_space_says_nothing_in_another(world: World) -> None:
    ines = world.laptop("ines")
    claim = ines.push(world.space(SpaceType.COHORT), ines.post("x")).cursor
    answer = ines.push(world.space(SpaceType.PERSONAL), claim=claim)
    assert answer.outcome is Outcome.COMPARE


def test_a_claim_of_a_lost_space_is_checked_before_the_space_is_given_again(world: World) -> None:
    """Fault F36: access revoked, server restored, access given again."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    snapshot = world.copy()
    claim = ines.push(cohort, ines.post("perdu")).cursor
    ines.pull()
    world.administration.unenrol(world.cohort, "ines")
    reply = ines.pull()
    assert cohort in reply.revoked
    world.put_back(snapshot)
    world.administration.unenrol(world.cohort, "ines")
    assert cohort not in ines.pull().revoked
    world.administration.enrol(world.cohort, "ines", Part.LEARNER)
    assert ines.claims[cohort].seq == claim.seq
    ines.pull()
    assert ines.cursors[cohort].epoch == 2


def test_a_restore_by_command_gives_every_space_a_new_epoch_and_sets_the_old_database_aside(world: World) -> None:
    """Fault F20."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    kept = ines.post("dans la sauvegarde")
    ines.push(cohort, kept)
    backup = world.data.with_name("backup.db")
    assert world.administration.back_up(backup) == 1
    lost = ines.post("après la sauvegarde")
    claim = ines.push(cohort, lost).cursor
    world.core.close()
    assert restore(world.data, backup) > 0
    world.reopen()
    assert [path.name for path in world.data.iterdir() if "before-restore" in path.name]
    answer = ines.push(cohort, kept, lost, claim=claim)
    assert (answer.outcome, answer.cursor.epoch) == (Outcome.RENEWED, 2)
    answer = ines.push(cohort, kept, lost, claim=answer.cursor)
    assert [each[1] for each in verdicts(answer)] == ["DUP", "ACCEPTED"]
    ines.pull()
    assert ines.texts(cohort) == ["dans la sauvegarde", "après la sauvegarde"]


def test_in_one_request_a_renewed_space_stops_nothing_in_another(world: World) -> None:
    ines, cohort, own = world.laptop("ines"), world.space(SpaceType.COHORT), world.space(SpaceType.PERSONAL)
    snapshot = world.copy()
    claim = ines.push(cohort, ines.post("perdu")).cursor
    world.put_back(snapshot)
    batches = (Batch(cohort, claim, (entry(ines.post("x")),)), Batch(own, START, ()))
    reply = ines.exchange(SyncRequest(PROTOCOL, RULES, ines.writer, None, batches=batches))
    assert [answer.outcome for answer in reply.answers] == [Outcome.RENEWED, Outcome.DONE]
