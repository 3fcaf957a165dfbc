"""Rule 3: a digest, pages in bounds, no space half told, and what is told is what the server has (rule 8)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from sync.domain.cohorts import Part
from sync.domain.messages import MESSAGE, Message
from sync.domain.quizzes import ATTEMPT_START, AttemptStart
from sync.domain.spaces import SpaceType, type_of
from sync.protocol.digest import view_digest
from sync.protocol.limits import MAX_SPACES, PAGE_BYTES, PAGE_ROWS
from sync.protocol.messages import START, Batch, Checksum, Cursor, Outcome, Safe, Standing, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.server.storage import spaces
from sync.server.storage.readable import Readable
from sync.server.sync import tell
from sync.server.sync.exchange import TooMuch
from tests.integration.server.world import COURSE, World, checksum_of, entry, world
from tests.night import A_STAGE_EACH


def start(n: int) -> AttemptStart:
    return AttemptStart(activity=bytes(16), edition=bytes(16), number=n, at=1)


def test_a_fresh_laptop_is_told_every_readable_space_in_the_order_of_the_plan(world: World) -> None:
    sophie = world.laptop("sophie")
    reply = sophie.pull()
    types = [type_of(page.space) for page in reply.pages]
    assert types == sorted(types)
    assert types == [
        SpaceType.OWN,
        SpaceType.ORG,
        SpaceType.COURSE,
        SpaceType.PERSONAL,
        SpaceType.PERSONAL,
        SpaceType.COHORT,
        SpaceType.AUTHORING,
        SpaceType.STAFF,
        SpaceType.STAFF,
    ]
    assert all(page.begins and page.checksum is not None for page in reply.pages)


def test_an_empty_space_has_its_last_page_too(world: World) -> None:
    omar = world.laptop("omar")
    own = omar.pull().pages[0]
    assert (own.rows, own.cursor.epoch, own.cursor.seq, own.checksum) == ((), 1, 0, Checksum(0, 0))


def test_nothing_changed_is_an_empty_reply(world: World) -> None:
    sophie = world.laptop("sophie")
    sophie.pull()
    reply = sophie.ask(digest=sophie.digest())
    assert (reply.send_whole, reply.more, reply.pages, reply.revoked) == (False, False, (), ())
    assert sophie.pull().pages == ()


def test_a_digest_that_differs_asks_for_every_standing(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    karim.pull()
    ines.push(cohort, ines.post("bonjour"))
    reply = karim.ask(digest=karim.digest())
    assert (reply.send_whole, reply.pages) == (True, ())
    reply = karim.pull()
    assert [page.space for page in reply.pages] == [cohort]
    assert not reply.pages[0].begins
    assert karim.texts(cohort) == ["bonjour"]


def test_a_small_push_and_its_pull_share_one_request(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    ines.pull()
    batch = Batch(cohort, ines.claims[cohort], (entry(ines.post("bonjour")),))
    reply = ines.ask(digest=ines.digest(), batches=(batch,))
    assert not reply.send_whole
    assert [page.space for page in reply.pages] == [cohort]
    ines.take(reply)
    assert ines.texts(cohort) == ["bonjour"]
    assert ines.ask(digest=ines.digest()).pages == ()


def test_a_push_over_an_old_view_is_taken_and_the_laptop_asked_for_every_standing(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    ines.pull()
    karim.push(cohort, karim.post("entre-temps"))
    batch = Batch(cohort, ines.claims[cohort], (entry(ines.post("bonjour")),))
    reply = ines.ask(digest=ines.digest(), batches=(batch,))
    assert reply.answers[0].outcome is Outcome.DONE
    assert (reply.send_whole, reply.pages) == (True, ())


def test_a_push_without_a_pull_is_answered_and_tells_nothing(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    reply = ines.ask(digest=None, batches=(Batch(cohort, START, (entry(ines.post("x")),)),))
    assert (reply.send_whole, reply.more, reply.pages, len(reply.answers)) == (False, False, (), 1)


def test_a_long_space_comes_in_pages_within_rows_and_the_last_one_has_the_checksum(world: World) -> None:
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    count = 2 * PAGE_ROWS + 10
    ines.push(personal, *(ines.create(ATTEMPT_START, start(n)) for n in range(count)))
    karim = world.laptop("ines")
    told: list[int] = []
    while True:
        known = tuple(Standing(space, cursor) for space, cursor in karim.cursors.items())
        reply = karim.exchange(SyncRequest(PROTOCOL, RULES, 1, None, known, whole=True))
        assert sum(len(page.rows) for page in reply.pages) <= PAGE_ROWS
        told += [len(page.rows) for page in reply.pages if page.space == personal]
        assert all(page.begins == (page.since == 0) for page in reply.pages)
        assert all(page.checksum is not None for page in reply.pages[:-1])
        karim.take(reply)
        if not reply.more:
            break
        assert reply.pages[-1].space != personal or reply.pages[-1].checksum is None
    assert sum(told) == count + 1
    assert checksum_of(karim.rows[personal]) == karim.checksums[personal]


def test_large_bodies_fill_a_page_by_bytes_and_each_page_brings_at_least_one_row(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    for _ in range(10):
        ines.push(cohort, *(ines.post("é" * 30_000) for _ in range(4)))
    karim = world.laptop("karim")
    requests = 0
    while True:
        known = tuple(Standing(space, cursor) for space, cursor in karim.cursors.items())
        reply = karim.exchange(SyncRequest(PROTOCOL, RULES, 1, None, known, whole=True))
        requests += 1
        size = sum(len(bytes(row.body)) for page in reply.pages for row in page.rows)
        assert size <= PAGE_BYTES
        karim.take(reply)
        if not reply.more:
            break
    assert requests > 2
    assert len(karim.texts(cohort)) == 40


def test_rows_edited_while_a_space_is_told_come_at_the_end(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    posts = [ines.post(str(n)) for n in range(PAGE_ROWS)]
    ines.push(cohort, *posts)
    karim = world.laptop("karim")
    first = karim.exchange(SyncRequest(PROTOCOL, RULES, 1, None, whole=True))
    karim.take(first)
    assert first.more
    ines.push(cohort, ines.edit(posts[0].id, 0, text="édité"), ines.delete(posts[-1].id, 0))
    karim.pull()
    assert karim.texts(cohort)[-1] == "édité"
    assert checksum_of(karim.rows[cohort]) == karim.checksums[cohort]


def test_a_full_compare_tells_the_space_from_its_start_in_the_same_epoch(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    ines.push(cohort, ines.post("bonjour"))
    ines.pull()
    standing = Standing(cohort, ines.cursors[cohort], ines.claims[cohort], compare=True)
    for digest in (None, ines.digest()):
        (page,) = ines.ask(digest=digest, standings=(standing,)).pages
        assert (page.begins, page.since, page.cursor) == (True, 0, ines.cursors[cohort])
        assert page.checksum == ines.checksums[cohort]


def test_a_request_may_name_some_spaces_only(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    reply = ines.ask(digest=None, standings=(Standing(cohort, START),))
    assert [page.space for page in reply.pages] == [cohort]


def test_a_space_lost_is_told_as_revoked_and_nothing_of_it_comes_any_more(world: World) -> None:
    """Fault F29, attack A8: the next request sees it, however old its cursor."""
    ines = world.laptop("ines")
    ines.pull()
    world.administration.unenrol(world.cohort, "ines")
    assert ines.ask(digest=ines.digest()).send_whole
    reply = ines.pull()
    assert {type_of(space) for space in reply.revoked} == {SpaceType.COURSE, SpaceType.PERSONAL, SpaceType.COHORT}
    assert ines.pull().revoked == ()
    world.administration.enrol(world.cohort, "ines", Part.LEARNER)
    reply = ines.pull()
    assert {type_of(page.space) for page in reply.pages if page.begins} == {
        SpaceType.COURSE,
        SpaceType.PERSONAL,
        SpaceType.COHORT,
    }


def test_a_space_that_one_never_had_is_not_named_by_naming_it(world: World) -> None:
    """Attack A1: naming another learner's space says no more than naming nothing."""
    karim, others = world.laptop("karim"), world.space(SpaceType.PERSONAL, "ines")
    nowhere = b"\x04" + world.chance(32)
    for space in (others, nowhere, b"", b"\xff"):
        reply = karim.ask(digest=None, standings=(Standing(space, Cursor(1, 5, b"12345678", b"12345678")),))
        assert (reply.pages, reply.revoked) == ((), (space,))


