"""What people of the sample wrote in its exercises: learners their answers, the trainer her remarks."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from tools.sample_session import Person


@dataclass(frozen=True, slots=True)
class Said:
    """A remark of the trainer about some words of an answer; `quote` empty: about the whole."""

    quote: str
    text: str


_DISSECTED = (
    """1. Le geste : se connecter « avec votre adresse et votre mot de passe habituels ».
La pression : « avant mardi midi ».
Le nom d’emprunt : la responsable de la paie, qui existe.
2. L’expéditeur écrit depuis exemple-fr-rh.example, le lien ouvre portail-salarie.example.
« exemple.fr » n’est là que pour le décor.
3. Je dirais à Nadia de ne pas répondre et d’appeler la paie au numéro de l’intranet.
4. « Un faux message de la paie circule. Ne vous connectez pas. Si c’est fait, appelez l’assistance. »""",
    """1. Le message veut mon mot de passe. Il presse (« dix jours de retard »).
Et il interdit de vérifier (« ne pas appeler »).
2. Le domaine du lien est portail-salarie.example : ce qui vient avant n’est que du décor.
Celui de l’expéditeur aussi est faux.
3. Nadia ouvre l’intranet par ses favoris, appelle la paie, puis transfère le message à la sécurité.
4. « Message de la paie reçu ce matin : c’est un faux. Personne n’a fait d’erreur en le croyant ; prévenez-nous. »""",
)
_MOVED = (
    """Ma messagerie d’abord : qui l’a peut réinitialiser tout le reste. Puis la banque, puis l’outil de notes de frais.
Trois comptes partagent encore le même mot de passe, je les note sans l’écrire.
Jeudi 18 h à la maison : messagerie et banque. Samedi matin : les achats. Mardi prochain, dans le train : le reste.
Le filet : les codes de secours imprimés, dans l’enveloppe du coffre de l’agence.""",
    """Dix comptes, deux partagés avec un collègue : ceux-là passent en premier, après la messagerie.
Mercredi midi, salle Rhône : messagerie et outil de vente. Vendredi : les abonnements.
Si je perds mon téléphone : la clé de secours est chez moi, et l’assistance peut révoquer l’ancien appareil.""",
)
_CALLED_BACK = (
    """Déclencheurs : tout changement de RIB, tout nouveau bénéficiaire, tout code demandé, quel que soit le canal.
On rappelle au numéro du contrat, classeur « fournisseurs », onglet 2. Jamais à celui du message.
« Je vous rappelle dans dix minutes, c’est notre règle. » Puis : qui a demandé le changement, et depuis quand ?
Pas de réponse : rien ne part avant lundi. Seule la responsable comptable peut en décider autrement, et par écrit.""",
    """On rappelle pour un RIB, un accès ou une carte. Le numéro est dans l’annuaire interne, pas dans la signature.
Phrase : « Merci, notre procédure m’oblige à vous rappeler. »
La scène : il insiste, il dit que le directeur attend. Je répète la phrase, je raccroche, j’appelle. Elle a tenu.""",
)
_SHEETS = (
    """Fiche essayée avec ma voisine, scène du train. Elle a hésité sur « couper » : fallait-il éteindre ?
J’ai remplacé par « mode avion, sans éteindre ». Numéro de l’assistance en gros, de jour et de nuit.
Quatre minutes la première fois, deux minutes et demie la seconde.""",
    """Essayée par mon fils de quinze ans, scène de la cuisine. Il cherchait le numéro de la banque sur internet.
Je l’ai écrit au dos, avec celui du blocage de carte. Trois minutes. Il a demandé une copie pour sa grand-mère.""",
)
_ANSWERS = (_DISSECTED, _MOVED, _CALLED_BACK, _SHEETS)

_REMARKS = (
    (
        Said("n’est là que pour le décor", "Exactement. Ajoutez ce qui se lit juste avant le premier « / »."),
        Said("appeler la paie au numéro de l’intranet", "Oui : un chemin que vous aviez avant le message."),
        Said("portail-salarie.example", "Bien lu : c’est la fin du nom qui décide."),
        Said("", "Il manque à qui l’on signale, et en combien de temps."),
    ),
    (Said("", "Dites aussi ce que l’on perdrait, compte par compte."),),
    (
        Said("Jamais à celui du message", "C’est toute la procédure en cinq mots."),
        Said("", "Qui tient le classeur à jour ?"),
    ),
    (Said("", "Bel essai. Datez la fiche, pour savoir quand la relire."),),
)
OPINION_RETURNED = (
    "Les signes sont bien vus et vos phrases sont courtes. Reprenez le troisième temps : à qui signaler, par quel "
    "moyen, et qui prévient les autres. Une seconde version suffira."
)
OPINION_ACCEPTED = "C’est clair, c’est à vous, et quelqu’un d’autre pourrait le suivre. Gardez-la à portée de main."
_CUT_AT = 3


def answer_of(person: Person, place: int) -> str:
    """A person's answer to the exercise at a place of the course, from 0; the same at each run."""
    texts = _ANSWERS[place % len(_ANSWERS)]
    drawn = blake2b(f"{person.login}{place}".encode(), digest_size=1).digest()[0]
    return texts[drawn % len(texts)]


def taken_up(text: str) -> str:
    """The next version of an answer that came back."""
    return f"{text}\nAjout : je signale à securite@ateliers-rhone.example dans les cinq minutes, puis au standard."


def remarks_on(text: str, place: int) -> list[Said]:
    """What the trainer says about an answer: at most so many remarks, in the order of its words."""
    fitting = [one for one in _REMARKS[place % len(_REMARKS)] if one.quote in text]
    return sorted(fitting, key=lambda one: text.find(one.quote) if one.quote else len(text))[:_CUT_AT]
