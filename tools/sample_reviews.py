"""An exercise in the sample course, and what the sample's learners handed in for it, as a trainer's laptop was told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from sync.domain import spaces
from sync.domain.anchors import Anchor
from sync.domain.blocks import Paragraph, Text
from sync.domain.exercises import (
    EXERCISE_EDITION,
    HAND_IN,
    RETURNED,
    Criterion,
    Exercise,
    HandIn,
    Level,
    Mark,
    Remark,
    Returned,
    Verdict,
    review_id,
)
from sync.domain.files import Attachment
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE, NextAction, PrivateNote
from sync.domain.ids import PersonId, derived
from sync.domain.kind import encode
from sync.domain.messages import MESSAGE, Message
from tools.sample_laptop import CLAIRE, COHORT_ID, LEARNERS, NADIA, SampleLaptop, local

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.reviewing import ReviewingPage

EXERCISE_ID = derived("sample", "exercise")
FIRST = """Message reçu le 12 novembre, « Votre colis est bloqué ».
1. Expéditeur. L’adresse affichée ne correspond pas à celle du transporteur.
2. Demande. Payer 1,99 € sous 24 h, avec un lien.
3. Décision. Je supprime le message."""
SECOND = """Message reçu le 12 novembre, « Votre colis est bloqué ».
1. Expéditeur. L’adresse affichée ne correspond pas à celle du transporteur : le domaine se termine par un autre nom.
2. Demande. Payer 1,99 € sous 24 h, avec un lien. L’urgence est là pour m’empêcher de réfléchir.
3. Vérification. J’ouvre le site du transporteur par mes favoris, jamais par le lien, et je cherche le numéro du colis.
4. Décision. Je signale le message au service informatique, puis je le supprime."""
OTHERS = {
    "Karim Ouali": "J’ai choisi un message de la banque. Le nom de l’expéditeur est juste, l’adresse ne l’est pas.",
    "Sophie Lemoine": "Un message du service paie demandait mon mot de passe. J’ai d’abord appelé le service.",
}
_LEVELS = tuple(
    Level(title=title, points=points) for points, title in enumerate(("Absent", "Partiel", "Acquis", "Maîtrisé"))
)
_CRITERIA = tuple(
    Criterion(number=number, title=title, levels=_LEVELS)
    for number, title in enumerate(("Les indices relevés", "Le raisonnement", "La vérification", "La décision"), 1)
)


@dataclass(frozen=True, slots=True)
class SampleReviews:
    """The hand-ins: Nadia's first version, which was returned, her second, and those of others who wait too."""

    first: bytes
    second: bytes
    others: tuple[bytes, ...]


def with_exercise(laptop: SampleLaptop) -> SampleLaptop:
    """Put the exercise at the end of the first week. Before anything is told."""
    text = laptop.text
    exercise = Exercise(
        title="Analyser un message douteux",
        minutes=40,
        brief=(Paragraph(spans=(Text(text="Choisissez un message reçu et dites ce qui doit vous alerter."),)),),
        criteria=_CRITERIA,
        due_day=9,
    )
    first, *rest = text.course.modules
    longer = msgspec.structs.replace(first, activities=(*first.activities, EXERCISE_ID))
    course = msgspec.structs.replace(text.course, modules=(longer, *rest))
    laptop.text = replace(text, course=course, exercises={**text.exercises, EXERCISE_ID: exercise})
    return laptop


def sample_reviews(laptop: SampleLaptop) -> SampleReviews:
    """Tell a trainer's laptop what was handed in, what was said of it, a message, a note and a next action."""
    first = _hand_in(laptop, NADIA, 1, FIRST, local(2026, 11, 19, 17, 20))
    _returned(laptop, first)
    second = _hand_in(laptop, NADIA, 2, SECOND, local(2026, 11, 24, 8, 40), *_files(laptop))
    ids = {name: who for who, name in LEARNERS.items()}
    others = tuple(
        _hand_in(laptop, ids[name], 1, text, local(2026, 11, 24, 8, 10 + place))
        for place, (name, text) in enumerate(OTHERS.items())
    )
    said = Message(text="Je confonds toujours l’adresse affichée et l’adresse réelle.", at=local(2026, 11, 23, 18, 5))
    laptop.told(
        spaces.personal(COHORT_ID, NADIA), [(MESSAGE, derived("sample", "message"), encode(said))], author=NADIA
    )
    staff = spaces.staff(COHORT_ID, NADIA)
    note = PrivateNote(text="De nuit jusqu’au 27 : proposer l’après-midi.", at=local(2026, 11, 18, 9))
    laptop.told(staff, [(PRIVATE_NOTE, derived("sample", "note"), encode(note))], author=CLAIRE)
    action = NextAction(text="L’appeler avant jeudi", at=local(2026, 11, 23, 9), remind_at=local(2026, 11, 25, 9))
    laptop.told(staff, [(NEXT_ACTION, derived("sample", "action"), encode(action))], author=CLAIRE)
    return SampleReviews(first, second, others)


def _files(laptop: SampleLaptop) -> tuple[Attachment, ...]:
    return (laptop.store.files.keep(b"%PDF-1.4 sample", "capture du message.pdf", "application/pdf"),)


def _hand_in(laptop: SampleLaptop, learner: PersonId, version: int, text: str, at: int, *files: Attachment) -> bytes:
    edition = next(seen.id for seen in laptop.store.view(EXERCISE_EDITION) if seen.body.activity == EXERCISE_ID)
    id_ = derived("sample hand-in", learner, bytes([version]))
    body = HandIn(activity=EXERCISE_ID, edition=edition, version=version, text=text, at=at, files=files)
    now, laptop.clock.time = laptop.clock.time, at
    laptop.told(spaces.personal(COHORT_ID, learner), [(HAND_IN, id_, encode(body))], author=learner)
    laptop.clock.time = now
    return id_


def _returned(laptop: SampleLaptop, hand_in: bytes) -> None:
    quote = "Je supprime le message."
    start = FIRST.index(quote)
    body = Returned(
        review=review_id(hand_in, CLAIRE),
        hand_in=hand_in,
        activity=EXERCISE_ID,
        version=1,
        trainer=CLAIRE,
        marks=(Mark(criterion=1, level=2), Mark(criterion=2, level=1), Mark(criterion=3, level=0)),
        remarks=(
            Remark(
                number=1,
                text="Et vos collègues ? Dites qui vous prévenez.",
                anchor=Anchor(start=start, end=start + len(quote), quote=quote),
            ),
        ),
        opinion="Les indices sont là. Il manque la vérification.",
        verdict=Verdict.RETURNED,
        decided_at=local(2026, 11, 20, 10),
    )
    laptop.told(
        spaces.personal(COHORT_ID, NADIA),
        [(RETURNED, derived("sample returned", hand_in), encode(body))],
        author=CLAIRE,
    )


def begin_review(page: ReviewingPage) -> None:
    """Write a review as far as a picture shows one: two levels, a remark on some words, an opinion."""
    page.mark(1, 3)
    page.mark(2, 2)
    quote = "L’urgence est là"
    page.select(SECOND.index(quote), SECOND.index(quote) + len(quote))
    page.add_remark("Très juste. Nommez-la dès la première ligne.")
    page.write_opinion("La vérification est claire. Une phrase sur vos collègues et la fiche peut servir à d’autres.")
