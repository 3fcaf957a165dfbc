"""The end of the circle: work done offline earns the certificate, its PDF comes to the laptop and is verified there."""

from __future__ import annotations

from pathlib import Path

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.interchange.course_folder_writing import write_folder
from sync.domain.certificates import Reason
from sync.domain.courses import CertificateRule
from tests.integration.laptop.harness import School, school
from tests.integration.laptop.test_circle import answer
from tests.server_fixture import COURSE
from tests.unit.services.classroom import EXAM, LESSON_1, LESSON_2, PRACTICE, drafts


def course_with_a_certificate(here: School) -> None:
    course, lessons, quizzes = drafts()
    course = msgspec.structs.replace(course, objectives=("Agir en sécurité.",), certificate=CertificateRule())
    write_folder(CourseText(COURSE, course, lessons, quizzes), here.folder / "course")
    here.publish()


def test_a_certificate_earned_offline_comes_with_the_sync_and_is_verified_without_a_network(tmp_path: Path) -> None:
    with school(tmp_path, published=False) as here:
        course_with_a_certificate(here)
        cohort = here.sample.id
        laptop, ines = here.joined(here.sample.ines)
        _, sophie = here.joined(here.sample.sophie)
        assert [one.reason for one in ines.certificates.progress(cohort).lacks] == [Reason.MINUTES, Reason.QUIZ]
        laptop.wire.cut()
        for activity in (LESSON_1, LESSON_2):
            page = ines.courses.lesson(cohort, activity)
            for part in range(len(page.parts)):
                ines.courses.read(page, part, 30)
        answer(ines, cohort, PRACTICE, one=2)
        answer(ines, cohort, EXAM, three=1, four=4)
        progress = ines.certificates.progress(cohort)
        assert [one.reason for one in progress.lacks] == [Reason.QUIZ], "graded by the server alone"
        assert progress.held is None

        laptop.wire.mend()
        assert ines.syncing.sync_now() is None
        held = ines.certificates.progress(cohort).held
        assert held is not None
        assert held.here, "the PDF comes with the record"
        assert (held.statement.name, held.statement.course) == ("Inès", "Sécurité")
        assert held.statement.score_percent == 100
        saved = ines.certificates.save(held, tmp_path)
        assert sophie.syncing.sync_now() is None
        assert [(one.name, one.held is not None) for one in sophie.certificates.earners(cohort)] == [
            ("Inès", True),
            ("Karim", False),
        ]

        laptop.wire.cut()
        here.server.stop()
        verified = laptop.spoc("verify", str(saved), "--language", "en")
        assert (verified.returncode, verified.stderr) == (0, "")
        assert "Inès" in verified.stdout
        assert held.statement.number in verified.stdout
        saved.write_bytes(saved.read_bytes().replace(b"/Producer", b"/Producex"))
        assert laptop.spoc("verify", str(saved)).returncode == 1


def test_the_server_prints_the_key_with_which_anybody_verifies(tmp_path: Path) -> None:
    with school(tmp_path, published=False) as here:
        _, ines = here.joined(here.sample.ines)
        printed = here.server.cli("issuer")
        assert ines.profile.issuer_key.hex() == printed["key"]
        assert len(bytes.fromhex(printed["fingerprint"])) == 8
