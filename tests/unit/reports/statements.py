"""Certificates to test with, signed by a key that is the same in every run."""

from functools import cache

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.domain.certificates import Statement
from sync.reports import codes, seals
from sync.reports.certificate import render

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DAY = 86_400_000
STARTS = 1_793_574_000_000
"""2 November 2026, midnight in Paris."""

NADIA = Statement(
    number="7K2M-94TD-QX8F",
    issuer="Ateliers du Rhône",
    name="Nadia Benali",
    course="Consignation électrique",
    language="fr",
    starts=STARTS,
    ends=STARTS + 42 * DAY,
    awarded_at=STARTS + 42 * DAY,
    timezone="Europe/Paris",
    minutes_planned=587,
    minutes_done=605,
    score_percent=86,
    exercises_accepted=4,
    weeks=(80, 66, 104, 131, 109, 97),
    skills=("Préparer une fiche de manœuvre.", "Vérifier l’absence de tension."),
    signatories=(("Hélène Vasseur", "Équipe de formation"), ("Marc Delorme", "Équipe de formation")),
    key=codes.fingerprint(KEY.public_key()),
    learner=bytes(range(16)),
    cohort=bytes(range(16, 32)),
)


@cache
def pdf(statement: Statement = NADIA, key: Ed25519PrivateKey = KEY) -> bytes:
    """The certificate as a server with this key issues it."""
    named = msgspec.structs.replace(statement, key=codes.fingerprint(key.public_key()))
    return seals.seal(render(codes.sign(key, named), codes.sign(key, codes.brief(named))), key)
