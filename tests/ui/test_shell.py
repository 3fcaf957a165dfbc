"""The window and the person in it: pages by role, the chip by the sync, signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from spoc_desktop.services.syncing import Status
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.errors import AlreadyRunning
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.page import Page, Place
from spoc_desktop.ui.shell import PageMakers, Shell
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import derived
from sync.domain.people import SETTINGS, Settings
from tests.unit.services.classroom import COHORT_ID, KARIM, NADIA, Laptop, learner_laptop, trainer_laptop, workplace


class Plain(Page):
    """A page that counts what it hears."""

    heard: list[Changes]

    def fill(self) -> None:
        self.main.add(Text("page", "title"))

    def refresh(self, changes: object) -> None:
        assert isinstance(changes, Changes)
        self.heard = [*getattr(self, "heard", []), changes]


def place(route: str, title: str, order: int) -> Place:
    return Place(route, Plain, lambda: title, "sun", order)


class Begun:
    """A beginning with a page for everybody and one for trainers."""

    def __init__(self, workplace_: Workplace | None) -> None:
        self.workplace = workplace_
        self.left: list[Workplace] = []
        self.error: Exception | None = None
        self.signed_in: Callable[[Workplace], None] | None = None
        self.closed = False

    def opened_at_start(self) -> Workplace | None:
        if self.error is not None:
            raise self.error
        return self.workplace

    def sign_in_places(self, signed_in: Callable[[Workplace], None]) -> tuple[Place, ...]:
        self.signed_in = signed_in
        return (Place("sign_in", Plain, lambda: "Entrer"),)

    def page_makers(self) -> PageMakers:
        return (
            lambda _: (place("today", "Aujourd’hui", 1), Place("sync", Plain, lambda: "Synchronisation")),
            lambda _: (Place("ahead", Plain, lambda: "Fichiers à l’avance"),),
            lambda one: (place("dashboard", "Tableau de bord", 0),) if one.roles().trainer else (),
        )

    def leave(self, workplace: Workplace) -> None:
        self.left.append(workplace)
        workplace.close()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def laptop() -> Laptop:
    return learner_laptop()


def shown(beginning: Begun, qtbot: QtBot) -> Shell:
    shell = Shell(beginning, ShortMemory())
    with qtbot.waitSignal(shell.settled):
        shell.show()
    return shell


def test_the_pages_of_a_learner_are_those_of_a_learner(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    beginning = Begun(workplace(laptop, tmp_path))
    shell = shown(beginning, qtbot)
    assert shell.window.rail.routes() == ["today"]
    assert shell.window.route == "today"
    assert "Nadia Benali" in shell.window.rail.person.accessibleName()
    shell.window.close()
    shell.close()
    assert beginning.closed


def test_the_menu_of_the_person_leads_to_the_files_and_nowhere_before_somebody_signed_in(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    for work, route in ((None, "sign_in"), (workplace(laptop, tmp_path), "ahead")):
        shell = shown(Begun(work), qtbot)
        (entry,) = [one for one in shell.window.settings_menu.build().actions() if one.text() == "Fichiers à l’avance"]
        entry.trigger()
        assert shell.window.route == route
        shell.window.close()
        shell.close()


def test_a_trainer_begins_at_the_dashboard(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    shell = shown(Begun(workplace(trainer_laptop(), tmp_path, "Hélène Vasseur")), qtbot)
    assert shell.window.rail.routes() == ["dashboard", "today"]
    assert shell.window.route == "dashboard"
    shell.close()


def test_nobody_signed_in_is_asked_to_sign_in_and_then_gets_their_pages(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    beginning = Begun(None)
    shell = shown(beginning, qtbot)
    assert shell.window.route == "sign_in"
    assert beginning.signed_in is not None
    with qtbot.waitSignal(shell.settled):
        beginning.signed_in(workplace(laptop, tmp_path))
    assert shell.window.route == "today"
    with qtbot.waitSignal(shell.settled):
        shell.window.sign_out_wanted.emit()
    assert shell.window.route == "sign_in"
    qtbot.waitUntil(lambda: len(beginning.left) == 1)
    shell.close()


def test_a_folder_that_is_in_use_is_said_in_a_sentence(app: QApplication, qtbot: QtBot) -> None:
    beginning = Begun(None)
    beginning.error = AlreadyRunning()
    shell = shown(beginning, qtbot)
    assert shell.window.route == "sign_in"
    shell.close()


def test_the_open_page_and_the_chip_hear_what_a_sync_changes(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    place_of_work = workplace(laptop, tmp_path)
    shell = shown(Begun(place_of_work), qtbot)
    page = shell.window.page
    assert isinstance(page, Plain)
    courses = place_of_work.courses
    lesson = courses.enrolled()[0]
    assert lesson.edition is not None
    first = lesson.edition.activities[0].id
    changes = courses.read(courses.lesson(COHORT_ID, first), 0, 1)
    place_of_work.syncing.tell(changes)
    qtbot.waitUntil(lambda: shell.window.rail.chip.status.waiting == 1)
    assert changes in page.heard
    shell.close()


def test_closing_a_window_in_which_nothing_was_chosen_writes_nothing(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    place_of_work = workplace(laptop, tmp_path)
    shell = shown(Begun(place_of_work), qtbot)
    shell.window.close()
    shell.workers.wait()
    assert laptop.store.counts().waiting == 0
    shell.close()


def test_the_language_that_a_person_chose_follows_them(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    laptop.told(spaces.own(NADIA), (SETTINGS, derived("settings", NADIA), Settings(language="en")))
    place_of_work = workplace(laptop, tmp_path)
    shell = shown(Begun(place_of_work), qtbot)
    qtbot.waitUntil(lambda: "Learner" in shell.window.rail.person.accessibleName())
    shell.window.settings_menu.speak("fr")
    shell.workers.wait()
    assert place_of_work.preferences.get().language == "fr"
    assert "apprenant" in shell.window.rail.person.accessibleName()
    shell.close()


def test_a_sync_that_ends_while_the_chip_is_being_read_does_not_leave_it_busy(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = workplace(laptop, tmp_path)
    shell = shown(Begun(one), qtbot)
    one.stop()
    qtbot.waitUntil(lambda: not shell._asked)
    told = [Status(busy=True), Status(busy=False)]
    monkeypatch.setattr(one.syncing, "status", lambda: told.pop(0) if len(told) > 1 else told[0])
    shell._hear(Changes(outbox=True))
    shell._hear(Changes(outbox=True))
    qtbot.waitUntil(lambda: len(told) == 1 and not shell._asked)
    assert not shell.window.rail.chip.status.busy
    shell.close()


class WithExchanges(Begun):
    """The pages of a learner, with the exchanges among them."""

    def page_makers(self) -> PageMakers:
        return (*super().page_makers(), lambda _: (place("exchanges", "Échanges", 2),))


def test_what_is_unread_is_counted_in_the_rail_and_a_new_message_counts_at_once(
    app: QApplication, qtbot: QtBot, laptop: Laptop, tmp_path: Path
) -> None:
    work = workplace(laptop, tmp_path)
    shell = shown(WithExchanges(work), qtbot)
    item = shell.window.rail.items["exchanges"]
    laptop.told(spaces.cohort(COHORT_ID), (POST, derived("post"), Post(text="?", title="Une question")), author=KARIM)
    work.syncing.tell(Changes(kinds=frozenset((POST.number,))))
    qtbot.waitUntil(lambda: "1" in item.accessibleName())
    shell.window.close()
    shell.close()
