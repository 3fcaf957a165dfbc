"""The forum as one laptop has it: order, what is unread, what may be done by whom."""

from pathlib import Path

import pytest

from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.forum import Forum, new_thread_place
from spoc_desktop.services.search import Search
from spoc_desktop.services.unsent import keep_unsent, unsent
from spoc_desktop.storage.errors import TooLateToUndo
from spoc_desktop.storage.store import LocalStore
from sync.domain import spaces
from sync.domain.cohorts import MEMBER, Member, Part
from sync.domain.forum import ANNOUNCEMENT, POST, Post
from sync.domain.ids import PersonId
from tests.unit.services.classroom import (
    COHORT_ID,
    HELENE,
    KARIM,
    LESSON_1,
    NADIA,
    SERVER,
    FixedChance,
    Laptop,
    learner_laptop,
    name,
    trainer_laptop,
    workplace,
)

LABELS, ANSWER, NEWS = name("labels"), name("answer"), name("news")


def told_post(laptop: Laptop, id_: bytes, body: Post, author: PersonId, *, announced: bool = False) -> None:
    """Let a minute pass, and the server tell a post."""
    laptop.clock.time += 60_000
    laptop.told(spaces.cohort(COHORT_ID), (ANNOUNCEMENT if announced else POST, id_, body), author=author)


@pytest.fixture
def laptop() -> Laptop:
    made = learner_laptop()
    told_post(made, LABELS, Post(text="Comment faites-vous ?", title="Étiquettes", activity=LESSON_1), KARIM)
    told_post(made, ANSWER, Post(text="Support gravé.", thread=LABELS), HELENE)
    told_post(made, NEWS, Post(text="Jeudi à 14 h.", title="Classe en direct"), HELENE, announced=True)
    return made


def test_discussions_stand_with_the_newest_first_and_say_who_wrote_and_what_they_speak_of(laptop: Laptop) -> None:
    news, labels = Forum(laptop.desk).threads(COHORT_ID)
    assert (news.title, news.announcement, labels.announcement) == ("Classe en direct", True, False)
    assert [writer.name for writer in labels.people] == ["Karim Ouali", "Hélène Vasseur"]
    assert labels.people[1].is_trainer
    assert labels.activity_title == "Lire"
    assert (labels.posts, labels.unread) == (2, 2)


def test_own_messages_that_wait_stand_at_the_end_whatever_their_clock_says(laptop: Laptop) -> None:
    forum = Forum(laptop.desk)
    laptop.clock.time -= 86_400_000
    posted = forum.reply(COHORT_ID, LABELS, "Merci !")
    told_post(laptop, name("later"), Post(text="De rien.", thread=LABELS), HELENE)
    posts = forum.thread(COHORT_ID, LABELS).posts
    assert [post.text for post in posts][-1] == "Merci !"
    assert (posts[-1].id, posts[-1].waiting, posts[-1].writer.is_me) == (posted.id, True, True)


def test_what_was_read_stays_read_and_a_later_answer_is_unread_again(laptop: Laptop) -> None:
    forum = Forum(laptop.desk)
    assert forum.unread() == 2
    forum.mark_read(COHORT_ID, LABELS)
    assert forum.unread() == 1
    assert not forum.mark_read(COHORT_ID, LABELS).outbox, "the same place twice is no change"
    told_post(laptop, name("later"), Post(text="Et une photo.", thread=LABELS), HELENE)
    assert {row.thread: row.unread for row in forum.threads(COHORT_ID)}[LABELS] == 1


def test_an_answer_whose_opening_post_has_not_come_is_shown_without_it(laptop: Laptop) -> None:
    told_post(laptop, name("orphan"), Post(text="Je réponds.", thread=name("not here")), KARIM)
    forum = Forum(laptop.desk)
    thread = forum.thread(COHORT_ID, name("not here"))
    assert thread.row.opener is None
    assert [post.text for post in thread.posts] == ["Je réponds."]
    assert not thread.may_solve
    with pytest.raises(NotHereYet):
        forum.thread(COHORT_ID, name("nothing at all"))


def test_a_person_edits_and_deletes_their_own_posts_only_and_no_opening_that_was_answered(laptop: Laptop) -> None:
    forum = Forum(laptop.desk)
    mine = forum.reply(COHORT_ID, LABELS, "Merci !").id
    can = {post.id: (post.may_edit, post.may_delete, post.may_hide) for post in forum.thread(COHORT_ID, LABELS).posts}
    assert can == {LABELS: (False, False, False), ANSWER: (False, False, False), mine: (True, True, False)}
    forum.edit(mine, "Merci beaucoup !")
    assert forum.thread(COHORT_ID, LABELS).posts[-1].text == "Merci beaucoup !"
    opened = forum.open_thread(COHORT_ID, "Photo", "Qui en a une ?", wants_help=True).id
    assert forum.thread(COHORT_ID, opened).posts[0].may_delete
    forum.reply(COHORT_ID, opened, "Moi.")
    assert not forum.thread(COHORT_ID, opened).posts[0].may_delete


