"""F30: the course changes under an attempt that is under way, with a real laptop and the real server."""

from __future__ import annotations

from pathlib import Path

from spoc_desktop.services.quizzes import Sitting
from spoc_desktop.services.workplace import Workplace
from sync.domain.quizzes import Answer
from tests.integration.laptop.harness import School, school
from tests.unit.services.classroom import EXAM

CHOSEN = {"three": 1, "four": 4}
"""Both right in the first edition."""


def begin(ines: Workplace, here: School) -> Sitting:
    return ines.quizzes.begin(here.sample.id, EXAM)


def hand_in(ines: Workplace, sitting: Sitting) -> bytes:
    for view in sitting.questions:
        option = next(option for word, option in CHOSEN.items() if word in str(view.question.stem))
        ines.quizzes.answer(sitting.start_id, Answer(question=view.question.id, chosen=(option,)))
    return ines.quizzes.submit(sitting.start_id).attempt_id


def change_the_right_answer(here: School) -> None:
    """The author marks another option of the first question as right and publishes."""
    (place,) = [file for file in here.course_folder().rglob("*.md") if "## three" in file.read_text("utf-8")]
    text = place.read_text("utf-8").replace("- [x] three 1", "- [ ] three 1").replace("- [ ] three 2", "- [x] three 2")
    place.write_text(text, "utf-8")
    laptop = next(one for one in here.laptops if one.login == here.sample.paul)
    folder = str(here.course_folder())
    done = laptop.spoc("import", folder, "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
    assert done.returncode == 0, done.stderr


def test_an_attempt_under_way_is_graded_by_the_edition_that_it_was_begun_on(tmp_path: Path) -> None:
    with school(tmp_path) as here:
        laptop, ines = here.joined(here.sample.ines)
        sitting = begin(ines, here)
        laptop.wire.cut()
        change_the_right_answer(here)
        laptop.wire.mend()
        assert ines.syncing.sync_now() is None  # the new edition comes while the attempt runs
        running = begin(ines, here)
        assert (running.start_id, running.edition_id) == (sitting.start_id, sitting.edition_id)
        first = hand_in(ines, running)
        assert ines.syncing.sync_now() is None
        second = hand_in(ines, begin(ines, here))
        assert ines.syncing.sync_now() is None
        results = [ines.quizzes.result(attempt) for attempt in (first, second)]
        assert [(result.points, result.provisional) for result in results] == [(2.0, False), (1.0, False)]
