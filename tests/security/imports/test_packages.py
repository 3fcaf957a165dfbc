"""Hostile packages: each is refused with a sentence, in little memory, and nothing is written but under numbers."""

from __future__ import annotations

import io
import pickle
import sqlite3
import stat
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange.course_folder import Refused, Understood
from spoc_desktop.interchange.package import read_course
from spoc_desktop.interchange.problem_sentences import sentence
from spoc_desktop.interchange.problems import ProblemKind
from sync.protocol.limits import MAX_PACKAGE, MAX_PACKAGE_ENTRIES
from tests.security.imports.packages import (
    END,
    directory_entry,
    good,
    kinds,
    packed,
    patched,
    read,
    renamed,
    with_entry,
)
from tests.unit.interchange.course_files import GOOD, LESSON, LESSON_FILE, understood
from tests.unit.interchange.media_files import png

MEMORY = 200 * 1024 * 1024


def written_outside(folder: Path) -> list[str]:
    """What lies in the test's folder besides the package and the numbered files."""
    found = [path for path in folder.rglob("*") if path.name not in {"cours.zip", "aside"}]
    return [str(path) for path in found if not (path.parent == folder / "aside" and path.name.isdigit())]


def test_the_good_course_is_read_from_a_package_as_from_a_folder(tmp_path: Path) -> None:
    more: dict[str, str | bytes] = {"media/a.png": png(), LESSON_FILE: LESSON + "\n![a](media/a.png)\n"}
    text = understood(read(good(**more), tmp_path))
    assert text.course.title == "Petit cours"
    assert [path.read_bytes() for path in text.files.values()] == [png()]
    assert written_outside(tmp_path) == []


def test_a_course_in_a_folder_of_its_own_and_what_systems_add_change_nothing(tmp_path: Path) -> None:
    wrapped = {f"cours/{name}": content for name, content in GOOD.items()}
    added = {"__MACOSX/cours/._course.md": b"x", "cours/.DS_Store": b"x"}
    plain = understood(read(good(), tmp_path))
    (tmp_path / "b").mkdir()
    result = read(packed({**wrapped, **added}), tmp_path / "b")
    assert understood(result) == plain
    assert isinstance(result, Understood)
    assert result.warnings == ()


