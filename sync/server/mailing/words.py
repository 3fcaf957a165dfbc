"""What the messages say, in French and in English. Plain text: nothing in it is fetched, nothing tells who read it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_MOST_NAMES = 20


class Occasion(StrEnum):
    """Why a message is sent."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    DIGEST = "digest"
    RETURNED = "returned"
    TEST = "test"


class Letter(NamedTuple):
    """A message as it is sent."""

    subject: str
    text: str


_SUBJECTS = {
    "fr": {
        Occasion.INVITATION: "Votre invitation à la formation",
        Occasion.REMINDER: "{cohort} : la semaine {week} vous attend",
        Occasion.DIGEST: "{cohort} : qui attend votre réponse",
        Occasion.RETURNED: "{cohort} : un travail vous a été rendu",
        Occasion.TEST: "Essai d’envoi",
    },
    "en": {
        Occasion.INVITATION: "Your invitation to the course",
        Occasion.REMINDER: "{cohort}: week {week} is waiting for you",
        Occasion.DIGEST: "{cohort}: who waits for your answer",
        Occasion.RETURNED: "{cohort}: your work came back",
        Occasion.TEST: "A message to try the mail",
    },
}

_TEXTS = {
    "fr": {
        Occasion.INVITATION: """\
{organisation} vous invite à une formation à distance.

Ouvrez SPOC Desktop sur votre ordinateur, choisissez
« J’ai un code d’invitation », puis saisissez :

  Serveur : {address}
  Code : {code}

Le code sert une fois et reste valable {days} jours. Vous choisirez ensuite votre
mot de passe. Ne transmettez ce code à personne.""",
        Occasion.REMINDER: """\
La semaine {week} de la session « {cohort} » est ouverte, et votre ordinateur
n’a pas donné de nouvelles {since}.

Ce que vous avez fait sans réseau est en sûreté sur votre ordinateur : ouvrez
SPOC Desktop avec une connexion, tout partira tout seul. Et si quelque chose
vous bloque, écrivez à votre formateur depuis le programme.""",
        Occasion.DIGEST: """\
Session « {cohort} », cette semaine :

{waiting}

{silent}

Tout se relit aussi sans réseau, dans « À corriger » et « Tableau de bord ».""",
        Occasion.RETURNED: """\
Un travail de la session « {cohort} » vous a été rendu, avec ses remarques.

Ouvrez SPOC Desktop : il vous attend dans « Aujourd’hui ». Vous pourrez le lire
et le reprendre sans réseau.""",
        Occasion.TEST: """\
Ce message montre que votre serveur peut envoyer du courrier.""",
    },
    "en": {
        Occasion.INVITATION: """\
{organisation} invites you to a distance course.

Open SPOC Desktop on your computer, choose
“I have an invitation code”, then type:

  Server: {address}
  Code: {code}

The code serves once and is good for {days} days. You then choose your password.
Pass this code on to nobody.""",
        Occasion.REMINDER: """\
Week {week} of “{cohort}” is open, and your computer has not been in touch
{since}.

What you did without a network is safe on your computer: open SPOC Desktop with
a connection, everything is sent by itself. And if something holds you up, write
to your trainer from within the program.""",
        Occasion.DIGEST: """\
“{cohort}”, this week:

{waiting}

{silent}

All of it can be reviewed without a network, too, in “To review” and
“Dashboard”.""",
        Occasion.RETURNED: """\
Work of yours in “{cohort}” came back, with its remarks.

Open SPOC Desktop: it waits for you in “Today”. You can read it and go on
with it without a network.""",
        Occasion.TEST: """\
This message shows that your server can send mail.""",
    },
}

_CLOSINGS = {
    "fr": "{organisation}\n\nPour ne plus recevoir de rappels ni de résumés, écrivez à {contact}.",
    "en": "{organisation}\n\nTo receive no more reminders or digests, write to {contact}.",
}
_ASK_FOR_IT = {"fr": "celui que vous indique votre service informatique", "en": "the one that your IT names"}
_GREETINGS = {"fr": "Bonjour {name},", "en": "Hello {name},"}


def letter(occasion: Occasion, language: str, facts: Mapping[str, Any]) -> Letter:
    """The message of an occasion, in French or else in English. `facts`: what its text names."""
    spoken = "fr" if language.startswith("fr") else "en"
    told = {name: _one_line(value) if isinstance(value, str) else value for name, value in facts.items()}
    if occasion is Occasion.INVITATION:
        told["address"] = told["address"] or _ASK_FOR_IT[spoken]
    if occasion is Occasion.REMINDER:
        told["since"] = _since(spoken, int(facts["seen"]))
    if occasion is Occasion.DIGEST:
        told["waiting"] = _names(_WAITING[spoken], facts["waiting"])
        told["silent"] = _names(_SILENT[spoken], facts["silent"])
    body = "\n\n".join((_GREETINGS[spoken], _TEXTS[spoken][occasion], _CLOSINGS[spoken]))
    subject = _SUBJECTS[spoken][occasion].format(**told)
    text = body.format(**told)
    return Letter(_typeset(subject), _typeset(text) + "\n") if spoken == "fr" else Letter(subject, text + "\n")


class _Counted(NamedTuple):
    """A sentence for none, one and several."""

    none: str
    one: str
    several: str


_WAITING = {
    "fr": _Counted(
        "Personne n’attend de relecture.",
        "1 personne attend une relecture : {names}.",
        "{count} personnes attendent une relecture : {names}.",
    ),
    "en": _Counted(
        "Nobody waits for a review.",
        "1 person waits for a review: {names}.",
        "{count} people wait for a review: {names}.",
    ),
}
_SILENT = {
    "fr": _Counted(
        "Tout le monde a donné de ses nouvelles.",
        "1 personne n’a pas donné de nouvelles depuis une semaine : {names}.",
        "{count} personnes n’ont pas donné de nouvelles depuis une semaine : {names}.",
    ),
    "en": _Counted(
        "Everybody has been in touch.",
        "1 person has not been in touch for a week: {names}.",
        "{count} people have not been in touch for a week: {names}.",
    ),
}


def _names(said: _Counted, people: list[str]) -> str:
    if not people:
        return said.none
    shown = ", ".join(_one_line(name) for name in people[:_MOST_NAMES]) + (", …" if len(people) > _MOST_NAMES else "")
    return (said.one if len(people) == 1 else said.several).format(count=len(people), names=shown)


def _since(spoken: str, seen: int) -> str:
    if not seen:
        return "jusqu’ici" if spoken == "fr" else "so far"
    day = datetime.fromtimestamp(seen / 1000, UTC)
    return f"depuis le {day:%d/%m/%Y}" if spoken == "fr" else f"since {day:%Y-%m-%d}"


def _one_line(value: str) -> str:
    """A name as it may stand in a message: no line of its own, nothing that turns the writing round (attack A19)."""
    return "".join(sign for sign in value if sign.isprintable())


def _typeset(text: str) -> str:
    """French spaces: fixed before a colon and inside « », narrow before ; ! and ?."""
    for sign in ";!?":
        text = text.replace(f" {sign}", f"{_NARROW}{sign}")
    return text.replace(" :", f"{_NO_BREAK}:").replace("« ", f"«{_NO_BREAK}").replace(" »", f"{_NO_BREAK}»")
