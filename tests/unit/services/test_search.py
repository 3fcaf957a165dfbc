"""Finding again what is on this laptop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from spoc_desktop.services.workplace import Workplace
from sync.domain.quizzes import Mode
from tools.sample_laptop import CLAIRE, NADIA, STARTS, SampleLaptop


@pytest.fixture(scope="module")
def learner() -> Iterator[Workplace]:
    laptop = SampleLaptop(NADIA)
    laptop.told_all()
    with closing(laptop.workplace) as workplace:
        yield workplace


def test_a_title_is_found_whatever_the_case_and_the_accents(learner: Workplace) -> None:
    lesson = next(iter(learner.courses.enrolled()))
    title = learner.courses.outline(lesson.cohort_id).activities[0].activity.title
    (first, *_others) = learner.search.find(title.upper())
    assert (first.title, first.route, first.excerpt) == (title, "lesson", "")


def test_words_inside_a_lesson_are_found_with_the_line_that_holds_them(learner: Workplace) -> None:
    hit = next(hit for hit in learner.search.find("gare lyon") if hit.excerpt)
    assert "Lyon" in hit.excerpt
    assert hit.params["cohort_id"] == learner.courses.enrolled()[0].cohort_id


@pytest.mark.parametrize("words", ["", "  ", "?!", "zygomatique quantique"])
def test_no_words_and_unknown_words_find_nothing(learner: Workplace, words: str) -> None:
    assert learner.search.find(words) == ()


def test_the_keys_of_a_graded_quiz_are_not_searched() -> None:
    laptop = SampleLaptop(NADIA)
    laptop.told_all()
    graded = next(quiz for quiz in laptop.text.quizzes.values() if quiz.mode is Mode.GRADED)
    with closing(laptop.workplace) as workplace:
        assert [hit.route for hit in workplace.search.find(graded.title)] == ["quiz"]


def test_a_week_that_is_closed_is_not_found() -> None:
    laptop = SampleLaptop(NADIA)
    laptop.told_all()
    last = laptop.text.course.modules[1].activities[0]
    title = (laptop.text.lessons.get(last) or laptop.text.quizzes[last]).title
    with closing(laptop.workplace) as workplace:
        assert [hit.title for hit in workplace.search.find(title)][:1] == [title]
        laptop.clock.time = STARTS + 1
        assert title not in [hit.title for hit in workplace.search.find(title)]


def test_a_trainer_finds_people_and_quizzes_of_the_group() -> None:
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    with closing(laptop.workplace) as workplace:
        assert [hit.route for hit in workplace.search.find("nadia")] == ["group"]
        assert {hit.route for hit in workplace.search.find("évaluation")} == {"quiz_results"}
