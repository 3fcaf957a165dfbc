"""Passwords: argon2id, no truncation, refused when short or well known (attacks A32, A33)."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.protocol.errors import WeakPassword
from sync.protocol.limits import MAX_PASSWORD, MIN_PASSWORD

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = _HASHER.hash("nobody has this password")

_WELL_KNOWN = frozenset(
    [
        "password",
        "passw0rd",
        "password1",
        "password12",
        "password123",
        "motdepasse",
        "motdepasse1",
        "motdepasse123",
        "azertyui",
        "azertyuiop",
        "azerty123",
        "azerty12",
        "azerty1234",
        "qwertyui",
        "qwertyuiop",
        "qwerty123",
        "qwerty1234",
        "qwertz123",
        "12345678",
        "123456789",
        "1234567890",
        "87654321",
        "987654321",
        "0987654321",
        "123123123",
        "12341234",
        "11223344",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "a1b2c3d4",
        "abcd1234",
        "abc12345",
        "abcdefgh",
        "iloveyou",
        "jetaime1",
        "jetaime123",
        "soleil123",
        "bonjour1",
        "bonjour123",
        "bienvenue",
        "bienvenue1",
        "welcome1",
        "welcome123",
        "doudou123",
        "chouchou",
        "loulou123",
        "marseille",
        "france123",
        "football",
        "baseball",
        "superman",
        "princess",
        "princesse",
        "sunshine",
        "starwars",
        "trustno1",
        "changeme",
        "changeme1",
        "letmein1",
        "letmein123",
        "administrator",
        "admin123",
        "admin1234",
        "administrateur",
        "formation",
        "formation1",
        "formation123",
        "apprenant",
        "formateur",
        "formatrice",
        "elearning",
        "spoc1234",
        "00000000",
        "11111111",
        "22222222",
        "77777777",
        "88888888",
        "99999999",
    ]
)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check(password: str, *near: str) -> None:
    """WeakPassword when a password is too short, too long, well known, one sign repeated, or `near`: a name or a login."""
    plain = _normal(password)
    if not MIN_PASSWORD <= len(plain) <= MAX_PASSWORD:
        raise WeakPassword
    folded = plain.casefold()
    if folded in _WELL_KNOWN or len(set(folded)) < 3 or folded in {each.casefold() for each in near}:
        raise WeakPassword


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password fits what is kept; the same work is done where nothing is kept, so that time tells nobody."""
    try:
        return _HASHER.verify(kept or _NOBODYS, _normal(password)[: MAX_PASSWORD + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
