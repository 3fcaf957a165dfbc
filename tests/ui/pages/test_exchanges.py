"""The exchanges: the forum as it is read and written, and both texts of what was edited at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QScrollBar

from spoc_desktop.services.unsent import unsent
from spoc_desktop.ui.attachments import FileDialog
from spoc_desktop.ui.links import LinkDialog
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.exchanges import ExchangesPage
from spoc_desktop.ui.pages.exchanges_thread import post_name
from spoc_desktop.ui.widgets.composer import Composer
from spoc_desktop.ui.widgets.field import text_of
from spoc_desktop.ui.widgets.post_view import addresses
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import derived
from sync.domain.kind import encode
from tests.ui.pages.conftest import TRAINERS_PAGES, Furnish, register
from tests.ui.pages.looking import click, has, named, says, settle, texts
from tools.sample_laptop import CLAIRE, COHORT_ID, NADIA, SampleLaptop
from tools.sample_talk import OURS, person, post_id, sample_talk

MANAGER, CLICKED, LIVE = post_id(5, 0), post_id(4, 0), post_id(1, 0)
OVERTAKEN = "Capture ce soir."


@pytest.fixture
def nadia(window: MainWindow, laptop: SampleLaptop, furnish: Furnish) -> Iterator[MainWindow]:
    """Nadia's window, with the forum of the sample session."""
    sample_talk(laptop)
    furnish(laptop.workplace)
    window.show()
    yield window
    settle(window)


@pytest.fixture
def claire(window: MainWindow) -> Iterator[tuple[MainWindow, SampleLaptop]]:
    """The trainer's window on the same forum."""
    laptop = SampleLaptop(CLAIRE)
    laptop.told_all()
    sample_talk(laptop)
    register(window, laptop.workplace, TRAINERS_PAGES)
    laptop.workplace.syncing.listen(window.notify)
    window.show()
    yield window, laptop
    settle(window)
    laptop.workplace.close()


def open_thread(window: MainWindow, thread: bytes = MANAGER, **params: object) -> ExchangesPage:
    window.open("exchanges", **({"cohort_id": COHORT_ID, "thread": thread} | params))
    settle(window)
    page = window.page
    assert isinstance(page, ExchangesPage)
    return page


def type_message(window: MainWindow, text: str) -> Composer:
    box = named(window, "composer_text")
    box.setFocus()
    QTest.keyClicks(box, text)
    composer = box.parentWidget()
    assert isinstance(composer, Composer)
    return composer


def test_the_list_says_who_wrote_when_and_what_is_unread(nadia: MainWindow) -> None:
    nadia.open("exchanges")
    settle(nadia)
    for words in (
        "J’ai cliqué. Qu’est-ce que je fais maintenant ?",
        "Inès Moreau · hier",
        "Demande de l’aide",
        "Résolu",
    ):
        assert says(nadia, words), texts(nadia)
    assert "non lu" in named(nadia, f"thread_{CLICKED.hex()}").accessibleName()
    assert says(nadia, "Écrire marche aussi hors ligne.")