def test_a_deleted_post_is_gone_at_once_and_back_again_within_its_ten_seconds(laptop: Laptop) -> None:
    forum = Forum(laptop.desk)
    mine = forum.reply(COHORT_ID, LABELS, "Trop vite.").id
    held = forum.delete(mine)
    assert mine not in [post.id for post in forum.thread(COHORT_ID, LABELS).posts]
    forum.undo(held)
    assert forum.thread(COHORT_ID, LABELS).posts[-1].text == "Trop vite."
    with pytest.raises(TooLateToUndo):
        forum.undo(held)


def test_what_a_trainer_hid_is_not_read_by_learners_and_still_by_trainers() -> None:
    trainer, nadia = trainer_laptop(), learner_laptop()
    for one in (trainer, nadia):
        told_post(one, LABELS, Post(text="Étiquettes", title="Étiquettes"), KARIM)
        told_post(one, ANSWER, Post(text="Des insultes.", thread=LABELS, hidden=True), KARIM)
        told_post(one, NEWS, Post(text="Publicité", title="Publicité", hidden=True), KARIM)
    assert [row.title for row in Forum(nadia.desk).threads(COHORT_ID)] == ["Étiquettes"]
    assert [row.title for row in Forum(trainer.desk).threads(COHORT_ID)] == ["Publicité", "Étiquettes"]
    assert Forum(nadia.desk).thread(COHORT_ID, LABELS).posts[1].text == ""
    assert Forum(trainer.desk).thread(COHORT_ID, LABELS).posts[1].text == "Des insultes."
    assert Forum(nadia.desk).threads(COHORT_ID)[0].unread == 1
    Forum(trainer.desk).hide(ANSWER, hidden=False)
    assert not Forum(trainer.desk).thread(COHORT_ID, LABELS).posts[1].hidden


def test_a_trainer_announces_and_calls_a_discussion_solved() -> None:
    trainer = trainer_laptop()
    told_post(trainer, LABELS, Post(text="?", title="Étiquettes", wants_help=True), KARIM)
    forum = Forum(trainer.desk)
    forum.open_thread(COHORT_ID, "Classe en direct", "Jeudi.", announcement=True)
    assert forum.thread(COHORT_ID, LABELS).may_solve
    forum.solve(LABELS, solved=True)
    rows = {row.title: row for row in forum.threads(COHORT_ID)}
    assert rows["Étiquettes"].solved
    assert rows["Classe en direct"].announcement


def test_what_is_being_written_is_kept_as_it_stands_until_it_is_sent(laptop: Laptop) -> None:
    desk, forum = laptop.desk, Forum(laptop.desk)
    keep_unsent(desk, LABELS, "Je voul")
    keep_unsent(desk, LABELS, "Je voulais demander")
    assert unsent(desk, LABELS).text == "Je voulais demander"
    assert len(laptop.store.outbox_list()) == 1, "a pause in typing is no message of its own"
    forum.reply(COHORT_ID, LABELS, "Je voulais demander")
    assert unsent(desk, LABELS).text == ""
    keep_unsent(desk, new_thread_place(COHORT_ID), "texte", title="Titre")
    assert unsent(desk, new_thread_place(COHORT_ID)).title == "Titre"


def test_what_is_being_written_is_on_the_disk_when_the_program_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = LocalStore.create(path, bytes(32), server=SERVER, person=NADIA)
    laptop = learner_laptop()
    desk = type(laptop.desk)(store, NADIA, laptop.clock, FixedChance())
    keep_unsent(desk, LABELS, "pas encore envoyé")
    with LocalStore.open(path, bytes(32)) as again:
        assert unsent(type(desk)(again, NADIA, laptop.clock, FixedChance()), LABELS).text == "pas encore envoyé"
    store.close()


def test_a_name_cannot_turn_the_words_that_stand_beside_it(laptop: Laptop) -> None:
    spoof = Member(person=name("spoof"), name="Karim\u202e (eciréssav) \u2066Trainer\n\n", part=Part.LEARNER)
    laptop.told(spaces.cohort(COHORT_ID), (MEMBER, name("card"), spoof))
    told_post(laptop, name("post"), Post(text="?", title="T"), PersonId(name("spoof")))
    assert Forum(laptop.desk).threads(COHORT_ID)[0].people[0].name == "Karim (eciréssav) Trainer"


def test_the_search_finds_what_was_written_and_leads_to_its_discussion(laptop: Laptop, tmp_path: Path) -> None:
    place = workplace(laptop, tmp_path)
    found: Search = place.search
    (hit,) = found.find("support gravé")
    assert (hit.title, hit.excerpt, hit.route) == ("Étiquettes", "Support gravé.", "exchanges")
    assert dict(hit.params) == {"cohort_id": COHORT_ID, "thread": LABELS}
    assert [one.title for one in found.find("étiquettes")] == ["Étiquettes"]
