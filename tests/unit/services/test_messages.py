"""The private thread of a learner with the trainers, and the trainers' inbox."""

from pathlib import Path

from spoc_desktop.services.messages import Messages
from sync.domain import spaces
from sync.domain.exercises import HAND_IN, RETURNED, HandIn, Remark, Returned, Verdict
from sync.domain.ids import PersonId
from sync.domain.messages import MESSAGE, Message
from tests.unit.services.classroom import (
    COHORT_ID,
    HELENE,
    KARIM,
    LESSON_1,
    NADIA,
    Laptop,
    learner_laptop,
    name,
    trainer_laptop,
    workplace,
)


def told_message(laptop: Laptop, word: str, learner: PersonId, author: PersonId, **about: object) -> None:
    laptop.clock.time += 60_000
    body = Message(text=word, at=laptop.clock.now(), **about)  # type: ignore[arg-type]  # about and remark
    laptop.told(spaces.personal(COHORT_ID, learner), (MESSAGE, name(word), body), author=author)


def test_a_learner_has_one_thread_with_the_trainers_and_what_waits_stands_at_its_end() -> None:
    nadia = learner_laptop()
    messages = Messages(nadia.desk)
    assert messages.private(COHORT_ID).messages == ()
    told_message(nadia, "Bienvenue", NADIA, HELENE)
    messages.send(COHORT_ID, "Merci")
    thread = messages.private(COHORT_ID)
    assert [(one.text, one.waiting) for one in thread.messages] == [("Bienvenue", False), ("Merci", True)]
    assert [trainer.name for trainer in thread.trainers] == ["Hélène Vasseur"]
    assert (thread.unread, messages.unread()) == (1, 1)
    messages.mark_read(COHORT_ID)
    assert messages.unread() == 0


def test_the_inbox_puts_the_longest_unanswered_first_and_the_silent_last() -> None:
    trainer = trainer_laptop()
    told_message(trainer, "Une question", KARIM, KARIM)
    asked = trainer.clock.now()
    told_message(trainer, "Encore une", KARIM, KARIM)
    told_message(trainer, "Et moi", NADIA, NADIA)
    messages = Messages(trainer.desk)
    rows = messages.inbox(COHORT_ID)
    assert [(row.learner.name, row.unread) for row in rows] == [("Karim Ouali", 2), ("Nadia Benali", 1)]
    assert rows[0].unanswered_since == asked
    messages.send(COHORT_ID, "Voici", learner=KARIM)
    assert [row.learner.name for row in messages.unanswered(COHORT_ID)] == ["Nadia Benali"]
    assert messages.private(COHORT_ID, KARIM).messages[-1].text == "Voici"


def test_a_message_says_what_it_speaks_of_down_to_the_words_of_the_remark() -> None:
    nadia = learner_laptop()
    space = spaces.personal(COHORT_ID, NADIA)
    handed = HandIn(activity=LESSON_1, edition=bytes(16), version=2, text="", at=0)
    back = Returned(
        review=name("review"),
        hand_in=name("hand-in"),
        activity=LESSON_1,
        version=2,
        trainer=HELENE,
        marks=(),
        remarks=(Remark(number=3, text="Et la date ?"),),
        opinion="",
        verdict=Verdict.RETURNED,
        decided_at=0,
    )
    nadia.told(space, (HAND_IN, name("hand-in"), handed), (RETURNED, name("back"), back))
    messages = Messages(nadia.desk)
    messages.send(COHORT_ID, "Laquelle ?", about=name("back"), remark=3)
    nadia.clock.time += 1000
    messages.send(COHORT_ID, "Sur ma version", about=name("hand-in"))
    nadia.clock.time += 1000
    messages.send(COHORT_ID, "Sur la leçon", about=LESSON_1)
    remark, version, lesson = (one.about for one in messages.private(COHORT_ID).messages)
    assert remark
    assert version
    assert lesson
    assert (remark.title, remark.version, remark.remark, remark.quote) == ("Lire", 2, 3, "Et la date ?")
    assert (version.version, version.is_returned) == (2, False)
    assert (lesson.title, lesson.version) == ("Lire", 0)
    assert [one.text for one in messages.replies(COHORT_ID, name("back"))[3]] == ["Laquelle ?"]


def test_the_search_finds_private_messages(tmp_path: Path) -> None:
    trainer = trainer_laptop()
    told_message(trainer, "Le cadenas rouge", KARIM, KARIM)
    (hit,) = workplace(trainer, tmp_path).search.find("cadenas rouge")
    assert (hit.route, dict(hit.params)) == ("exchanges", {"cohort_id": COHORT_ID, "learner": KARIM})
