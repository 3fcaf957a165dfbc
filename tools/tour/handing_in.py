"""Without a network: a film that goes on, a draft that outlives the program, a hand-in with its file."""

from __future__ import annotations

from tools.tour.report import Step
from tools.tour.stage import Scene, Stage

FILE_NAME = "capture du message.txt"
CUT_OFF = " Ensuite je préviens mes coll"
"""What is being typed when the program is killed: in the middle of a word."""
QUOTE = "Je ne clique pas"
_WATCHED_MS = 1500


def first_words(stage: Stage) -> str:
    """What she writes before the program is killed."""
    return f"Le message annonce un colis bloqué ({stage.canaries.draft}).\n{QUOTE}, je vérifie par un autre chemin."


def watches(stage: Stage, step: Step) -> None:
    """A film plays from the encrypted store, with its captions."""
    nadia = stage.nadia
    stage.open_activity(nadia, stage.course.video())
    seen = nadia.do("watch", until=_WATCHED_MS)
    step.check(not seen["trouble"] and seen["picture"], "the film plays off-screen from the encrypted store")
    step.check(seen["caption"], f"with captions: « {' '.join(seen['caption'].split())} »")
    stage.picture(step, nadia, "video")


def killed(stage: Stage, step: Step) -> None:
    """SIGKILL in the middle of a word, and the program again: everything is where it was."""
    nadia, course = stage.nadia, stage.course
    question = _question(stage)
    place = _moment(stage)
    exercise = course.exercise()
    if exercise:
        stage.open_activity(nadia, exercise)
        nadia.do("write", name="answer", text=first_words(stage))
        nadia.do("says", words="Enregistré sur cet ordinateur")
        nadia.do("write_slowly", name="answer", text=CUT_OFF)
    waiting = nadia.do("facts")["waiting"]
    nadia.kill()
    nadia.start()
    nadia.do("says", words="Bonjour Nadia")
    step.check(nadia.do("facts")["waiting"] >= waiting, f"all {waiting} changes are still there")
    if exercise:
        stage.open_activity(nadia, exercise)
        text = nadia.do("written", name="answer")
        step.check(
            text.startswith(first_words(stage)), "the draft is there, as far as the page had said that it is saved"
        )
        step.check(text == first_words(stage) + CUT_OFF, "and to the last letter of the word that was begun")
    step.check(_question(stage) == question, "the practice quiz opens at the question where she was")
    if place:
        step.check(abs(_moment(stage) - place) <= _FRAME_MS, f"the film goes on at {place / 1000:.1f} s")
        stage.picture(step, nadia, "video_reprise")


def hands_in(stage: Stage, step: Step) -> None:
    """With a file; the receipt says where it is now."""
    nadia = stage.nadia
    stage.open_activity(nadia, stage.course.exercise())
    nadia.do("write", name="answer", text="ègues, puis j’appelle l’assistance.")
    _attach(stage)
    stage.picture(step, nadia, "exercice_redaction")
    nadia.do("click", name="hand_in")
    step.check(
        nadia.do("says", words="sur cet ordinateur. Elle part"), "the receipt says: saved here, leaves by itself"
    )
    step.check(nadia.do("facts")["records"].get("hand_in") == 1, "version 1 lies on her laptop")
    stage.picture(step, nadia, "exercice_remis_hors_ligne")
    leaked = nadia.files_with([stage.canaries.draft, stage.canaries.file, stage.canaries.note])
    step.check(not leaked, "neither text nor file nor note stands in clear text in any file of hers")


def _attach(stage: Stage) -> None:
    path = stage.folder / FILE_NAME
    path.write_text(f"Capture du message, {stage.canaries.file}.\n", "utf-8")
    stage.nadia.do("will_choose", path=str(path))
    stage.nadia.do("click", name="attach")
    stage.nadia.do("says", words=FILE_NAME)


def _question(stage: Stage) -> str:
    stage.open_activity(stage.nadia, stage.training)
    return str(stage.nadia.do("question"))


def _moment(stage: Stage) -> int:
    if not stage.course.video():
        return 0
    stage.open_activity(stage.nadia, stage.course.video())
    return int(stage.nadia.do("moment"))


_FRAME_MS = 250
"""A film stands on a picture: its moment may be one picture away."""


def scenes(stage: Stage) -> list[Scene]:
    """What this course has of it."""
    found: list[Scene] = []
    if stage.course.video():
        found.append(("Offline, she watches a film with captions", watches))
    found.append(("The program is killed in mid-typing and goes on where she was", killed))
    if stage.course.exercise():
        found.append(("Offline, she hands in an exercise with a file", hands_in))
    return found
