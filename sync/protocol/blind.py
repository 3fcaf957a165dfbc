"""Blind signatures, RSABSSA-SHA384-PSS-Deterministic of RFC 9474: the signer sees neither message nor signature.

Who asks blinds a message, the server signs what it is given, who asked makes the signature of it. When message and
signature come back, nothing tells to whom they were given. Randomness is handed in: this module has no chance.
"""

from hashlib import sha384
from math import gcd
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

KEY_BITS = 2048
KEY_BYTES = KEY_BITS // 8
_HASH = 48
SALT_BYTES = 48
_EXPONENT = 65_537


class BlindFailure(ValueError):
    """A key, a blinded message or a signature that cannot be right."""


class Blinded(NamedTuple):
    """A blinded message, to be signed, and what takes the blinding off again; that is a secret."""

    message: bytes
    inverse: bytes


def blind(key: RSAPublicKey, message: bytes, *, salt: bytes, factor: int) -> Blinded:
    """Blind a message. `salt`: 48 random bytes; `factor`: a random number below the modulus. BlindFailure: draw."""
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    encoded = int.from_bytes(encode(message, numbers.n.bit_length() - 1, salt), "big")
    if not 1 < factor < numbers.n or gcd(factor, numbers.n) != 1 or gcd(encoded, numbers.n) != 1:
        raise BlindFailure("the factor has no inverse")
    inverse = pow(factor, -1, numbers.n)
    blinded = encoded * pow(factor, numbers.e, numbers.n) % numbers.n
    return Blinded(blinded.to_bytes(size, "big"), inverse.to_bytes(size, "big"))


def sign(key: RSAPrivateKey, blinded: bytes, *, mask: int) -> bytes:
    """Sign a blinded message. BlindFailure when it is none.

    `mask`: a random number below the modulus; with it, how long this takes says nothing of the key, which is asked
    about numbers that strangers chose.
    """
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    size = (n.bit_length() + 7) // 8
    asked = int.from_bytes(blinded, "big")
    if len(blinded) != size or not 0 < asked < n:
        raise BlindFailure("a blinded message is a number below the modulus")
    if not 1 < mask < n or gcd(mask, n) != 1:
        raise BlindFailure("the mask has no inverse")
    signed = pow(asked * pow(mask, e, n) % n, numbers.d, n) * pow(mask, -1, n) % n
    if pow(signed, e, n) != asked:
        raise BlindFailure("the signature does not check")
    return signed.to_bytes(size, "big")


def finalize(key: RSAPublicKey, message: bytes, signed: bytes, inverse: bytes) -> bytes:
    """The signature of a message, from that of the blinded one. BlindFailure when the server signed something else."""
    n = key.public_numbers().n
    size = (n.bit_length() + 7) // 8
    if len(signed) != size or not 0 < int.from_bytes(signed, "big") < n:
        raise BlindFailure("a signature is a number below the modulus")
    found = int.from_bytes(signed, "big") * int.from_bytes(inverse, "big") % n
    signature = found.to_bytes(size, "big")
    if not is_signed(key, message, signature):
        raise BlindFailure("not signed with this key")
    return signature


def is_signed(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    """Whether a signature is of this message, under this key."""
    try:
        key.verify(signature, message, padding.PSS(padding.MGF1(SHA384()), SALT_BYTES), SHA384())
    except InvalidSignature:
        return False
    return True


def public_bytes(key: RSAPublicKey) -> bytes:
    """A public key as it travels."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_key(raw: bytes) -> RSAPublicKey:
    """A key of ballots as it travelled. BlindFailure when it is none: another kind, size or exponent marks people."""
    try:
        key = load_der_public_key(raw)
    except ValueError as error:
        raise BlindFailure("no key") from error
    if not isinstance(key, RSAPublicKey) or key.key_size != KEY_BITS or key.public_numbers().e != _EXPONENT:
        raise BlindFailure("no key of ballots")
    return key


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS of RFC 8017, section 9.1.1, with SHA-384 and a given salt."""
    size = (bits + 7) // 8
    if size < _HASH + len(salt) + 2:
        raise BlindFailure("the key is too short")
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - _HASH - 2) + b"\x01" + salt
    mask = _mask(digest, len(block))
    masked = bytearray(one ^ two for one, two in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _mask(seed: bytes, size: int) -> bytes:
    """MGF1 of RFC 8017."""
    found = b""
    counter = 0
    while len(found) < size:
        found += sha384(seed + counter.to_bytes(4, "big")).digest()
        counter += 1
    return found[:size]
