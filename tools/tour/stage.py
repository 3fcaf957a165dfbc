"""What the tour is played on: the course, the server, the laptops, and what people do again and again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sync.domain.quizzes import Mode
from tools.sample_session import LEARNER, SECOND_LEARNER, TRAINER, Person, SampleServer, make_server
from tools.tour.answers import TourCourse
from tools.tour.canaries import Canaries
from tools.tour.laptop import TourLaptop
from tools.tour.report import Step

Scene = tuple[str, Callable[["Stage", Step], None]]
"""A step's name, and how it is played."""


class Stage:
    """Three laptops and a server, made as the story begins; `canaries` must stay where they were said."""

    def __init__(self, folder: Path, pictures: Path, course: Path) -> None:
        self.folder = folder
        self.pictures = pictures
        self.course = TourCourse(course)
        self.course_folder = course
        self.training = self.course.quiz(Mode.FORMATIVE)
        self.exam = self.course.quiz(Mode.GRADED)
        self.canaries = Canaries()
        self.requests_at_cut = 0
        self._stack = contextlib.ExitStack()
        self._shots = 0
        self.server: SampleServer
        self.nadia: TourLaptop
        self.karim: TourLaptop
        self.claire: TourLaptop

    def begin(self) -> None:
        """A server with its people, and an empty laptop for each."""
        weeks = max(module.week for module in self.course.text.course.modules)
        people = (TRAINER, LEARNER, SECOND_LEARNER)
        self.server = make_server(self.folder / "server", self.course.text.course_id, weeks, people)
        self.server.start()
        self._stack.callback(self.server.stop)
        self.claire, self.nadia, self.karim = (self._laptop(person) for person in people)

    def end(self) -> None:
        """Leave nothing running."""
        self._stack.close()

    @property
    def laptops(self) -> tuple[TourLaptop, ...]:
        """All of them, the trainer's first."""
        return self.claire, self.nadia, self.karim

    def id_of(self, laptop: TourLaptop) -> str:
        """Whose laptop it is, in hex."""
        return self.server.people[laptop.person.login].hex()

    @property
    def cohort(self) -> str:
        """The cohort, in hex."""
        return self.server.cohort.hex()

    def _laptop(self, person: Person) -> TourLaptop:
        laptop = TourLaptop(self.folder / person.name.split(" ")[0].lower(), self.server, person)
        self._stack.callback(laptop.end)
        return laptop

    # -- what people do again and again

    def join(self, step: Step, laptop: TourLaptop, picture: str = "") -> None:
        """Code, password, passphrase (there is no keyring here), recovery code."""
        laptop.do("fill", name="code", text=self.server.invite(laptop.person))
        laptop.do("fill", name="address", text=laptop.wire.address)
        if picture:
            self.picture(step, laptop, picture)
        laptop.do("click", name="primary")
        for field in ("password", "password_again"):
            laptop.do("fill", name=field, text=laptop.password)
        laptop.do("click", name="primary")
        for field in ("passphrase", "passphrase_again"):
            laptop.do("fill", name=field, text=laptop.passphrase)
        laptop.do("click", name="primary")
        step.check(laptop.do("says", words="Notez ce code"), "the recovery code is shown once")
        laptop.do("click", name="primary")

    def open_activity(self, laptop: TourLaptop, activity: str) -> None:
        """Open an activity from the outline, opening its week where that is folded."""
        laptop.do("go", route="courses")
        if not laptop.do("shows", name=f"activity_{activity}"):
            laptop.do("click", name=f"module_{self.course.module(activity)}")
        laptop.do("click", name=f"activity_{activity}")

    def answer(self, laptop: TourLaptop) -> None:
        """The right answer to the question in view."""
        laptop.do("answer", given=self.course.right(laptop.do("question")))

    def answer_all(self, laptop: TourLaptop, quiz: str, *, checks: bool) -> None:
        """From the question in view to the hand-in. `checks`: each answer is checked before going on."""
        for _ in range(self.course.questions(quiz)):
            if not laptop.do("is_judged"):
                self.answer(laptop)
                if checks:
                    laptop.do("click", name="primary")
            laptop.do("click", name="primary")
            if not laptop.do("is_asking"):
                break
        if laptop.do("shows", name="question_1"):  # the look-over before handing in
            laptop.do("click", name="primary")

    def cut(self, step: Step, laptop: TourLaptop) -> None:
        """End the relay of a laptop, and let its program notice."""
        laptop.wire.cut()
        step.check(laptop.wire.is_cut, f"{laptop.first_name}’s relay has ended and its port refuses connections")
        laptop.do("key", keys="F5")
        laptop.do("chip", words="Hors ligne")
        step.checked.append("the chip says offline, in one calm word")

    def even(self, laptop: TourLaptop) -> dict[str, Any]:
        """An exchange after which nothing waits here and nothing was refused; what lies on the laptop then."""
        facts: dict[str, Any] = laptop.do("synchronise")
        if facts["refused"]:
            raise AssertionError(f"{laptop.person.name}: {facts['refused']} changes were refused")
        return facts

    def requests_of(self, laptop: TourLaptop) -> int:
        """How many requests of this laptop the server's log has."""
        device = laptop.do("facts")["device"]
        return sum(line["device"] == device for line in self.server.requests())

    def picture(self, step: Step, laptop: TourLaptop, name: str) -> None:
        """Save what the person sees."""
        self._shots += 1
        path = self.pictures / f"{self._shots:02}_{name}.png"
        laptop.do("picture", path=str(path))
        step.picture = path.name
        step.pictures.append(path.name)
