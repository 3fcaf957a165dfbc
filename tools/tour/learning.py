"""Without a network: the week, a lesson with a note in its margin, a quiz that answers, a quiz that is graded later."""

from __future__ import annotations

from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def cut(stage: Stage, step: Step) -> None:
    """The relay's process ends and its port is closed."""
    stage.cut(step, stage.nadia)
    stage.requests_at_cut = stage.requests_of(stage.nadia)


def reads(stage: Stage, step: Step) -> None:
    """Each part she goes through is kept; so is what she notes beside some words."""
    nadia, lesson = stage.nadia, stage.course.lesson()
    nadia.do("go", route="today")
    nadia.do("says", words="Bonjour Nadia")
    step.check(nadia.do("shows", name="resume"), "what there is to do this week stands on her first page")
    stage.picture(step, nadia, "aujourdhui_hors_ligne")
    stage.open_activity(nadia, lesson)
    nadia.do("select_words", words=stage.course.words_of(lesson))
    nadia.do("click", name="begin_note")
    nadia.do("write", name="note_new", text=f"Le dire à l’équipe : {stage.canaries.note}.")
    stage.picture(step, nadia, "lecon_avec_note")
    before = nadia.do("facts")["records"].get("reading", 0)
    nadia.do("click", name="after")
    facts = nadia.do("facts")["records"]
    step.check(facts.get("reading", 0) == before + 1, "the part she read is saved")
    step.check(facts.get("note", 0) == 1, "so is her note")


def practises(stage: Stage, step: Step) -> None:
    """A wrong answer says “not yet”, and does not give the expected one away."""
    nadia = stage.nadia
    stage.open_activity(nadia, stage.training)
    nadia.do("click", name="primary")
    while (wrong := stage.course.wrong(nadia.do("question"))) is None:
        stage.answer(nadia)
        nadia.do("click", name="primary")
        nadia.do("click", name="primary")
    nadia.do("answer", given=wrong)
    nadia.do("click", name="primary")
    step.check(nadia.do("says", words="Pas encore"), "a wrong answer is told at once, offline")
    step.check(nadia.do("is_silent_about", words="Réponse attendue"), "the expected answer is not given away")
    stage.picture(step, nadia, "quiz_pas_encore")
    nadia.do("click", name="retry")
    stage.answer(nadia)
    nadia.do("click", name="primary")
    step.check(nadia.do("says", words="Juste"), "the second try is right, and explained")
    stage.picture(step, nadia, "quiz_juste")


def finishes(stage: Stage, step: Step) -> None:
    """To the end, and the result is there, provisional."""
    nadia = stage.nadia
    stage.open_activity(nadia, stage.training)
    stage.answer_all(nadia, stage.training, checks=True)
    step.check(nadia.do("says", words="Provisoire"), "her result is there at once, marked provisional")
    stage.picture(step, nadia, "quiz_resultat_provisoire")


def takes_exam(stage: Stage, step: Step) -> None:
    """No feedback, no key; handed in offline."""
    nadia, secrets = stage.nadia, stage.course.secrets()
    stage.open_activity(nadia, stage.exam)
    stage.picture(step, nadia, "quiz_note")
    nadia.do("click", name="primary")
    stage.answer_all(nadia, stage.exam, checks=False)
    step.check(nadia.do("says", words="enregistrées sur cet ordinateur"), "handed in: saved here, sent later")
    step.check(not nadia.do("holds", words=secrets), "still no key on her laptop")
    step.check(not nadia.files_with(secrets), "nor in clear text in any of its files")
    stage.picture(step, nadia, "quiz_note_remis")


CUT: list[Scene] = [
    ("The first learner’s network is cut", cut),
    ("Offline, she reads a lesson and notes something in its margin", reads),
    ("Offline, a practice quiz gives feedback at once", practises),
]
GRADED: list[Scene] = [
    ("Offline, she finishes the practice quiz", finishes),
    ("Offline, she takes the graded quiz without any key on her laptop", takes_exam),
]
