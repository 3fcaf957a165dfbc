"""Verifying a certificate with nothing but the issuer's public key: no network, no account (attack A9)."""

import re
import zlib
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.domain.certificates import Statement
from sync.reports import codes, seals
from sync.reports.codes import NoCode, Signed

_FOUND = re.compile(rb"SPOC1:[A-Z2-7]+")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MOST_INFLATED = 1024 * 1024
_MOST_STREAMS = 1000


class Finding(Enum):
    """What was found.

    VERIFIED: issued as it stands. FORGED: what it says is not what a known key signed. CHANGED: the statement is the
    issuer's, the file around it was changed since. UNKNOWN_KEY: signed by a key that is not among those known.
    UNREADABLE: no certificate in it.
    """

    VERIFIED = auto()
    FORGED = auto()
    CHANGED = auto()
    UNKNOWN_KEY = auto()
    UNREADABLE = auto()


class Checked(NamedTuple):
    """The finding, and what the code says; `statement` is the issuer's word only where VERIFIED or CHANGED."""

    finding: Finding
    statement: Statement | None = None


def check_code(text: str, keys: Iterable[Ed25519PublicKey]) -> Checked:
    """Verify what a QR reader gives."""
    try:
        signed = codes.read(text)
    except NoCode:
        return Checked(Finding.UNREADABLE)
    return _check(signed, keys)


def check_file(content: bytes, keys: Iterable[Ed25519PublicKey]) -> Checked:
    """Verify the PDF of a certificate: its statement, then every byte of it."""
    known = list(keys)
    found = _code_in(content)
    if found is None:
        # A seal without a certificate: it was taken out.
        return Checked(Finding.UNREADABLE if seals.sealer(content) is None else Finding.FORGED)
    checked = _check(found, known)
    if checked.finding is not Finding.VERIFIED or checked.statement is None:
        return checked
    named = checked.statement.key
    sealed = any(seals.holds(content, key) for key in known if codes.fingerprint(key) == named)
    return checked if sealed else Checked(Finding.CHANGED, checked.statement)


def _check(signed: Signed, keys: Iterable[Ed25519PublicKey]) -> Checked:
    statement = signed.statement
    named = [key for key in keys if codes.fingerprint(key) == statement.key]
    if not named:
        return Checked(Finding.UNKNOWN_KEY, statement)
    genuine = any(codes.is_signed_by(key, signed) for key in named)
    return Checked(Finding.VERIFIED if genuine else Finding.FORGED, statement)


def _code_in(content: bytes) -> Signed | None:
    """The first code in a PDF, also where another program saved it again and packed its streams."""
    for part in _parts(content):
        for found in _FOUND.finditer(part):
            try:
                return codes.read(found[0].decode())
            except NoCode:
                continue
    return None


def _parts(content: bytes) -> Iterator[bytes]:
    yield content
    for n, found in enumerate(_STREAM.finditer(content)):
        if n == _MOST_STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(found[1], _MOST_INFLATED)
        except zlib.error:
            continue
