"""Certificates on the laptop: what is missing in words, the PDF when it is here, who of a cohort has earned it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from spoc_desktop.services.certificates import Certificates
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import Courses
from spoc_desktop.services.errors import NotHereYet
from sync.domain import spaces
from sync.domain.certificates import CERTIFICATE, Certificate, Reason, certificate_id
from sync.domain.courses import EDITION, READING, CertificateRule, Edition, Reading
from sync.domain.exercises import HAND_IN, RETURNED, HandIn, Returned, Verdict
from sync.domain.files import Attachment
from sync.domain.ids import PersonId
from sync.domain.quizzes import ATTEMPT, GRADE, Attempt, Grade
from tests.unit.reports.statements import NADIA as STATEMENT
from tests.unit.services.classroom import (
    COHORT_ID,
    COURSE_ID,
    EXAM,
    KARIM,
    LESSON_1,
    NADIA,
    Laptop,
    learner_laptop,
    name,
)
from tests.unit.services.classroom import trainer_laptop as trainers

PDF = b"%PDF-1.7 a certificate"
EXERCISE = name("exercise")


def told_rule(laptop: Laptop, rule: CertificateRule = CertificateRule()) -> None:  # noqa: B008  # frozen
    """Let a further edition come that gives a certificate, with an exercise at its end."""
    (edition,) = [seen.body for seen in laptop.store.view(EDITION, spaces.course(COURSE_ID))]
    assert isinstance(edition, Edition)
    exercise = msgspec.structs.replace(
        edition.activities[-1], id=EXERCISE, type=3, title="Rendre compte", edition=name("e"), minutes=20
    )
    last = msgspec.structs.replace(edition.modules[-1], activities=(*edition.modules[-1].activities, exercise))
    changed = msgspec.structs.replace(edition, number=2, modules=(*edition.modules[:-1], last), certificate=rule)
    laptop.told(spaces.course(COURSE_ID), (EDITION, name("edition 2"), changed))


def awarded(laptop: Laptop, learner: PersonId = NADIA) -> None:
    document = Attachment(sha256=sha256(PDF).digest(), name="Certificat.pdf", size=len(PDF), type="application/pdf")
    body = Certificate(statement=STATEMENT, signature=bytes(64), document=document)
    laptop.told(spaces.personal(COHORT_ID, learner), (CERTIFICATE, certificate_id(COHORT_ID, learner), body))


def service(laptop: Laptop) -> Certificates:
    return Certificates(laptop.desk, Courses(laptop.desk), Cohorts(laptop.desk))


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    made = learner_laptop()
    yield made
    made.store.close()


@pytest.fixture
def trainer_laptop() -> Iterator[Laptop]:
    made = trainers()
    yield made
    made.store.close()


def attempt(laptop: Laptop) -> bytes:
    id_ = name("attempt")
    body = Attempt(activity=EXAM, edition=name("x"), number=1, started=0, submitted=1, answers=())
    laptop.told(spaces.personal(COHORT_ID, NADIA), (ATTEMPT, id_, body), author=NADIA)
    return id_


def graded(laptop: Laptop, of: bytes, *, passed: bool, at: int = 1) -> None:
    body = Grade(
        attempt=of,
        activity=EXAM,
        edition=name("x"),
        number=1,
        points=1,
        best=1,
        passed=passed,
        questions=(),
        graded_at=at,
    )
    laptop.told(spaces.personal(COHORT_ID, NADIA), (GRADE, name(f"grade {passed}"), body))


def test_a_course_without_a_rule_offers_none(laptop: Laptop) -> None:
    progress = service(laptop).progress(COHORT_ID)
    assert (progress.offered, progress.held, progress.lacks) == (False, None, ())


def test_what_is_missing_is_said_in_words_with_the_activity_to_open(laptop: Laptop) -> None:
    told_rule(laptop)
    lacks = service(laptop).progress(COHORT_ID).lacks
    assert [(one.reason, one.activity_id) for one in lacks] == [
        (Reason.MINUTES, b""),
        (Reason.QUIZ, EXAM),
        (Reason.EXERCISE, EXERCISE),
    ]
    assert "0" in lacks[0].said
    assert "80" in lacks[0].said
    assert "Évaluation" in lacks[1].said
    assert "Rendre compte" in lacks[2].said


def test_the_words_follow_the_work(laptop: Laptop) -> None:
    told_rule(laptop)
    first = [one.said for one in service(laptop).progress(COHORT_ID).lacks]
    made = attempt(laptop)
    personal = spaces.personal(COHORT_ID, NADIA)
    hand_in = HandIn(activity=EXERCISE, edition=name("e"), version=1, text="Voilà", at=1)
    laptop.told(personal, (HAND_IN, name("hand in"), hand_in), author=NADIA)
    second = [one.said for one in service(laptop).progress(COHORT_ID).lacks]
    graded(laptop, made, passed=False)
    back = Returned(
        review=name("r"),
        hand_in=name("hand in"),
        activity=EXERCISE,
        version=1,
        trainer=name("t"),
        marks=(),
        remarks=(),
        opinion="",
        verdict=Verdict.RETURNED,
        decided_at=1,
    )
    laptop.told(personal, (RETURNED, name("returned"), back))
    third = [one.said for one in service(laptop).progress(COHORT_ID).lacks]
    for stage in (1, 2):
        assert len({first[stage], second[stage], third[stage]}) == 3


def test_nothing_missing_and_nothing_held_means_that_it_comes_with_the_next_synchronisation(laptop: Laptop) -> None:
    told_rule(laptop, CertificateRule(minutes_percent=1, quizzes=False, exercises=False))
    reading = Reading(activity=LESSON_1, edition=name("x"), part=0, parts=1, seconds=1, at=1)
    laptop.told(spaces.personal(COHORT_ID, NADIA), (READING, name("reading"), reading), author=NADIA)
    progress = service(laptop).progress(COHORT_ID)
    assert (progress.offered, progress.held, progress.lacks) == (True, None, ())


def test_a_certificate_whose_pdf_has_not_come_says_so_and_opens_once_it_has(laptop: Laptop, tmp_path: Path) -> None:
    told_rule(laptop)
    awarded(laptop)
    certificates = service(laptop)
    (held,) = certificates.held()
    assert held.statement == STATEMENT
    assert not held.here
    with pytest.raises(NotHereYet):
        certificates.save(held, tmp_path)
    assert list(tmp_path.iterdir()) == []
    laptop.store.files.put(held.document.sha256, PDF)
    (held,) = certificates.held()
    assert held.here
    assert certificates.pdf(held) == PDF
    assert certificates.progress(COHORT_ID).held == held
    assert certificates.progress(COHORT_ID).lacks == ()


def test_saving_never_writes_over_another_file(laptop: Laptop, tmp_path: Path) -> None:
    awarded(laptop)
    certificates = service(laptop)
    (held,) = certificates.held()
    laptop.store.files.put(held.document.sha256, PDF)
    (tmp_path / "Certificat.pdf").write_text("mine")
    assert certificates.save(held, tmp_path) == tmp_path / "Certificat (2).pdf"
    assert certificates.save(held, tmp_path / "other.pdf").read_bytes() == PDF
    assert (tmp_path / "Certificat.pdf").read_text() == "mine"


def test_a_trainer_sees_who_has_earned_it_and_what_the_others_lack(trainer_laptop: Laptop) -> None:
    told_rule(trainer_laptop)
    awarded(trainer_laptop, KARIM)
    earners = service(trainer_laptop).earners(COHORT_ID)
    assert [(one.name, one.held is not None, len(one.lacks)) for one in earners] == [
        ("Karim Ouali", True, 0),
        ("Nadia Benali", False, 3),
    ]
