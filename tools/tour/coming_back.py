"""What waited goes up when the network is back, and what came back is read."""

from __future__ import annotations

from sync.domain.spaces import SpaceType
from tools.sample_session import LEARNER, SECOND_LEARNER
from tools.tour.handing_in import FILE_NAME
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def waits(stage: Stage, step: Step) -> None:
    """The sync page lists it; the request log is silent about her device."""
    nadia, claire = stage.nadia, stage.claire
    waiting = nadia.do("facts")["waiting"]
    nadia.do("click_words", words="Hors ligne")
    step.check(nadia.do("says", words="Envoi automatique"), f"{waiting} changes wait on the sync page")
    stage.picture(step, nadia, "synchronisation_hors_ligne")
    step.check(stage.requests_of(nadia) == stage.requests_at_cut, "the server’s log has no request of hers")
    records = stage.even(claire)["records"]
    told = {kind: records.get(kind, 0) for kind in ("attempt", "hand_in", "post")}
    step.check(not any(told.values()), "the trainer’s laptop has no attempt, hand-in or message yet")


def back(stage: Stage, step: Step) -> None:
    """The same address answers again."""
    nadia, canaries = stage.nadia, stage.canaries
    nadia.wire.mend()
    facts = stage.even(nadia)
    step.checked.append("nothing waits, nothing was refused")
    nadia.do("says", words="Rien n’attend")
    stage.picture(step, nadia, "synchronisation_a_jour")
    grades, attempts = facts["records"].get("grade", 0), facts["records"]["attempt"]
    step.check(grades == attempts, f"{grades} grades came back, one an attempt")
    noted = stage.server.spaces_with(canaries.note)
    step.check(noted == {SpaceType.OWN}, "her note lies in her own space on the server, and in no other")
    if stage.course.exercise():
        stage.open_activity(nadia, stage.course.exercise())
        step.check(nadia.do("says", words="Reçu"), "the receipt carries the server’s date")
        stage.picture(step, nadia, "exercice_recu")


def arrives(stage: Stage, step: Step) -> None:
    """On the trainer's laptop: what was handed in, with its file; on nobody's: the note."""
    claire, karim, canaries = stage.claire, stage.karim, stage.canaries
    stage.even(claire)
    stage.even(karim)
    if stage.course.exercise():
        step.check(claire.do("has_file", name=FILE_NAME), "the file has come to the trainer")
        step.check(claire.do("holds", words=[canaries.file, canaries.draft]), "with what is in it")
        step.check(not karim.do("has_file", name=FILE_NAME), "and not to the other learner")
    step.check(not claire.do("holds", words=[canaries.note]), "the learner’s note is not on the trainer’s laptop")
    leaked = karim.do("holds", words=[canaries.note, canaries.draft, canaries.file])
    step.check(not leaked, "nor is anything of hers on the other learner’s")
    step.check(karim.do("holds", words=[canaries.help]), "but he has her question to the group")


def reads_result(stage: Stage, step: Step) -> None:
    """What came back stands on her first page."""
    nadia = stage.nadia
    nadia.do("go", route="today")
    stage.picture(step, nadia, "aujourdhui_revenu")
    nadia.do("click_words", words="Voir le résultat")
    step.check(nadia.do("says", words="Noté par le serveur"), "the server graded it")
    step.check(nadia.do("is_silent_about", words="Provisoire"), "it is provisional no longer")
    stage.picture(step, nadia, "resultat")


def second_answers(stage: Stage, step: Step) -> None:
    """Online, the grade is there with the answer."""
    karim = stage.karim
    stage.open_activity(karim, stage.exam)
    karim.do("click", name="primary")
    stage.answer_all(karim, stage.exam, checks=False)
    step.check(karim.do("says", words="Noté par le serveur"), "with a network, the grade comes by itself")
    stage.picture(step, karim, "resultat_du_second")


def trainer_sees(stage: Stage, step: Step) -> None:
    """Attempts of both on the dashboard; the matrix; who is late, with the reason."""
    claire = stage.claire
    handed_in = sum(stage.even(laptop)["records"]["attempt"] for laptop in (stage.nadia, stage.karim))
    stage.even(claire)
    claire.do("arrived", kind="attempt", count=handed_in)
    step.checked.append(f"all {handed_in} attempts of both are on her laptop")
    claire.do("go", route="dashboard")
    claire.do("says", words=LEARNER.name)
    step.check(claire.do("says", words=SECOND_LEARNER.name), "both names stand on the dashboard")
    reasons = claire.do("beside", name=f"file_{stage.id_of(stage.karim)}")
    step.check(len(reasons) > 1, f"he is to follow up, and the page says why: {' '.join(reasons)}")
    stage.picture(step, claire, "tableau_de_bord")
    claire.do("go", route="group")
    cells = claire.do("matrix", name=LEARNER.name)
    step.check(cells[-1] == "aujourd’hui", f"the matrix has her row: {', '.join(cells)}")
    stage.picture(step, claire, "groupe")
    step.check(claire.do("holds", words=stage.course.secrets()), "the trainer’s laptop has the keys")


def trainer_reads(stage: Stage, step: Step) -> None:
    """The answers and what was expected."""
    claire = stage.claire
    claire.do("go", route="group")
    claire.do("click", name=f"quiz_{stage.exam}")
    step.check(claire.do("says", words="2 personnes sur 2 ont rendu"), "the results of the quiz")
    stage.picture(step, claire, "resultats_du_quiz")
    claire.do("click_words", words=LEARNER.name)
    step.check(claire.do("says", words="Réponses"), "her answers, each beside its key")
    stage.picture(step, claire, "essai")


WAITING: list[Scene] = [
    ("What waits stands on the sync page; the server heard nothing", waits),
    ("The network is back: all goes up, grades and receipts come down", back),
    ("The hand-in and its file are with the trainer, the note with nobody", arrives),
    ("She reads her result", reads_result),
]
SECOND: list[Scene] = [("The second learner answers too", second_answers)]
SEEING: list[Scene] = [
    ("The trainer sees the group, and who is late and why", trainer_sees),
    ("The trainer reads an attempt beside its key", trainer_reads),
]
