"""The certificate is awarded by the server, for work that it has, exactly once, and never for opening a page."""

from __future__ import annotations

import logging
import signal
from pathlib import Path

import msgspec
import pytest

from sync.domain import spaces
from sync.domain.certificates import CERTIFICATE, Certificate, certificate_id
from sync.domain.courses import EDITION, READING, CertificateRule, Reading
from sync.domain.exercises import Verdict
from sync.domain.ids import derived
from sync.domain.kind import Kind
from sync.protocol.errors import Refusal, SyncError
from sync.protocol.messages import START, Batch, Create, Row, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.reports.checking import Finding, check_file
from sync.server import checkpoints
from sync.server.issuing import awarding
from sync.server.issuing.awarding import UNPRINTABLE, award, award_pending, number_of
from sync.server.issuing.earning import earned
from sync.server.issuing.keys import ISSUER, WrongKey, issuer
from sync.server.settings import DATABASE, TooOpen
from sync.server.storage.depot import depot_beside
from sync.server.storage.schema import incident, person
from sync.server.sync import follow
from sync.server.web.health import health
from tests.integration.server.certified import Learner, publish, records
from tests.integration.server.wire import Device
from tests.integration.server.world import COURSE, World, entry, raw, verdicts
from tests.server_fixture import new_server, sample_cohort


@pytest.fixture
def ines(world: World) -> Learner:
    publish(world)
    return Learner(world)


def document(world: World, certificate: Certificate) -> bytes:
    return b"".join(world.core.files.parts(certificate.document.sha256, certificate.document.size))


def test_a_certificate_comes_with_the_work_that_earns_it_and_is_verified_with_the_servers_key(
    world: World, ines: Learner
) -> None:
    ines.finish()
    (certificate,) = ines.certificates()
    said = certificate.statement
    assert (said.name, said.course, said.issuer) == ("Ines", "Un cours", "Organisme Exemple")
    assert (said.minutes_planned, said.minutes_done) == (40, 10 + 4 + 25)
    assert (said.score_percent, said.exercises_accepted, said.weeks) == (100, 1, (40,))
    assert said.skills == ("Savoir consigner.", "Savoir rendre compte.")
    assert said.signatories == (("Sophie", "Équipe de formation"),)
    assert (said.learner, said.cohort) == (ines.laptop.caller.person, world.cohort)
    content = document(world, certificate)
    assert len(content) == certificate.document.size
    key = issuer(world.core.settings.data).public_key()
    assert check_file(content, [key]) == (Finding.VERIFIED, said)


@pytest.mark.parametrize("left_out", ["reading", "quiz", "exercise"])
def test_nothing_is_awarded_while_something_is_missing(world: World, ines: Learner, left_out: str) -> None:
    if left_out != "reading":
        ines.read(0, 1)
    ines.take_quiz(right=left_out != "quiz")
    hand_in = ines.hand_in()
    ines.reviewed(hand_in, Verdict.RETURNED if left_out == "exercise" else Verdict.ACCEPTED)
    award_pending(world.core)
    assert ines.certificates() == []


def test_an_accepted_exercise_that_came_last_awards_in_the_trainers_own_push(world: World, ines: Learner) -> None:
    ines.read(0, 1)
    ines.take_quiz()
    hand_in = ines.hand_in()
    assert ines.certificates() == []
    ines.reviewed(hand_in, Verdict.ACCEPTED)
    assert len(ines.certificates()) == 1


def test_a_second_attempt_that_passes_awards_and_the_best_one_is_the_score(world: World, ines: Learner) -> None:
    ines.read(0, 1)
    ines.reviewed(ines.hand_in(), Verdict.ACCEPTED)
    ines.take_quiz(1, right=False)
    assert ines.certificates() == []
    ines.take_quiz(2)
    assert [one.statement.score_percent for one in ines.certificates()] == [100]


def test_it_is_awarded_once_whatever_comes_after_and_keeps_its_words(world: World, ines: Learner) -> None:
    ines.finish()
    before = ines.certificates()
    world.now += 86_400_000
    ines.read(0)
    ines.take_quiz(2)
    award_pending(world.core)
    world.core.close()
    world.reopen()
    award_pending(world.core)
    assert ines.certificates() == before


