"""The beginning: IT's list of people, the author's folder, three people who sign in once."""

from __future__ import annotations

from tools.sample_session import LEARNER
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def server_starts(stage: Stage, step: Step) -> None:
    """One command, and people with their places by a list."""
    stage.begin()
    everybody = len(stage.server.people)
    step.check(everybody == len(stage.laptops), f"{everybody} people and their session came from IT’s list")
    step.check(len(stage.server.codes) == everybody, "each has a code, good once")


def trainer_joins(stage: Stage, step: Step) -> None:
    """She signs in as everybody does; the other two programs start meanwhile."""
    for laptop in stage.laptops:
        laptop.start(unlocked=False)
    claire = stage.claire
    stage.join(step, claire)
    claire.do("says", words="Bonjour Claire")
    step.check(claire.do("has_page", route="contents"), "she teaches and writes: her rail leads to the contents")


def publishes(stage: Stage, step: Step) -> None:
    """The author's folder, with a report of what was understood and a check-list before it is published."""
    claire, text = stage.claire, stage.course.text
    stage.even(claire)
    claire.do("go", route="contents")
    claire.do("click", name="import")
    claire.do("will_choose", path=str(stage.course_folder))
    claire.do("click", name="choose_folder")
    step.check(claire.do("says", words=f"« {text.course.title} » est compris"), "the report says what was understood")
    stage.picture(step, claire, "import_rapport")
    claire.do("click", name="bring")
    step.check(claire.do("says", words="Avant de publier"), "it is in; the check-list stands beside it")
    stage.picture(step, claire, "contenus")
    claire.do("click", name="publish")
    step.check(claire.do("says", words="L’édition 1 est publiée"), "edition 1 is published")
    stage.even(claire)


def trainer_opens(stage: Stage, step: Step) -> None:
    """Nobody has sent anything, and the dashboard says so."""
    claire = stage.claire
    claire.do("go", route="dashboard")
    claire.do("chip", words="À jour")
    step.check(claire.do("says", words="Aucun quiz rendu"), "nothing was handed in yet, and the page says so")
    step.check(claire.do("says", words=LEARNER.name), "both learners are to follow up: nothing has come from them yet")
    stage.picture(step, claire, "tableau_de_bord_vide")


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
    ("The trainer joins with her invitation code", trainer_joins),
    ("She imports the course folder in the window, and publishes it", publishes),
    ("Her dashboard says that nothing has come yet", trainer_opens),
    ("A learner joins with her invitation code", learner_joins),
    ("A second learner joins on his own laptop", second_joins),
]
