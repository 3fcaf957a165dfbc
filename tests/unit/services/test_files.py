"""Files of a course: what another program may open, and under which name a file is saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.files import CourseFiles, Danger, danger_of, may_open, safe_name
from sync.domain.files import Attachment
from tests.unit.services.classroom import Laptop, learner_laptop


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


@pytest.mark.parametrize(
    "name",
    [
        *("report.pdf.exe", "fiche.lnk", "fiche.desktop", "macro.docm", "calc.xlsm", "page.html", "page.svg", "x.jar"),
        *("run.sh", "setup.msi", "run.BAT", "fiche", "archive.zip", "fiche\u202efdp.exe", "fiche.pdf .exe", "a.scr"),
        "liste.csv",
    ],
)
def test_what_could_start_a_program_is_never_opened_from_a_course(name: str) -> None:
    assert not may_open(name)


@pytest.mark.parametrize("name", ["Étiquette_2026.pdf", "Fiche.ODT", "plan.png", "film.webm"])
def test_documents_are_opened_by_the_program_that_the_system_has_for_them(name: str) -> None:
    assert may_open(name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../.bashrc", "bashrc"),
        ("C:\\Users\\x\\fiche.pdf", "fiche.pdf"),
        ("fiche\u202efdp.exe", "fichefdp.exe"),
        ("..", "document"),
        ("12:30.txt", "12_30.txt"),
        ("a" * 300 + ".pdf", "a" * 150 + ".pdf"),
        ("أ" * 200 + ".pdf", "أ" * 93 + ".pdf"),
        ("文" * 200 + "." + "字" * 200, "文" * 62 + "." + "字" * 8),
        ("CON.pdf", "_CON.pdf"),
        ('what "is" <this>?.pdf', "what _is_ _this__.pdf"),
        ("Étiquette 2026.pdf", "Étiquette 2026.pdf"),
    ],
)
def test_a_file_is_saved_under_a_name_that_hides_nothing_and_leads_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("file", "danger"),
    [
        ("rapport.pdf", None),
        ("photo.JPG", None),
        ("report.pdf.exe", Danger.DISGUISED),
        ("report.pdf.exe. ", Danger.DISGUISED),
        ("rapport\u202efdp.exe", Danger.DISGUISED),
        ("setup.exe", Danger.PROGRAM),
        ("raccourci.lnk", Danger.PROGRAM),
        ("app.desktop", Danger.PROGRAM),
        ("page.html", Danger.PROGRAM),
        ("sans_extension", Danger.PROGRAM),
        ("budget.xlsm", Danger.MACROS),
        ("ancien.doc", Danger.MACROS),
    ],
)
def test_only_harmless_kinds_open_from_here(file: str, danger: Danger | None) -> None:
    assert danger_of(file) is danger


def test_a_file_is_saved_where_the_person_chose(laptop: Laptop, tmp_path: Path) -> None:
    file = laptop.store.files.keep(b"%PDF", "fiche.pdf", "application/pdf")
    CourseFiles(laptop.desk).save(file, tmp_path / "ma fiche.pdf")
    assert (tmp_path / "ma fiche.pdf").read_bytes() == b"%PDF"


def test_a_copy_for_another_program_lies_in_a_folder_that_nobody_else_reads(laptop: Laptop) -> None:
    file = laptop.store.files.keep(b"%PDF", "fiche.pdf", "application/pdf")
    copy = CourseFiles(laptop.desk).lend(file)
    assert copy.name == "fiche.pdf"
    assert copy.read_bytes() == b"%PDF"
    assert copy.parent.parent.stat().st_mode & 0o077 == 0


def test_the_same_file_can_be_opened_again_while_its_first_copy_lies_there(laptop: Laptop) -> None:
    file = laptop.store.files.keep(b"%PDF", "../../rapport.pdf")
    first, second = (CourseFiles(laptop.desk).lend(file) for _again in range(2))
    assert first.read_bytes() == second.read_bytes() == b"%PDF"
    assert first.name == "rapport.pdf"


def test_a_program_is_not_lent_to_another_program(laptop: Laptop) -> None:
    file = laptop.store.files.keep(b"MZ", "fiche.pdf.exe")
    with pytest.raises(ValueError, match="saved, never opened"):
        CourseFiles(laptop.desk).lend(file)


def test_a_file_that_has_not_come_is_said_to_be_not_here_yet(laptop: Laptop, tmp_path: Path) -> None:
    files = CourseFiles(laptop.desk)
    missing = Attachment(sha256=bytes(32), name="fiche.pdf", size=4)
    assert files.read(missing.sha256) is None
    assert not files.has(missing.sha256)
    with pytest.raises(NotHereYet):
        files.save(missing, tmp_path / "fiche.pdf")
    with pytest.raises(NotHereYet):
        files.lend(missing)
