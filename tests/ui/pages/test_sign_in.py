"""Signing in against a real server: an invitation, a second laptop, a lost key; each error at its field, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from spoc_desktop.i18n import language
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages import sign_in
from spoc_desktop.ui.pages.sign_in import SignInPage
from spoc_desktop.ui.pages.sign_in_steps import Step
from tests.server_fixture import RunningServer, running_server
from tests.ui.pages.looking import click, has, named, press, says, settle, texts, write

SecondHome = Callable[[], None]
PASSWORD = "trois mots et demi"
PASSPHRASE = "ma phrase, et rien que la mienne"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this computer, without a keyring and without a policy."""
    monkeypatch.setenv("SPOC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPOC_POLICY", str(tmp_path / "policy.json"))
    return tmp_path / "home"


@pytest.fixture
def second_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> SecondHome:
    """Go to another computer of the same person."""
    return lambda: monkeypatch.setenv("SPOC_HOME", str(home.with_name("second")))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A real server with one person who has not joined yet."""
    with running_server(tmp_path / "server") as made:
        made.add_person("Ana Lopes", "ana@example.org")
        yield made


@pytest.fixture
def entered() -> Iterator[list[Workplace]]:
    """Whoever signed in."""
    found: list[Workplace] = []
    yield found
    for workplace in found:
        workplace.close()


@pytest.fixture
def page(window: MainWindow, home: Path, entered: list[Workplace]) -> SignInPage:
    """The page that opens on this computer."""
    return open_page(window, entered)


def open_page(window: MainWindow, entered: list[Workplace]) -> SignInPage:
    """Start again, as after the program was closed."""
    window.forget_pages()
    for place in sign_in.places(Accounts(), entered.append):
        window.register(place)
    window.open("sign_in")
    settle(window)
    assert isinstance(window.page, SignInPage)
    return window.page


def focus_name() -> str:
    """Object name of the control that has the keyboard."""
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


def give_code(window: MainWindow, server: RunningServer, code: str) -> None:
    write(window, "code", code)
    write(window, "address", server.address)
    press(window, Qt.Key.Key_Return)


def give_password(window: MainWindow, password: str = PASSWORD) -> None:
    write(window, "password", password)
    write(window, "password_again", password)
    press(window, Qt.Key.Key_Return)


def give_passphrase(window: MainWindow) -> None:
    write(window, "passphrase", PASSPHRASE)
    if has(window, "passphrase_again"):
        write(window, "passphrase_again", PASSPHRASE)
    press(window, Qt.Key.Key_Return)


def join(window: MainWindow, server: RunningServer) -> str:
    """Join by keyboard alone; gives the recovery code that was shown."""
    give_code(window, server, server.invite("ana@example.org"))
    give_password(window)
    give_passphrase(window)
    code = next(text for text in texts(window) if text.count("-") > 3 or (text.isupper() and len(text) > 20))
    press(window, Qt.Key.Key_Return)
    return code


def test_a_new_computer_asks_for_the_invitation_first(window: MainWindow, page: SignInPage) -> None:
    assert page.step is Step.INVITATION
    assert focus_name() == "code"
    assert says(window, "Douze lettres et chiffres")


def test_somebody_joins_by_keyboard_alone_and_sees_the_recovery_code_once(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace]
) -> None:
    give_code(window, server, server.invite("ana@example.org"))
    assert says(window, "Choisissez un mot de passe")
    give_password(window)
    assert says(window, "Cet ordinateur n’a pas d’endroit sûr pour une clé.")
    give_passphrase(window)
    assert page.step is Step.NOTE_CODE
    assert entered == []
    click(window, "primary")
    assert [workplace.name for workplace in entered] == ["Ana Lopes"]
    assert page.typed.get("password") == ""


def test_a_code_that_no_invitation_has_is_said_at_the_code(
    window: MainWindow, page: SignInPage, server: RunningServer, heard: list[str]
) -> None:
    give_code(window, server, "AAAA-BBBB-CCCC")
    give_password(window)
    give_passphrase(window)
    assert page.step is Step.INVITATION
    assert focus_name() == "code"
    assert page.form is not None
    assert "Aucune invitation ne porte ce code." in page.form.fields["code"].error
    assert any("Aucune invitation" in said for said in heard)
    assert named(window, "code").accessibleDescription() == page.form.fields["code"].error


def test_a_used_code_is_refused_with_a_sentence_that_says_what_to_do(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace]
) -> None:
    code = server.invite("ana@example.org")
    give_code(window, server, code)
    give_password(window)
    give_passphrase(window)
    click(window, "primary")
    again = open_page(window, entered)
    click(window, "way_invitation")
    give_code(window, server, code)
    give_password(window)
    give_passphrase(window)
    assert again.form is not None
    assert "Ce code a déjà été utilisé." in again.form.fields["code"].error


def test_a_server_that_does_not_answer_is_said_calmly_and_the_address_gets_the_keyboard(
    window: MainWindow, page: SignInPage
) -> None:
    write(window, "code", "AAAA-BBBB-CCCC")
    write(window, "address", "http://127.0.0.1:9")
    press(window, Qt.Key.Key_Return)
    give_password(window)
    give_passphrase(window)
    assert says(window, "Le serveur ne répond pas.")
    assert focus_name() == "address"


def test_an_address_that_is_none_is_said_at_the_address(window: MainWindow, page: SignInPage) -> None:
    write(window, "code", "AAAA-BBBB-CCCC")
    write(window, "address", "ftp://exemple")
    press(window, Qt.Key.Key_Return)
    give_password(window)
    assert focus_name() == "address"
    assert page.form is not None
    assert page.form.fields["address"].error


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (("court", "court"), "password", "Au moins 8 caractères"),
        ((PASSWORD, PASSWORD + "x"), "password_again", "ne sont pas les mêmes"),
    ],
)
def test_a_password_that_will_not_do_is_said_at_its_field_before_anything_is_sent(
    window: MainWindow, page: SignInPage, typed: tuple[str, str], field: str, words: str
) -> None:
    write(window, "code", "AAAA-BBBB-CCCC")
    write(window, "address", "http://127.0.0.1:9")
    press(window, Qt.Key.Key_Return)
    write(window, "password", typed[0])
    write(window, "password_again", typed[1])
    press(window, Qt.Key.Key_Return)
    assert page.step is Step.PASSWORD
    assert focus_name() == field
    assert page.form is not None
    assert words in page.form.fields[field].error


def test_how_strong_the_password_is_is_said_while_it_is_typed(window: MainWindow, page: SignInPage) -> None:
    page.go(Step.PASSWORD)
    settle(window)
    write(window, "password", "douzelettres")
    assert says(window, "Cela ira. Avec 15 caractères, il est solide.")
    write(window, "password", "quatre mots pour ouvrir")
    assert says(window, "C’est solide.")


def test_an_empty_field_is_named(window: MainWindow, page: SignInPage) -> None:
    press(window, Qt.Key.Key_Return)
    assert page.form is not None
    assert page.form.fields["code"].error == "Remplissez d’abord «\u00a0Code d’invitation\u00a0»."


def test_a_known_person_opens_their_work_while_the_server_is_away(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace]
) -> None:
    join(window, server)
    server.stop()
    entered.pop().close()
    again = open_page(window, entered)
    assert says(window, "Bon retour")
    click(window, "person_0")
    assert again.step is Step.UNLOCK
    give_passphrase(window)
    assert [workplace.name for workplace in entered] == ["Ana Lopes"]


def test_a_wrong_passphrase_says_that_nothing_is_lost_and_the_recovery_code_opens_the_work(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace]
) -> None:
    code = join(window, server)
    entered.pop().close()
    again = open_page(window, entered)
    click(window, "person_0")
    write(window, "passphrase", "une tout autre phrase")
    press(window, Qt.Key.Key_Return)
    assert again.form is not None
    assert "Cette phrase secrète ne l’ouvre pas." in again.form.fields["passphrase"].error
    click(window, "way_recover")
    write(window, "recovery", code.lower())
    press(window, Qt.Key.Key_Return)
    give_passphrase(window)
    assert again.step is Step.NOTE_CODE
    assert code not in texts(window)
    click(window, "primary")
    assert [workplace.name for workplace in entered] == ["Ana Lopes"]


def test_a_second_computer_signs_in_with_name_and_password_and_a_wrong_one_is_said_there(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace], second_home: SecondHome
) -> None:
    join(window, server)
    second_home()
    again = open_page(window, entered)
    click(window, "way_login")
    write(window, "login", "ana@example.org")
    write(window, "password", "un autre mot")
    write(window, "address", server.address)
    press(window, Qt.Key.Key_Return)
    give_passphrase(window)
    assert again.step is Step.LOGIN
    assert focus_name() == "password"
    write(window, "password", PASSWORD)
    press(window, Qt.Key.Key_Return)
    click(window, "primary")
    assert len(entered) == 2


def test_it_asks_for_no_address_where_it_has_decided_one(
    window: MainWindow, page: SignInPage, entered: list[Workplace], tmp_path: Path
) -> None:
    (tmp_path / "policy.json").write_text('{"server": "https://formation.exemple.fr"}', "utf-8")
    open_page(window, entered)
    assert not has(window, "address")
    assert says(window, "Serveur : formation.exemple.fr, choisi par votre service informatique.")


def test_the_language_switches_and_what_was_typed_stays(window: MainWindow, page: SignInPage) -> None:
    write(window, "code", "ABCD-EFGH")
    window.settings_menu.speak("en")
    settle(window)
    assert language() == "en"
    assert says(window, "Welcome")
    field = named(window, "code")
    assert isinstance(field, QLineEdit)
    assert field.text() == "ABCD-EFGH"


def test_text_size_and_contrast_are_there_before_anybody_is_in(window: MainWindow, page: SignInPage) -> None:
    assert not says(window, "Contraste élevé")
    click(window, "appearance")
    assert says(window, "Contraste élevé")
    assert says(window, "200 %")


@pytest.mark.allows_warnings  # the log tells IT of a damaged store
def test_a_damaged_file_is_restored_and_the_person_reads_what_is_safe_before_they_go_on(
    window: MainWindow, page: SignInPage, server: RunningServer, entered: list[Workplace], home: Path
) -> None:
    join(window, server)
    workplace = entered.pop()
    assert workplace.store.back_up("2026-11-23")
    workplace.choose({"text_percent": 150})
    workplace.close()
    (store,) = home.rglob("store.db")
    store.write_bytes(b"bits" + store.read_bytes()[4:])
    assert Accounts({workplace.person.hex(): PASSPHRASE}).open_without_asking() is None
    again = open_page(window, entered)
    click(window, "person_0")
    give_passphrase(window)
    assert again.step is Step.RESTORED
    assert entered == []
    assert says(window, "Votre travail est de retour")
    assert says(window, "modification qui n’est pas encore partie est en sécurité sur cet ordinateur.")
    assert says(window, "la copie du 23 novembre 2026 l’a remplacé")
    assert says(window, "La prochaine synchronisation ramène le reste d’elle-même.")
    press(window, Qt.Key.Key_Return)
    assert [one.name for one in entered] == ["Ana Lopes"]
    assert entered[0].store.counts().waiting == 1