def test_who_sits_in_a_space_twice_has_one_place_of_it(world: World) -> None:
    """A trainer who writes the course has two parts in its drafts: the digests of both ends name it once."""
    world.administration.make_author(COURSE, "sophie")
    sophie, authoring = world.laptop("sophie"), world.space(SpaceType.AUTHORING)
    sophie.pull()
    with world.core.reading() as connection:
        (head,) = Readable(connection, sophie.caller.person_no).some([authoring, authoring])
        roles = spaces.roles_in(connection, sophie.caller.person_no, head.no)
    assert len(roles) == 2
    assert sophie.ask(digest=sophie.digest()).pages == ()
    assert not sophie.ask(digest=sophie.digest()).send_whole


def test_what_is_looked_up_for_a_request_is_what_one_may_read_at_that_moment(world: World) -> None:
    """Rule 4: seats are judged at each request, whatever the one before it found."""
    sophie, cohort, personal = world.laptop("sophie"), world.space(SpaceType.COHORT), world.space(SpaceType.PERSONAL)
    no, admin = sophie.caller.person_no, world.administration
    everything = [world.space(type_, login) for type_ in SpaceType for login in ("ines", "karim", "sophie")]

    def check() -> bytes:
        with world.core.reading() as connection:
            heads, readable = spaces.readable(connection, no), Readable(connection, no)
            assert readable.some([*everything, b"", b"\xff"]) == heads == readable.heads
            assert sorted(readable.numbers()) == sorted(head.no for head in heads)
            digest = tell.digest_of(readable)
            assert digest == view_digest((head.id, head.cursor) for head in heads)
            said = Standing(cohort, Cursor(7, 8, b"12345678"))
            stands = ((head.id, said.cursor if head.id == cohort else head.cursor) for head in heads)
            assert tell.digest_of(readable, [said]) == view_digest(stands)
        return digest

    seen = [check()]
    for step in (
        lambda: sophie.push(cohort, sophie.post("bonjour")),
        lambda: sophie.push(personal, sophie.create(MESSAGE, Message(text="bravo", at=1))),
        lambda: admin.unenrol(world.cohort, "sophie"),
        lambda: admin.make_author(COURSE, "sophie"),
        lambda: admin.enrol(world.cohort, "sophie", Part.TRAINER),
        lambda: admin.end_author(COURSE, "sophie"),
    ):
        step()
        seen.append(check())
    assert len(set(seen)) == len(seen) - 1, "a second part in a space shows nothing more"


