"""What is asked about a space in doubt, and what each answer means: read as a truth table."""

from __future__ import annotations

from typing import Any

import msgspec

from sync.client import narrowing
from sync.client.ports import Laptop, SpaceState, Stretch
from sync.client.steps import Agree, Compare, Mend, Step
from sync.protocol.limits import MAX_SPANS
from sync.protocol.messages import Checksum, Cursor, Narrowed, Probe, Row, Span, SyncReply, SyncRequest
from sync.protocol.version import PROTOCOL, RULES

A = b"A" * 17
AT = Cursor(1, 9, b"tailtail", b"sealseal")
OURS, THEIRS = Checksum(3, 3), Checksum(4, 4)
WHOLE, LOW, HIGH = Span(b"", b"", OURS), Span(b"", b"m", THEIRS), Span(b"m", b"", OURS)
ROW = Row(1, 40, b"i" * 16, b"a" * 16, 0, msgspec.Raw(b"\xc0"))


def state(**changes: Any) -> SpaceState:
    return SpaceState(A, AT, AT, visible=True, doubt=True)._replace(**changes)


def settled(asked: Probe, *answers: Narrowed, rounds: int = 1) -> list[Step]:
    sent = SyncRequest(PROTOCOL, RULES, 1, probes=(asked,))
    return narrowing.settle(sent, SyncReply(b"s", 0, 0, narrowed=answers), {A: rounds})


def finer(asked: Probe, *answers: Narrowed) -> dict[bytes, tuple[Span, ...]]:
    sent = SyncRequest(PROTOCOL, RULES, 1, probes=(asked,))
    return narrowing.finer(sent, SyncReply(b"s", 0, 0, narrowed=answers))


def test_only_a_readable_space_in_doubt_that_was_not_told_anew_just_now_is_asked_about() -> None:
    def asked(one: SpaceState, *compared: bytes) -> int:
        return len(narrowing.in_doubt(Laptop(b"s", 1, 0, (one,)), compared))

    assert asked(state()) == 1
    assert asked(state(doubt=False)) == 0
    assert asked(state(visible=False)) == 0
    assert asked(state(staged=AT)) == 0
    assert asked(state(lost=True)) == 0
    assert asked(state(compare=True)) == 0
    assert asked(state(), A) == 0


def test_the_first_question_is_about_the_whole_and_the_next_about_what_differs() -> None:
    assert narrowing.stretches(state(), {}) == [Stretch(b"", b"")]
    assert narrowing.probe(state(), {}, [OURS]) == Probe(A, AT, (WHOLE,))
    told = {A: (LOW, HIGH)}
    assert narrowing.stretches(state(), told) == [Stretch(b"", b"m"), Stretch(b"m", b"")]
    assert narrowing.probe(state(), told, [OURS, OURS]).spans == (Span(b"", b"m", OURS),)


def test_too_many_stretches_that_differ_are_not_asked_about_one_by_one() -> None:
    many = {A: tuple(Span(bytes([n]), bytes([n + 1]), THEIRS) for n in range(MAX_SPANS + 1))}
    assert narrowing.probe(state(), many, [OURS] * (MAX_SPANS + 1)).spans == ()
    assert settled(Probe(A, AT, ()), Narrowed(A, AT)) == [Compare(A)]


def test_an_answer_agrees_mends_or_narrows() -> None:
    whole = Probe(A, AT, (WHOLE,))
    assert settled(whole, Narrowed(A, AT)) == [Agree(A)]
    assert settled(whole, Narrowed(A, AT, (LOW, HIGH))) == []
    assert finer(whole, Narrowed(A, AT, (LOW, HIGH))) == {A: (LOW, HIGH)}
    assert settled(whole, Narrowed(A, AT, (), (WHOLE,), (ROW,))) == [Mend(A, (WHOLE,), (ROW,))]
    assert settled(Probe(A, AT, (LOW,)), Narrowed(A, AT)) == [], "one stretch that agrees is not the whole"


def test_an_answer_as_of_another_head_or_none_at_all_says_nothing() -> None:
    whole = Probe(A, AT, (WHOLE,))
    moved = Narrowed(A, Cursor(1, 10, b"tailtail", b"sealseal"), (LOW,))
    assert settled(whole) == settled(whole, moved) == []
    assert finer(whole, moved) == {}


def test_a_space_that_cannot_be_narrowed_is_told_anew_in_the_end() -> None:
    whole = Probe(A, AT, (WHOLE,))
    assert settled(whole, rounds=narrowing.MAX_ROUNDS) == [Compare(A)]
    assert settled(whole, Narrowed(A, AT), rounds=narrowing.MAX_ROUNDS) == [Agree(A)]
