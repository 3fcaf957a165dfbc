"""The page behind the chip: what waits, what the server refused and why, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from spoc_desktop.storage.changes import Listed
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.synchronisation import SyncPage
from sync.client.ports import Changes
from sync.client.steps import Apply, Begin, Reach, Refuse, Revoke, Stage, Step
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.notes import NOTE, Note
from sync.domain.revisions import REVISION, Revision
from sync.protocol.digest import EMPTY
from sync.protocol.errors import LoginExpired, Refusal, Unreachable, WrongPassword
from sync.protocol.messages import Cursor, Row
from tests.ui.pages.conftest import Furnish
from tests.ui.pages.looking import click, has, named, says, settle, texts, write
from tests.ui.pages.played import Played
from tools.sample_laptop import CLAIRE, COHORT_ID, NADIA, SampleLaptop
from tools.sample_talk import sample_talk
from tools.sample_work import sample_work, stuck_work


@pytest.fixture
def server(laptop: SampleLaptop, tmp_path: Path) -> Played:
    """The server that the laptop speaks to; nothing has been said yet."""
    played = Played()
    laptop.workplace.syncing = played.syncing_of(laptop, tmp_path)
    return played


@pytest.fixture
def learner(window: MainWindow, laptop: SampleLaptop, server: Played, furnish: Furnish) -> Iterator[MainWindow]:
    """The window of a learner with that server."""
    furnish(laptop.workplace)
    yield window
    settle(window)


@pytest.fixture
def refused(learner: MainWindow, laptop: SampleLaptop) -> list[Listed]:
    """Work of which the server refused two changes, on the open page."""
    sample_work(laptop)
    found = list(stuck_work(laptop))
    open_sync(learner)
    return found


def open_sync(window: MainWindow) -> None:
    window.open("sync")
    settle(window)


def mark(one: Listed) -> str:
    return f"{one.writer:x}_{one.n:x}"


def sync(window: MainWindow, laptop: SampleLaptop) -> None:
    laptop.workplace.syncing.sync_now()
    settle(window)


def test_before_anything_was_done_it_says_that_nothing_waits(learner: MainWindow) -> None:
    open_sync(learner)
    assert says(learner, "Tout votre travail est enregistré sur cet ordinateur.")
    assert says(learner, "Rien n’attend : tout ce que vous avez fait est arrivé au serveur.")
    assert says(learner, "Rien n’a encore été envoyé ni reçu.")


def test_what_waits_is_listed_by_sort_with_its_time_and_goes_by_itself(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    sample_work(laptop)
    open_sync(learner)
    for words in ("2 quiz rendus", "parties de leçons lues", "Aujourd’hui à 8 h 52", "Envoi automatique"):
        assert says(learner, words), texts(learner)


def test_what_is_done_while_the_page_is_open_appears(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_sync(learner)
    sample_work(laptop)
    laptop.workplace.syncing.tell(Changes(outbox=True))
    settle(learner)
    assert says(learner, "2 quiz rendus")


def test_refused_work_says_what_is_safe_what_is_wrong_and_what_to_do(
    learner: MainWindow, refused: list[Listed]
) -> None:
    assert says(learner, "À votre attention")
    assert says(learner, "1 partie de leçon lue : refus du serveur")
    assert says(learner, "1 quiz rendu : refus du serveur")
    assert says(learner, "La session était close à son arrivée.")


def test_the_technical_detail_opens_and_closes_on_demand_in_either_language(
    learner: MainWindow, refused: list[Listed]
) -> None:
    technical = f"refused {refused[0].writer:x}/{refused[0].n}"
    assert not says(learner, technical)
    click(learner, f"detail_{mark(refused[0])}")
    assert says(learner, technical)
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, technical)
    assert named(learner, f"detail_{mark(refused[0])}").accessibleName() == (
        "Hide technical detail, 1 part of a lesson read"
    )
    click(learner, f"detail_{mark(refused[0])}")
    assert not says(learner, technical)


def test_the_persons_own_words_can_be_copied_whole(learner: MainWindow, refused: list[Listed]) -> None:
    click(learner, f"copy_{mark(refused[1])}")
    assert QApplication.clipboard().text() == "\n\n".join(refused[1].texts())
    assert says(learner, "Votre texte est dans le presse-papiers.")
    assert not has(learner, f"copy_{mark(refused[0])}"), "a part that was read holds no words"


def test_what_the_person_gives_up_leaves_the_list_and_the_rest_stays(
    learner: MainWindow, laptop: SampleLaptop, refused: list[Listed]
) -> None:
    click(learner, f"remove_{mark(refused[0])}")
    assert not has(learner, f"remove_{mark(refused[0])}")
    assert has(learner, f"remove_{mark(refused[1])}")
    assert laptop.workplace.syncing.status().attention == 1


def test_work_of_a_lost_place_is_set_aside_and_kept(learner: MainWindow, laptop: SampleLaptop) -> None:
    sample_work(laptop)
    laptop.store.perform([Revoke(spaces.personal(COHORT_ID, NADIA))])
    open_sync(learner)
    assert says(learner, "1 quiz rendu : mis de côté")
    assert says(learner, "Vous n’avez plus accès à l’endroit auquel il appartient.")


def test_an_exchange_is_written_down_and_the_state_is_said_in_a_word(learner: MainWindow, laptop: SampleLaptop) -> None:
    open_sync(learner)
    sync(learner, laptop)
    assert says(learner, "À jour")
    assert says(learner, "3 changements envoyés, 2 reçus")
    assert says(learner, "Dernier échange avec le serveur : aujourd’hui à 8 h 52.")


def test_offline_is_a_calm_state_and_no_trouble(learner: MainWindow, laptop: SampleLaptop, server: Played) -> None:
    open_sync(learner)
    server.end = Unreachable("no route")
    sync(learner, laptop)
    assert says(learner, "Hors ligne")
    assert says(learner, "Vous pouvez continuer.")
    assert not says(learner, "À votre attention")


def test_an_ended_login_asks_for_the_password_on_the_page(
    learner: MainWindow, laptop: SampleLaptop, server: Played
) -> None:
    open_sync(learner)
    server.end = LoginExpired()
    sync(learner, laptop)
    assert says(learner, "Votre connexion a pris fin.")
    field = named(learner, "renew_password")
    assert isinstance(field, QLineEdit)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    assert has(learner, "renew")


def test_a_password_half_typed_outlives_news_and_a_change_of_language(
    learner: MainWindow, laptop: SampleLaptop, server: Played
) -> None:
    open_sync(learner)
    server.end = LoginExpired()
    sync(learner, laptop)
    write(learner, "renew_password", "half typed")
    laptop.workplace.syncing.tell(Changes(outbox=True))
    settle(learner)
    learner.settings_menu.speak("en")
    settle(learner)
    field = named(learner, "renew_password")
    assert isinstance(field, QLineEdit)
    assert field.text() == "half typed"


def test_a_wrong_password_is_said_and_the_right_one_signs_in_again(
    learner: MainWindow, laptop: SampleLaptop, server: Played, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew(password: str) -> None:
        if password != "juste":
            raise WrongPassword

    monkeypatch.setattr(laptop.workplace, "renew", renew)
    open_sync(learner)
    server.end = LoginExpired()
    sync(learner, laptop)
    write(learner, "renew_password", "faux")
    click(learner, "renew")
    assert has(learner, "again")
    assert "Vous êtes de nouveau connecté." not in heard
    write(learner, "renew_password", "juste")
    click(learner, "renew")
    assert not has(learner, "again")
    assert "Vous êtes de nouveau connecté." in heard


def test_switching_the_language_changes_every_word(learner: MainWindow, refused: list[Listed]) -> None:
    learner.settings_menu.speak("en")
    settle(learner)
    assert says(learner, "All your work is saved on this computer.")
    assert says(learner, "1 quiz handed in: not accepted")
    assert says(learner, "The session was closed when it arrived.")
    assert not says(learner, "non accepté")


def test_what_was_edited_at_the_same_time_leads_to_its_discussion_and_leaves_the_list_when_settled(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    sample_talk(laptop)
    (split,) = laptop.workplace.revisions.open()
    open_sync(learner)
    assert says(learner, "Modifié en même temps")
    assert says(learner, "Votre message dans «\u00a0Le gestionnaire de mots de passe")
    click(learner, f"compare_{split.revision.hex()}")
    assert learner.route == "exchanges"
    click(learner, f"keep_standing_{split.revision.hex()}")
    open_sync(learner)
    assert not says(learner, "Modifié en même temps")


def told_note_split(laptop: SampleLaptop) -> bytes:
    """Let the server tell a note of Nadia whose text was changed on both of her computers."""
    note = Note(activity=bytes(16), text="Demander à Sophie.", at=0)
    revision = Revision(
        record=derived("note"),
        kind=NOTE.number,
        field=NOTE.number_of("text"),
        value=msgspec.msgpack.encode("Demander à Karim."),
        author=NADIA,
        writer=1,
        n=1,
        by=NADIA,
    )
    rows = [(NOTE, derived("note"), encode(note)), (REVISION, derived("note split"), encode(revision))]
    laptop.told(spaces.own(NADIA), rows, author=NADIA)
    return derived("note split")


def test_anything_else_is_compared_and_settled_on_the_page_itself(learner: MainWindow, laptop: SampleLaptop) -> None:
    mark = told_note_split(laptop).hex()
    open_sync(learner)
    click(learner, f"compare_{mark}")
    assert says(learner, "Demander à Sophie.")
    assert says(learner, "Demander à Karim.")
    click(learner, f"common_{mark}")
    area = named(learner, "common_text")
    assert isinstance(area, QPlainTextEdit)
    area.setPlainText("Demander aux deux.")
    click(learner, "common_keep")
    assert not says(learner, "Modifié en même temps")
    seen = laptop.store.one(NOTE, derived("note"))
    assert seen is not None
    assert seen.body.text == "Demander aux deux."


def test_a_file_on_its_way_is_listed_by_name_and_size(learner: MainWindow, laptop: SampleLaptop) -> None:
    file = laptop.store.files.keep(b"x" * 2_000_000, "photo.png", "image/png")
    laptop.workplace.forum.open_thread(COHORT_ID, "Photo", "La voici.", files=(file,))
    open_sync(learner)
    for words in ("1 message au groupe", "photo.png", "2\u00a0Mo", "1 fichier en route, encore 2\u00a0Mo"):
        assert says(learner, words), texts(learner)


def test_refused_work_is_exported_with_its_files_and_nothing_there_is_touched(
    learner: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    file = laptop.store.files.keep(b"pixels", "photo.png", "image/png")
    words = "Voici la photo\u202f: regardez l’adresse."
    laptop.workplace.forum.open_thread(COHORT_ID, "Photo", words, files=(file,))
    (listed,) = [one for one in laptop.store.outbox_list() if one.texts()]
    refuse = Refuse(listed.space, listed.writer, listed.n, 1, Refusal.CLOSED)
    laptop.workplace.syncing.tell(laptop.store.perform([refuse]))
    open_sync(learner)
    assert has(learner, f"export_{mark(listed)}")
    page = learner.page
    assert isinstance(page, SyncPage)
    (item,) = laptop.workplace.syncing.attention_list()
    target = tmp_path / "exports"
    target.mkdir()
    for _again in range(2):
        page.export_to(item, target)
        settle(learner)
    first, second = sorted(target.iterdir())
    for place in (first, second):
        assert (place / "photo.png").read_bytes() == b"pixels"
        assert words in (place / "Votre texte.txt").read_text("utf-8")
    assert says(learner, "Exporté dans le dossier")


def test_what_the_server_no_longer_has_of_others_is_listed_exported_and_leaves_the_list_when_it_comes_back(
    learner: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    """Rule 8: it is never deleted, and it is its author's to offer."""
    space, epoch = spaces.cohort(COHORT_ID), 7
    words = "Qui vient au forum des métiers ?", "Moi, avec plaisir."
    theirs = tuple(
        Row(
            number,
            POST.number,
            derived("post", text.encode()),
            CLAIRE,
            laptop.clock.time,
            msgspec.Raw(encode(Post(text=text))),
        )
        for number, text in enumerate(words, 9_001)
    )
    laptop.store.perform([Apply(space, theirs, Cursor(1, 9_002))])
    begin: list[Step] = [Begin(space, epoch), Stage(space, (), Cursor(epoch, 1)), Reach(space, EMPTY)]
    laptop.workplace.syncing.tell(laptop.store.perform(begin))
    open_sync(learner)
    assert says(learner, "plus sur le serveur"), texts(learner)
    assert says(learner, "Une copie est gardée sur cet ordinateur."), texts(learner)
    page, listed = learner.page, laptop.workplace.syncing.attention_list()
    assert isinstance(page, SyncPage)
    (item,) = [each for each in listed if each.aside and each.aside[0].kind == POST.number]
    assert len(item.aside) == len(theirs)
    assert laptop.workplace.syncing.status().attention == len(listed)
    page.export_to(item, tmp_path)
    settle(learner)
    (text,) = tmp_path.rglob("*.txt")
    assert all(word in text.read_text("utf-8") for word in words)
    laptop.workplace.syncing.tell(laptop.store.perform([Apply(space, theirs[1:], Cursor(epoch, 9_999))]))
    (left,) = [each for each in laptop.workplace.syncing.attention_list() if each.aside == item.aside[:1]]
    settle(learner)
    click(learner, f"remove_{left.aside[0].id.hex()}")
    assert left.aside[0] not in laptop.store.lacking()


