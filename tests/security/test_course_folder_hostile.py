"""Hostile course folders: each is refused with a sentence, in little memory, and nothing outside is read."""

from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange import folder_files
from spoc_desktop.interchange.course_folder import Refused, Understood, read_folder
from spoc_desktop.interchange.folder_files import MAX_ENTRIES, MAX_FILE_BYTES
from spoc_desktop.interchange.problem_sentences import sentence
from spoc_desktop.interchange.problems import ProblemKind
from sync.content.markdown import MAX_BRACKETS, read_markdown
from sync.content.troubles import TroubleKind
from sync.domain.blocks import Link
from tests.unit.interchange.course_files import (
    COURSE,
    GOOD,
    LESSON,
    LESSON_FILE,
    MODULE,
    QUIZ_FILE,
    QUIZ_HEADER,
    problems,
    read_with,
    refused,
    write_files,
)

CANARY = "canari-7f3a"
LAUGHS = "\n".join(
    f"k{level}: &k{level} [{', '.join([f'*k{level - 1}'] * 9) if level else 'lol'}]" for level in range(30)
)

HEADERS = [
    (f"---\n{LAUGHS}\n---\n", "yaml-alias"),
    ("---\ntitle: !!python/object/apply:os.system ['true']\n---\n", "yaml-tag"),
    ("---\ntitle: !include /etc/passwd\n---\n", "yaml-tag"),
    ("---\n" + "[" * 15_000 + "\n---\n", "yaml-shape"),
    ("---\n" + "{a: " * 3_000 + "\n---\n", "yaml-shape"),
    ("---\ntitle: a\ntitle: b\n---\n", "key-twice"),
    ("---\nkind: lesson\n<<: {title: a}\n---\n", "key-unknown"),
    ("---\n? [a, b]\n: c\n---\n", "yaml-shape"),
    ('---\ntitle: "\\ud800"\n---\n', "hidden-character"),
    ('---\ntitle: "\\u202eab"\n---\n', "hidden-character"),
    ('---\nobjectives: [a, "\\0"]\n---\n', "hidden-character"),
    ("---\n%TAG ! tag:x,2000:\n---\n", "yaml"),
    ("---\na: b: c\n---\n", "yaml"),
    ("---\ntitle: \t- x\n---\n", "yaml"),
    ("---\nminutes: " + "9" * 5_000 + "\nkind: lesson\n---\n", "value-number"),
    ("---\nminutes: .nan\nkind: lesson\n---\n", "value-number"),
    ("---\nminutes: 0x10\nkind: lesson\n---\n", "value-number"),
    ("---\nminutes: ٣\nkind: lesson\n---\n", "value-number"),
]


@pytest.mark.parametrize(("text", "kind"), HEADERS, ids=[kind for _, kind in HEADERS])
def test_a_hostile_header_is_named_and_builds_nothing(tmp_path: Path, text: str, kind: str) -> None:
    assert kind in {found for file, _, found in problems(tmp_path, {LESSON_FILE: text}) if file == LESSON_FILE}


BYTES = [
    (b"\xff\xfe" + COURSE.encode("utf-16-le"), 1, "not-utf8"),
    (COURSE.encode("latin-1"), 9, "not-utf8"),
    (COURSE.encode().replace(b"fr", b"fr\x00"), 4, "hidden-character"),
    (COURSE.replace("Petit", "Pe\u202etit").encode(), 3, "hidden-character"),
    (COURSE.replace("Petit", "Pe\u2066tit").encode(), 3, "hidden-character"),
    (COURSE.replace("Petit", "Pe\U000e0041tit").encode(), 3, "hidden-character"),
    (COURSE.replace("Petit", "Pe\u2028tit").encode(), 3, "hidden-character"),
    (COURSE.replace("Petit", "Pe\x1b[31mtit").encode(), 3, "hidden-character"),
    (COURSE.replace("\n", "\r").encode(), 1, "hidden-character"),
    (b"\xed\xa0\x80", 1, "not-utf8"),
    (b"", 1, "no-front-matter"),
    (b"SQLite format 3\x00" + bytes(100), 1, "hidden-character"),
    (b"a" * (MAX_FILE_BYTES + 1), 0, "file-too-big"),
]


@pytest.mark.parametrize(("raw", "line", "kind"), BYTES, ids=[f"{kind}-{n}" for n, (_, _, kind) in enumerate(BYTES)])
def test_hostile_bytes_are_named_with_their_line(tmp_path: Path, raw: bytes, line: int, kind: str) -> None:
    assert ("course.md", line, kind) in problems(tmp_path, {"course.md": raw})


