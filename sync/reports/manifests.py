"""Signing the manifest of an edition, and checking one without a network."""

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.domain.kind import encode
from sync.domain.manifests import Manifest, Statement, signed_bytes

_STATEMENT = msgspec.msgpack.Decoder(Statement)


class Forged(ValueError):
    """A manifest that none of the keys signed, or that says nothing that can be read."""


def sign(key: Ed25519PrivateKey, said: Statement) -> Manifest:
    """The manifest of what is said; the same key and statement give the same bytes."""
    raw = encode(said)
    return Manifest(raw=raw, signature=key.sign(signed_bytes(raw)))


def check(manifest: Manifest, keys: list[Ed25519PublicKey]) -> Statement:
    """What a manifest says, if one of these keys signed it. Forged."""
    for key in keys:
        try:
            key.verify(manifest.signature, signed_bytes(manifest.raw))
        except InvalidSignature:
            continue
        try:
            return _STATEMENT.decode(manifest.raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Forged("no statement") from error
    raise Forged("no key fits")
