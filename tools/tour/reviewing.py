"""The trainer reviews: a draft that only trainers hold, a review finished on the train, and what the learner reads."""

from __future__ import annotations

from sync.domain.spaces import SpaceType
from tools.tour.handing_in import QUOTE
from tools.tour.laptop import TourLaptop
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage

REMARK = "Bien. Dites par quel chemin : l’adresse, ou le numéro."


def drafts(stage: Stage, step: Step) -> None:
    """A private note and the beginning of an opinion go up; the learner's laptop hears of neither."""
    claire, nadia, canaries = stage.claire, stage.nadia, stage.canaries
    claire.do("open", route="learner_file", cohort_id=stage.cohort, learner=stage.id_of(nadia))
    claire.do("write", name="note", text=f"À appeler jeudi, {canaries.private}.")
    claire.do("click", name="keep_note")
    step.check(claire.do("says", words=canaries.private), "a private note stands in the learner’s file")
    stage.picture(step, claire, "dossier")
    claire.do("go", route="reviewing")
    claire.do("write", name="opinion", text=f"Les indices sont là ({canaries.opinion}).")
    stage.even(claire)
    secret = [canaries.opinion, canaries.private]
    found = {space for words in secret for space in stage.server.spaces_with(words)}
    step.check(found == {SpaceType.STAFF}, "the server has both in the staff space, and in no other")
    stage.even(nadia)
    step.check(not nadia.do("holds", words=secret), "the learner’s laptop holds neither draft nor note")


def reviews(stage: Stage, step: Step) -> None:
    """Rubric by keys, a remark on selected words, returned; the network is cut."""
    claire, nadia, canaries = stage.claire, stage.nadia, stage.canaries
    stage.cut(step, claire)
    claire.do("go", route="reviewing")
    for row, levels in enumerate(stage.course.levels(stage.course.exercise()), 1):
        claire.do("mark", row=row, level=min(1, levels - 1))
    claire.do("select_words", words=QUOTE, name="hand_in_text")
    claire.do("click", name="add_remark")
    claire.do("write", name="remark_1", text=REMARK)
    stage.picture(step, claire, "a_corriger")
    claire.do("click", name="return")
    step.check(claire.do("says", words="Rien à corriger"), "returned, and nothing else waits")
    step.check(claire.do("facts")["waiting"] > 0, "the verdict waits on the trainer’s laptop")
    stage.even(nadia)
    told = nadia.do("facts")["records"].get("returned", 0)
    leaked = nadia.do("holds", words=[canaries.opinion, canaries.private])
    step.check(not told and not leaked, "the learner’s laptop still knows nothing of it")


def verdict_arrives(stage: Stage, step: Step) -> None:
    """Remarks anchored in her own text, the rubric, the opinion; and not the private note."""
    claire, nadia, canaries = stage.claire, stage.nadia, stage.canaries
    claire.wire.mend()
    stage.even(claire)
    stage.even(nadia)
    step.check(stage.server.spaces_with(canaries.opinion) == {SpaceType.STAFF, SpaceType.PERSONAL}, "it was released")
    step.check(nadia.do("holds", words=[canaries.reply]), "the answer in the forum has come with it")
    stage.open_activity(nadia, stage.course.exercise())
    step.check(nadia.do("says", words="À reprendre"), "the exercise has come back")
    step.check(nadia.do("says", words=canaries.opinion), "with the opinion")
    step.check(nadia.do("says", words=REMARK), "and the remark")
    passages = nadia.do("passages", name="version_text")
    step.check(passages == [QUOTE], f"which is anchored in her own words: « {passages[0]} »")
    step.check(nadia.do("says", words="Votre grille"), "the rubric is filled in")
    stage.picture(step, nadia, "exercice_revenu")
    step.check(not nadia.do("holds", words=[canaries.private]), "the private note is not on her laptop")
    step.check(not stage.karim.do("holds", words=[canaries.opinion]), "the other learner’s laptop has nothing of it")


def rest_of_the_weeks(stage: Stage, step: Step) -> None:
    """Her own client does what is left of the course; then version 2 answers the remarks."""
    nadia, course = stage.nadia, stage.course
    first = course.exercise()
    stage.open_activity(nadia, first)
    nadia.do("click", name="begin_next")
    nadia.do("write", name="answer", text=" Par le numéro de ma fiche.")
    nadia.do("click", name="hand_in")
    step.check(nadia.do("says", words="Version 2"), "version 2 is handed in; version 1 and its remarks stay in view")
    stage.picture(step, nadia, "exercice_version_2")
    done = nadia.do("work_through", cohort=stage.cohort, course=str(stage.course_folder))
    step.check(done, f"{done} other activities of the course are done")
    _opens_again(nadia, "Bonjour Nadia")
    records = stage.even(nadia)["records"]
    wanted = len(course.exercises()) + 1
    step.check(
        records["hand_in"] == wanted, f"the window was closed at once: all {wanted} hand-ins left when it opened"
    )


def accepts(stage: Stage, step: Step) -> None:
    """Version 2 beside version 1, then the other exercises."""
    claire, course = stage.claire, stage.course
    stage.even(claire)
    claire.do("go", route="dashboard")
    claire.do("click", name="review_first")
    order = claire.do("queue")
    second = next(one["hand_in"] for one in order if one["version"] == 2)
    claire.do("open", route="reviewing", hand_in=second)
    step.check(claire.do("says", words="Comparer"), "version 2 can be compared with version 1")
    stage.picture(step, claire, "a_corriger_version_2")
    for one in order:
        claire.do("open", route="reviewing", hand_in=one["hand_in"])
        for row, levels in enumerate(course.levels(one["activity"]), 1):
            claire.do("mark", row=row, level=levels - 1)
        claire.do("click", name="accept")
    for quiz in course.quizzes_released_by_trainer():
        claire.do("open", route="quiz_results", cohort_id=stage.cohort, activity_id=quiz)
        claire.do("click", name="release")
    _opens_again(claire, "Tableau de bord")
    stage.even(claire)
    step.check(not claire.do("queue"), f"all {len(order)} are accepted, nothing waits for a review")


def _opens_again(laptop: TourLaptop, words: str) -> None:
    """Close the window while something can still be taken back, and open it: now it leaves without the ten seconds."""
    laptop.shut()
    laptop.start()
    laptop.do("says", words=words)


DRAFTING: list[Scene] = [
    ("The trainer begins a review: the learner’s laptop hears nothing of it", drafts),
    ("Offline, the trainer reviews with rubric, remark and opinion, and returns it", reviews),
]
RETURNED: list[Scene] = [("The verdict arrives: remarks in her own text, and the rubric", verdict_arrives)]
ACCEPTED: list[Scene] = [
    ("She hands in version 2, and does the rest of the course", rest_of_the_weeks),
    ("The trainer accepts version 2 and what else was handed in", accepts),
]