NAMES = [
    "../fuite.md", "a/../../fuite.md", "/etc/fuite.md", "C:/fuite.md", "c:fuite.md", "a\\..\\..\\fuite.md",
    "\\\\hote\\partage\\fuite.md", "CON", "con.md", "01-semaine-une/NUL.md", "aux.tar.md", "COM1", "lpt9.md", "CONIN$",
    "a/./b.md", "a//b.md", "fuite.md.", "fuite.md ", "fuite\u202egnp.md", "a\nb.md", "a\x1b[31m.md", "a\x7f.md",
    "fichier:flux.md", "a?.md", "a*.md", "a|b.md", 'a"b.md', "a<b.md", "a/b/c/d/e/f/g.md", "x" * 300 + ".md",
    "..", ".", "a/..", "\ufeffa.md", "a\u200bb.md", "COM¹.md", "nul .md",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_a_package(tmp_path: Path, name: str) -> None:
    assert kinds(read(with_entry(zipfile.ZipInfo(name)), tmp_path)) == {"package-name"}
    assert written_outside(tmp_path) == []


def test_a_name_cut_by_a_nul_is_refused(tmp_path: Path) -> None:
    raw = renamed(good(**{"fuiteXpng.md": "x"}), "fuiteXpng.md", b"fuite\x00png.md")
    assert kinds(read(raw, tmp_path)) == {"package-name"}


@pytest.mark.parametrize("twin", ["COURSE.md", "course.MD"])
def test_two_names_that_one_system_takes_for_the_same_are_refused(tmp_path: Path, twin: str) -> None:
    assert kinds(read(good(**{twin: "x"}), tmp_path)) == {"package-twice"}


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    raw = renamed(good(**{"courzz.md": "x"}), "courzz.md", b"course.md")
    assert kinds(read(raw, tmp_path)) == {"package-twice"}


MODES = [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]


@pytest.mark.parametrize("mode", MODES)
def test_links_and_devices_are_refused(tmp_path: Path, mode: int) -> None:
    info = zipfile.ZipInfo("01-semaine-une/30-lien.md")
    info.create_system = 3
    info.external_attr = (mode | 0o777) << 16
    assert kinds(read(with_entry(info, b"/etc/passwd"), tmp_path)) == {"package-link"}


@pytest.mark.parametrize("kind", [0x000D, 0x756E])
def test_an_extra_field_that_makes_a_link_is_refused(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("01-semaine-une/30-lien.md")
    info.extra = struct.pack("<HH", kind, 11) + b"/etc/passwd"
    assert kinds(read(with_entry(info), tmp_path)) == {"package-link"}


@pytest.mark.parametrize("bit", [0x1, 0x41])
def test_an_encrypted_package_is_refused(tmp_path: Path, bit: int) -> None:
    raw = good()
    at = directory_entry(raw, "course.md") + 8
    assert kinds(read(patched(raw, at, "<H", bit), tmp_path)) == {"package-encrypted"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_a_course_never_needs_is_refused(tmp_path: Path, method: int) -> None:
    assert kinds(read(packed(GOOD, method=method), tmp_path)) == {"package-damaged"}


def bomb(size: int) -> bytes:
    """One entry of zeros."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in GOOD.items():
            package.writestr(name, text)
        with package.open("media/a.mp4", "w") as entry:
            for _ in range(size // (1024 * 1024)):
                entry.write(bytes(1024 * 1024))
    return raw.getvalue()


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked(tmp_path: Path) -> None:
    assert kinds(read(bomb(60 * 1024 * 1024), tmp_path)) == {"package-ratio"}
    assert list((tmp_path / "aside").iterdir()) == []


def test_a_bomb_that_says_it_is_small_ends_at_what_it_said(tmp_path: Path) -> None:
    raw = bomb(60 * 1024 * 1024)
    lying = patched(raw, directory_entry(raw, "media/a.mp4") + 24, "<L", 1000)
    assert kinds(read(lying, tmp_path)) == {"package-damaged"}
    assert sum(path.stat().st_size for path in (tmp_path / "aside").iterdir()) < 1024 * 1024


def test_an_entry_that_says_it_is_larger_than_it_is_is_refused(tmp_path: Path) -> None:
    raw = good()
    assert kinds(read(patched(raw, directory_entry(raw, "course.md") + 24, "<L", 50_000), tmp_path)) == {
        "package-damaged"
    }


def test_a_package_that_claims_more_than_may_come_is_not_unpacked(tmp_path: Path) -> None:
    raw = good(**{"media/a.mp4": bytes(1024)})
    at = directory_entry(raw, "media/a.mp4")
    claims = patched(patched(raw, at + 24, "<L", MAX_PACKAGE + 1), at + 20, "<L", MAX_PACKAGE)
    assert kinds(read(claims, tmp_path)) == {"package-too-big"}


def test_a_package_inside_a_package_is_named_and_never_opened(tmp_path: Path) -> None:
    inner = packed({"x" * 10: bytes(1024 * 1024)})
    result = read(good(**{"01-semaine-une/dedans.zip": inner, "media/dedans.zip": inner}), tmp_path)
    assert kinds(result) == {"media-type"}
    assert max(path.stat().st_size for path in (tmp_path / "aside").iterdir()) < 1024


def overlapping(count: int) -> bytes:
    """Many entries of the directory that all name the same packed bytes."""
    raw = packed({"media/a.mp4": bytes(900_000)})
    (offset,) = struct.unpack_from("<L", raw, len(raw) - 6)
    entry = raw[offset : len(raw) - END]
    many = b"".join(entry.replace(b"media/a.mp4", f"media/{number:05}"[:11].encode()) for number in range(count))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(many), offset, 0)
    return raw[:offset] + many + end


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    assert kinds(read(overlapping(200), tmp_path)) == {"package-overlap"}


def test_a_million_entries_are_refused_before_one_is_listed(tmp_path: Path) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    many = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(many), 4, 0)
    path = tmp_path / "cours.zip"
    path.write_bytes(b"PK\x03\x04" + many + end)
    del many
    tracemalloc.start()
    result = read_course(path, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kinds(result) == {"package-entries"}
    assert peak < 2 * 1024 * 1024


def test_as_many_entries_as_may_be_are_read_in_little_memory(tmp_path: Path) -> None:
    raw = packed({**GOOD, **{f"media/{number}.txt": b"x" for number in range(MAX_PACKAGE_ENTRIES - len(GOOD))}})
    tracemalloc.start()
    result = read(raw, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kinds(result) <= {"media-type", "too-many-files"}
    assert peak < MEMORY


HEADERS = [
    ("---\n" + "\n".join(f"k{number}: 1" for number in range(1_000_000)) + "\n---\n", {"file-too-big"}),
    ("---\n" + "\n".join(f"k{number}: 1" for number in range(10_000)) + "\n---\n", {"front-matter-long"}),
    ("---\na: &a [x]\nb: [*a, *a]\n---\n", {"yaml-alias"}),
    ("---\na: " + "{a: " * 2_000 + "\n---\n", {"yaml-shape"}),
    ("---\nid: x\nid: y\n---\n", {"key-twice", "value-id"}),
    ('---\ntitle: "\\udfff"\n---\n', {"hidden-character"}),
    ('---\n"\\ud800": a\n---\n', {"key-unknown"}),
]


@pytest.mark.parametrize(("text", "expected"), HEADERS, ids=[min(kinds_) for _, kinds_ in HEADERS])
def test_a_bomb_in_the_keys_is_refused_in_little_memory(tmp_path: Path, text: str, expected: set[str]) -> None:
    raw = packed({**GOOD, "course.md": text})
    tracemalloc.start()
    result = read(raw, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(result, Refused)
    assert expected <= kinds(result)
    assert all(sentence(problem).encode() for problem in result.problems)
    assert peak < 64 * 1024 * 1024


def test_the_largest_package_is_unpacked_in_little_memory(tmp_path: Path) -> None:
    noise = zlib.compress(bytes(10)) * 3 + bytes(range(256)) * 64
    content = noise * (20 * 1024 * 1024 // len(noise))
    raw = packed({**GOOD, **{f"media/{number}.mp4": content for number in range(5)}}, method=zipfile.ZIP_STORED)
    tracemalloc.start()
    result = read(raw, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kinds(result) == {"media-content"}
    assert peak < 20 * 1024 * 1024


ENDS = [
    ("zip64", lambda raw: raw[:-END] + b"PK\x06\x07" + bytes(16) + raw[-END:]),
    ("a second disk", lambda raw: patched(raw, len(raw) - END + 4, "<H", 1)),
    ("bytes before it", lambda raw: b"PK\x03\x04#!/bin/sh\n" + raw),
    ("bytes behind it", lambda raw: raw + b"<?php"),
    ("no end", lambda raw: raw[:-END]),
    ("cut", lambda raw: raw[: len(raw) // 2]),
    ("an empty directory", lambda raw: patched(raw, len(raw) - END + 12, "<L", 0)),
    ("a directory elsewhere", lambda raw: patched(raw, len(raw) - END + 16, "<L", 0xFFFFFFFF)),
    ("a wrong sum", lambda raw: patched(raw, directory_entry(raw, "course.md") + 16, "<L", 1)),
    ("another name inside", lambda raw: raw.replace(b"course.md", b"kourse.md", 1)),
    ("spoilt bytes", lambda raw: patched(raw, 60, "<L", 0xFFFFFFFF)),
]  # fmt: skip


@pytest.mark.parametrize("spoil", [spoil for _, spoil in ENDS], ids=[name for name, _ in ENDS])
def test_a_package_that_is_not_whole_is_refused(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    assert kinds(read(spoil(good()), tmp_path)) == {"package-damaged"}


def tar() -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as package:
        link = tarfile.TarInfo("course.md")
        link.type, link.linkname = tarfile.LNKTYPE, "/etc/passwd"
        package.addfile(link)
    return raw.getvalue()


def sqlite(folder: Path) -> bytes:
    """A database whose view and trigger would do something when it is read or written."""
    path = folder / "a.db"
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE course(id); CREATE VIEW lessons AS SELECT load_extension('x');"
        "CREATE TRIGGER t AFTER INSERT ON course BEGIN DELETE FROM course; END;"
    )
    database.close()
    raw = path.read_bytes()
    path.unlink()
    return raw


FORMATS = [
    (b"MZ\x90\x00", "package-never", ".exe"),
    (b"\x7fELF\x02\x01\x01", "package-never", "ELF"),
    (b"#!/bin/sh\nrm -rf /\n", "package-never", "script"),
    (pickle.dumps({"a": 1}), "package-never", "pickle"),
    (b"\x1f\x8b\x08\x00", "package-later", "gzip"),
    (tar(), "package-later", "tar"),
    (b"7z\xbc\xaf\x27\x1c", "package-later", "7z"),
    (b"Rar!\x1a\x07", "package-later", "RAR"),
    (b"%PDF-1.7", "package-later", "PDF"),
    (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "package-later", "XML"),
    ("<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"), "package-later", "XML"),
    (b"  <html><script>alert(1)</script>", "package-later", "HTML"),
    (b"[" * 100_000, "package-later", "JSON"),
    (b'{"a": NaN, "a": 1e999}', "package-later", "JSON"),
    (b"", "not-a-package", ""),
    (b"bonjour", "not-a-package", ""),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "kind", "name"), FORMATS, ids=[f"{kind}-{name}" for _, kind, name in FORMATS])
def test_what_a_file_is_decides_and_not_what_it_is_called(tmp_path: Path, raw: bytes, kind: str, name: str) -> None:
    result = read(raw, tmp_path)
    assert isinstance(result, Refused)
    assert kinds(result) == {kind}
    assert name in sentence(result.problems[0])


def test_a_database_disguised_as_a_course_is_never_opened_as_one(tmp_path: Path) -> None:
    raw = sqlite(tmp_path)
    assert kinds(read(raw, tmp_path)) == {"package-never"}
    (tmp_path / "b").mkdir()
    assert kinds(read(good(**{"media/fiche.pdf": raw}), tmp_path / "b")) == {"media-content"}


HELD = ["imsmanifest.xml", "cmi5.xml", "tincan.xml", "h5p.json", "moodle_backup.xml", "META-INF/MANIFEST.MF"]


@pytest.mark.parametrize("file", HELD)
def test_another_kind_of_package_is_called_by_its_name_and_left_closed(tmp_path: Path, file: str) -> None:
    raw = packed({file: "<!DOCTYPE a SYSTEM 'http://pirate.example/x.dtd'><a/>", "index.html": "<script>", "a.js": "x"})
    assert kinds(read(raw, tmp_path)) == {"package-later"}
    assert list((tmp_path / "aside").iterdir()) == []


@pytest.mark.parametrize("name", ["theme.qss", "fr.mo", "fr.po", "style.css", "plugin.py", "course.md.desktop"])
def test_a_course_brings_no_theme_no_translation_and_no_program(tmp_path: Path, name: str) -> None:
    result = read(good(**{name: "QWidget { image: url(http://pirate.example) }"}), tmp_path)
    assert isinstance(result, Understood)
    assert [(warning.file, warning.kind) for warning in result.warnings] == [(name, ProblemKind.FILE_LEFT_OUT)]
    assert result.text.files == {}
    (tmp_path / "b").mkdir()
    assert kinds(read(good(**{f"media/{name}": "x"}), tmp_path / "b")) == {"media-type"}


@given(data=st.data())
def test_whatever_byte_of_a_package_is_changed_the_reader_answers(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray(good())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("paquet")
    result = read(bytes(raw), folder)
    assert isinstance(result, Understood) or all(sentence(problem) for problem in result.problems)
    assert written_outside(folder) == []
