"""Passwords: argon2id, no truncation, refused when short or well known (attacks A32, A33)."""

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.protocol.errors import WeakPassword
from sync.protocol.limits import MAX_PASSWORD, MIN_PASSWORD

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_WELL_KNOWN = Path(__file__).with_name("well_known_passwords.txt")


@cache
def _well_known() -> frozenset[str]:
    return frozenset(_WELL_KNOWN.read_text("utf-8").split())


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check(password: str, *near: str) -> None:
    """WeakPassword when it is too short or long, well known, of one or two signs, or `near`: a name or a login."""
    plain = _normal(password)
    if not MIN_PASSWORD <= len(plain) <= MAX_PASSWORD:
        raise WeakPassword
    folded = plain.casefold()
    if folded in _well_known() or len(set(folded)) < 3 or folded in {each.casefold() for each in near}:
        raise WeakPassword


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(_normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password fits what is kept; the same work is done where nothing is kept, so that time tells nobody."""
    try:
        _HASHER.verify(kept or _nobodys(), _normal(password)[: MAX_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
