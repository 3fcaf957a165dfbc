"""The seal of a file: a PDF comment after its end, with an Ed25519 signature over every byte before it.

Readers of PDF ignore it; one byte changed, added or left out in the file, and it no longer holds.
"""

import re
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.reports.codes import KEY_BYTES, fingerprint

_PURPOSE = b"SPOC document seal 1\n"
"""Begins what is signed, so that no signature of one purpose serves another: a statement never begins so."""
_LINE = re.compile(rb"%SPOC-SEAL-1 ([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)\n\Z")


def seal(content: bytes, key: Ed25519PrivateKey) -> bytes:
    """The file with its seal."""
    whole = content if content.endswith(b"\n") else content + b"\n"
    signature = b64encode(key.sign(_PURPOSE + whole))
    return whole + b"%SPOC-SEAL-1 " + fingerprint(key.public_key()).hex().encode() + b" " + signature + b"\n"


def sealer(content: bytes) -> bytes | None:
    """The fingerprint of the key that a file says it was sealed with; None when it has no seal at its end."""
    found = _LINE.search(content[-_LONGEST:])
    return bytes.fromhex(found[1].decode()) if found else None


def holds(content: bytes, key: Ed25519PublicKey) -> bool:
    """Whether every byte is as it was when this key sealed the file."""
    found = _LINE.search(content[-_LONGEST:])
    if found is None:
        return False
    length = len(found[0])
    try:
        key.verify(b64decode(found[2]), _PURPOSE + content[:-length])
    except InvalidSignature:
        return False
    return True


_LONGEST = 64 + 2 * KEY_BYTES + 88
