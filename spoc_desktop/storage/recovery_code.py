"""The recovery code: shown once, written on paper, read back by a person (protocol rule 15).

28 characters of Crockford's alphabet are 140 random bits; a last group of 4 tells a mistyped code from a wrong one.
"""

import secrets
from hashlib import blake2b
from typing import Final

from spoc_desktop.storage.errors import MistypedRecoveryCode

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SECRET, _CHECK, _GROUP = 28, 4, 4


def new_code() -> str:
    """A fresh code, in groups of four."""
    secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET))
    whole = secret + _check_of(secret)
    return "-".join(whole[start : start + _GROUP] for start in range(0, len(whole), _GROUP))


def secret_of(code: str) -> bytes:
    """The secret in a code as a person types it. MistypedRecoveryCode when its check group does not fit."""
    plain = "".join(character for character in code.upper() if character.isalnum()).translate(_READ_AS)
    secret, check = plain[:_SECRET], plain[_SECRET:]
    if len(plain) != _SECRET + _CHECK or not set(plain) <= set(_ALPHABET) or check != _check_of(secret):
        raise MistypedRecoveryCode
    return secret.encode("ascii")


def _check_of(secret: str) -> str:
    number = int.from_bytes(blake2b(secret.encode("ascii"), digest_size=8).digest(), "big")
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in range(_CHECK))
