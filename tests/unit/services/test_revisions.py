"""Edited at the same time: both texts are shown to both sides, and each settles for themselves."""

import msgspec
import pytest

from spoc_desktop.services.attention import Cause, attention_items
from spoc_desktop.services.forum import Forum
from spoc_desktop.services.revisions import Revisions
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import PersonId
from sync.domain.revisions import REVISION, SETTLED, Revision, Settled, settled_id
from tests.unit.services.classroom import COHORT_ID, HELENE, KARIM, NADIA, Laptop, learner_laptop, name, trainer_laptop

LABELS = name("labels")
OURS, THEIRS = "Chez nous : lien en inox.", "Chez nous : collier rouge."
SPACE = spaces.cohort(COHORT_ID)


def told_split(laptop: Laptop, author: PersonId = NADIA, by: PersonId = NADIA, word: str = "one") -> bytes:
    """Let the server tell a post of Nadia whose text was overtaken."""
    laptop.told(SPACE, (POST, LABELS, Post(text=THEIRS, title="Étiquettes")), author=NADIA)
    revision = Revision(
        record=LABELS,
        kind=POST.number,
        field=POST.number_of("text"),
        value=msgspec.msgpack.encode(OURS),
        author=author,
        writer=7,
        n=1,
        by=by,
    )
    laptop.told(SPACE, (REVISION, name(word), revision), author=author)
    return name(word)


def test_both_texts_are_there_with_who_wrote_each() -> None:
    nadia = learner_laptop()
    told_split(nadia)
    (split,) = Revisions(nadia.desk).open()
    assert (split.overtaken.text, split.standing.text, split.is_text) == (OURS, THEIRS, True)
    assert split.overtaken.is_mine
    assert split.standing.is_mine
    (post,) = Forum(nadia.desk).thread(COHORT_ID, LABELS).posts
    assert post.splits == (split,)


def test_both_sides_see_it_and_nobody_else() -> None:
    for person, laptop in ((NADIA, learner_laptop()), (KARIM, learner_laptop(KARIM)), (HELENE, trainer_laptop())):
        told_split(laptop, author=NADIA, by=HELENE)
        assert len(Revisions(laptop.desk).open()) == (person != KARIM)


def test_keeping_what_stands_settles_it_without_an_edit() -> None:
    nadia = learner_laptop()
    told_split(nadia)
    revisions = Revisions(nadia.desk)
    revisions.keep(revisions.open()[0], "standing")
    assert revisions.open() == ()
    assert [entry.kind for entry in nadia.store.outbox_list()] == [SETTLED.number]


@pytest.mark.parametrize(("which", "text"), [("overtaken", OURS), ("both", f"{THEIRS}\n\n{OURS}")])
def test_keeping_the_overtaken_one_or_both_edits_the_post_and_settles_it(which: str, text: str) -> None:
    nadia = learner_laptop()
    told_split(nadia)
    revisions = Revisions(nadia.desk)
    revisions.keep(revisions.open()[0], which)  # type: ignore[arg-type]  # pytest hands over plain strings
    assert Forum(nadia.desk).thread(COHORT_ID, LABELS).posts[0].text == text
    assert revisions.open() == ()


def test_a_common_version_stands_and_the_other_side_still_sees_what_it_lost() -> None:
    nadia, helene = learner_laptop(), trainer_laptop()
    for laptop in (nadia, helene):
        told_split(laptop, author=HELENE, by=NADIA)
    revisions = Revisions(nadia.desk)
    revisions.write_common(revisions.open()[0], "Inox ou rouge.")
    assert Forum(nadia.desk).thread(COHORT_ID, LABELS).posts[0].text == "Inox ou rouge."
    assert len(Revisions(helene.desk).open()) == 1


def test_settling_one_leaves_another_one_open() -> None:
    nadia = learner_laptop()
    first = told_split(nadia)
    told_split(nadia, word="two")
    body = Settled(revision=first, at=0)
    nadia.told(spaces.own(NADIA), (SETTLED, settled_id(first), body), author=NADIA)
    assert [split.revision for split in Revisions(nadia.desk).open()] == [name("two")]


def test_what_says_the_same_again_needs_nobody() -> None:
    nadia = learner_laptop()
    told_split(nadia)
    Forum(nadia.desk).edit(LABELS, OURS)
    assert Revisions(nadia.desk).open() == ()


def test_the_list_of_what_needs_attention_names_the_discussion() -> None:
    nadia = learner_laptop()
    told_split(nadia)
    (item,) = attention_items(nadia.store)
    assert item.cause is Cause.EDITED_TOGETHER
    assert "Étiquettes" in item.what
    assert item.texts == (OURS, THEIRS)
    assert item.split is not None
