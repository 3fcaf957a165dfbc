"""What is asked and what a reply does: the planner's truth table, one sentence a line."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sync.client import planner
from sync.client.ports import Laptop, SpaceState, Waiting
from sync.client.steps import (
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    MarkSafe,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.domain.kind import encode
from sync.protocol.digest import view_digest
from sync.protocol.errors import Refusal
from sync.protocol.messages import (
    START,
    Batch,
    BatchAnswer,
    Checksum,
    Create,
    Cursor,
    Outcome,
    Page,
    Row,
    Run,
    Safe,
    SyncReply,
    SyncRequest,
    Verdict,
)
from sync.protocol.wire import encode as to_wire

A, B = (spaces.cohort(CohortId(bytes([number]) * 16)) for number in (1, 2))
SERVER, WRITER, FRESH = b"s" * 16, 5, 99
SUM = Checksum(1, 2)


def at(seq: int, epoch: int = 1) -> Cursor:
    return Cursor(epoch, seq, bytes([epoch, seq]) * 4, b"sealed--")


def space(
    name: bytes = A,
    cursor: Cursor = START,
    claim: Cursor | None = None,
    *,
    visible: bool = True,
    lost: bool = False,
    compare: bool = False,
    staged: Cursor | None = None,
) -> SpaceState:
    return SpaceState(name, cursor, cursor if claim is None else claim, visible, lost, compare, staged)


def laptop(*known: SpaceState, backup: int = 0) -> Laptop:
    return Laptop(SERVER, WRITER, backup, known)


def waiting(n: int, name: bytes = A, writer: int = WRITER) -> Waiting:
    return Waiting(writer, n, name, to_wire(Create(n, POST.number, b"i" * 16, msgspec.Raw(encode(Post(text="a"))))))


def row(seq: int) -> Row:
    return Row(seq, POST.number, bytes([seq]) * 16, b"p" * 16, 0, msgspec.Raw(encode(Post(text="a"))))


def page(name: bytes, since: int, cursor: Cursor, *, begins: bool = False, last: bool = True) -> Page:
    return Page(name, since, cursor, (row(cursor.seq),), begins, SUM if last else None)


def reply(
    *pages: Page,
    answers: tuple[BatchAnswer, ...] = (),
    revoked: tuple[bytes, ...] = (),
    safe: tuple[Safe, ...] = (),
    more: bool = False,
    backup: int = 0,
) -> SyncReply:
    return SyncReply(SERVER, 0, backup, False, more, answers, pages, revoked, safe)


def settled(known: Laptop, answer: SyncReply, sent: SyncRequest | None = None) -> list[Step]:
    return planner.settle(known, sent or planner.request(known, []), answer, FRESH)


# What is asked.


def test_a_digest_goes_alone_where_claim_and_cursor_agree_everywhere() -> None:
    sent = planner.request(laptop(space(A, at(3)), space(B, at(5)), space(b"lost", START, at(2), lost=True)), [])
    assert sent.digest == view_digest([(A, at(3)), (B, at(5))])
    assert (sent.standings, sent.whole, sent.batches) == ((), False, ())


def test_a_space_that_was_told_more_than_it_has_says_where_it_stands() -> None:
    sent = planner.request(laptop(space(A, at(3), at(7)), space(B, at(5))), [])
    assert sent.digest == view_digest([(A, at(3)), (B, at(5))])
    assert [(each.space, each.cursor, each.claim) for each in sent.standings] == [(A, at(3), at(7))]


def test_the_whole_vector_names_lost_spaces_with_their_claims() -> None:
    sent = planner.request(laptop(space(A, at(3)), space(B, START, at(4), visible=False, lost=True)), [], whole=True)
    assert sent.digest is None
    assert sent.whole
    assert [(each.space, each.cursor, each.claim) for each in sent.standings] == [(A, at(3), at(3)), (B, START, at(4))]


def test_what_is_told_half_is_asked_for_whole_because_equal_digests_would_end_the_telling() -> None:
    assert planner.request(laptop(space(A, at(3), staged=at(2, epoch=2))), []).whole
    assert planner.request(laptop(space(A, at(3), visible=False)), []).whole


def test_a_push_without_a_pull_asks_for_nothing() -> None:
    sent = planner.request(laptop(space(A, at(3), at(7))), [waiting(1)], pull=False)
    assert (sent.digest, sent.standings, sent.whole) == (None, (), False)


def test_entries_go_in_a_batch_a_space_with_its_claim_under_their_own_writer() -> None:
    entries = [waiting(1, A, 8), waiting(2, B, 8), waiting(3, A, 8)]
    sent = planner.request(laptop(space(A, at(3), at(7))), entries)
    assert sent.writer == 8
    assert [(each.space, each.claim, len(each.entries)) for each in sent.batches] == [(A, at(7), 2), (B, START, 1)]


def test_a_compare_is_asked_for_once() -> None:
    known = laptop(space(A, at(3), compare=True))
    assert [each.compare for each in planner.request(known, []).standings] == [True]
    assert planner.request(known, [], compared={A}).standings == ()


def test_a_telling_that_the_server_has_no_more_of_is_compared() -> None:
    """The server went back to exactly where the telling stood: no last page, no checksum will come."""
    for half in (space(A, at(3), staged=at(6, epoch=2)), space(A, at(6), visible=False)):
        known = laptop(half)
        sent = planner.request(known, [], whole=True)
        assert settled(known, reply(), sent) == [Compare(A)]
        assert settled(known, reply(more=True), sent) == []


# What the answers to a push do.


def test_accepted_and_known_changes_are_confirmed_with_their_seqs_and_the_place_is_claimed() -> None:
    runs = (Run(1, 2, Verdict.ACCEPTED, 8), Run(3, 1, Verdict.DUP, 4))
    steps = settled(laptop(space(A, at(3))), reply(answers=(BatchAnswer(A, Outcome.DONE, at(9), runs),)))
    assert steps == [Confirm(A, WRITER, 1, 2, 1, 8), Confirm(A, WRITER, 3, 1, 1, 4), Claim(A, at(9))]


def test_a_refused_change_blocks_no_other() -> None:
    runs = (Run(1, 1, Verdict.REFUSED, 0, Refusal.DELETED), Run(2, 1, Verdict.ACCEPTED, 4))
    steps = settled(laptop(space(A, at(3))), reply(answers=(BatchAnswer(A, Outcome.DONE, at(4), runs),)))
    assert steps[:2] == [Refuse(A, WRITER, 1, 1, Refusal.DELETED), Confirm(A, WRITER, 2, 1, 1, 4)]


def test_forked_changes_and_no_others_get_new_names() -> None:
    runs = (Run(1, 1, Verdict.DUP, 3), Run(2, 2, Verdict.FORK))
    steps = settled(laptop(space(A, at(3))), reply(answers=(BatchAnswer(A, Outcome.DONE, at(3), runs),)))
    assert steps[-1] == NewWriter(FRESH, WRITER, (2, 3))


def test_a_writer_of_another_device_renames_the_whole_batch() -> None:
    known = laptop(space(A, at(3)))
    sent = planner.request(known, [waiting(4), waiting(7)])
    steps = settled(known, reply(answers=(BatchAnswer(A, Outcome.FORKED),)), sent)
    assert steps == [NewWriter(FRESH, WRITER, (4, 7))]


def test_a_new_epoch_at_a_push_changes_nothing_before_its_space_is_fetched() -> None:
    known = laptop(space(A, at(3)))
    answer = reply(answers=(BatchAnswer(A, Outcome.RENEWED, at(0, epoch=2)),))
    steps = settled(known, answer)
    assert steps == []
    assert planner.must_fetch(known, answer, steps)


def test_a_wrong_seal_asks_for_a_full_compare() -> None:
    known = laptop(space(A, at(3)))
    answer = reply(answers=(BatchAnswer(A, Outcome.COMPARE),))
    assert settled(known, answer) == [Compare(A)]
    assert planner.must_fetch(known, answer, [Compare(A)])


def test_a_push_to_a_space_that_is_lost_loses_it_at_once() -> None:
    answer = reply(page(A, 3, at(4)), answers=(BatchAnswer(A, Outcome.REVOKED),))
    steps = settled(laptop(space(A, at(3))), answer)
    assert [type(step) for step in steps] == [Revoke, Claim]


def test_an_answer_of_a_lost_space_counts_only_once_the_space_is_told_again() -> None:
    known = laptop(space(A, START, at(3), visible=False, lost=True))
    done = BatchAnswer(A, Outcome.DONE, at(4), (Run(1, 1, Verdict.ACCEPTED, 4),))
    assert settled(known, reply(answers=(done,))) == []
    assert planner.must_fetch(known, reply(answers=(done,)), [])
    steps = settled(known, reply(page(A, 0, at(4), begins=True), answers=(done,)))
    assert [type(step) for step in steps] == [Begin, Confirm, Claim, Claim, Apply, Reach]


def test_an_answer_in_the_epoch_that_the_reply_begins_outlives_the_beginning() -> None:
    done = BatchAnswer(A, Outcome.DONE, at(4), (Run(1, 1, Verdict.ACCEPTED, 4),))
    steps = settled(laptop(), reply(page(A, 0, at(4), begins=True), answers=(done,)))
    assert steps.index(Begin(A, 1)) < steps.index(Confirm(A, WRITER, 1, 1, 1, 4))


def test_an_answer_in_an_older_epoch_is_offered_again_with_the_others() -> None:
    done = BatchAnswer(A, Outcome.DONE, at(4), (Run(1, 1, Verdict.ACCEPTED, 4),))
    steps = settled(laptop(), reply(page(A, 0, at(4, epoch=2), begins=True), answers=(done,)))
    assert steps.index(Confirm(A, WRITER, 1, 1, 1, 4)) < steps.index(Begin(A, 2))


# What the pages do.


def test_the_only_page_goes_straight_into_the_records() -> None:
    steps = settled(laptop(space(A, at(3))), reply(page(A, 3, at(4))))
    assert [type(step) for step in steps] == [Claim, Apply, Reach]


def test_a_page_that_others_follow_waits_beside_the_records() -> None:
    steps = settled(laptop(space(A, at(3))), reply(page(A, 3, at(4), last=False)))
    assert [type(step) for step in steps] == [Claim, Stage]


def test_the_last_page_after_staged_ones_is_staged_and_reached() -> None:
    steps = settled(laptop(space(A, at(3), at(4), staged=at(4))), reply(page(A, 4, at(5))))
    assert [type(step) for step in steps] == [Claim, Stage, Reach]


def test_a_space_that_is_not_readable_yet_is_written_straight() -> None:
    steps = settled(laptop(space(A, at(3), visible=False)), reply(page(A, 3, at(4), last=False)))
    assert [type(step) for step in steps] == [Claim, Apply]


def test_a_new_space_begins_and_is_reached() -> None:
    steps = settled(laptop(), reply(page(A, 0, at(4), begins=True)))
    assert steps == [Begin(A, 1), Claim(A, at(4)), Apply(A, (row(4),), at(4)), Reach(A, SUM)]


def test_a_page_that_does_not_continue_where_we_stand_is_dropped() -> None:
    known = laptop(space(A, at(3)))
    for odd in (page(A, 2, at(4)), page(A, 4, at(5)), page(A, 3, at(4, epoch=2)), page(B, 0, at(1))):
        assert [type(step) for step in settled(known, reply(odd))] == [Claim]


def test_a_retelling_in_a_new_epoch_waits_until_what_it_offers_again_is_answered() -> None:
    """Otherwise a change that was overtaken long ago would lie on top of the rows for a moment."""
    steps = settled(laptop(space(A, at(3))), reply(page(A, 0, at(4, epoch=2), begins=True)))
    assert steps == [Begin(A, 2), Claim(A, at(4, epoch=2))]
    begun = laptop(space(A, at(3), at(4, epoch=2), staged=Cursor(2, 0)))
    steps = settled(begun, reply(page(A, 0, at(4, epoch=2), begins=True)))
    assert [type(step) for step in steps] == [Claim, Stage, Reach]


def test_a_compare_in_the_same_epoch_tells_over_the_readable_records() -> None:
    known = laptop(space(A, at(3), compare=True))
    steps = settled(known, reply(page(A, 0, at(4), begins=True)))
    assert [type(step) for step in steps] == [Begin, Claim, Apply, Reach]


def test_pages_of_one_reply_may_follow_each_other() -> None:
    steps = settled(laptop(), reply(page(A, 0, at(2), begins=True, last=False), page(A, 2, at(4))))
    assert [type(step) for step in steps] == [Begin, Claim, Apply, Claim, Apply, Reach]


# Access, backups.


def test_a_space_that_is_told_as_revoked_is_lost_once() -> None:
    known = laptop(space(A, at(3)), space(B, START, at(1), lost=True))
    assert settled(known, reply(revoked=(A, B, b"unknown"))) == [Revoke(A)]


def test_a_space_only_ever_written_to_is_lost_when_it_is_not_among_all_that_may_be_read() -> None:
    known = laptop(space(A, START, at(3), visible=False))
    sent = planner.request(known, [], whole=True)
    assert settled(known, reply(), sent) == [Revoke(A)]
    assert settled(known, reply(more=True), sent) == []


def test_the_number_of_a_backup_is_kept_with_the_places_that_were_asked_for() -> None:
    known = laptop(space(A, at(3)), backup=1)
    answer = reply(safe=(Safe(A, 1, 3),), backup=2)
    assert settled(known, answer, planner.request(known, [], safe_of=[A])) == [MarkSafe(A, 1, 3), Backed(2)]
    assert settled(known, reply(backup=2)) == []


_CURSORS = st.builds(at, st.integers(0, 4), st.integers(1, 3))
_PAGES = st.builds(page, st.sampled_from([A, B]), st.integers(0, 4), _CURSORS, begins=st.booleans(), last=st.booleans())
_SPACES = st.builds(
    space,
    st.just(A),
    _CURSORS,
    st.none(),
    visible=st.booleans(),
    lost=st.booleans(),
    compare=st.booleans(),
    staged=st.one_of(st.none(), _CURSORS),
)


@given(_SPACES, st.lists(_PAGES, max_size=4))
def test_whatever_pages_come_rows_only_follow_where_the_laptop_stands(known: SpaceState, pages: list[Page]) -> None:
    stands: dict[bytes, Cursor] = {} if known.lost else {A: known.standing}
    for step in settled(laptop(known), reply(*pages)):
        match step:
            case Begin(name, epoch):
                stands[name] = Cursor(epoch, 0)
            case Apply(name, _, cursor) | Stage(name, _, cursor):
                stand = stands[name]
                followed = [each for each in pages if each.space == name and each.cursor == cursor]
                assert any((each.since, each.cursor.epoch) == (stand.seq, stand.epoch) for each in followed)
                stands[name] = cursor
            case _:
                pass


def test_a_batch_is_made_of_raw_bytes_that_are_not_encoded_again() -> None:
    entry = waiting(1)
    (batch,) = planner.request(laptop(), [entry]).batches
    assert batch == Batch(A, START, (msgspec.Raw(entry.entry),))
