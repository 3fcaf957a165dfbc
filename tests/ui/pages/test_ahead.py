"""The pages of the files: can I leave, how much room, what is not here; a course brought and copied on a stick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox

from spoc_desktop.services.carrying import Carrying
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.carry import CarryPage
from sync.domain import manifests, spaces
from sync.domain.courses import EDITION
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.listing import listing
from sync.protocol.errors import Unreachable
from sync.reports.manifests import sign
from sync.reports.sticks import MANIFEST_FILE
from tests.ui.pages.conftest import Furnish, Taught
from tests.ui.pages.filmed import ACTIVITY, CLIP, tell_video
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tests.ui.pages.played import Played
from tools.sample_laptop import CLAIRE, COHORT_ID, NADIA, SampleLaptop
from tools.sample_talk import post_id

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def lose(laptop: SampleLaptop, *names: str) -> None:
    """These files have not come."""
    for known in laptop.store.ahead.told():
        if known.file.name in names:
            laptop.store.files.drop(known.file.sha256)
            assert laptop.store.files.read(known.file.sha256) is None


def wanted(laptop: SampleLaptop) -> list[str]:
    return [file.name for file in laptop.store.files_wanted()]


def test_the_week_is_ready_when_every_file_of_it_is_here(learner: MainWindow, laptop: SampleLaptop) -> None:
    learner.open("ahead")
    settle(learner)
    assert says(learner, "Tout s’ouvre sans réseau."), texts(learner)
    assert says(learner, "Tous les fichiers que vous pouvez lire sont ici.")
    lose(laptop, "anatomie-d-une-adresse.png")
    learner.open("ahead")
    settle(learner)
    assert says(learner, "1 fichier n’est pas encore ici : 34 ko.")
    assert says(learner, "Arrive seul")


def test_what_is_beyond_the_limit_is_offered_and_the_wish_comes_first(
    learner: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    lose(laptop, "anatomie-d-une-adresse.png", "dix-premieres-minutes.png")
    learner.open("ahead")
    settle(learner)
    choice = named(learner, "limit")
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findData("0"))
    choice.activated.emit(choice.currentIndex())
    settle(learner)
    assert laptop.store.ahead.limit() == 0
    assert wanted(laptop) == []
    (file,) = [one.file for one in laptop.store.ahead.told() if one.file.name == "dix-premieres-minutes.png"]
    click(learner, f"fetch_{file.sha256.hex()}")
    assert wanted(laptop) == ["dix-premieres-minutes.png"]
    assert says(learner, "Téléchargement en cours")
    assert "Demande notée. Le téléchargement se fait dès qu’il y a du réseau." in heard


def test_a_film_that_is_not_here_says_its_size_and_comes_when_it_is_asked_for(
    window: MainWindow, laptop: SampleLaptop, furnish: Furnish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline the wish is kept for the next connection."""
    monkeypatch.setattr("spoc_desktop.services.ahead.SMALL", 10_000)
    laptop.workplace.syncing = Played(Unreachable()).syncing_of(laptop, tmp_path)
    laptop.workplace.syncing.sync_now()
    furnish(laptop.workplace)
    laptop.store.ahead.keep_limit(0)
    tell_video(laptop, content=None)
    window.open("video", cohort_id=COHORT_ID, activity_id=ACTIVITY)
    settle(window)
    assert says(window, f"1 fichier de cette page n’est pas encore sur cet ordinateur : {len(CLIP) // 1000} ko.")
    assert says(window, "La place que vous accordez aux fichiers ne suffit pas")
    assert wanted(laptop) == []
    click(window, "fetch_now")
    assert wanted(laptop) == ["consigner.webm"]
    assert says(window, "le téléchargement se fera à la prochaine connexion")
    assert not has(window, "fetch_now")


