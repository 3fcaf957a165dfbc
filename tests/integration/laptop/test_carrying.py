"""A course on a stick between real laptops of one server: carried by the trainer, brought where there is no network."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

from spoc_desktop.services.workplace import Workplace
from sync.reports.sticks import MANIFEST_FILE
from tests.integration.laptop.harness import school
from tests.server_fixture import COURSE
from tests.unit.interchange.course_files import COURSE_ID, GOOD, LESSON_FILE, write_files
from tests.unit.interchange.media_files import PDF, png

SHOWN = "\n![Un courriel](media/a.png)\n\n[La fiche](media/fiche.pdf)\n"


def lose_files(work: Workplace) -> list[bytes]:
    """None of the course's files has come."""
    files = [one.file.sha256 for one in work.store.ahead.told()]
    for sha256 in files:
        work.store.files.drop(sha256)
        assert work.store.files.read(sha256) is None
    return files


def test_a_trainer_carries_a_course_to_a_learner_whose_network_is_cut(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        name: text.replace(COURSE_ID, str(UUID(bytes=COURSE))) for name, text in GOOD.items()
    }
    files |= {LESSON_FILE: GOOD[LESSON_FILE] + SHOWN, "media/a.png": png(), "media/fiche.pdf": PDF}
    write_files(tmp_path / "cours", files)
    package = shutil.make_archive(str(tmp_path / "cours"), "zip", tmp_path, "cours")
    with school(tmp_path / "school") as here:
        paul = here.laptops[0]
        done = paul.spoc("import", package, "--passphrase-fd", "{0}", secrets_=(paul.passphrase,))
        assert done.returncode == 0, done.stdout + done.stderr
        sophie, _ = here.joined(here.sample.sophie)
        sophie.shut()
        usb = tmp_path / "usb"
        carried = sophie.spoc("carry", str(usb), "--passphrase-fd", "{0}", secrets_=(sophie.passphrase,))
        assert carried.returncode == 0, carried.stdout + carried.stderr
        karim, work = here.joined(here.sample.karim)
        lost = lose_files(work)
        assert len(lost) == 2
        karim.wire.cut()
        karim.shut()
        brought = karim.spoc(
            "bring", str(usb), "--language", "en", "--passphrase-fd", "{0}", secrets_=(karim.passphrase,)
        )
        assert brought.returncode == 0, brought.stdout + brought.stderr
        assert "2 files brought." in brought.stdout
        again = karim.open()
        assert all(again.store.files.has(sha256) for sha256 in lost)
        (place,) = usb.rglob(MANIFEST_FILE)
        place.write_bytes(place.read_bytes()[:-1])
        karim.shut()
        refused = karim.spoc(
            "bring", str(usb), "--language", "en", "--passphrase-fd", "{0}", secrets_=(karim.passphrase,)
        )
        assert refused.returncode == 1
        assert "Nothing was taken from the stick" in refused.stderr
