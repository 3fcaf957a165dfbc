"""The tour, step by step: one answer goes round."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sync.domain.quizzes import Mode
from tools.sample_session import (
    LEARNER,
    ROOT,
    SAMPLE_COURSE,
    SECOND_LEARNER,
    TRAINER,
    Laptop,
    SampleServer,
    make_server,
    publish,
)
from tools.tour.answers import TourCourse
from tools.tour.laptop import TourLaptop
from tools.tour.report import Report, Step

PEOPLE = (TRAINER, LEARNER, SECOND_LEARNER)
BUILD = ROOT / "build" / "tour"


class Tour:
    """Three laptops and a server. Each method is one step; `Step.check` says what was looked at."""

    def __init__(self, folder: Path, pictures: Path) -> None:
        self.folder = folder
        self.pictures = pictures
        self.course = TourCourse(SAMPLE_COURSE)
        self.training = self.course.quiz(Mode.FORMATIVE)
        self.exam = self.course.quiz(Mode.GRADED)
        self._stack = contextlib.ExitStack()
        self.server: SampleServer
        self.nadia: TourLaptop
        self.karim: TourLaptop
        self.helene: TourLaptop
        self._requests_at_cut = 0

    def steps(self) -> list[tuple[str, Callable[[Step], None]]]:
        """The story, in its order."""
        return [
            ("The server starts; the trainer imports and publishes the course", self.publish),
            ("The trainer opens the program on her laptop", self.trainer_opens),
            ("A learner joins with her invitation code", self.learner_joins),
            ("A second learner joins on his own laptop", self.second_joins),
            ("The first learner's network is cut", self.cut),
            ("Offline, she reads a lesson", self.reads),
            ("Offline, a practice quiz gives feedback at once", self.practises),
            ("The program is killed in mid-quiz and goes on where she was", self.killed),
            ("Offline, she finishes the practice quiz", self.finishes),
            ("Offline, she takes the graded quiz without any key on her laptop", self.takes_exam),
            ("What waits stands on the sync page; the server heard nothing", self.waits),
            ("The network is back: all goes up, the grade comes down", self.back),
            ("She reads her result", self.reads_result),
            ("The second learner answers too", self.second_answers),
            ("The trainer sees the attempts and the group", self.trainer_sees),
            ("Offline, the trainer reads an attempt beside its key", self.trainer_reads),
            ("Everybody is up to date, nothing waits anywhere", self.all_even),
            ("The window speaks English without a restart", self.english),
        ]

    # -- beginning

    def publish(self, step: Step) -> None:
        """A fresh server; the author's laptop brings the course."""
        modules = self.course.text.course.modules
        self.server = make_server(
            self.folder / "server", self.course.text.course_id, max(module.week for module in modules), PEOPLE
        )
        self.server.start()
        self._stack.callback(self.server.stop)
        self.helene, self.nadia, self.karim = (
            self._laptop(person.name.split(" ")[0].lower(), n) for n, person in enumerate(PEOPLE)
        )
        desk = Laptop(self.helene.home, self.helene.wire.address)
        desk.join(self.server, TRAINER)
        self.helene.passphrase = next(iter(desk.passphrases.values()))
        said = publish(self.server, desk)
        step.check(
            str(self.course.text.course.title) in said or "1" in said, "spoc import wrote and published the course"
        )

    def trainer_opens(self, step: Step) -> None:
        """Her first page is the dashboard; nobody has sent anything."""
        self.helene.start()
        self.helene.do("chip", words="À jour")
        step.check(self.helene.do("says", words="Tableau de bord"), "the dashboard is her first page")
        step.check(self.helene.do("says", words="Aucun quiz rendu"), "nothing was handed in yet, and the page says so")
        self._picture(step, self.helene, "tableau_de_bord_vide")

    def learner_joins(self, step: Step) -> None:
        """Code, password, passphrase (there is no keyring here), recovery code."""
        self.nadia.start(unlocked=False)
        self._join(step, self.nadia, picture="connexion")
        self.nadia.do("says", words="Bonjour Nadia")
        self.nadia.do("chip", words="À jour")
        facts = self.nadia.do("facts")
        step.check(
            facts["records"].get("quiz_edition", 0) == len(self.course.text.quizzes), "the course is on her laptop"
        )
        step.check(not self.nadia.do("holds", words=self.course.secrets()), "no key of the graded quiz is in her store")
        self._picture(step, self.nadia, "aujourdhui")

    def second_joins(self, step: Step) -> None:
        """His laptop holds his own things only."""
        self.karim.start(unlocked=False)
        self._join(step, self.karim)
        self.karim.do("says", words="Bonjour Karim")
        self.karim.do("chip", words="À jour")
        records = self.karim.do("facts")["records"]
        step.check(records.get("enrolment") == 1, "he holds one enrolment: his own")

    # -- without a network

    def cut(self, step: Step) -> None:
        """The relay's process ends and its port is closed."""
        self.nadia.wire.cut()
        step.check(self.nadia.wire.is_cut, "the relay has ended and its port refuses connections")
        self._requests_at_cut = self._requests_of(self.nadia)
        self.nadia.do("key", keys="F5")
        self.nadia.do("chip", words="Hors ligne")
        step.checked.append("the chip says offline, in one calm word")

    def reads(self, step: Step) -> None:
        """Each part she goes through is kept."""
        self.nadia.do("click_words", words="Mes cours")
        self._open_activity(self.nadia, self.course.lesson())
        self._picture(step, self.nadia, "lecon")
        before = self.nadia.do("facts")["records"].get("reading", 0)
        self.nadia.do("click", name="after")
        step.check(self.nadia.do("facts")["records"].get("reading", 0) == before + 1, "the part she read is saved")

    def practises(self, step: Step) -> None:
        """A wrong answer says “not yet”, and does not give the expected one away."""
        self.nadia.do("click_words", words="Mes cours")
        self._open_activity(self.nadia, self.training)
        self.nadia.do("click", name="primary")
        while (wrong := self.course.wrong(self.nadia.do("question"))) is None:
            self._answer(self.nadia)
            self.nadia.do("click", name="primary")
            self.nadia.do("click", name="primary")
        self.nadia.do("answer", given=wrong)
        self.nadia.do("click", name="primary")
        step.check(self.nadia.do("says", words="Pas encore"), "a wrong answer is told at once, offline")
        step.check(self.nadia.do("is_silent_about", words="Réponse attendue"), "the expected answer is not given away")
        self._picture(step, self.nadia, "quiz_pas_encore")
        self.nadia.do("click", name="retry")
        self._answer(self.nadia)
        self.nadia.do("click", name="primary")
        step.check(self.nadia.do("says", words="Juste"), "the second try is right, and explained")
        self._picture(step, self.nadia, "quiz_juste")

    def killed(self, step: Step) -> None:
        """SIGKILL, and the program again."""
        question, facts = self.nadia.do("question"), self.nadia.do("facts")
        self.nadia.kill()
        self.nadia.start()
        self.nadia.do("says", words="Bonjour Nadia")
        after = self.nadia.do("facts")
        step.check(after["waiting"] == facts["waiting"], f"all {facts['waiting']} changes are still there")
        self.nadia.do("click_words", words="Mes cours")
        self._open_activity(self.nadia, self.training)
        step.check(self.nadia.do("question") == question, "the quiz opens at the question where she was")

    def finishes(self, step: Step) -> None:
        """To the end, and the result is there, provisional."""
        self._answer_all(self.nadia, self.training, checks=True)
        step.check(self.nadia.do("says", words="Provisoire"), "her result is there at once, marked provisional")
        self._picture(step, self.nadia, "quiz_resultat_provisoire")

    def takes_exam(self, step: Step) -> None:
        """No feedback, no key; handed in offline."""
        self.nadia.do("click_words", words="Mes cours")
        self._open_activity(self.nadia, self.exam)
        self._picture(step, self.nadia, "quiz_note")
        self.nadia.do("click", name="primary")
        self._answer_all(self.nadia, self.exam, checks=False)
        step.check(self.nadia.do("says", words="enregistrées sur cet ordinateur"), "handed in: saved here, sent later")
        step.check(not self.nadia.do("holds", words=self.course.secrets()), "still no key on her laptop")
        step.check(not self.nadia.files_with(self.course.secrets()), "nor in clear text in any of its files")
        self._picture(step, self.nadia, "quiz_note_remis")

    def waits(self, step: Step) -> None:
        """The sync page lists it; the request log is silent about her device."""
        waiting = self.nadia.do("facts")["waiting"]
        self.nadia.do("click_words", words="Hors ligne")
        step.check(self.nadia.do("says", words="Envoi automatique"), f"{waiting} changes wait on the sync page")
        self._picture(step, self.nadia, "synchronisation_hors_ligne")
        step.check(self._requests_of(self.nadia) == self._requests_at_cut, "the server's log has no request of hers")
        self.helene.do("key", keys="F5")
        self.helene.do("chip", words="À jour")
        step.check(self.helene.do("facts")["records"].get("attempt", 0) == 0, "the trainer's laptop has no attempt yet")

    # -- and back

    def back(self, step: Step) -> None:
        """The same address answers again."""
        self.nadia.wire.mend()
        self.nadia.do("key", keys="F5")
        self.nadia.do("chip", words="À jour")
        facts = self.nadia.do("facts")
        step.check(facts["waiting"] == 0 and facts["refused"] == 0, "nothing waits, nothing was refused")
        step.check(self.nadia.do("says", words="Rien n’attend"), "the sync page says so")
        self._picture(step, self.nadia, "synchronisation_a_jour")
        grades = facts["records"].get("grade", 0)
        step.check(grades == facts["records"]["attempt"], f"{grades} grades came back, one an attempt")

    def reads_result(self, step: Step) -> None:
        """What came back stands on her first page."""
        self.nadia.do("click_words", words="Aujourd’hui")
        self._picture(step, self.nadia, "aujourdhui_revenu")
        self.nadia.do("click_words", words="Voir le résultat")
        step.check(self.nadia.do("says", words="Noté par le serveur"), "the server graded it")
        step.check(self.nadia.do("is_silent_about", words="Provisoire"), "it is provisional no longer")
        self._picture(step, self.nadia, "resultat")

    def second_answers(self, step: Step) -> None:
        """Online, the grade is there with the answer."""
        self.karim.do("click_words", words="Mes cours")
        self._open_activity(self.karim, self.exam)
        self.karim.do("click", name="primary")
        self._answer_all(self.karim, self.exam, checks=False)
        step.check(self.karim.do("says", words="Noté par le serveur"), "with a network, the grade comes by itself")
        self._picture(step, self.karim, "resultat_du_second")

    def trainer_sees(self, step: Step) -> None:
        """Attempts of both on the dashboard; the matrix."""
        self.helene.do("key", keys="F5")
        handed_in = sum(laptop.do("facts")["records"]["attempt"] for laptop in (self.nadia, self.karim))
        self.helene.do("arrived", kind="attempt", count=handed_in)
        step.checked.append(f"all {handed_in} attempts of both are on her laptop")
        title = self.course.text.quizzes[bytes.fromhex(self.exam)].title
        step.check(self.helene.do("says", words=f"{title} · essai 1"), "the graded quiz stands on the dashboard")
        self.helene.do("says", words=LEARNER.name)
        step.check(self.helene.do("says", words=SECOND_LEARNER.name), "with both names")
        self._picture(step, self.helene, "tableau_de_bord")
        self.helene.do("click_words", words="Groupe")
        cells = self.helene.do("matrix", name=LEARNER.name)
        step.check(cells[-1] == "aujourd’hui", f"the matrix has her row: {', '.join(cells)}")
        self._picture(step, self.helene, "groupe")
        step.check(self.helene.do("holds", words=self.course.secrets()), "the trainer's laptop has the keys")

    def trainer_reads(self, step: Step) -> None:
        """On the train: the answers and what was expected."""
        self.helene.wire.cut()
        self.helene.do("click", name=f"quiz_{self.exam}")
        step.check(self.helene.do("says", words="2 personnes sur 2 ont rendu"), "the results of the quiz, offline")
        self._picture(step, self.helene, "resultats_du_quiz")
        self.helene.do("click_words", words=LEARNER.name)
        step.check(self.helene.do("says", words="Réponses"), "her answers, each beside its key")
        self._picture(step, self.helene, "essai")
        self.helene.wire.mend()

    def all_even(self, step: Step) -> None:
        """One more round on each laptop."""
        for laptop in (self.helene, self.nadia, self.karim):
            laptop.do("key", keys="F5")
            laptop.do("chip", words="À jour")
            facts = laptop.do("facts")
            step.check(facts["waiting"] == facts["refused"] == 0, f"{laptop.person.name}: nothing waits")
        foreign = [self.karim.person.name, self.karim.server.people[self.karim.person.login].hex()]
        step.check(not self.nadia.do("holds", words=self.course.secrets()), "and the keys never reached a learner")
        step.check(not self.nadia.files_with([*foreign, self.nadia.password, self.nadia.passphrase]), "no clear text")

    def english(self, step: Step) -> None:
        """The language is the person's, and changes while the window is open."""
        self.nadia.do("click_words", words="Aujourd’hui")
        self.nadia.do("speak", language="en")
        step.check(self.nadia.do("says", words="Hello Nadia"), "the page speaks English")
        silent = self.nadia.do("is_silent_about", words="Vos réponses sont remises")
        step.check(silent, "no message at the foot of the sheet is left in French")
        self._picture(step, self.nadia, "today_in_english")
        for laptop in (self.helene, self.nadia, self.karim):
            laptop.close()
        step.checked.append("all windows close by themselves")

    # -- how

    def end(self) -> None:
        """Leave nothing running."""
        self._stack.close()

    def _laptop(self, name: str, place: int) -> TourLaptop:
        laptop = TourLaptop(self.folder / name, self.server, PEOPLE[place])
        self._stack.callback(laptop.end)
        return laptop

    def _join(self, step: Step, laptop: TourLaptop, picture: str = "") -> None:
        laptop.do("fill", name="code", text=self.server.invite(laptop.person))
        laptop.do("fill", name="address", text=laptop.wire.address)
        if picture:
            self._picture(step, laptop, picture)
        laptop.do("click", name="primary")
        for field in ("password", "password_again"):
            laptop.do("fill", name=field, text=laptop.password)
        laptop.do("click", name="primary")
        for field in ("passphrase", "passphrase_again"):
            laptop.do("fill", name=field, text=laptop.passphrase)
        laptop.do("click", name="primary")
        step.check(laptop.do("says", words="Notez ce code"), "the recovery code is shown once")
        laptop.do("click", name="primary")

    def _open_activity(self, laptop: TourLaptop, activity: str) -> None:
        """Open an activity from the outline, opening its week where that is folded."""
        if not laptop.do("shows", name=f"activity_{activity}"):
            for module in self.course.text.course.modules:
                if bytes.fromhex(activity) in module.activities:
                    laptop.do("click", name=f"module_{module.id.hex()}")
        laptop.do("click", name=f"activity_{activity}")

    def _answer(self, laptop: TourLaptop) -> None:
        laptop.do("answer", given=self.course.right(laptop.do("question")))

    def _answer_all(self, laptop: TourLaptop, quiz: str, *, checks: bool) -> None:
        """From the question in view to the hand-in. `checks`: each answer is checked before going on."""
        for _ in range(self.course.questions(quiz)):
            if not laptop.do("is_judged"):
                self._answer(laptop)
                if checks:
                    laptop.do("click", name="primary")
            laptop.do("click", name="primary")
            if not laptop.do("is_asking"):
                break
        if laptop.do("shows", name="question_1"):  # the look-over before handing in
            laptop.do("click", name="primary")

    def _requests_of(self, laptop: TourLaptop) -> int:
        device = laptop.do("facts")["device"]
        return sum(line["device"] == device for line in self.server.requests())

    def _picture(self, step: Step, laptop: TourLaptop, name: str) -> None:
        path = self.pictures / f"{len(list(self.pictures.glob('*.png'))) + 1:02}_{name}.png"
        laptop.do("picture", path=str(path))
        step.picture = path.name
        step.pictures.append(path.name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the tour; 0 when every step held."""
    parser = argparse.ArgumentParser(prog="tour", description="Play the guided tour off-screen.")
    parser.parse_args(arguments)
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    report = Report(BUILD)
    print("The guided tour: two learners' laptops, a trainer's, a server, and a network that is cut.\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="spoc-tour-") as folder:
        tour = Tour(Path(folder), BUILD)
        try:
            for name, play in tour.steps():
                if not report.run(name, play):
                    break
        finally:
            tour.end()
    seconds = sum(step.seconds for step in report.steps)
    print(f"\n{sum(step.ok for step in report.steps)} of {len(tour.steps())} steps in {seconds:.0f} s.", flush=True)
    print(f"Pictures and report: {BUILD.relative_to(ROOT)}/", flush=True)
    return 0 if report.ok and len(report.steps) == len(tour.steps()) else 1
