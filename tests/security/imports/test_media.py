"""Files of a course that would harm who opens them: known by their first bytes, refused before anything is decoded."""

from __future__ import annotations

import io
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange.course_folder import Refused
from spoc_desktop.interchange.video_length import read_length
from sync.content.pictures import MAX_SIDE, Picture, read_picture
from tests.unit.interchange.course_files import LESSON, LESSON_FILE, read_with, understood, warnings
from tests.unit.interchange.media_files import DOCX, PDF, VTT, gif, mp4, png, webm

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30, 40) + bytes(12)


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + struct.pack("<L", len(body)) + body


WEBP_MOVING = webp(b"VP8X", b"\x02\x00\x00\x00" + (39).to_bytes(3, "little") + (29).to_bytes(3, "little"))
WEBP_LOSSLESS = webp(b"VP8L", b"\x2f" + struct.pack("<L", 39 | 29 << 14))
WEBP_PLAIN = webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 40, 30))


def test_the_size_of_a_picture_is_read_from_its_header() -> None:
    for raw in (png(40, 30), JPEG, gif(1, 40, 30), WEBP_LOSSLESS, WEBP_PLAIN, WEBP_MOVING):
        found = read_picture(raw)
        assert found is not None
        assert (found.width, found.height) == (40, 30), raw[:16]
    assert [each.moves for each in map(read_picture, (WEBP_MOVING, gif(2), WEBP_PLAIN, gif(1))) if each] == [
        *(True, True, False, False),
    ]


def test_what_is_no_picture_says_nothing() -> None:
    for raw in (b"", b"<svg/>", b"RIFF", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", webp(b"XXXX", b""), PDF):
        assert read_picture(raw) is None, raw


BAD = [
    ("media/bombe.png", png(50_000, 50_000), "picture-too-large"),
    ("media/longue.png", png(MAX_SIDE + 1, 1), "picture-too-large"),
    ("media/nulle.png", png(0, 0), "media-content"),
    ("media/bouge.gif", gif(3), "picture-moves"),
    ("media/bouge.webp", WEBP_MOVING, "picture-moves"),
    ("media/dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "media-svg"),
    ("media/dessin.png", b"<svg onload=alert(1)>", "media-content"),
    ("media/photo.jpg", png(), "media-content"),
    ("media/fiche.pdf", b"MZ\x90\x00", "media-content"),
    ("media/fiche.pdf", b"SQLite format 3\x00", "media-content"),
    ("media/fiche.docx", b"\xd0\xcf\x11\xe0", "media-content"),
    ("media/film.mp4", b"\x7fELF", "media-content"),
    ("media/film.webm", mp4(), "media-content"),
    ("media/film.vtt", b"<html>", "media-content"),
    ("media/film.vtt", VTT + bytes(1024 * 1024), "media-too-big"),
    ("media/fiche.pdf.exe", b"MZ", "media-type"),
    ("media/fiche.docm", DOCX, "media-type"),
    ("media/fiche.lnk", b"L", "media-type"),
    ("media/fiche.desktop", b"[Desktop Entry]", "media-type"),
    ("media/page.html", b"<script>", "media-type"),
    ("media/sans-type", b"x", "media-type"),
    ("media/-rf.png", png(), "media-name"),
    ("media/a;b.png", png(), "media-name"),
    ("media/a/b/c.png", png(), "folder-too-deep"),
]


@pytest.mark.parametrize(("name", "raw", "kind"), BAD, ids=[f"{name}-{kind}" for name, _, kind in BAD])
def test_a_harmful_file_is_refused_and_named(tmp_path: Path, name: str, raw: bytes, kind: str) -> None:
    result = read_with(tmp_path, {name: raw})
    assert isinstance(result, Refused)
    assert [problem.kind.value for problem in result.problems] == [kind]
    assert name.startswith(result.problems[0].file)


def test_a_refused_picture_is_told_once_and_not_as_missing_too(tmp_path: Path) -> None:
    text = LESSON + "\n![a](media/bombe.png)\n"
    result = read_with(tmp_path, {LESSON_FILE: text, "media/bombe.png": png(50_000, 50_000)})
    assert isinstance(result, Refused)
    assert [problem.kind.value for problem in result.problems] == ["picture-too-large"]


def test_a_link_in_the_media_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "cours" / "media").mkdir(parents=True)
    (tmp_path / "cours" / "media" / "fiche.pdf").symlink_to(tmp_path / "secret.pdf")
    result = read_with(tmp_path / "cours", {})
    assert isinstance(result, Refused)
    assert [problem.kind.value for problem in result.problems] == ["linked-file"]


def test_a_file_that_nothing_names_stays_behind(tmp_path: Path) -> None:
    assert warnings(tmp_path, {"media/a.png": png()}) == [("media/a.png", 0, "media-unused")]
    assert understood(read_with(tmp_path, {"media/a.png": png()})).files == {}


def test_a_picture_bomb_takes_no_memory(tmp_path: Path) -> None:
    endless = gif(1)[:-1] + gif(1)[13:-1] * 200_000
    tracemalloc.start()
    result = read_with(tmp_path, {"media/a.png": png(50_000, 50_000), "media/b.gif": endless})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(result, Refused)
    assert {problem.kind.value for problem in result.problems} == {"picture-too-large", "picture-moves"}
    assert peak < 64 * 1024 * 1024


@pytest.mark.parametrize("raw", [mp4(125_000), webm(125_000)])
def test_the_length_of_a_video_is_read_from_its_header(raw: bytes) -> None:
    assert read_length(io.BytesIO(raw)) == 125_000


@given(st.sampled_from([mp4(), webm(), png(), gif(), JPEG, WEBP_LOSSLESS]), st.binary(max_size=40), st.integers(0, 120))
def test_no_broken_header_takes_the_readers_down(raw: bytes, spoilt: bytes, at: int) -> None:
    broken = raw[:at] + spoilt + raw[at + len(spoilt) :]
    length = read_length(io.BytesIO(broken))
    assert length is None or length > 0
    picture = read_picture(broken)
    assert picture is None or isinstance(picture, Picture)
