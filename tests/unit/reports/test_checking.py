"""Attack A9: whatever is changed, invented or borrowed is found, with the issuer's public key and nothing else."""

from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from sync.reports import codes, seals
from sync.reports.checking import Finding, check_code, check_file
from tests.unit.reports.statements import KEY, NADIA, OTHER_KEY, pdf

KNOWN = [KEY.public_key()]
KARIM = msgspec.structs.replace(NADIA, name="Karim Ouali", number="0000-0000-0000")
CONTENT = pdf()


def test_a_certificate_as_it_was_issued_is_verified() -> None:
    assert check_file(CONTENT, KNOWN) == (Finding.VERIFIED, NADIA)


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_one_byte_changed_anywhere_is_found(place: int, change: int) -> None:
    edited = bytearray(CONTENT)
    edited[place] ^= change
    assert check_file(bytes(edited), KNOWN).finding is not Finding.VERIFIED


@pytest.mark.parametrize("more", [b"\n", b" ", b"%%EOF\n", CONTENT])
def test_what_is_added_after_the_seal_is_found(more: bytes) -> None:
    assert check_file(CONTENT + more, KNOWN).finding is not Finding.VERIFIED


def test_a_text_edited_and_saved_again_by_a_pdf_program_is_found_and_the_true_words_are_shown() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(CONTENT)))
    writer.add_metadata({"/Title": "Certificat – Karim Ouali"})
    saved = io.BytesIO()
    writer.write(saved)
    assert check_file(saved.getvalue(), KNOWN) == (Finding.CHANGED, NADIA)


def test_the_same_with_its_streams_packed() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(CONTENT)))
    for place, thing in enumerate(writer._objects):
        if isinstance(thing, StreamObject) and thing.get("/Type") == "/EmbeddedFile":
            writer._objects[place] = thing.flate_encode()
    saved = io.BytesIO()
    writer.write(saved)
    assert b"SPOC1:" not in saved.getvalue()
    assert check_file(saved.getvalue(), KNOWN) == (Finding.CHANGED, NADIA)


def test_the_statement_of_another_person_pasted_in_is_found() -> None:
    mine = codes.code_of(codes.sign(KEY, NADIA)).encode()
    theirs = codes.code_of(codes.sign(KEY, KARIM)).encode()
    assert check_file(CONTENT.replace(mine, theirs), KNOWN) == (Finding.CHANGED, KARIM)


def test_the_seal_of_another_certificate_does_not_serve() -> None:
    line = pdf(KARIM).rpartition(b"%SPOC-SEAL-1")[2]
    borrowed = CONTENT.rpartition(b"%SPOC-SEAL-1")[0] + b"%SPOC-SEAL-1" + line
    assert check_file(borrowed, KNOWN) == (Finding.CHANGED, NADIA)


def test_the_signature_of_a_statement_is_no_seal_and_a_seal_no_signature() -> None:
    signed = codes.sign(KEY, NADIA)
    sealed = seals.seal(signed.raw, KEY)
    assert not codes.is_signed_by(KEY.public_key(), codes.Signed(sealed, signed.signature))
    assert not seals.holds(signed.raw, KEY.public_key())


def test_a_certificate_made_with_ones_own_key_is_signed_by_an_unknown_key() -> None:
    forged = pdf(KARIM, OTHER_KEY)
    checked = check_file(forged, KNOWN)
    assert checked.finding is Finding.UNKNOWN_KEY
    assert checked.statement is not None
    assert checked.statement.key == codes.fingerprint(OTHER_KEY.public_key())


def test_a_statement_that_names_the_issuers_key_but_was_signed_by_another_is_forged() -> None:
    invented = codes.code_of(codes.Signed(codes.sign(KEY, KARIM).raw, codes.sign(OTHER_KEY, KARIM).signature))
    assert check_code(invented, KNOWN) == (Finding.FORGED, KARIM)


def test_a_wrong_key_verifies_nothing() -> None:
    assert check_file(CONTENT, [OTHER_KEY.public_key()]).finding is Finding.UNKNOWN_KEY
    assert check_file(CONTENT, []).finding is Finding.UNKNOWN_KEY


def test_what_a_qr_reader_gives_is_verified_however_it_was_copied() -> None:
    code = codes.code_of(codes.sign(KEY, codes.brief(NADIA)))
    broken = "\n".join(code[start : start + 40].lower() for start in range(0, len(code), 40))
    for text in (code, f"Certificat 7K2M\nNadia Benali\n{code}", f"  {broken} "):
        assert check_code(text, KNOWN) == (Finding.VERIFIED, codes.brief(NADIA))


@pytest.mark.parametrize("text", ["", "7K2M-94TD-QX8F", "SPOC1:", "SPOC1:AAAA", "SPOC1:" + "A" * 5000])
def test_an_invented_code_is_unreadable(text: str) -> None:
    assert check_code(text, KNOWN).finding is Finding.UNREADABLE


@given(st.integers(6, 380), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_code_with_another_letter_is_never_verified_as_something_else(place: int, letter: str) -> None:
    code = codes.code_of(codes.sign(KEY, codes.brief(NADIA)))
    place = min(place, len(code) - 1)
    checked = check_code(code[:place] + letter + code[place + 1 :], KNOWN)
    assert checked.finding is not Finding.VERIFIED or checked.statement == codes.brief(NADIA)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF\n", b"\x00" * 1000])
def test_a_file_without_a_certificate_is_unreadable(content: bytes) -> None:
    assert check_file(content, KNOWN).finding is Finding.UNREADABLE


def test_a_sealed_file_whose_certificate_was_taken_out_is_forged() -> None:
    code = codes.code_of(codes.sign(KEY, NADIA)).encode()
    assert check_file(CONTENT.replace(code, b" " * len(code)), KNOWN).finding is Finding.FORGED
