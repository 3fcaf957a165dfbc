"""The page itself: what stands on it, in every script, however long; the same bytes for the same statement."""

from __future__ import annotations

import io
import re
from typing import Any
from unicodedata import category

import msgspec
import pytest
import segno
from pypdf import PdfReader

from sync.domain.certificates import NO_SCORE
from sync.reports import certificate, codes
from sync.reports.certificate import CODE_FILE
from sync.reports.fonts import Unprintable, fallbacks_for
from tests.unit.reports.statements import KEY, NADIA, pdf

WIDTH, HEIGHT = 841.89, 595.28
MARGIN_LINE = 215 / 25.4 * 72
A_WORD_OF_ROOM = 3.0


def text_of(content: bytes) -> str:
    """What stands on the page, with one space between words."""
    return " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())


def with_(**fields: Any) -> bytes:
    return pdf(msgspec.structs.replace(NADIA, **fields))


def test_a_certificate_says_who_what_when_and_how_well_on_one_landscape_page() -> None:
    reader = PdfReader(io.BytesIO(pdf()))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (round(WIDTH), round(HEIGHT))
    said = text_of(pdf())
    for part in (
        "Ateliers du Rhône",
        "Certificat de réussite",
        "Nadia Benali",
        "a suivi et réussi la formation Consignation électrique",
        "du 2 novembre au 13 décembre 2026",
        "86 % aux évaluations",
        "6 semaines · 9 h 47 de travail prévues, 10 h 05 réalisées · 4 exercices acceptés",
        "Préparer une fiche de manœuvre.",
        "Hélène Vasseur",
        "Marc Delorme",
        "7K2M-94TD-QX8F",
        "Délivré le 14 décembre 2026",
    ):
        assert " ".join(part.split()) in said, part


def test_an_english_course_gives_an_english_certificate() -> None:
    said = text_of(with_(language="en-GB", exercises_accepted=1))
    for part in ("Certificate of achievement", "from 2 November to 13 December 2026", "1 exercise accepted"):
        assert part in said


def test_a_course_without_graded_quizzes_says_no_score() -> None:
    said = text_of(with_(score_percent=NO_SCORE))
    assert "%" not in said
    assert "-1" not in said


def drawn_modules(content: bytes, size: int) -> set[tuple[int, int]]:
    """The dark modules of the QR code, from the rectangles on the page."""
    drawn = PdfReader(io.BytesIO(content)).pages[0].get_contents()
    assert drawn is not None
    module = certificate._QR_SIDE / size / 25.4 * 72
    left, top = certificate._SIDE / 25.4 * 72, HEIGHT - certificate._QR_TOP / 25.4 * 72
    found = set()
    for rectangle in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", drawn.get_data()):
        x, y, width, height = map(float, rectangle)
        if x >= left - 1 and height < 2 * module:
            first, row = round((x - left) / module), round((top - y) / module)
            found |= {(first + step, row) for step in range(round(width / module))}
    return found


SCRIPTS = (
    "Ἀριστοτέλης Παπαδόπουλος",
    "Наталья Щербакова",
    "Nguyễn Thị Ánh",
    "สมชาย ใจดี",
    "李小龙",
    "山田太郎 さくら",
    "김민준",
    "ნინო ბერიძე",
    "Արամ Խաչատրյան",
    "ሰላም ተስፋዬ",
)
SHAPED = ("محمد الأمين بن عبد الله", "יעל בן־דוד", "विक्रम सिंह", "தமிழரசி", "আনিকা রহমান", "ਗੁਰਪ੍ਰੀਤ", "සුනිල්", "සිංහ", "മലയാളം")


def test_names_are_printed_in_their_own_script() -> None:
    said = text_of(with_(name=SCRIPTS[0], skills=SCRIPTS))
    assert [name for name in SCRIPTS if name not in said] == []


def test_scripts_that_are_shaped_or_turned_round_lose_no_letter_and_no_box_is_printed() -> None:
    """A reader of PDF may give their letters in another order."""
    said = text_of(with_(name=SHAPED[0], skills=SHAPED))
    lost = {name: [letter for letter in name if category(letter) == "Lo" and letter not in said] for name in SHAPED}
    assert {name: letters for name, letters in lost.items() if letters} == {}
    assert "\ufffd" not in said


def test_arabic_letters_are_joined_and_devanagari_is_shaped() -> None:
    """Isolated forms would be as many glyphs as letters; joined and shaped, the fonts give other glyphs."""
    content = with_(name="محمد")
    assert b"NotoSansArabic" in content
    assert with_(name="محمد") != with_(name="م ح م د")


