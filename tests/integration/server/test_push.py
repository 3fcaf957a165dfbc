"""Rule 2: each mutation has its own answer, a retry is safe, one fault blocks no other."""

from __future__ import annotations

import msgspec
import pytest

from sync.domain.blocks import UNKNOWN_TAG, Unknown
from sync.domain.courses import LESSON, Lesson
from sync.domain.forum import POST, Post
from sync.domain.kind import Kind, encode
from sync.domain.people import SETTINGS, Settings
from sync.domain.quizzes import ATTEMPT, GRADE, Attempt
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_BODY, MAX_PUSH_ROWS
from sync.protocol.messages import START, Batch, Create, Edit, Mutation, Outcome, Run, SyncRequest, Verdict
from sync.protocol.version import PROTOCOL, RULES
from sync.protocol.wire import Damaged
from sync.server.sync import entries
from sync.server.sync.exchange import TooMuch
from tests.integration.server.world import World, entry, raw, verdicts


def attempt(n: int = 1) -> Attempt:
    return Attempt(activity=bytes(16), edition=bytes(16), number=n, started=1, submitted=2, answers=())


def test_a_thousand_accepted_in_a_row_are_one_line_of_the_answer(world: World) -> None:
    ines = world.laptop("ines")
    answer = ines.push(world.space(SpaceType.PERSONAL), *(ines.create(ATTEMPT, attempt(n)) for n in range(1000)))
    assert answer.outcome is Outcome.DONE
    assert answer.runs == (Run(1, 1000, Verdict.ACCEPTED, 2),)
    assert answer.cursor.seq == 1001


