"""What learners of the sample wrote for its exercises: believable, and the same at each run."""

from __future__ import annotations

from hashlib import blake2b

from tools.sample_session import Person

_ANSWERS = (
    """J’ai choisi le faux avis de livraison reçu mardi sur mon téléphone.
Ce qu’il veut : que je paie 1,99 € avant minuit, donc ma carte bancaire.
Ce qui m’alerte : l’adresse finit par un nom que je ne connais pas, et je n’attends aucun colis.
Ce que je fais : j’ouvre le site du transporteur par mes favoris, je signale le message, je le supprime.""",
    """Le message venait soi-disant de notre support : « votre boîte est pleine, reconnectez-vous ».
J’ai regardé l’adresse avant le premier « / » : ce n’était pas notre nom de domaine.
Je suis passé par l’intranet, la boîte n’était pas pleine. J’ai prévenu l’assistance, puis mes deux collègues.""",
    """Une demande de virement signée du directeur, un vendredi à 17 h 40, « confidentielle ».
Trois signes : l’urgence, le secret, un RIB nouveau. Le ton n’était pas le sien.
J’ai appelé son assistante au numéro de l’annuaire. Elle n’était au courant de rien. Rien n’a été payé.""",
    """Première minute : je coupe le réseau de l’appareil, je n’éteins pas.
Ensuite j’appelle l’assistance au numéro de ma fiche, je dis ce que j’ai fait et à quelle heure.
Je change le mot de passe depuis un autre appareil, puis je préviens les collègues qui ont pu recevoir le message.""",
)


def answer_of(person: Person, title: str) -> str:
    """A person's answer to the exercise of a title."""
    drawn = blake2b((person.login + title).encode(), digest_size=2).digest()
    return _ANSWERS[int.from_bytes(drawn, "big") % len(_ANSWERS)]
