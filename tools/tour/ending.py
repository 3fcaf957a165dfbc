"""The end: everybody is even, no word is where it must not be, and the window speaks another language."""

from __future__ import annotations

from sync.domain.spaces import SpaceType
from tools.tour.report import Step
from tools.tour.stage import Scene, Stage


def all_even(stage: Stage, step: Step) -> None:
    """One more round on each laptop, and a last look for words that must not be there."""
    nadia, karim, claire, canaries = stage.nadia, stage.karim, stage.claire, stage.canaries
    for laptop in stage.laptops:
        facts = stage.even(laptop)
        step.check(facts["waiting"] == facts["refused"] == 0, f"{laptop.person.name}: nothing waits")
    for laptop in (nadia, karim):
        step.check(not laptop.do("holds", words=stage.course.secrets()), f"no key ever reached {laptop.first_name}")
        step.check(not laptop.do("holds", words=[canaries.private]), "nor did the private note")
    hers = [canaries.note, canaries.draft, canaries.file, canaries.opinion]
    step.check(not karim.do("holds", words=hers), "nothing of hers is on the other learner’s laptop")
    step.check(not claire.do("holds", words=[canaries.note]), "her margin is hers alone")
    step.check(stage.server.spaces_with(canaries.private) == {SpaceType.STAFF}, "the note stayed in the staff space")
    for laptop in stage.laptops:
        clear = [*hers, canaries.private, canaries.help, laptop.password, laptop.passphrase]
        step.check(not laptop.files_with(clear), f"no clear text in any file of {laptop.first_name}’s")
    errors = (stage.server.data / "errors.log").read_text("utf-8")
    step.check(not errors, "the server had nothing to complain of")


def english(stage: Stage, step: Step) -> None:
    """The language is the person's, and changes while the window is open."""
    nadia = stage.nadia
    nadia.do("go", route="today")
    nadia.do("speak", language="en")
    step.check(nadia.do("says", words="Hello Nadia"), "the page speaks English")
    silent = nadia.do("is_silent_about", words="Bonjour")
    step.check(silent, "nothing is left in French")
    stage.picture(step, nadia, "today_in_english")
    for laptop in stage.laptops:
        laptop.close()
    step.checked.append("all windows close by themselves")


SCENES: list[Scene] = [
    ("Everybody is up to date, and no word is where it must not be", all_even),
    ("The window speaks English without a restart", english),
]