def test_what_holds_no_words_is_not_said_to_be_a_text(learner: MainWindow, refused: list[Listed]) -> None:
    assert says(learner, "Rien de ce que vous avez écrit n’est perdu.")
    assert not has(learner, f"export_{mark(refused[0])}")
    assert has(learner, f"export_{mark(refused[1])}")


def test_a_clock_that_is_years_off_is_said_with_what_is_safe_and_what_to_do(
    learner: MainWindow, laptop: SampleLaptop
) -> None:
    """Fault F10."""
    laptop.workplace.keeper.met(laptop.clock.time + 10 * 365 * 86_400_000)
    open_sync(learner)
    assert says(learner, "Votre horloge est décalée de 10 ans : elle retarde.")
    assert says(learner, "Votre travail est en sécurité")
    laptop.workplace.keeper.met(laptop.clock.time + 60_000)
    open_sync(learner)
    assert not says(learner, "Votre horloge est décalée")


def test_what_went_for_want_of_room_before_a_backup_had_it_is_one_technical_line(
    learner: MainWindow, laptop: SampleLaptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 1, beyond the bound of what is kept."""
    open_sync(learner)
    assert not says(learner, "Détail technique : le serveur a")
    state = laptop.workplace.store.state()
    monkeypatch.setattr(laptop.workplace.store, "state", lambda: state._replace(uncovered=2))
    open_sync(learner)
    assert says(learner, "Détail technique : le serveur a 2 modifications dont aucune copie")
