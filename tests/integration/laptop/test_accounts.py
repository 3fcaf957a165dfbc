"""Signing in: each way to fail says what is safe and what to do, and uses up nothing."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from spoc_desktop import paths
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.errors import UnknownPerson, WrongAddress
from spoc_desktop.services.sentences import sentence
from spoc_desktop.storage.errors import KeyLost, KeyringUnusable, WrongPassphrase, WrongRecoveryCode
from spoc_desktop.storage.keychain import Keychain
from spoc_desktop.storage.recovery_code import new_code
from sync.client import http_connection
from sync.protocol.errors import (
    CaptivePortal,
    InvitationUnknown,
    InvitationUsed,
    LoginExpired,
    SyncError,
    Unreachable,
    UntrustedCertificate,
    WeakPassword,
    WrongPassword,
)
from tests.faults import wire_proxy
from tests.faults.wire_proxy import proxy
from tests.integration.laptop.harness import PASSWORD, School, home, school
from tests.server_fixture import new_server


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school"), published=False) as made:
        yield made


@pytest.fixture(autouse=True)
def own_laptop(tmp_path: Path) -> Iterator[None]:
    with home(tmp_path / "laptop"):
        yield


def test_a_mistyped_code_and_a_used_code_are_told_apart_and_neither_makes_a_store(here: School) -> None:
    code = here.server.invite(here.sample.ines)
    Accounts().join(here.server.address, code, PASSWORD, passphrase="phrase").workplace.close()
    for wrong, error in ((code, InvitationUsed), ("ABCD-EFGH-JKMN", InvitationUnknown)):
        with pytest.raises(error) as refused:
            Accounts().join(here.server.address, wrong, PASSWORD, passphrase="phrase")
        assert sentence(refused.value).next
    assert len(paths.known_stores()) == 1


def test_a_code_is_not_used_up_by_a_weak_password_or_a_computer_without_a_keyring(here: School) -> None:
    code = here.server.invite(here.sample.karim)
    with pytest.raises(KeyringUnusable):
        Accounts().join(here.server.address, code, PASSWORD)
    with pytest.raises(WeakPassword):
        Accounts().join(here.server.address, code, "motdepasse", passphrase="phrase")
    entered = Accounts().join(here.server.address, code, PASSWORD, passphrase="phrase")
    assert entered.recovery_code
    entered.workplace.close()


@pytest.mark.parametrize("typed", ["http://formation.example.org", "https://moi:secret@formation.example.org", "::"])
def test_an_address_that_must_not_be_asked_is_refused_before_anything_is_sent(typed: str) -> None:
    with pytest.raises(WrongAddress):
        Accounts().join(typed, "ABCD-EFGH-JKMN", PASSWORD, passphrase="phrase")


def test_an_address_where_nobody_answers_is_said_to_be_checked(here: School) -> None:
    laptop = here.laptop(here.sample.ines, "-nobody")
    laptop.wire.cut()
    with pytest.raises(Unreachable):
        Accounts().join(laptop.wire.address, "ABCD-EFGH-JKMN", PASSWORD, passphrase="phrase")


def test_a_networks_sign_in_page_is_no_server(here: School) -> None:
    with proxy(here.server.port) as way:
        way.plan = [wire_proxy.sign_in_page]
        with pytest.raises(CaptivePortal):
            Accounts().join(way.address, "ABCD-EFGH-JKMN", PASSWORD, passphrase="phrase")


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    chain, key, trusted = tmp_path / "chain.pem", tmp_path / "key.pem", tmp_path / "other.pem"
    certificate.cert_chain_pems[0].write_to_path(chain)
    certificate.private_key_pem.write_to_path(key)
    other.cert_pem.write_to_path(trusted)
    # The computer's own list of authorities knows neither.
    monkeypatch.setattr(http_connection, "_adapter", _adapter_that_trusts(trusted))
    server = new_server(tmp_path, "--certificate", str(chain), "--key", str(key))
    server.start()
    try:
        with pytest.raises(UntrustedCertificate) as refused:
            Accounts().join(server.address, "ABCD-EFGH-JKMN", PASSWORD, passphrase="phrase")
    finally:
        server.stop()
    assert sentence(refused.value).safe
    assert [line for line in server.requests() if line["path"] == "/join"] == []


def _adapter_that_trusts(file: Path) -> object:
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        def init_poolmanager(self, *arguments: object, **options: object) -> None:
            context = ssl.create_default_context(cafile=str(file))
            super().init_poolmanager(*arguments, ssl_context=context, **options)  # type: ignore[arg-type]  # as given

    return lambda _context, _interrupt: Trusting()


def test_a_wrong_password_says_neither_which_of_the_two_is_wrong_nor_makes_a_store(here: School) -> None:
    for login in (here.sample.sophie, "nobody@example.org"):
        with pytest.raises(WrongPassword):
            Accounts().login(here.server.address, login, "un autre mot de passe", passphrase="phrase")
    assert paths.known_stores() == []


def test_the_store_opens_without_a_network_and_only_with_its_own_passphrase(here: School) -> None:
    laptop, _ = here.joined(here.sample.sophie)
    laptop.shut()
    laptop.wire.cut()
    with home(laptop.folder):
        accounts = Accounts()
        profile = accounts.find("")
        assert accounts.needs_passphrase(profile)
        assert accounts.open_without_asking() is None
        with pytest.raises(WrongPassphrase):
            accounts.open(profile, "une autre")
        handed_down = Accounts({profile.person.hex(): laptop.passphrase}).open_without_asking()
        assert handed_down is not None
        assert handed_down.name == "Sophie"
        handed_down.close()


def test_the_recovery_code_opens_a_store_once_and_gives_another_code(here: School) -> None:
    code = here.server.invite(here.sample.paul)
    entered = Accounts().join(here.server.address, code, PASSWORD, passphrase="oubliée")
    entered.workplace.close()
    assert entered.recovery_code is not None
    accounts = Accounts()
    again = accounts.open_with_code(accounts.find(""), entered.recovery_code, passphrase="nouvelle")
    again.workplace.close()
    assert again.recovery_code not in (None, entered.recovery_code)
    with pytest.raises(WrongRecoveryCode):
        accounts.open_with_code(accounts.find(""), entered.recovery_code, passphrase="nouvelle")
    accounts.open(accounts.find(""), "nouvelle").close()


def test_signing_in_again_on_this_computer_goes_on_in_the_same_store(here: School) -> None:
    accounts = Accounts()
    first = accounts.join(here.server.address, here.server.invite(here.sample.ines), PASSWORD, passphrase="phrase")
    assert first.workplace.syncing.sync_now() is None
    assert accounts.logout(first.workplace) is None
    again = accounts.login(here.server.address, here.sample.ines, PASSWORD, passphrase="phrase")
    assert again.recovery_code is None
    assert again.workplace.roles().learner
    assert again.workplace.syncing.sync_now() is None
    again.workplace.close()
    assert len(paths.known_stores()) == 1


def test_signing_out_without_a_network_ends_the_login_here_all_the_same(here: School) -> None:
    laptop, workplace = here.joined(here.sample.ines)
    laptop.wire.cut()
    laptop.opened.clear()
    with home(laptop.folder):
        accounts = Accounts()
        error = accounts.logout(workplace)
        assert isinstance(error, SyncError)
        reopened = accounts.open(accounts.find(""), laptop.passphrase)
    assert isinstance(reopened.syncing.sync_now(), LoginExpired)
    reopened.close()


def test_a_login_made_while_the_key_is_lost_is_kept_once_the_code_has_opened_the_store(
    here: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = Accounts()
    first = accounts.join(here.server.address, here.server.invite(here.sample.karim), PASSWORD, passphrase="phrase")
    first.workplace.wire.tokens.forget()
    first.workplace.close()
    assert first.recovery_code is not None
    with monkeypatch.context() as lost:
        lost.setattr(Keychain, "open", _lost)
        with pytest.raises(KeyLost):
            accounts.login(here.server.address, here.sample.karim, PASSWORD, passphrase="phrase")
    again = accounts.open_with_code(accounts.find(""), first.recovery_code, passphrase="phrase")
    assert again.workplace.syncing.sync_now() is None
    again.workplace.close()


def _lost(_keychain: Keychain) -> bytes:
    raise KeyLost("none kept")


def test_nothing_secret_is_written_in_clear_text(here: School, tmp_path: Path) -> None:
    phrase, password = "une phrase bien secrète", "un mot de passe bien secret"
    entered = Accounts().join(
        here.server.address, here.server.invite(here.sample.ines), password, passphrase=phrase, device="portable"
    )
    tokens = entered.workplace.store.login()
    assert tokens is not None
    entered.workplace.close()
    secrets = [phrase, password, tokens.token, tokens.refresh, str(entered.recovery_code)]
    for file in (tmp_path / "laptop").rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in held], file.name


def test_people_of_this_computer_are_listed_the_last_one_first(here: School) -> None:
    accounts = Accounts()
    for login in (here.sample.ines, here.sample.karim):
        accounts.join(here.server.address, here.server.invite(login), PASSWORD, passphrase="phrase").workplace.close()
    assert [one.name for one in Accounts().known()] == ["Karim", "Inès"]
    assert Accounts().find("Inès").login == here.sample.ines
    with pytest.raises(UnknownPerson):
        Accounts().find("Personne")
    people = json.loads((paths.root() / "people.json").read_text("utf-8"))
    people["people"][0]["server"] = "not hex"
    (paths.root() / "people.json").write_text(json.dumps(people), "utf-8")
    assert [one.name for one in Accounts().known()] == ["Inès"]


def test_a_code_that_was_never_given_is_not_a_recovery_code_of_somebody(here: School) -> None:
    accounts = Accounts()
    accounts.join(
        here.server.address, here.server.invite(here.sample.ines), PASSWORD, passphrase="phrase"
    ).workplace.close()
    with pytest.raises(WrongRecoveryCode):
        accounts.open_with_code(accounts.find(""), new_code(), passphrase="phrase")