def test_a_repeated_push_is_answered_with_the_same_seqs_and_changes_nothing(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    posts = [ines.post(f"post {n}") for n in range(5)]
    first, second = ines.push(cohort, *posts), ines.push(cohort, *posts)
    assert [each[1] for each in verdicts(second)] == ["DUP"] * 5
    assert [each[2] for each in verdicts(second)] == [each[2] for each in verdicts(first)]
    assert second.cursor == first.cursor
    ines.pull()
    assert ines.texts(cohort) == [f"post {n}" for n in range(5)]


def test_the_same_mutation_twice_in_one_batch_is_done_once(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    post = ines.post("une fois")
    answer = ines.push(cohort, post, post)
    assert [each[1] for each in verdicts(answer)] == ["ACCEPTED", "DUP"]


def test_the_names_that_were_done_are_a_set_and_no_high_water_mark(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    early, late = ines.post("tôt"), ines.post("tard")
    ines.push(cohort, late)
    assert [each[1] for each in verdicts(ines.push(cohort, early))] == ["ACCEPTED"]


def test_names_far_apart_are_recognised_too(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    posts = [Create(n, POST.number, world.chance(16), raw(Post(text=str(n)))) for n in (1, 50, 2**62, 2**63 - 1)]
    ines.push(cohort, *posts)
    assert [each[1] for each in verdicts(ines.push(cohort, *posts))] == ["DUP"] * 4


def test_other_bytes_under_a_known_name_are_a_fork_and_nothing_after_it_is_applied(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    first = ines.post("la première copie")
    ines.push(cohort, first)
    other = Create(first.n, POST.number, world.chance(16), raw(Post(text="la seconde copie")))
    on_top = Edit(2, other.id, 1, 0, {0: raw(msgspec.msgpack.encode("bâti dessus"))})
    answer = ines.push(cohort, other, on_top)
    assert [each[1] for each in verdicts(answer)] == ["FORK", "FORK"]
    ines.pull()
    assert ines.texts(cohort) == ["la première copie"]


def test_what_comes_before_a_fork_keeps_its_name_so_that_the_other_copy_does_not_do_it_again(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    before, first = ines.post("avant la copie"), ines.post("la première copie")
    ines.push(cohort, first)
    other = Create(first.n, POST.number, world.chance(16), raw(Post(text="la seconde copie")))
    answer = ines.push(cohort, before, other)
    assert [each[1] for each in verdicts(answer)] == ["ACCEPTED", "FORK"]
    assert [each[1] for each in verdicts(ines.push(cohort, before))] == ["DUP"]


def test_a_known_name_in_another_space_is_a_fork(world: World) -> None:
    ines = world.laptop("ines")
    post = ines.post("bonjour")
    ines.push(world.space(SpaceType.COHORT), post)
    moved = Create(post.n, SETTINGS.number, post.id, raw(Settings()))
    assert [each[1] for each in verdicts(ines.push(world.space(SpaceType.OWN), moved))] == ["FORK"]


def test_a_writer_of_another_device_is_refused_as_a_fork(world: World) -> None:
    """Attack A43: a writer belongs to the device that first used it."""
    ines, cohort = world.laptop("ines", writer=2**64 - 1), world.space(SpaceType.COHORT)
    ines.push(cohort, ines.post("à moi"))
    karim = world.laptop("karim", writer=2**64 - 1)
    answer = karim.push(cohort, karim.post("sous son nom"))
    assert answer.outcome is Outcome.FORKED
    ines.pull()
    assert ines.texts(cohort) == ["à moi"]


def test_what_an_entry_lacks_is_said_of_it_alone(world: World) -> None:
    """Faults F29 and F37: refusals block nobody else."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    mutations: list[Mutation] = [
        ines.post("avant"),
        ines.create(POST, Post(text="x"), id_=b"short"),
        Create(ines.next_n(), 9999, world.chance(16), raw(Post(text="x"))),
        Create(ines.next_n(), POST.number, world.chance(16), raw(b"\x93\x01\x02\x03")),
        ines.create(POST, Post(text="x" * MAX_BODY)),
        ines.create(ATTEMPT, attempt()),
        ines.edit(world.chance(16), 0, text="rien là"),
        ines.delete(world.chance(16), 0),
        ines.post("après"),
    ]
    answer = ines.push(cohort, *mutations)
    assert [Refusal(each[3]).name for each in verdicts(answer)] == [
        "UNKNOWN",
        "INVALID",
        "UNKNOWN_KIND",
        "INVALID",
        "TOO_LARGE",
        "NOT_ALLOWED",
        "MISSING",
        "MISSING",
        "UNKNOWN",
    ]
    ines.pull()
    assert ines.texts(cohort) == ["avant", "après"]


def test_a_refused_mutation_may_come_again_under_its_name_and_be_taken(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    early = ines.edit(id_, 0, text="corrigé")
    assert [each[1] for each in verdicts(ines.push(cohort, early))] == ["REFUSED"]
    created = ines.post("à corriger", id_)
    ines.push(cohort, created)
    assert [each[1] for each in verdicts(ines.push(cohort, early))] == ["ACCEPTED"]
    karim.pull()
    assert karim.texts(cohort) == ["corrigé"]


def test_an_entry_of_a_newer_form_is_refused_by_its_name(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    newer = msgspec.Raw(msgspec.msgpack.encode([9, 7, b"whatever"]))
    answer = ines.push_raw(cohort, newer, entry(ines.post("la suite")))
    assert verdicts(answer)[0] == (7, "REFUSED", 0, Refusal.INVALID)
    assert verdicts(answer)[1][1] == "ACCEPTED"


@pytest.mark.parametrize("nameless", [b"\xc0", b"\x90", b"\x92\x01\xa1x", b"\x92\x01\x38\xff", b"\x93\x01\x02"])
def test_an_entry_without_a_name_fails_the_request_so_that_the_laptop_halves_it(world: World, nameless: bytes) -> None:
    ines = world.laptop("ines")
    with pytest.raises(Damaged):
        ines.push_raw(world.space(SpaceType.COHORT), msgspec.Raw(nameless))


@pytest.mark.allows_warnings
def test_an_entry_that_breaks_its_handler_is_set_aside_and_the_other_999_arrive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault F37, and attack A46: the log says that something broke, not what the person wrote."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    check = entries._check_body

    def broken(kind: Kind, body: bytes) -> None:
        if b"poison" in body:
            raise RuntimeError("poison secret")
        check(kind, body)

    monkeypatch.setattr(entries, "_check_body", broken)
    answer = ines.push(cohort, *(ines.post("poison" if n == 500 else str(n)) for n in range(1000)))
    assert answer.runs == (
        Run(1, 500, Verdict.ACCEPTED, 5),
        Run(501, 1, Verdict.REFUSED, 0, Refusal.BROKEN),
        Run(502, 499, Verdict.ACCEPTED, 505),
    )


def test_a_record_that_is_there_with_the_same_first_content_is_done_before(world: World) -> None:
    """An answer was lost and the writer changed: nothing is doubled, nothing is refused."""
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    id_, personal = world.chance(16), world.space(SpaceType.PERSONAL)
    ines.push(cohort, ines.post("le texte", id_))
    ines.push(cohort, ines.edit(id_, 0, text="le texte, plus tard"))
    taken = ines.push(personal, ines.create(ATTEMPT, attempt(), world.chance(16)))
    again = world.laptop("ines")
    assert [each[1] for each in verdicts(again.push(cohort, again.post("le texte", id_)))] == ["DUP"]
    assert taken.outcome is Outcome.DONE
    again.pull()
    assert again.texts(cohort) == ["le texte, plus tard"]


def test_a_record_id_of_somebody_else_is_not_taken_over(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    ines.push(cohort, ines.post("à moi", id_))
    answer = karim.push(cohort, karim.post("à moi", id_))
    assert verdicts(answer)[0][3] == Refusal.EXISTS


def test_a_block_that_this_server_does_not_know_is_refused_and_what_stands_is_kept(world: World) -> None:
    """What it cannot read it cannot check: files that are named in it, say. The laptop keeps what was refused."""
    paul, authoring = world.laptop("paul"), world.space(SpaceType.AUTHORING)
    lesson = paul.create(LESSON, Lesson(title="Une leçon", minutes=5, blocks=()))
    newer = msgspec.msgpack.encode([[99, "a puzzle"]])
    wrapped = msgspec.msgpack.encode([[UNKNOWN_TAG, b"\x91\x63"]])
    edits = [
        Edit(paul.next_n(), lesson.id, 1, 2, {LESSON.number_of("blocks"): msgspec.Raw(each)})
        for each in (newer, wrapped)
    ]
    whole = paul.create(LESSON, Lesson(title="Une autre", minutes=5, blocks=(Unknown(raw=b"\x91\x63"),)))
    answer = paul.push(authoring, lesson, *edits, whole)
    assert [each[1] for each in verdicts(answer)] == ["ACCEPTED", "REFUSED", "REFUSED", "REFUSED"]
    assert {run.refusal for run in answer.runs if run.verdict is Verdict.REFUSED} == {Refusal.INVALID}


def test_nobody_writes_what_only_the_server_writes(world: World) -> None:
    """Attack A5: a learner's own grade."""
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    forged = Create(1, GRADE.number, world.chance(16), raw(b"\x90"))
    assert verdicts(ines.push(personal, forged))[0][3] == Refusal.NOT_ALLOWED


def test_author_and_time_are_the_servers_word(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    ines.push(cohort, ines.post("bonjour"))
    karim.pull()
    row = next(row for row in karim.rows[cohort].values() if row.kind == POST.number)
    assert (row.author, row.at) == (ines.caller.person, world.now)


def test_a_push_to_a_space_that_is_not_ones_own_is_answered_as_if_it_were_not_there(world: World) -> None:
    """Attacks A1 and A8: what exists and is not readable answers like what does not exist."""
    karim = world.laptop("karim")
    others, nowhere = world.space(SpaceType.PERSONAL, "ines"), b"\x05" + world.chance(16)
    for space in (others, nowhere, b"", b"\xff\x00"):
        answer = karim.push(space, karim.create(ATTEMPT, attempt()))
        assert (answer.outcome, answer.cursor, answer.runs) == (Outcome.REVOKED, START, ())


def test_more_rows_than_a_request_may_hold_are_refused_as_a_whole(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    one = msgspec.Raw(b"\xc0")
    with pytest.raises(TooMuch):
        ines.exchange(
            SyncRequest(PROTOCOL, RULES, 1, None, batches=(Batch(cohort, START, (one,) * (MAX_PUSH_ROWS + 1)),))
        )


def test_fields_and_tails_that_a_newer_program_wrote_are_kept_raw(world: World) -> None:
    """Rule 10: a longer array of a known kind is stored and told as it came."""
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    longer = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode(Post(text="neuf"))), "un champ de demain"])
    id_ = world.chance(16)
    ines.push(cohort, ines.create(POST, longer, id_))
    karim.push(cohort, karim.post("entre-temps"))
    ines.push(cohort, ines.edit(id_, 5, text="édité"))
    karim.pull()
    assert msgspec.msgpack.decode(bytes(karim.rows[cohort][id_].body))[-1] == "un champ de demain"
