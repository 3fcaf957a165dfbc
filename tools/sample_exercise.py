"""The learner's exercise of the sample: a version that came back with remarks, and the next one to begin."""

from __future__ import annotations

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.services.exercises import ExerciseView
from sync.client.steps import Confirm
from sync.domain import spaces
from sync.domain.anchors import Anchor
from sync.domain.blocks import Paragraph, Text
from sync.domain.exercises import (
    HAND_IN,
    RETURNED,
    Criterion,
    Exercise,
    Level,
    Mark,
    Remark,
    Returned,
    Verdict,
)
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.publishing import Drafts, publish
from tools.sample_laptop import CLAIRE, COHORT_ID, SampleLaptop, local

ANSWER = """Le message annonce un colis en attente et demande 1,99 € avant ce soir.
L’adresse d’envoi finit par « suivi-colis.info », qui n’est pas celle du transporteur.
Je ne clique pas, je transfère le message à la sécurité, puis je le supprime.
Si quelqu’un a payé, il appelle sa banque et change son mot de passe."""
_REMARKS = (
    ("suivi-colis.info", "Très bien : vous lisez le nom de domaine, pas le nom affiché."),
    ("je transfère le message à la sécurité", "Par quel moyen ? Donnez l’adresse, pour qu’on puisse vous suivre."),
    ("Si quelqu’un a payé", "Oui. Pensez aussi à garder les preuves."),
)
_LEVELS = tuple(Level(title=title, points=n) for n, title in enumerate(("Absent", "Partiel", "Presque", "Complet")))


def sample_exercise(laptop: SampleLaptop) -> bytes:
    """Hand in the first exercise of the course through the learner's services and let a trainer return it.

    Both happened on the day before. A course without exercises is told again with one in its second week.
    """
    activity = next(iter(laptop.text.exercises), b"") or _told_with_exercise(laptop)
    exercises, now = laptop.workplace.exercises, laptop.clock.time
    laptop.clock.time = local(2026, 11, 23, 9, 14)
    exercises.write(COHORT_ID, activity, ANSWER)
    exercises.hand_in(COHORT_ID, activity)
    _server_takes(laptop)
    laptop.clock.time = local(2026, 11, 23, 17, 20)
    _told_returned(laptop, exercises.view(COHORT_ID, activity))
    laptop.clock.time = now
    return activity


def begin_exercise(laptop: SampleLaptop) -> bytes:
    """Write some lines of another exercise; nothing is handed in."""
    activity = list(laptop.text.exercises)[1]
    laptop.workplace.exercises.write(COHORT_ID, activity, ANSWER[: ANSWER.index("Je ne clique")])
    return activity


def second_version(laptop: SampleLaptop, activity: bytes) -> None:
    """Begin the version that answers what came back."""
    laptop.workplace.exercises.begin_next(COHORT_ID, activity)


def _told_with_exercise(laptop: SampleLaptop) -> bytes:
    text: CourseText = laptop.text
    activity = derived("sample exercise", text.course_id)
    brief = (
        "Choisissez un message suspect reçu au travail. Dites ce qui vous a alerté, ce que vous faites, et pourquoi."
    )
    criteria = [
        ("Indices", "Ce qui trahit le message."),
        ("Gestes", "Dans l’ordre."),
        ("Suites", "Si c’est trop tard."),
    ]
    exercise = Exercise(
        title="Décrire un message suspect",
        minutes=25,
        brief=(Paragraph(spans=(Text(text=brief),)),),
        criteria=tuple(
            Criterion(number=n, title=title, levels=_LEVELS, description=said)
            for n, (title, said) in enumerate(criteria, 1)
        ),
    )
    module = text.course.modules[1]
    longer = msgspec.structs.replace(module, activities=(*module.activities, activity))
    modules = tuple(longer if one.id == module.id else one for one in text.course.modules)
    course = msgspec.structs.replace(text.course, modules=modules)
    drafts = Drafts(course, text.lessons, text.quizzes, {activity: exercise})
    done = publish(text.course_id, drafts, number=2, secret=bytes(32))
    here = {row.id for row in laptop.published().course}
    fresh = [(row.kind, row.id, row.body) for row in done.course if row.id not in here]
    laptop.told(spaces.course(laptop.course_id), fresh)
    return activity


def _server_takes(laptop: SampleLaptop) -> None:
    space = spaces.personal(COHORT_ID, laptop.person)
    for listed in laptop.store.outbox_list():
        if listed.kind == HAND_IN.number:
            laptop.told(space, [(HAND_IN, listed.id, encode(listed.body()))], laptop.person)
            seq = laptop.store.view(HAND_IN, space, [listed.id])[0].seq
            laptop.store.perform([Confirm(space, listed.writer, listed.n, 1, 1, seq)])


def _told_returned(laptop: SampleLaptop, view: ExerciseView) -> None:
    version = view.versions[-1]
    remarks = tuple(
        Remark(number=number, text=said, anchor=Anchor(start=version.text.index(quote), end=0, quote=quote))
        for number, (quote, said) in enumerate(_REMARKS, 1)
    )
    marks = tuple(
        Mark(criterion=criterion.number, level=max(0, len(criterion.levels) - 1 - place % 2))
        for place, criterion in enumerate(view.edition.criteria)
    )
    body = Returned(
        review=derived("review", version.id),
        hand_in=version.id,
        activity=view.activity.id,
        version=version.number,
        trainer=CLAIRE,
        marks=marks,
        remarks=remarks,
        opinion="Les bons indices sont là. Reprenez les gestes : à qui, par quel moyen, dans quel ordre.",
        verdict=Verdict.RETURNED,
        decided_at=laptop.clock.now(),
    )
    row = (RETURNED, derived("returned", version.id), encode(body))
    laptop.told(spaces.personal(COHORT_ID, laptop.person), [row])
