"""A course with files as one .zip: imported by its author, uploaded with its files, and exported as it was."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from spoc_desktop.interchange.course_folder import read_folder
from tests.integration.laptop.harness import school
from tests.server_fixture import COURSE
from tests.unit.interchange.course_files import COURSE_ID, GOOD, LESSON_FILE, understood, write_files
from tests.unit.interchange.media_files import PDF, png

SHOWN = "\n![Un courriel](media/a.png)\n\n[La fiche](media/fiche.pdf)\n"


def test_a_package_goes_to_the_server_and_comes_out_as_the_same_course(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        name: text.replace(COURSE_ID, str(UUID(bytes=COURSE))) for name, text in GOOD.items()
    }
    files |= {LESSON_FILE: GOOD[LESSON_FILE] + SHOWN, "media/a.png": png(), "media/fiche.pdf": PDF}
    folder = write_files(tmp_path / "cours", files)
    package = shutil.make_archive(str(tmp_path / "cours"), "zip", tmp_path, "cours")
    with school(tmp_path / "school") as here:
        laptop = here.laptops[0]

        def spoc(*words: str) -> str:
            done = laptop.spoc(*words, "--language", "en", "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        said = spoc("import", package)
        assert "1 module, 1 lesson, 1 quiz, 1 question, 1 picture, 1 document, 2 files" in said
        assert "Published as edition 2." in said
        assert "1 picture" in spoc("export", str(tmp_path / "export"))
        assert understood(read_folder(tmp_path / "export")) == understood(read_folder(folder))
        with laptop.open().store as store:
            assert store.counts().waiting == 0


def test_a_hostile_package_is_refused_before_the_store_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "cours.zip"
    path.write_bytes(b"SQLite format 3\x00" + bytes(100))
    with school(tmp_path / "school") as here:
        laptop = here.laptops[0]
        done = laptop.spoc("import", str(path), "--language", "en")
        assert done.returncode == 1
        assert "This file is SQLite" in done.stdout
        assert "Nothing was saved" in done.stdout
