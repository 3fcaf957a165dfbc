"""What a person sees of a record: their own changes at once, and never an older value after a newer one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.client.memory_store import MemoryStore
from sync.client.steps import Apply, Begin, Claim, Confirm, Reach, Step
from sync.client.view import Record, State, fold, shows
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.domain.kind import encode
from sync.domain.merge import DELETED
from sync.protocol.digest import EMPTY
from sync.protocol.messages import Create, Cursor, Delete, Edit, Row

ID = b"r" * 16
SPACE = spaces.cohort(CohortId(b"c" * 16))


def post(text: str, title: str = "") -> bytes:
    return encode(Post(text=text, title=title))


def edit(n: int, **changes: str) -> Edit:
    raws = {POST.number_of(name): msgspec.Raw(msgspec.msgpack.encode(value)) for name, value in changes.items()}
    return Edit(n, ID, 1, 1, raws)


def test_without_a_record_and_without_changes_there_is_nothing_to_see() -> None:
    assert fold(None, []) is None


def test_an_own_record_is_seen_before_the_server_has_it() -> None:
    assert fold(None, [Create(1, POST.number, ID, msgspec.Raw(post("a")))]) == Record(POST.number, post("a"))


def test_edits_replace_single_fields_of_what_the_server_told() -> None:
    seen = fold(Record(POST.number, post("a", "t")), [edit(1, text="b"), edit(2, title="u"), edit(3, text="c")])
    assert seen == Record(POST.number, post("c", "u"))


def test_what_the_server_has_stands_against_a_creation_whose_answer_was_lost() -> None:
    seen = fold(Record(POST.number, post("edited")), [Create(1, POST.number, ID, msgspec.Raw(post("first")))])
    assert seen == Record(POST.number, post("edited"))


def test_a_record_is_gone_with_its_deletion_whatever_was_written_after() -> None:
    assert fold(Record(POST.number, post("a")), [Delete(1, ID, 1, 1), edit(2, text="b")]) is None
    assert fold(Record(POST.number, DELETED), [edit(1, text="b")]) is None


def test_an_edit_of_nothing_shows_nothing() -> None:
    assert fold(None, [edit(1, text="b")]) is None


def test_a_kind_of_a_newer_program_is_shown_as_it_was_told() -> None:
    told = Record(60_000, b"\x91\x01")
    assert fold(told, [edit(1, text="b")]) == told


def test_an_edit_that_no_longer_fits_changes_nothing() -> None:
    odd = Edit(1, ID, 1, 1, {77: msgspec.Raw(b"\x01")})
    wrong = Edit(2, ID, 1, 1, {0: msgspec.Raw(b"\x01")})
    assert fold(Record(POST.number, post("a")), [odd, wrong]) == Record(POST.number, post("a"))


@pytest.mark.parametrize(
    ("state", "pulled", "expected"),
    [
        (State.WAITING, False, True),
        (State.CONFIRMED, False, True),
        (State.CONFIRMED, True, False),
        (State.WAITING, True, False),
        (State.REFUSED, False, False),
        (State.QUARANTINED, False, False),
    ],
)
def test_a_change_lies_over_the_record_until_the_record_contains_it(state: State, pulled: bool, expected: bool) -> None:
    assert shows(state, pulled=pulled) is expected


class Play:
    """One field edited by this person and by others; answers and pulls come late and in any order."""

    def __init__(self) -> None:
        self.store = MemoryStore(b"s" * 16, 5, lambda: 0)
        self.accepted: list[str] = ["start"]
        self.told = 1
        self.unsent: list[tuple[int, str]] = []
        self.unanswered: list[tuple[int, int]] = []
        self.number = 0
        first = Row(1, POST.number, ID, b"p" * 16, 0, msgspec.Raw(post("start")))
        self.store.perform([Begin(SPACE, 1), Apply(SPACE, (first,), Cursor(1, 1)), Reach(SPACE, EMPTY)])
        self.seen = ["start"]

    def write(self) -> None:
        self.number += 1
        text = f"mine {self.number}"
        self.store.edit(SPACE, ID, {0: msgspec.msgpack.encode(text)})
        self.unsent.append((self.number, text))
        self.store.waiting(1_000, 1_000_000)  # each change may leave by itself: none joins another

    def others_write(self) -> None:
        self.accepted.append(f"theirs {len(self.accepted)}")

    def send(self) -> None:
        """The server takes the oldest change; its answer is on the way."""
        if self.unsent:
            number, text = self.unsent.pop(0)
            self.accepted.append(text)
            self.unanswered.append((number, len(self.accepted)))

    def answer(self) -> None:
        if self.unanswered:
            number, seq = self.unanswered.pop(0)
            self._perform([Confirm(SPACE, 5, number, 1, 1, seq), Claim(SPACE, Cursor(1, seq))])

    def pull(self) -> None:
        seq = len(self.accepted)
        row = Row(seq, POST.number, ID, b"p" * 16, 0, msgspec.Raw(post(self.accepted[-1])))
        self._perform([Apply(SPACE, (row,), Cursor(1, seq)), Reach(SPACE, EMPTY)])

    def _perform(self, steps: list[Step]) -> None:
        self.store.perform(steps)

    def look(self) -> None:
        record = self.store.seen(SPACE, ID)
        assert record is not None
        text = POST.decode(record.body).text
        if text != self.seen[-1]:
            assert text not in self.seen, f"{text} came back after {self.seen[-1]}"
            self.seen.append(text)


@given(st.lists(st.sampled_from(["write", "others_write", "send", "answer", "pull"]), max_size=40))
def test_a_value_never_goes_back_to_an_older_one_and_forward_again(doings: list[str]) -> None:
    play = Play()
    for doing in doings:
        getattr(play, doing)()
        play.look()
    while play.unsent or play.unanswered:
        play.send()
        play.answer()
        play.look()
    play.pull()
    play.look()
    assert play.seen[-1] == play.accepted[-1]
