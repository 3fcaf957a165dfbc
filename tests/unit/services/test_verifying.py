"""`spoc verify`: no network, no account; words, and an exit code that scripts can trust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from spoc_desktop import paths
from spoc_desktop.cli import main
from spoc_desktop.services.accounts import _PEOPLE
from spoc_desktop.services.profiles import Profile, known, remember
from sync.reports import codes
from tests.unit.reports.statements import KEY, NADIA, OTHER_KEY, pdf

HEX = KEY.public_key().public_bytes_raw().hex()
CODE = codes.code_of(codes.sign(KEY, codes.brief(NADIA)))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "certificat.pdf"
    file.write_bytes(pdf())
    return file


def verify(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    code = main(["verify", "--language", "en", *map(str, words)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_genuine_certificate_says_who_what_when_and_by_whom(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verify(capsys, certificate, "--key", HEX)
    assert code == 0
    for part in (
        "Genuine and unaltered",
        "Nadia Benali",
        "Consignation électrique",
        "7K2M-94TD-QX8F",
        "Ateliers du Rhône",
    ):
        assert part in said
    for part in ("2 November 2026", "13 December 2026", "14 December 2026", "86%", "10 h 05", "4 exercises"):
        assert part in said.replace("\u00a0", " ")


def test_an_altered_one_says_so_and_what_was_signed(certificate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certificate.write_bytes(certificate.read_bytes().replace(b"/Producer", b"/Producex"))
    code, said = verify(capsys, certificate, "--key", HEX)
    assert (code, said.split(":")[0]) == (1, "Altered")
    assert "Nadia Benali" in said


def test_a_forged_one_an_unreadable_one_and_an_unknown_key_have_their_own_codes(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invented = codes.code_of(codes.Signed(codes.sign(KEY, NADIA).raw, bytes(64)))
    other = OTHER_KEY.public_key().public_bytes_raw().hex()
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    assert verify(capsys, "--code", invented, "--key", HEX)[0] == 1
    assert verify(capsys, tmp_path / "letter.pdf", "--key", HEX)[0] == 2
    assert verify(capsys, tmp_path / "gone.pdf", "--key", HEX)[0] == 2
    code, said = verify(capsys, certificate, "--key", other)
    assert code == 3
    assert codes.fingerprint(KEY.public_key()).hex() in said


def test_what_a_phone_shows_is_verified(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = verify(capsys, "--code", f"Certificat 7K2M-94TD-QX8F\nNadia Benali\n{CODE}", "--key", HEX)
    assert (code, said.split()[0]) == (0, "Genuine")


def test_a_key_is_taken_from_a_file_in_either_form(
    certificate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hex").write_text(f"{HEX}\n")
    (tmp_path / "pem").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "none").write_text("no key")
    assert [verify(capsys, certificate, "--key", tmp_path / one)[0] for one in ("hex", "pem", "none")] == [0, 0, 2]


def test_the_issuers_of_this_computers_people_are_known(certificate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(capsys, certificate)[0] == 3
    people = paths.root() / _PEOPLE
    people.parent.mkdir(parents=True, exist_ok=True)
    profile = Profile(bytes(16), bytes(16), bytes(16), "Nadia", "nadia", "Rhône", "https://spoc.example")
    remember(people, profile)
    assert verify(capsys, certificate)[0] == 3, "a profile of an older program knows no key"
    told = replace(profile, issuer_key=bytes.fromhex(HEX))
    remember(people, told)
    assert known(people) == (told,)
    assert verify(capsys, certificate)[0] == 0


def test_control_characters_of_a_strangers_file_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = msgspec.structs.replace(NADIA, name="Nadia\x1b[2J\nGenuine", starts=1 << 62)
    code, said = verify(capsys, "--code", codes.code_of(codes.sign(KEY, nasty)))
    assert code == 3
    assert "\x1b" not in said
    assert not any(line.startswith("Genuine") for line in said.splitlines())
