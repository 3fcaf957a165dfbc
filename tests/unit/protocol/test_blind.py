"""Blind signatures as RFC 9474 says them, by its own test vector."""

from __future__ import annotations

import json
import secrets
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sync.protocol import blind
from sync.protocol.blind import BlindFailure

E = 65_537


@cache
def vector() -> dict[str, bytes]:
    """The RFC's numbers."""
    told = json.loads(Path(__file__).with_name("rfc9474.json").read_text(encoding="utf-8"))
    return {name: bytes.fromhex(value) for name, value in told.items() if name != "source"}


@cache
def key_of_the_rfc() -> RSAPrivateKey:
    p, q = (int.from_bytes(vector()[name], "big") for name in "pq")
    d = pow(E, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(E, p * q)
    parts = (d % (p - 1), d % (q - 1), pow(q, -1, p))
    return rsa.RSAPrivateNumbers(p, q, d, *parts, public).private_key()


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return rsa.generate_private_key(E, blind.KEY_BITS)


def drawn(key: RSAPrivateKey) -> int:
    return secrets.randbelow(key.public_key().public_numbers().n - 3) + 2


def test_the_vector_of_the_rfc_comes_out() -> None:
    key, told = key_of_the_rfc(), vector()
    public = key.public_key()
    factor = pow(int.from_bytes(told["inv"], "big"), -1, public.public_numbers().n)
    blinded = blind.blind(public, told["msg"], salt=told["salt"], factor=factor)
    assert blinded.message == told["blinded_msg"]
    assert blinded.inverse == told["inv"]
    signed = blind.sign(key, blinded.message, mask=drawn(key))
    assert signed == told["blind_sig"]
    assert blind.finalize(public, told["msg"], signed, blinded.inverse) == told["sig"]
    assert blind.is_signed(public, told["msg"], told["sig"])


def test_a_signature_is_of_its_message_and_its_key_alone(key: RSAPrivateKey) -> None:
    public = key.public_key()
    blinded = blind.blind(public, b"token", salt=secrets.token_bytes(48), factor=drawn(key))
    signature = blind.finalize(public, b"token", blind.sign(key, blinded.message, mask=drawn(key)), blinded.inverse)
    assert blind.is_signed(public, b"token", signature)
    assert not blind.is_signed(public, b"other", signature)
    assert not blind.is_signed(rsa.generate_private_key(E, 2048).public_key(), b"token", signature)
    assert not blind.is_signed(public, b"token", b"")


def test_what_the_signer_saw_is_neither_the_message_nor_the_signature(key: RSAPrivateKey) -> None:
    """The same token asked for twice looks like two strangers."""
    public, salt = key.public_key(), secrets.token_bytes(48)
    asked = [blind.blind(public, b"token", salt=salt, factor=drawn(key)) for _ in range(2)]
    assert asked[0].message != asked[1].message
    signed = [
        blind.finalize(public, b"token", blind.sign(key, each.message, mask=drawn(key)), each.inverse) for each in asked
    ]
    assert signed[0] == signed[1]
    assert signed[0] not in {each.message for each in asked}


@pytest.mark.parametrize("blinded", [b"", bytes(256), b"\xff" * 256, b"\x01" * 255, b"\x01" * 257])
def test_numbers_out_of_bounds_are_not_signed(key: RSAPrivateKey, blinded: bytes) -> None:
    with pytest.raises(BlindFailure):
        blind.sign(key, blinded, mask=drawn(key))


def test_a_signature_of_something_else_is_noticed_by_who_asked(key: RSAPrivateKey) -> None:
    public = key.public_key()
    blinded = blind.blind(public, b"token", salt=secrets.token_bytes(48), factor=drawn(key))
    for wrong in (b"\x02" * 256, b"", bytes(256), blind.sign(key, b"\x03" * 256, mask=drawn(key))):
        with pytest.raises(BlindFailure):
            blind.finalize(public, b"token", wrong, blinded.inverse)


def test_a_key_travels_and_any_other_than_those_of_ballots_is_refused(key: RSAPrivateKey) -> None:
    raw = blind.public_bytes(key.public_key())
    assert blind.public_key(raw).public_numbers() == key.public_key().public_numbers()
    small = rsa.generate_private_key(E, 1024).public_key()  # noqa: S505 - to be refused
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    for other in (b"", b"x" * 300, blind.public_bytes(small), blind.public_bytes(curve)):  # type: ignore[arg-type]  # no RSA
        with pytest.raises(BlindFailure):
            blind.public_key(other)