def test_a_click_opens_a_discussion_and_what_was_seen_is_read_from_then_on(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    nadia.open("exchanges")
    settle(nadia)
    before = laptop.workplace.unread()
    click(nadia, f"thread_{CLICKED.hex()}")
    assert says(nadia, "Un lien dans un faux avis de colis")
    assert says(nadia, "commencé hier par Inès Moreau")
    assert "non lu" not in named(nadia, f"thread_{CLICKED.hex()}").accessibleName()
    assert laptop.workplace.unread() == before - 1


def test_a_message_is_sent_by_the_keyboard_alone_and_says_that_it_has_not_left(
    nadia: MainWindow, laptop: SampleLaptop, heard: list[str]
) -> None:
    open_thread(nadia, CLICKED)
    type_message(nadia, "Changez-le, oui.")
    QTest.keyClick(named(nadia, "composer_text"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(nadia)
    assert says(nadia, "Changez-le, oui.")
    assert says(nadia, "Pas encore parti")
    assert any("Enregistré sur cet ordinateur" in said for said in heard)
    box = named(nadia, "composer_text")
    assert isinstance(box, QPlainTextEdit)
    assert box.toPlainText() == ""
    assert laptop.workplace.forum.thread(COHORT_ID, CLICKED).posts[-1].waiting


def test_what_is_being_written_outlives_another_page_news_and_the_end_of_the_program(
    nadia: MainWindow, laptop: SampleLaptop, furnish: Furnish
) -> None:
    open_thread(nadia, CLICKED)
    type_message(nadia, "Pas encore")
    nadia.open("today")
    settle(nadia)
    assert unsent(laptop.workplace.desk, CLICKED).text == "Pas encore"
    open_thread(nadia, MANAGER)
    box = named(nadia, "composer_text")
    assert isinstance(box, QPlainTextEdit)
    assert box.toPlainText() == ""
    furnish(laptop.restart())
    open_thread(nadia, CLICKED)
    box = named(nadia, "composer_text")
    assert isinstance(box, QPlainTextEdit)
    assert box.toPlainText() == "Pas encore"


def test_an_answer_that_arrives_while_one_writes_takes_neither_text_nor_place(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    open_thread(nadia, CLICKED)
    type_message(nadia, "Je crois que")
    row = (POST, derived("news"), encode(Post(text="Oui, par précaution.", thread=CLICKED)))
    laptop.told(spaces.cohort(COHORT_ID), [row], author=CLAIRE)
    settle(nadia)
    assert says(nadia, "Oui, par précaution.")
    box = named(nadia, "composer_text")
    assert isinstance(box, QPlainTextEdit)
    assert box.hasFocus()
    QTest.keyClicks(box, " oui")
    assert box.toPlainText() == "Je crois que oui"


def test_both_texts_stand_side_by_side_with_what_differs(nadia: MainWindow) -> None:
    open_thread(nadia)
    assert says(nadia, "Votre message, modifié en même temps sur deux ordinateurs")
    assert says(nadia, OVERTAKEN)
    assert says(nadia, OURS)


def revision_button(window: MainWindow, prefix: str) -> str:
    page = window.page
    assert isinstance(page, ExchangesPage)
    assert page.found is not None
    assert page.found.thread is not None
    (split,) = [split for post in page.found.thread.posts for split in post.splits]
    return f"{prefix}_{split.revision.hex()}"


@pytest.mark.parametrize(("which", "kept", "gone"), [("overtaken", OVERTAKEN, OURS), ("standing", OURS, OVERTAKEN)])
def test_keeping_one_of_the_two_settles_it(
    nadia: MainWindow, laptop: SampleLaptop, which: str, kept: str, gone: str
) -> None:
    open_thread(nadia)
    assert laptop.workplace.syncing.status().attention == 1
    click(nadia, revision_button(nadia, f"keep_{which}"))
    assert says(nadia, kept)
    assert not says(nadia, gone)
    assert laptop.workplace.syncing.status().attention == 0


def test_keeping_both_leaves_both_in_the_message(nadia: MainWindow) -> None:
    open_thread(nadia)
    click(nadia, revision_button(nadia, "keep_both"))
    assert says(nadia, OVERTAKEN)
    assert says(nadia, "Voir la note interne.")
    assert not says(nadia, "Garder celui-ci")


def test_a_common_version_is_written_from_both(nadia: MainWindow, laptop: SampleLaptop) -> None:
    open_thread(nadia)
    click(nadia, revision_button(nadia, "common"))
    area = named(nadia, "edit_text")
    assert isinstance(area, QPlainTextEdit)
    assert OURS in text_of(area), "with the fixed spaces of French"
    assert OVERTAKEN in text_of(area)
    area.setPlainText("Les deux ensemble.")
    click(nadia, "edit_keep")
    assert says(nadia, "Les deux ensemble.")
    assert laptop.workplace.revisions.open() == ()


def test_an_own_message_is_changed_in_place_and_deleted_with_ten_seconds_to_take_it_back(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    page = open_thread(nadia, CLICKED)
    type_message(nadia, "Oui")
    page.submit()
    settle(nadia)
    mine = laptop.workplace.forum.thread(COHORT_ID, CLICKED).posts[-1].id.hex()
    click(nadia, f"edit_{mine}")
    area = named(nadia, "edit_text")
    assert isinstance(area, QPlainTextEdit)
    area.setPlainText("Oui, tout de suite.")
    click(nadia, "edit_keep")
    assert says(nadia, "Oui, tout de suite.")
    click(nadia, f"delete_{mine}")
    assert says(nadia, "Message supprimé.")
    assert not says(nadia, "Oui, tout de suite.")
    QTest.keyClick(nadia, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(nadia)
    assert says(nadia, "Oui, tout de suite.")
    assert not has(nadia, f"delete_{CLICKED.hex()}"), "nobody deletes what another wrote"


def test_a_new_discussion_needs_a_title_and_opens_when_it_is_sent(nadia: MainWindow) -> None:
    page = open_thread(nadia, b"", new=True)
    type_message(nadia, "Qui relit les consignes ?")
    page.submit()
    settle(nadia)
    assert says(nadia, "Il manque un titre")
    title = named(nadia, "new_title")
    assert isinstance(title, QLineEdit)
    QTest.keyClicks(title, "Consignes")
    page.submit()
    settle(nadia)
    assert page.found is not None
    assert page.found.thread is not None
    assert page.found.thread.row.title == "Consignes"
    assert says(nadia, "Qui relit les consignes ?")


def test_a_discussion_that_has_not_come_says_so_and_an_answer_without_its_opening_is_shown(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    open_thread(nadia, derived("elsewhere"))
    assert says(nadia, "Cette discussion n’est pas encore arrivée")
    row = (POST, derived("orphan"), encode(Post(text="Moi aussi.", thread=derived("elsewhere"))))
    laptop.told(spaces.cohort(COHORT_ID), [row], author=CLAIRE)
    open_thread(nadia, derived("elsewhere"))
    assert says(nadia, "Le premier message n’est pas ici")
    assert says(nadia, "Moi aussi.")


def test_the_private_thread_says_who_reads_it_and_what_a_message_is_about(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    activity = next(iter(laptop.workplace.forum.activities(COHORT_ID)))
    page = open_thread(nadia, b"", private=True, about=activity)
    assert says(nadia, "Lu par vous et par l’équipe de formation de cette session, par personne d’autre.")
    assert says(nadia, "À propos de")
    type_message(nadia, "Je ne trouve pas.")
    page.submit()
    settle(nadia)
    assert laptop.workplace.messages.private(COHORT_ID).messages[-1].about is not None


def test_the_trainers_inbox_begins_with_what_waits_longest_and_an_answer_ends_the_wait(
    claire: tuple[MainWindow, SampleLaptop],
) -> None:
    window, laptop = claire
    page = open_thread(window, b"", private=True)
    assert says(window, "1 question sans réponse")
    assert says(window, "attend depuis 16 heures")
    click(window, f"inbox_{NADIA.hex()}")
    assert says(window, "prestataire informatique")
    type_message(window, "Oui, signalez-le.")
    page.submit()
    settle(window)
    assert says(window, "Chaque question a sa réponse.")
    assert laptop.workplace.messages.private(COHORT_ID, NADIA).messages[-1].text == "Oui, signalez-le."


def test_a_trainer_hides_shows_again_and_marks_as_solved(claire: tuple[MainWindow, SampleLaptop]) -> None:
    window, laptop = claire
    open_thread(window, CLICKED)
    click(window, f"hide_{CLICKED.hex()}")
    assert laptop.workplace.forum.thread(COHORT_ID, CLICKED).posts[0].hidden
    click(window, f"hide_{CLICKED.hex()}")
    click(window, "solve")
    assert laptop.workplace.forum.thread(COHORT_ID, CLICKED).row.solved
    assert not laptop.workplace.forum.thread(COHORT_ID, CLICKED).posts[0].hidden


def test_words_of_people_are_never_read_as_markup_and_a_link_asks_before_it_opens(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    evil = '<b>gras</b> <img src="http://evil.example/x.png"> voir https://exemple.fr/a.'
    row = (POST, derived("evil"), encode(Post(text=evil, title="<i>titre</i>")))
    laptop.told(spaces.cohort(COHORT_ID), [row], author=person("Karim"))
    open_thread(nadia, derived("evil"))
    assert says(nadia, evil)
    labels = [label for label in nadia.findChildren(QLabel) if label.isVisible() and "<" in label.text()]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    link = next(label for label in nadia.findChildren(QLabel) if label.text() == "https://exemple.fr/a")
    button = link.parentWidget()
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(nadia)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LinkDialog)
    dialog.reject()


def test_addresses_end_where_the_sentence_goes_on() -> None:
    assert addresses("voir (https://a.fr/x), et http://b.fr. Fin") == ["https://a.fr/x", "http://b.fr"]
    assert addresses("javascript:alert(1) file:///etc/passwd") == []


def test_a_file_is_attached_kept_and_named_under_the_message(
    nadia: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"pixels")
    page = open_thread(nadia, CLICKED)
    page.attach([photo])
    settle(nadia)
    assert says(nadia, "photo.png")
    page.submit()
    settle(nadia)
    (file,) = laptop.workplace.forum.thread(COHORT_ID, CLICKED).posts[-1].files
    assert laptop.store.files.read(file.sha256) == b"pixels"
    click(nadia, f"file_{file.sha256.hex()}")
    dialog = page.findChild(FileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_a_small_window_shows_the_list_or_what_was_opened_never_both(nadia: MainWindow) -> None:
    nadia.resize(640, 480)
    nadia.open("exchanges")
    settle(nadia)
    assert has(nadia, f"thread_{LIVE.hex()}")
    click(nadia, f"thread_{LIVE.hex()}")
    assert has(nadia, "composer_text")
    assert not has(nadia, f"thread_{LIVE.hex()}")


def test_the_language_changes_every_word_of_the_page_and_no_word_of_its_people(nadia: MainWindow) -> None:
    open_thread(nadia)
    type_message(nadia, "en cours")
    nadia.settings_menu.speak("en")
    settle(nadia)
    assert says(nadia, "Write a common version")
    assert says(nadia, "yesterday, 18:02")
    box = named(nadia, "composer_text")
    assert isinstance(box, QPlainTextEdit)
    assert box.toPlainText() == "en cours"
    assert box.placeholderText() == "Answer Karim and the group"


def test_a_discussion_opens_at_the_first_message_not_read_yet(nadia: MainWindow, laptop: SampleLaptop) -> None:
    nadia.resize(1024, 640)
    thread = laptop.workplace.forum.open_thread(COHORT_ID, "Un long fil", "Début.").id
    space = spaces.cohort(COHORT_ID)
    told = [derived("long", str(number).encode()) for number in range(14)]
    for number, id_ in enumerate(told):
        if number == 9:
            laptop.workplace.forum.mark_read(COHORT_ID, thread)
        laptop.told(space, [(POST, id_, encode(Post(text=f"Réponse {number}", thread=thread)))], CLAIRE)
    unread = [post.id for post in laptop.workplace.forum.thread(COHORT_ID, thread).posts if post.unread]
    assert set(unread) == set(told[9:])
    page = open_thread(nadia, thread)
    first = named(page, post_name(unread[0]))
    top = first.mapTo(page.body.scroller, QPoint(0, 0)).y()
    bar = page.body.scroller.verticalScrollBar()
    assert bar.value() > 0
    assert top == 16 or bar.value() == bar.maximum()
    bar.triggerAction(QScrollBar.SliderAction.SliderToMinimum)
    page.reload()
    settle(nadia)
    assert bar.value() == 0


def test_the_hand_in_the_reply_box_asks_for_help_in_ones_own_discussion_only(
    nadia: MainWindow, laptop: SampleLaptop
) -> None:
    forum = laptop.workplace.forum
    mine = forum.open_thread(COHORT_ID, "Mon coffre", "Il ne s’ouvre plus.").id
    open_thread(nadia, mine)
    assert named(nadia, "ask_help").accessibleName() == "Demander de l’aide"
    click(nadia, "ask_help")
    assert forum.thread(COHORT_ID, mine).row.wants_help
    assert named(nadia, "ask_help").accessibleName() == "Ne plus demander d’aide"
    click(nadia, "solve")
    assert not has(nadia, "ask_help")
    open_thread(nadia, MANAGER)
    assert not has(nadia, "ask_help")