def test_a_character_that_no_face_has_is_refused_by_name_and_never_a_box() -> None:
    with pytest.raises(Unprintable, match="U\\+13000"):
        with_(name="Nadia \U00013000")
    with pytest.raises(Unprintable, match="U\\+1F600"):
        with_(course="Sourire \U0001f600")
    assert fallbacks_for(["Nadia\u200d", "a\nb"]) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Marie-Charlotte de la Rochefoucauld-Montmorency de Saint-Exupéry et d’Aragon-Castille"},
        {"name": "Wolfeschlegelsteinhausenbergerdorff" * 5},
        {"course": "Prévention des risques liés aux interventions sur les installations électriques, " * 3},
        {"name": "M" * 200, "course": "W " * 100},
        {"skills": tuple(f"Compétence {n} : une longue phrase qui décrit ce que l’on sait faire." for n in range(30))},
        {
            "signatories": tuple(
                (f"Jean-Baptiste Dupont-Durand de la Tour {n}", "Équipe de formation") for n in range(3)
            )
        },
        {"course": "Un titre sans fin " * 100},
        {"issuer": "Organisme de formation " * 6},
        {"weeks": tuple(range(1, 53))},
    ],
    ids=["name", "one word", "title", "both", "skills", "signatories", "endless title", "issuer", "weeks"],
)
def test_long_texts_wrap_or_shrink_and_nothing_leaves_its_place(fields: dict[str, Any]) -> None:
    places: list[tuple[str, float, float, float]] = []

    def visit(text: str, _cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            places.append((text.strip(), tm[4], tm[5], size))

    reader = PdfReader(io.BytesIO(with_(**fields)))
    whole = "".join(reader.pages[0].extract_text(visitor_text=visit).split())
    assert len(reader.pages) == 1
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for _, x, y, _ in places)
    for field in ("name", "course", "issuer"):
        wanted = "".join(str(fields.get(field, "")).split())[:300]
        assert wanted in whole
    if "skills" in fields:
        assert "autres" in whole


def test_the_same_statement_gives_the_same_bytes() -> None:
    assert pdf() == pdf.__wrapped__()


def test_only_the_glyphs_that_are_used_travel_in_the_file() -> None:
    assert len(pdf()) < 80_000
    assert len(with_(name="李小龙 김민준")) < 120_000


def test_the_file_carries_the_whole_statement_signed() -> None:
    (attached,) = PdfReader(io.BytesIO(pdf())).attachments[CODE_FILE]
    signed = codes.read(attached.decode())
    assert signed.statement == NADIA
    assert codes.is_signed_by(KEY.public_key(), signed)


def test_the_qr_code_is_large_enough_to_read_and_carries_the_brief_statement() -> None:
    """What is drawn is what an encoder makes of the brief code; a real reader was tried on it by hand."""
    brief = codes.sign(KEY, codes.brief(NADIA))
    readable = "Certificat 7K2M-94TD-QX8F\nNadia Benali\nConsignation électrique\n"
    parts: Any = [(readable, None, "utf-8"), codes.code_of(brief)]
    wanted = [list(row) for row in segno.make(parts, micro=False, error="l", boost_error=False, mask=3).matrix]
    dark = drawn_modules(pdf(), len(wanted))
    assert dark == {(x, y) for y, row in enumerate(wanted) for x, module in enumerate(row) if module}
    assert certificate._QR_SIDE >= 26
    said = codes.read(readable + codes.code_of(brief)).statement
    assert (said.name, said.number, said.score_percent, said.skills) == (NADIA.name, NADIA.number, 86, ())


@pytest.mark.parametrize("field", ["name", "course", "issuer", "language", "number", "skills", "signatories"])
def test_no_text_of_a_person_becomes_a_command_of_the_file(field: str) -> None:
    """What a name holds stands on the page or in the properties, and nowhere as a part of the document."""
    hostile = "x) /OpenAction << /S /JavaScript /JS (app.alert(1)) >> \\) <</AA 1>> endobj <b>**gras**</b> {name}"
    value: Any = {"skills": (hostile,), "signatories": ((hostile, hostile),)}.get(field, hostile)
    reader = PdfReader(io.BytesIO(with_(**{field: value})))
    harmless = PdfReader(io.BytesIO(pdf()))
    assert set(reader.root_object) == set(harmless.root_object)
    assert [sorted(page) for page in reader.pages] == [sorted(page) for page in harmless.pages]
    assert reader.metadata is not None
    assert set(reader.metadata) == set(harmless.metadata or ())
    if field in {"name", "course"}:
        assert hostile in str(reader.metadata["/Title"])
