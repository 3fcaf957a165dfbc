"""The code of a certificate: a statement and its signature as text that a QR reader shows and a file carries.

`SPOC1:` and base32 of zlib(msgpack). Capitals, digits and no spaces: it survives being copied, typed and wrapped.
"""

import re
import zlib
from base64 import b32decode, b32encode
from binascii import Error
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.domain.certificates import Statement
from sync.domain.kind import encode

PREFIX = "SPOC1:"
KEY_BYTES = 8
_MOST = 64 * 1024
"""Bytes of a statement; more is an attack."""
_FOUND = re.compile(rf"{PREFIX}([A-Z2-7]+)")


class NoCode(ValueError):
    """A text in which no code of a certificate can be read."""


class Signed(msgspec.Struct, frozen=True, array_like=True):
    """A statement as it was signed: its very bytes, and the signature over them."""

    raw: bytes
    signature: bytes

    @property
    def statement(self) -> Statement:
        """What it says. NoCode when it is no statement."""
        try:
            return _STATEMENT.decode(self.raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise NoCode("no statement") from error


_STATEMENT = msgspec.msgpack.Decoder(Statement)
_SIGNED = msgspec.msgpack.Decoder(Signed)


def fingerprint(key: Ed25519PublicKey) -> bytes:
    """How a statement names the key that signed it."""
    return sha256(key.public_bytes_raw()).digest()[:KEY_BYTES]


def sign(key: Ed25519PrivateKey, statement: Statement) -> Signed:
    """Sign a statement: the signature covers its wire form."""
    raw = encode(statement)
    return Signed(raw, key.sign(raw))


def is_signed_by(key: Ed25519PublicKey, signed: Signed) -> bool:
    """Whether this key signed these bytes."""
    try:
        key.verify(signed.signature, signed.raw)
    except InvalidSignature:
        return False
    return True


def brief(statement: Statement) -> Statement:
    """The part of a statement that fits a small QR code: who, what, when, how well, by whom."""
    return msgspec.structs.replace(statement, weeks=(), skills=(), signatories=(), learner=b"", cohort=b"")


def code_of(signed: Signed) -> str:
    """The code as text."""
    return PREFIX + b32encode(zlib.compress(encode(signed), 9)).decode().rstrip("=")


def read(text: str) -> Signed:
    """The signed statement in a text, whatever stands around its code. NoCode when there is none."""
    found = _FOUND.search("".join(text.split()).upper())
    if found is None:
        raise NoCode("no code")
    packed = found[1]
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(b32decode(packed + "=" * (-len(packed) % 8)), _MOST)
        signed = _SIGNED.decode(raw)
    except (Error, zlib.error, msgspec.MsgspecError, RecursionError) as error:
        raise NoCode("a damaged code") from error
    if not inflater.eof:
        raise NoCode("a damaged code")
    _ = signed.statement
    return signed