def test_a_push_that_names_no_space_at_all_is_answered_whatever_the_laptop_has(world: World) -> None:
    ines = world.laptop("ines")
    ines.pull()
    for space in (b"", b"\xff", b"\x04" + world.chance(32)):
        batch = Batch(space, START, (entry(ines.post("x")),))
        answers = [ines.ask(digest=digest, batches=(batch,)).answers for digest in (None, ines.digest())]
        assert [each.outcome for (each,) in answers] == [Outcome.REVOKED] * 2


def test_a_re_enrolled_learner_keeps_the_draw_seed(world: World) -> None:
    """Rule 5: draws stay the same after a pause."""
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    ines.pull()
    before = dict(ines.rows[personal])
    world.administration.unenrol(world.cohort, "ines")
    world.administration.enrol(world.cohort, "ines", Part.LEARNER)
    again = world.laptop("ines")
    again.pull()
    assert {id_: bytes(row.body) for id_, row in again.rows[personal].items()} == {
        id_: bytes(row.body) for id_, row in before.items()
    }


def test_a_learner_who_left_stays_readable_to_the_trainers(world: World) -> None:
    sophie = world.laptop("sophie")
    world.administration.unenrol(world.cohort, "ines")
    sophie.pull()
    assert world.space(SpaceType.PERSONAL, "ines") in sophie.rows