def test_a_file_of_a_discussion_that_is_not_here_can_be_asked_for(
    learner: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    file = laptop.store.files.keep(b"x" * 5_000_000, "plan.pdf")
    laptop.store.files.drop(file.sha256)
    post = Post(title="Le plan", text="Voici", files=(file,))
    laptop.told(spaces.cohort(COHORT_ID), [(POST, post_id(90, 0), encode(post))], author=CLAIRE)
    laptop.store.ahead.keep_limit(0)
    learner.open("exchanges", cohort_id=COHORT_ID, thread=post_id(90, 0))
    settle(learner)
    assert wanted(laptop) == []
    click(learner, f"fetch_{file.sha256.hex()}")
    assert wanted(laptop) == ["plan.pdf"]
    assert "Demande notée. Le téléchargement se fait dès qu’il y a du réseau." in heard


def test_a_trainer_sees_whether_the_queue_is_ready_for_the_train(trainer: MainWindow, taught: Taught) -> None:
    trainer.open("ahead")
    settle(trainer)
    count = len(taught.laptop.workplace.reviewing.queue())
    assert says(trainer, f"Prêt pour le train : {count} remises sur {count}")
    trainer.open("sync")
    settle(trainer)
    assert says(trainer, f"Prêt pour le train : {count} remises sur {count}")


# -- the stick


def signed(laptop: SampleLaptop) -> Carrying:
    """The server tells its manifest, and the laptop knows its key."""
    space = spaces.course(laptop.course_id)
    (edition,) = laptop.store.view(EDITION, space)
    ids = {edition.id, *(one.edition for one in edition.body.activities)}
    listed = listing(laptop.store.ahead.bodies(space, ids))
    body = sign(KEY, manifests.statement(laptop.course_id, edition.id, edition.body.number, listed))
    laptop.told(space, [(manifests.MANIFEST, manifests.manifest_id(edition.id, bytes(32)), encode(body))])
    profile = replace(laptop.workplace.profile, issuer_key=KEY.public_key().public_bytes_raw())
    laptop.workplace.carrying = Carrying(laptop.workplace.desk, profile)
    return laptop.workplace.carrying


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """What another laptop of the organisation copied."""
    other = SampleLaptop(NADIA)
    other.told_all()
    carrying = signed(other)
    yield carrying.write(other.course_id, tmp_path / "usb", lambda _done, _whole: True)
    other.workplace.close()


@pytest.fixture
def page(learner: MainWindow, laptop: SampleLaptop) -> CarryPage:
    signed(laptop)
    learner.open("carry")
    settle(learner)
    assert isinstance(learner.page, CarryPage)
    return learner.page


def test_a_course_is_brought_and_it_says_what_came(
    learner: MainWindow, laptop: SampleLaptop, page: CarryPage, stick: Path, heard: list[str]
) -> None:
    lose(laptop, "anatomie-d-une-adresse.png", "dix-premieres-minutes.png")
    files = len(laptop.store.ahead.told())
    page.bring(stick)
    settle(learner)
    assert says(learner, f"2 fichiers apportés, {files - 2} étaient déjà là."), texts(learner)
    assert wanted(laptop) == []
    assert any("2 fichiers apportés" in said for said in heard)


def test_the_folder_may_be_dropped_on_the_page(
    learner: MainWindow, laptop: SampleLaptop, page: CarryPage, stick: Path
) -> None:
    lose(laptop, "anatomie-d-une-adresse.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(stick))])
    page.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    settle(learner)
    assert says(learner, "1 fichier apporté")


def test_a_bad_stick_gets_a_clear_sentence_and_is_read_again_on_demand(
    learner: MainWindow, page: CarryPage, stick: Path
) -> None:
    """As when it had a loose contact."""
    signed_by_us = (stick / MANIFEST_FILE).read_bytes()
    (stick / MANIFEST_FILE).write_bytes(b"x")
    page.bring(stick)
    settle(learner)
    assert says(learner, "Rien n’a été pris de la clé : vos cours restent comme ils étaient.")
    assert says(learner, "Aucun cours n’a été trouvé à cet endroit.")
    assert has(learner, "bring")
    (stick / MANIFEST_FILE).write_bytes(signed_by_us)
    click(learner, "again")
    assert says(learner, "est ici"), texts(learner)
    assert not has(learner, "again")


def test_a_course_is_copied_and_it_says_where_it_lies(
    learner: MainWindow, laptop: SampleLaptop, page: CarryPage, tmp_path: Path
) -> None:
    (course,) = page.found or ()
    page.copy(course, tmp_path / "mine")
    settle(learner)
    assert says(learner, "Le cours est sur la clé")
    assert (tmp_path / "mine" / course.title / MANIFEST_FILE).is_file()


def test_a_course_that_is_not_whole_offers_to_fetch_what_is_lacking(
    learner: MainWindow, laptop: SampleLaptop, page: CarryPage
) -> None:
    laptop.store.ahead.keep_limit(0)
    lose(laptop, "fiche-dix-minutes.pdf")
    page.reload()
    settle(learner)
    click(learner, f"fetch_{laptop.course_id.hex()}")
    assert wanted(laptop) == ["fiche-dix-minutes.pdf"]


def test_a_copy_is_stopped_and_says_so(learner: MainWindow, page: CarryPage, tmp_path: Path, heard: list[str]) -> None:
    (course,) = page.found or ()
    real = page.workplace.carrying.write

    def stopping(course_id: bytes, into: Path, told: object) -> Path:
        page.stop()
        return real(course_id, into, told)  # type: ignore[arg-type]  # as it was given

    page.workplace.carrying.write = stopping  # type: ignore[method-assign]  # the person is quicker than any machine
    page.copy(course, tmp_path / "mine")
    settle(learner)
    assert "Arrêté. Rien n’a été gardé." in heard
    assert not (tmp_path / "mine" / course.title / MANIFEST_FILE).exists()
