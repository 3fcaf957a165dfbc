"""Words that nobody else would write, each said in one place: wherever they turn up, that place has leaked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Canaries:
    """What is said where.

    `note`: a learner's note in a margin. `draft`: in a hand-in, `file`: in its file. `opinion`: in a review before its
    verdict. `private`: a trainer's note about a learner, never for that learner. `help`, `reply`: in the forum.
    """

    note: str = "colibri dans la marge"
    draft: str = "colibri au brouillon"
    opinion: str = "colibri de l’avis"
    private: str = "colibri confidentiel"
    file: str = "colibri dans le fichier"
    help: str = "colibri qui demande"
    reply: str = "colibri qui répond"