@pytest.mark.parametrize("where", [LESSON_FILE, "course.md", "01-semaine-une/module.md", "01-semaine-une/30-lien.md"])
def test_a_link_to_a_file_outside_is_refused_and_never_read(tmp_path: Path, where: str) -> None:
    outside = tmp_path / "dehors.md"
    outside.write_text(f"{LESSON}{CANARY}")
    folder = write_files(tmp_path / "cours", {name: text for name, text in GOOD.items() if name != where})
    (folder / where).symlink_to(outside)
    result = refused(read_folder(folder))
    assert (where, 0, ProblemKind.LINKED_FILE) in {(each.file, each.line, each.kind) for each in result.problems}
    assert CANARY not in repr(result)


def test_a_linked_folder_is_refused_and_never_entered(tmp_path: Path) -> None:
    outside = write_files(tmp_path / "dehors", {"module.md": MODULE, "10-a.md": f"{LESSON}{CANARY}"})
    folder = write_files(tmp_path / "cours", dict(GOOD))
    (folder / "02-dehors").symlink_to(outside)
    (folder / "03-boucle").symlink_to(folder)
    result = refused(read_folder(folder))
    assert [each.file for each in result.problems if each.kind is ProblemKind.LINKED_FILE] == ["02-dehors", "03-boucle"]
    assert CANARY not in repr(result)


def test_a_link_put_in_place_between_the_look_and_the_reading_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "dehors.md"
    outside.write_text(f"{LESSON}{CANARY}")
    folder = write_files(tmp_path / "cours", dict(GOOD))
    look = folder_files.entries

    def look_then_swap(*arguments: object) -> object:
        found = look(*arguments)  # type: ignore[arg-type]  # handed on as they came
        lesson = folder / LESSON_FILE
        if arguments[1] == "01-semaine-une":
            lesson.unlink()
            lesson.symlink_to(outside)
        return found

    monkeypatch.setattr("spoc_desktop.interchange.folder_source.entries", look_then_swap)
    result = refused(read_folder(folder))
    assert [(each.file, each.kind) for each in result.problems] == [(LESSON_FILE, ProblemKind.UNREADABLE)]
    assert CANARY not in repr(result)


def test_pipes_sockets_and_unreadable_files_are_named_and_nothing_waits(tmp_path: Path) -> None:
    folder = write_files(tmp_path, dict(GOOD))
    os.mkfifo(folder / "01-semaine-une" / "30-tuyau.md")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "p"))
        result = refused(read_folder(folder))
    assert [(each.file, each.kind) for each in result.problems] == [
        ("01-semaine-une/30-tuyau.md", ProblemKind.NOT_A_FILE),
        ("p", ProblemKind.NOT_A_FILE),
    ]


def test_a_folder_of_too_many_files_is_not_listed_to_its_end(tmp_path: Path) -> None:
    folder = write_files(tmp_path, dict(GOOD))
    for number in range(MAX_ENTRIES + 1):
        (folder / "01-semaine-une" / f"x{number}.txt").touch()
    kinds = [problem.kind for problem in refused(read_folder(folder)).problems]
    assert ProblemKind.TOO_MANY_FILES in kinds


@pytest.mark.parametrize(
    "name", ["CON", "nul.md", "10-..md", "10-a\\..\\b.md", "10-A.md", "10-a .md", "-10-a.md", "10_a.md"]
)
def test_no_strange_name_becomes_an_activity(tmp_path: Path, name: str) -> None:
    result = read_with(tmp_path, {f"01-semaine-une/{name}": LESSON})
    told = result.problems + result.warnings if isinstance(result, Refused) else result.warnings
    assert [problem.file for problem in told] == [f"01-semaine-une/{name}"]


