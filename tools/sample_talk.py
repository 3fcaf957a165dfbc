"""What the people of the sample session wrote to each other: a forum worth reading, and private messages.

Told to a `SampleLaptop` as a server would tell it; `sample_learners.py` lets real clients write the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from sync.domain import spaces
from sync.domain.forum import ANNOUNCEMENT, POST, Post
from sync.domain.ids import PersonId, derived
from sync.domain.kind import encode
from sync.domain.merge import DELETED
from sync.domain.messages import MESSAGE, Message
from sync.domain.revisions import REVISION, Revision
from tools.sample_laptop import CLAIRE, COHORT_ID, LEARNERS, NADIA, TRAINERS, SampleLaptop, local


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: first name of its author, when (day of November 2026, hour, minute), the words."""

    by: str
    at: tuple[int, int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A discussion. `activity`: the place of the activity that it speaks of, from 0; -1 for none."""

    title: str
    turns: tuple[Turn, ...]
    activity: int = -1
    announced: bool = False
    wants_help: bool = False
    solved: bool = False


TALKS = (
    Talk(
        "Présentez-vous",
        (
            Turn(
                "Claire",
                (16, 9, 0),
                "Bienvenue à toutes et à tous. Dites-nous en deux phrases où vous travaillez et ce qui vous arrive le"
                " plus souvent par courriel : factures, livraisons, candidatures ?",
            ),
            Turn("Sophie", (16, 9, 40), "Comptabilité, à Gerland. Beaucoup de factures, et toujours urgentes."),
            Turn("Karim", (16, 10, 5), "Maintenance, atelier nord. Surtout des bons de livraison sur le téléphone."),
            Turn(
                "Nadia",
                (16, 11, 30),
                "Accueil et standard. On me demande des numéros directs chaque jour.",
            ),
            Turn("Inès", (17, 8, 15), "Ressources humaines. Des CV joints, parfois dans d’étranges formats."),
            Turn("Thomas", (17, 8, 50), "Achats. Les fournisseurs changent de RIB plus souvent qu’avant, je trouve."),
        ),
    ),
    Talk(
        "Classe en direct jeudi à 14 h",
        (
            Turn(
                "Claire",
                (20, 16, 30),
                "Jeudi 26 novembre, 14 h à 14 h 45 : nous regarderons ensemble trois messages reçus cette semaine."
                " Envoyez-moi les vôtres en message privé, en capture d’écran plutôt qu’en transfert.",
            ),
        ),
        announced=True,
    ),
    Talk(
        "Un fournisseur change de RIB : comment vérifiez-vous ?",
        (
            Turn(
                "Thomas",
                (18, 9, 20),
                "Message très propre, signature, logo, ancien fil recopié en dessous. Seule l’adresse de réponse"
                " avait un tiret de plus. Chez vous, qui a le droit de changer un RIB ?",
            ),
            Turn(
                "Sophie",
                (18, 9, 55),
                "Chez nous, personne seul. On rappelle le fournisseur au numéro du contrat, jamais à celui du message,"
                " et un deuxième comptable valide.",
            ),
            Turn("Amélie", (18, 11, 10), "Même règle ici, et le rappel est noté dans la fiche avec la date et le nom."),
            Turn(
                "Claire",
                (18, 14, 5),
                "C’est exactement cela : un autre canal, un numéro déjà connu, deux personnes. Le message lui-même ne"
                " prouve rien, même dans un ancien fil : la boîte du fournisseur peut avoir été piratée.",
            ),
            Turn("Thomas", (18, 15, 30), "J’ai rappelé : leur boîte était piratée. Merci, on change la procédure."),
        ),
        activity=1,
        solved=True,
    ),
    Talk(
        "QR code collé sur la borne du parking",
        (
            Turn(
                "Mathilde",
                (23, 8, 10),
                "Il y a un autocollant avec un QR code par-dessus celui du gestionnaire. Le site demande la carte"
                " bancaire. Je l’ai photographié, je le décolle ou je préviens d’abord ?",
            ),
            Turn("Léa", (23, 8, 35), "Préviens d’abord l’accueil, Nadia saura qui appeler."),
            Turn(
                "Nadia",
                (23, 8, 50),
                "C’est signalé au gestionnaire. Ne décollez rien, il passe ce matin.",
            ),
        ),
    ),
    Talk(
        "J’ai cliqué. Qu’est-ce que je fais maintenant ?",
        (
            Turn(
                "Inès",
                (23, 17, 45),
                "Un lien dans un faux avis de colis, sur mon téléphone professionnel. Je n’ai rien saisi, la page est"
                " restée blanche. Faut-il changer mon mot de passe quand même ?",
            ),
        ),
        activity=3,
        wants_help=True,
    ),
    Talk(
        "Le gestionnaire de mots de passe ne propose rien : pourquoi c’est bon signe",
        (
            Turn(
                "Karim",
                (23, 18, 2),
                "Hier, page de connexion parfaite, et mon gestionnaire n’a rien proposé. J’ai failli copier le mot de"
                " passe à la main. L’adresse n’était pas la bonne : il m’a évité une bêtise.",
            ),
            Turn(
                "Claire",
                (24, 7, 40),
                "Très bon réflexe. Le gestionnaire compare l’adresse exacte, nous comparons une impression. Qui a déjà"
                " vu le cas contraire : une vraie page où il ne propose rien ?",
            ),
            Turn(
                "Nadia",
                (24, 8, 12),
                "Chez nous : le portail des congés a changé d’adresse en octobre. J’ai vérifié sur l’intranet avant"
                " d’enregistrer la nouvelle. Capture ce soir.",
            ),
            Turn("Sophie", (24, 8, 31), "Merci ! Je vérifie la mienne avant midi."),
        ),
        activity=2,
    ),
    Talk(
        "Phrase de passe : combien de mots ?",
        (
            Turn("Léa", (19, 12, 20), "Quatre mots au hasard, cela suffit vraiment contre un ordinateur rapide ?"),
            Turn(
                "Claire",
                (19, 13, 5),
                "Si les mots sont tirés au hasard et non choisis, oui pour un compte protégé par un second facteur."
                " Pour la phrase du gestionnaire, prenez-en cinq ou six.",
            ),
            Turn(
                "Karim",
                (19, 13, 30),
                "Je tire les miens au dé, sur une liste imprimée. C’est retenu.",
            ),
            Turn("Léa", (19, 18, 0), "Adopté, avec six mots. Merci !"),
        ),
        activity=4,
        solved=True,
    ),
)

OURS = (
    "Chez nous : le portail des congés a changé d’adresse en octobre. J’ai appelé l’informatique avant"
    " d’enregistrer la nouvelle. Voir la note interne."
)
"""What Nadia wrote on her other computer in place of her message; the one in `TALKS` was overtaken by it."""

PRIVATE = (
    Turn(
        "Claire",
        (17, 10, 0),
        "Bonjour Nadia, écrivez-moi ici dès que quelque chose vous bloque.",
    ),
    Turn(
        "Nadia",
        (23, 16, 20),
        "Bonjour, un « prestataire informatique » me demande au téléphone le nom de la personne qui gère les badges."
        " J’ai répondu que je rappellerais. Est-ce que cela compte comme une tentative ?",
    ),
)


def person(first: str) -> PersonId:
    """A person of the sample by first name."""
    everybody = {**LEARNERS, **TRAINERS}
    return next(id_ for id_, name in everybody.items() if name.split(" ")[0] == first)


def post_id(talk: int, turn: int) -> bytes:
    """The id of a message of `TALKS`, the same on every laptop."""
    return derived("sample talk", bytes([talk, turn]))


def post(activities: list[bytes], talk: int, turn: int) -> Post:
    """A message of `TALKS` as a record."""
    said, words = TALKS[talk], TALKS[talk].turns[turn]
    if turn:
        return Post(text=words.text, thread=post_id(talk, 0))
    is_about = 0 <= said.activity < len(activities)
    return Post(
        text=words.text,
        title=said.title,
        activity=activities[said.activity] if is_about else b"",
        wants_help=said.wants_help,
        solved=said.solved,
    )


def turns() -> list[tuple[tuple[int, int, int], int, int]]:
    """All turns in the order of time: when, the place of the discussion, the place in it."""
    return sorted((words.at, talk, turn) for talk, said in enumerate(TALKS) for turn, words in enumerate(said.turns))


def sample_talk(laptop: SampleLaptop, *, split: bool = True) -> None:
    """Let the server tell the forum in order, and `PRIVATE`; `split`: one message edited at the same time."""
    activities = [activity for module in laptop.text.course.modules for activity in module.activities]
    stands = laptop.clock.time
    space = spaces.cohort(COHORT_ID)
    for at, talk, turn in turns():
        laptop.clock.time = local(2026, 11, *at)
        kind = ANNOUNCEMENT if TALKS[talk].announced else POST
        body = post(activities, talk, turn)
        author = person(TALKS[talk].turns[turn].by)
        laptop.told(space, [(kind, post_id(talk, turn), encode(body))], author=author)
    if split:
        _told_split(laptop)
    _told_private(laptop)
    laptop.clock.time = stands


def sample_wipe(laptop: SampleLaptop, count: int = 62) -> list[bytes]:
    """The trainer deletes a long discussion, which the laptop then has in its trash; the ids of its messages."""
    space = spaces.cohort(COHORT_ID)
    ids = [derived("sample wipe", bytes([n])) for n in range(count)]
    opener = Post(text="Vos questions ici.", title="Foire aux questions")
    posts = [opener, *(Post(text=f"Question {n}", thread=ids[0]) for n in range(1, count))]
    rows = [(POST, id_, encode(body)) for id_, body in zip(ids, posts, strict=True)]
    laptop.told(space, rows[::2], author=person("Karim"))
    laptop.told(space, rows[1::2], author=NADIA)
    laptop.told(space, [(POST, id_, DELETED) for id_ in ids], author=CLAIRE)
    return ids


def _told_split(laptop: SampleLaptop) -> None:
    """Nadia's message in the sixth discussion was changed on both of her computers."""
    talk, turn = 5, 2
    laptop.clock.time = local(2026, 11, *TALKS[talk].turns[turn].at)
    id_, before = post_id(talk, turn), post([], talk, turn)
    changed = msgspec.structs.replace(before, text=OURS)
    revision = Revision(
        record=id_,
        kind=POST.number,
        field=POST.number_of("text"),
        value=msgspec.msgpack.encode(before.text),
        author=NADIA,
        writer=1,
        n=1,
        by=NADIA,
    )
    space = spaces.cohort(COHORT_ID)
    laptop.told(space, [(POST, id_, encode(changed))], author=NADIA)
    laptop.clock.time = local(2026, 11, 24, 8, 45)
    laptop.told(space, [(REVISION, derived("sample revision", id_), encode(revision))], author=NADIA)


def _told_private(laptop: SampleLaptop) -> None:
    space = spaces.personal(COHORT_ID, NADIA)
    if laptop.person not in (NADIA, CLAIRE):
        return
    for number, words in enumerate(PRIVATE):
        laptop.clock.time = local(2026, 11, *words.at)
        body = Message(text=words.text, at=laptop.clock.time)
        id_ = derived("sample private", bytes([number]))
        laptop.told(space, [(MESSAGE, id_, encode(body))], author=person(words.by))