def test_two_pushes_that_earn_it_at_once_award_it_once(
    world: World, ines: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both found it earned before either had written it: the second finds the record in its own transaction."""
    with monkeypatch.context() as patch:
        patch.setattr(follow, "award", lambda *_: False)
        ines.finish()
    with world.core.reading() as connection:
        found = earned(connection, ines.space)
    assert found is not None
    monkeypatch.setattr(awarding, "earned", lambda *_: found)
    assert [award(world.core, ines.space) for _ in range(2)] == [True, False]
    assert len(ines.certificates()) == 1


def test_two_learners_have_two_numbers_and_a_number_cannot_be_foreseen(world: World, ines: Learner) -> None:
    karim = Learner(world, "karim")
    ines.finish()
    karim.finish()
    numbers = {one.statement.number for one in (*ines.certificates(), *karim.certificates())}
    assert len(numbers) == 2
    assert all(len(one) == 14 and one.count("-") == 2 for one in numbers)
    assert number_of(b"another secret", world.cohort, ines.laptop.caller.person) not in numbers


def test_a_course_without_a_rule_gives_no_certificate(world: World) -> None:
    publish(world, None)
    learner = Learner(world)
    learner.finish()
    assert learner.certificates() == []


def test_a_laptop_that_says_a_lesson_has_one_part_has_read_one_of_two(world: World) -> None:
    """Attack A10: the number of parts is looked up in the edition that was read."""
    publish(world, CertificateRule(minutes_percent=90))
    learner = Learner(world)
    learner.read(0, of=1)
    learner.take_quiz()
    learner.reviewed(learner.hand_in(), Verdict.ACCEPTED)
    assert learner.certificates() == []
    learner.read(1)
    assert len(learner.certificates()) == 1


def test_a_certificate_made_by_a_laptop_is_refused(world: World, ines: Learner) -> None:
    """Attack A9: neither the learner nor the trainer can write one, under no id."""
    ines.finish()
    (genuine,) = ines.certificates()
    karim, sophie = Learner(world, "karim"), world.laptop("sophie")
    wanted = certificate_id(world.cohort, karim.laptop.caller.person)
    for laptop in (karim.laptop, sophie):
        for id_ in (wanted, derived("mine")):
            answer = laptop.push(karim.space, laptop.create(CERTIFICATE, genuine, id_))
            assert [(each[1], each[3]) for each in verdicts(answer)] == [("REFUSED", int(Refusal.NOT_ALLOWED))]
    assert karim.certificates() == []


@pytest.mark.allows_warnings
def test_a_name_that_no_face_can_print_is_refused_loudly_and_awarded_once_it_is_mended(
    world: World, ines: Learner, caplog: pytest.LogCaptureFixture
) -> None:
    who = person.c.id == ines.laptop.caller.person
    world.core.writer.run(lambda connection: connection.execute(person.update().where(who).values(name="\U00013000")))
    with caplog.at_level(logging.ERROR):
        ines.finish()
        award(world.core, ines.space)
    assert [record.getMessage() for record in caplog.records if "U+13000" in record.getMessage()] != []
    assert len(caplog.records) == 1, "said once, not at each push"
    assert ines.certificates() == []
    assert health(world.core)["certificates_unprintable"] == 1
    world.core.writer.run(lambda connection: connection.execute(person.update().where(who).values(name="Inès")))
    award_pending(world.core)
    assert [one.statement.name for one in ines.certificates()] == ["Inès"]
    assert health(world.core)["certificates_unprintable"] == 0
    with world.core.reading() as connection:
        assert connection.execute(incident.select().where(incident.c.what == UNPRINTABLE)).all() == []


@pytest.mark.allows_warnings
def test_a_disk_that_takes_no_pdf_keeps_the_work_and_tries_again(
    world: World, ines: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(awarding, "_keep", full)
        ines.finish()
    assert ines.certificates() == []
    assert award(world.core, ines.space)
    assert len(ines.certificates()) == 1


def test_a_server_killed_while_it_awards_awards_once_when_it_starts_again(tmp_path: Path) -> None:
    """Fault F2: the PDF was among the files, the record was not there yet."""
    server = new_server(tmp_path)
    sample = sample_cohort(server)
    server.start()
    try:
        author, ines = Device(server, sample.paul), Device(server, sample.ines)
        personal = spaces.personal(sample.id, server.people[sample.ines])
        easy = CertificateRule(minutes_percent=0, quizzes=False, exercises=False)
        _push(author, spaces.authoring(COURSE), *records(easy).items())
        assert author.transport.publish(COURSE).number == 1
        server.stop()
        server.start(f"{checkpoints.AWARD_BETWEEN}:1")
        (edition,) = [EDITION.decode(bytes(row.body)) for row in _rows(ines, spaces.course(COURSE), EDITION)]
        lesson = edition.activities[0]
        reading = Reading(activity=lesson.id, edition=lesson.edition, part=0, parts=2, seconds=1, at=1)
        with pytest.raises(SyncError):
            _push(ines, personal, (derived("reading"), (READING, reading)))
        assert server.wait() == -signal.SIGKILL
        server.start()
        for _ in range(2):
            (found,) = [CERTIFICATE.decode(bytes(row.body)) for row in _rows(ines, personal, CERTIFICATE)]
            assert depot_beside(server.data / DATABASE).is_sound(found.document.sha256, found.document.size)
    finally:
        server.stop()


def _rows(device: Device, space: bytes, kind: Kind) -> list[Row]:
    reply = device.transport.exchange(SyncRequest(PROTOCOL, RULES, device.writer, None, whole=True))
    return [row for page in reply.pages if page.space == space for row in page.rows if row.kind == kind.number]


def _push(device: Device, space: bytes, *made: tuple[bytes, tuple[Kind, msgspec.Struct]]) -> None:
    mutations = [Create(n, kind.number, id_, raw(body)) for n, (id_, (kind, body)) in enumerate(made, 1)]
    batch = Batch(space, START, tuple(map(entry, mutations)))
    reply = device.transport.exchange(SyncRequest(PROTOCOL, RULES, device.writer, None, batches=(batch,)))
    assert {run.verdict.name for run in reply.answers[0].runs} == {"ACCEPTED"}


def test_the_issuers_key_is_made_once_and_lies_outside_the_database(world: World) -> None:
    path = world.data / ISSUER
    assert path.exists(), "made by init"
    first = issuer(world.data).private_bytes_raw()
    assert issuer(world.data).private_bytes_raw() == first
    assert first not in (world.data / "server.db").read_bytes()
    path.unlink()
    assert issuer(world.data).private_bytes_raw() != first, "an older server makes it when it is first asked for"
    assert list(world.data.glob(f"{ISSUER}.*")) == []


def test_a_key_that_others_may_read_or_that_is_none_stops_the_server(world: World) -> None:
    path = world.data / ISSUER
    path.chmod(0o644)
    with pytest.raises(TooOpen):
        issuer(world.data)
    path.chmod(0o600)
    path.write_bytes(b"nothing")
    with pytest.raises(WrongKey):
        issuer(world.data)