# Pieces whose doubling has hurt Markdown parsers: each fills a whole file and is read in bounded time.
PATHOLOGICAL = [
    "[", "![", "[a](", "*", "_", "**a ", "*a _b ", "`", "``a ", "<", "<a ", "</", "<!--", "<![CDATA[", "&", "&a", "\\",
    "> ", "- ", "1. ", "|", "|a", "a|\n-|\n", "#", "~~~\n", "```\n", "[a]: <", "(", "![[](", "\t", "  \n", "<br>",
    "[x] ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PATHOLOGICAL)
@pytest.mark.parametrize("file", ["lesson", "quiz"])
def test_no_repeated_piece_breaks_the_reader(tmp_path: Path, piece: str, file: str) -> None:
    count = min(20_000 // len(piece), MAX_BRACKETS if "[" in piece else 20_000)
    if file == "lesson":
        result = read_with(tmp_path, {LESSON_FILE: LESSON + piece * count})
    else:
        result = read_with(tmp_path, {QUIZ_FILE: f"{QUIZ_HEADER}\n## Q ?\n{{#q}}\n\n- [x] {piece * count}\n- [ ] b\n"})
    assert isinstance(result, Understood | Refused)


def test_reading_the_worst_folder_takes_little_memory(tmp_path: Path) -> None:
    text = LESSON + "a **b** [c](https://d.example) `e`\n\n" * 3_500
    folder = write_files(tmp_path, {**GOOD, **{f"01-semaine-une/{n}-l{n}.md": text for n in range(30, 31)}})
    tracemalloc.start()
    result = read_folder(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(result, Refused)
    assert peak < 200 * 1024 * 1024


SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    "<style>@import url(//pirate.example)</style>",
    "<body onload=alert(1)>",
    '<object data="file:///etc/passwd">',
    "<link rel=stylesheet href=//pirate.example>",
    '<meta http-equiv=refresh content="0;url=//pirate.example">',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](\\\\\\\\hote\\\\partage)",
    "[x](//pirate.example)",
    "[x](ms-settings:privacy)",
    "[x](https://banque.example@pirate.example/)",
    "![x](http://pirate.example/pisteur.gif)",
    "![x](file:///etc/passwd)",
    "![x](//pirate.example/a.png)",
    "<javascript:alert(1)>",
    "<file:///etc/passwd>",
    '"><script>alert(1)</script>',
    "`<script>` <b onmouseover=alert(1)>x</b>",
    "<!--><script>alert(1)</script>-->",
    "<<script>script>alert(1)<</script>/script>",
]


@pytest.mark.parametrize("attack", SCRIPTS)
@pytest.mark.parametrize("around", ["{}", "a {} b", "> {}", "- {}", "| a |\n| - |\n| {} |", "**{}**"])
def test_no_markup_survives_as_a_live_address_or_tag(attack: str, around: str) -> None:
    reading = read_markdown(around.format(attack))
    assert reading.troubles
    for address in _addresses(reading.blocks):
        assert address.startswith(("https://", "http://", "mailto:"))
        assert "pirate" not in address


@pytest.mark.parametrize("entity", ["&#x202e;", "&#8238;", "&#x2066;", "&#xe0041;"])
@pytest.mark.parametrize("around", ["a\n{}b", "a\n[{}b](https://c.example)", "a\n\n<p>{}</p>"])
def test_an_entity_brings_in_no_hidden_character(entity: str, around: str) -> None:
    kinds = {trouble.kind for trouble in read_markdown(around.format(entity)).troubles}
    assert TroubleKind.HIDDEN_CHARACTER in kinds


def _addresses(value: object) -> list[str]:
    if isinstance(value, Link):
        return [value.href, *_addresses(value.spans)]
    if isinstance(value, tuple):
        return [address for each in value for address in _addresses(each)]
    fields = getattr(value, "__struct_fields__", ())
    return [address for name in fields for address in _addresses(getattr(value, name))]


KEYS = ["---\n", "kind: lesson\n", "title: a\n", "minutes: 5\n", "&a *a\n", "!!x\n", "{", ": "]
QUIZ_PIECES = ["## Q\n", "{#q}\n", "- [x] a\n", "= 1\n", "> b\n", "  > c\n", "```\n"]
MARKS = ["\u202e", "\x00", "[a](b)", "\r", "é", "|a|\n", "<b>", "\t", "# ", "\ud7ff"]
PIECES = st.sampled_from([*KEYS, *QUIZ_PIECES, *MARKS])
FILES = st.dictionaries(
    st.sampled_from(["course.md", "01-a/module.md", "01-a/10-b.md", "01-a/20-c.md", "01-a/x", "y.md", "02-d/e/f.md"]),
    st.lists(PIECES, max_size=20).map("".join),
    max_size=5,
)


@given(FILES)
def test_whatever_a_folder_holds_the_reader_answers_with_sentences(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    result = read_folder(write_files(tmp_path_factory.mktemp("cours"), dict(files)))
    found = result.problems + result.warnings if isinstance(result, Refused) else result.warnings
    for problem in found:
        assert sentence(problem)
        assert problem.line >= 0
    assert isinstance(result, Understood) or result.problems