def test_safe_seqs_are_told_of_readable_spaces_after_a_verified_backup(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    wanted = (cohort, world.space(SpaceType.PERSONAL, "karim"))
    ask = SyncRequest(PROTOCOL, RULES, 1, None, safe_of=wanted)
    assert ines.exchange(ask).safe == ()
    seq = ines.push(cohort, ines.post("gardé")).cursor.seq
    assert world.administration.back_up(world.data.with_name("one.db")) == 1
    ines.push(cohort, ines.post("pas encore"))
    reply = ines.exchange(ask)
    assert (reply.backup, reply.safe) == (1, (Safe(cohort, 1, seq),))


def test_more_spaces_than_a_request_may_name_are_refused(world: World) -> None:
    ines = world.laptop("ines")
    many = MAX_SPACES + 1
    for request in (
        SyncRequest(PROTOCOL, RULES, 1, standings=(Standing(b"x", START),) * many),
        SyncRequest(PROTOCOL, RULES, 1, batches=(Batch(b"x", START, ()),) * many),
        SyncRequest(PROTOCOL, RULES, 1, safe_of=(b"x",) * many),
    ):
        with pytest.raises(TooMuch):
            ines.exchange(request)


def test_nothing_changed_costs_the_same_questions_at_any_number_of_rows(world: World) -> None:
    """Termination: a no-op sync is O(1), so the statements are counted, not the milliseconds."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    asked: list[str] = []
    event.listen(world.core._reading, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    counts = []
    for rows in (0, 500):
        ines.push(cohort, *(ines.post(str(n)) for n in range(rows)))
        ines.pull()
        asked.clear()
        ines.ask(digest=ines.digest())
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4
    assert not any("FROM log" in statement for statement in asked)


@A_STAGE_EACH
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["ines", "karim", "sophie"]), st.sampled_from(["post", "edit", "delete", "pull"])),
        max_size=25,
    )
)
def test_after_any_changes_every_laptop_has_exactly_what_the_server_counts(steps: list[tuple[str, str]]) -> None:
    """Convergence, and checksum equal exactly when the sets are."""
    with TemporaryDirectory() as folder, world(Path(folder)) as made:
        cohort = made.space(SpaceType.COHORT)
        laptops = {login: made.laptop(login) for login in ("ines", "karim", "sophie")}
        ids: list[bytes] = []
        for place, (login, what) in enumerate(steps):
            laptop = laptops[login]
            target = ids[place % len(ids)] if ids else made.chance(16)
            if what == "post":
                ids.append(made.chance(16))
                laptop.push(cohort, laptop.post(str(place), ids[-1]))
            elif what == "edit":
                laptop.push(cohort, laptop.edit(target, 0, text=str(place)))
            elif what == "delete":
                laptop.push(cohort, laptop.delete(target, 0))
            else:
                laptop.pull()
        for laptop in laptops.values():
            laptop.pull()
            assert checksum_of(laptop.rows[cohort]) == laptop.checksums[cohort]
        assert laptops["ines"].rows[cohort].keys() == laptops["karim"].rows[cohort].keys()
        assert laptops["ines"].cursors[cohort] == laptops["sophie"].cursors[cohort]
