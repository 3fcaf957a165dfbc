"""The beginning: IT's list of people, the author's folder, three people who sign in once."""

from __future__ import annotations

from tools.sample_session import TRAINER, Laptop, publish
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def server_starts(stage: Stage, step: Step) -> None:
    """One command, and people with their places by a list."""
    stage.begin()
    everybody = len(stage.server.people)
    step.check(everybody == len(stage.laptops), f"{everybody} people and their session came from IT’s list")
    step.check(len(stage.server.codes) == everybody, "each has a code, good once")


def publishes(stage: Stage, step: Step) -> None:
    """The author's laptop brings the folder; the other two programs start meanwhile."""
    for laptop in (stage.nadia, stage.karim):
        laptop.start(unlocked=False)
    helene = stage.helene
    desk = Laptop(helene.home, helene.wire.address)
    desk.join(stage.server, TRAINER)
    helene.passphrase = next(iter(desk.passphrases.values()))
    said = publish(stage.server, desk, stage.course_folder)
    quizzes = len(stage.course.text.quizzes)
    step.check(
        stage.course.text.course.title in said or "1" in said, f"the report says what was understood: {quizzes} quizzes"
    )
    helene.start()


def trainer_opens(stage: Stage, step: Step) -> None:
    """Her first page is the dashboard; nobody has sent anything."""
    helene = stage.helene
    helene.do("chip", words="À jour")
    step.check(helene.do("says", words="Tableau de bord"), "the dashboard is her first page")
    step.check(helene.do("says", words="Aucun quiz rendu"), "nothing was handed in yet, and the page says so")
    stage.picture(step, helene, "tableau_de_bord_vide")


def learner_joins(stage: Stage, step: Step) -> None:
    """She signs in once, and has the whole course."""
    nadia, course = stage.nadia, stage.course
    stage.join(step, nadia, picture="connexion")
    nadia.do("says", words="Bonjour Nadia")
    nadia.do("chip", words="À jour")
    records = stage.even(nadia)["records"]
    step.check(records.get("quiz_edition", 0) == len(course.text.quizzes), "the course is on her laptop")
    step.check(not nadia.do("holds", words=course.secrets()), "no key of a graded quiz is in her store")
    stage.picture(step, nadia, "aujourdhui")


def second_joins(stage: Stage, step: Step) -> None:
    """His laptop holds his own things only."""
    karim = stage.karim
    stage.join(step, karim)
    karim.do("says", words="Bonjour Karim")
    records = stage.even(karim)["records"]
    step.check(records.get("enrolment") == 1, "he holds one enrolment: his own")


SCENES: list[Scene] = [
    ("The server starts, with people and their session from IT’s list", server_starts),
    ("The trainer, who is the author, imports and publishes the course", publishes),
    ("The trainer opens the program on her laptop", trainer_opens),
    ("A learner joins with her invitation code", learner_joins),
    ("A second learner joins on his own laptop", second_joins),
]
