"""The forum: a question asked without a network, an answer given without one, one message changed on two computers."""

from __future__ import annotations

from sync.domain.spaces import SpaceType
from tools.sample_desks import other_computer
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage

TITLE = "Un SMS du transporteur : vrai ou faux ?"
HERE, THERE = "Correction : c’était jeudi.", "Correction : c’était mercredi soir."


def asks(stage: Stage, step: Step) -> None:
    """With « Demande de l’aide »; it waits on her laptop."""
    nadia = stage.nadia
    nadia.do("go", route="exchanges")
    nadia.do("click", name="new_thread")
    nadia.do("fill", name="new_title", text=TITLE)
    nadia.do("click_words", words="Demande de l’aide")
    nadia.do("write", name="composer_text", text=f"Comment le savez-vous ? ({stage.canaries.help})")
    nadia.do("click", name="composer_send")
    step.check(nadia.do("says", words="Pas encore parti"), "her question stands in the forum, marked as not sent yet")
    step.check(nadia.do("says", words="Demande de l’aide"), "and as one that asks for help")
    stage.picture(step, nadia, "forum_hors_ligne")


def answers(stage: Stage, step: Step) -> None:
    """The trainer is on the train too."""
    claire = stage.claire
    claire.do("go", route="exchanges")
    claire.do("click_words", words=TITLE)
    step.check(claire.do("says", words=stage.canaries.help), "the learner’s question has come to the trainer")
    claire.do("write", name="composer_text", text=f"Ouvrez le site par vos favoris. ({stage.canaries.reply})")
    claire.do("click", name="composer_send")
    step.check(claire.do("says", words="Pas encore parti"), "the answer waits on the trainer’s laptop")
    stage.picture(step, claire, "forum_reponse_hors_ligne")


def changes_twice(stage: Stage, step: Step) -> None:
    """She changes her own message on two computers that know nothing of each other."""
    nadia = stage.nadia
    stage.even(nadia)
    with other_computer(stage.server, nadia.person.login, nadia.password) as other:
        nadia.do("go", route="exchanges")
        nadia.do("click_words", words=TITLE)
        edit = nadia.do("names", beginning="edit_")[0]
        nadia.do("click", name=edit)
        nadia.do("clear", name="edit_text")
        nadia.do("write", name="edit_text", text=HERE)
        nadia.do("click", name="edit_keep")
        nadia.do("says", words=HERE)
        stage.even(nadia)
        other.forum.edit(bytes.fromhex(edit.removeprefix("edit_")), THERE)
        other.syncing.sync_or_raise()
    stage.even(nadia)
    step.check(nadia.do("says", words=HERE) and nadia.do("says", words=THERE), "both texts are in view")
    stage.picture(step, nadia, "forum_deux_textes")
    nadia.do("click", name=nadia.do("names", beginning="keep_both_")[0])
    stage.even(nadia)
    step.check(nadia.do("is_silent_about", words="Garder les deux"), "she keeps both, and nothing is left to settle")
    found = stage.server.spaces_with(stage.canaries.help)
    step.check(found <= {SpaceType.COHORT, SpaceType.OWN}, "the server has the discussion in the session’s space only")


ASKING: list[Scene] = [("Offline, she asks the group for help", asks)]
ANSWERING: list[Scene] = [("Offline, the trainer answers in the forum", answers)]
TWICE: list[Scene] = [("One message is changed on two computers at the same time", changes_twice)]
