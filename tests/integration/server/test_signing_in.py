"""Faults F19, attacks A31 to A36, A38: joining, signing in, tokens that serve once, limits that lock nobody out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.protocol.errors import (
    Busy,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    LoginExpired,
    WeakPassword,
    WrongPassword,
)
from sync.protocol.messages import JoinRequest, LoginRequest, RefreshRequest, Session
from sync.protocol.version import PROTOCOL
from sync.server.accounts import passwords
from sync.server.accounts.signing_in import Gate
from sync.server.storage.schema import incident, invitation, person, token
from tests.integration.server.world import World

PASSWORD = "une phrase que je retiens"
HOST = "192.0.2.7"


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate(world.core)


def join(world: World, gate: Gate, login: str = "ines", password: str = PASSWORD) -> Session:
    return gate.join(JoinRequest(PROTOCOL, world.administration.invite(login), password, "le portable"), HOST)


def login(gate: Gate, name: str = "ines", password: str = PASSWORD, host: str = HOST) -> Session:
    return gate.login(LoginRequest(PROTOCOL, name, password, "un autre"), host)


def test_a_code_lets_its_person_in_and_the_answer_says_who_and_where(world: World, gate: Gate) -> None:
    session = join(world, gate)
    assert (session.server, session.person) == (world.core.server, world.id_of("ines"))
    assert (session.name, session.login, session.organisation) == ("Ines", "ines", "Organisme Exemple")
    assert len(session.recovery_key) == 32
    assert session.expires == world.now + 3_600_000
    assert gate.caller(session.token).device == session.device


def test_a_code_is_read_with_or_without_dashes_case_and_look_alike_signs(world: World, gate: Gate) -> None:
    code = world.administration.invite("ines")
    assert len(code) == 14
    typed = " " + code.replace("-", " ").lower().replace("o", "0").replace("i", "1").replace("b", "8")
    assert gate.join(JoinRequest(PROTOCOL, typed, PASSWORD, "x"), HOST).login == "ines"


def test_a_used_an_expired_and_an_unknown_code_are_three_different_answers(world: World, gate: Gate) -> None:
    code = world.administration.invite("ines")
    gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), HOST)
    with pytest.raises(InvitationUsed):
        gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), HOST)
    late = world.administration.invite("karim")
    world.now += 14 * 86_400_000 + 1
    with pytest.raises(InvitationExpired):
        gate.join(JoinRequest(PROTOCOL, late, PASSWORD, "x"), HOST)
    with pytest.raises(InvitationUnknown):
        gate.join(JoinRequest(PROTOCOL, "AAAA-BBBB-CCCC", PASSWORD, "x"), HOST)


def test_a_code_that_two_have_typed_at_the_same_moment_lets_one_of_them_in(
    world: World, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack A34: both were told that it is good before either used it."""
    code, through = world.administration.invite("ines"), passwords.hashed
    faster: list[Session] = []

    def hashed(password: str) -> str:
        if password == PASSWORD:
            faster.append(gate.join(JoinRequest(PROTOCOL, code, PASSWORD + " aussi", "x"), HOST))
        return through(password)

    monkeypatch.setattr(passwords, "hashed", hashed)
    with pytest.raises(InvitationUsed):
        gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "y"), HOST)
    assert gate.caller(faster[0].token).device == faster[0].device
    assert login(gate, password=PASSWORD + " aussi").login == "ines"
    with pytest.raises(WrongPassword):
        login(gate, password=PASSWORD)


@pytest.mark.parametrize("weak", ["court", "motdepasse123", "AZERTY123", "12345678", "aaaaaaaaaaab", "x" * 1025])
def test_a_weak_password_is_refused_and_the_code_is_still_good(world: World, gate: Gate, weak: str) -> None:
    code = world.administration.invite("ines")
    with pytest.raises(WeakPassword):
        gate.join(JoinRequest(PROTOCOL, code, weak, "x"), HOST)
    assert gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), HOST).login == "ines"


def test_the_login_is_no_password(world: World, gate: Gate) -> None:
    world.administration.add_person("Élodie Martin", "elodie@example.org")
    for near in ("elodie@example.org", "ÉLODIE MARTIN"):
        with pytest.raises(WeakPassword):
            join(world, gate, "elodie@example.org", near)


@pytest.mark.parametrize(
    "strong", ["é" * 3 + "mot de passe " * 78, "пароль длинный", "🐈‍⬛ chat noir", " espaces gardés "]
)
def test_long_and_foreign_passwords_work_to_their_last_sign(world: World, gate: Gate, strong: str) -> None:
    join(world, gate, "ines", strong)
    assert login(gate, "ines", strong).login == "ines"
    with pytest.raises(WrongPassword):
        login(gate, "ines", strong[:-1])


def test_one_password_typed_in_two_unicode_forms_is_one_password(world: World, gate: Gate) -> None:
    join(world, gate, "ines", "cafe\u0301 crème brûlée")
    assert login(gate, "INES ", "caf\u00e9 crème brûlée").login == "ines"


def test_wrong_password_and_unknown_login_are_one_answer_after_the_same_work(
    world: World, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attack A32: the hash is worked out also where there is nobody, and for who has not joined."""
    join(world, gate)
    verified: list[str | None] = []
    real = passwords.is_right

    def counting(kept: str | None, password: str) -> bool:
        verified.append(kept)
        return real(kept, password)

    monkeypatch.setattr(passwords, "is_right", counting)
    errors = []
    for name in ("ines", "nobody@example.org", "karim"):
        with pytest.raises(WrongPassword) as caught:
            login(gate, name, "pas le bon mot")
        errors.append(str(caught.value))
    assert errors == ["", "", ""]
    assert len(verified) == 3
    assert not real(None, "nobody has this password")


def test_five_wrong_codes_from_a_host_make_it_wait_and_no_other_host(world: World, gate: Gate) -> None:
    """Attack A34."""
    for _ in range(5):
        with pytest.raises(InvitationUnknown):
            gate.join(JoinRequest(PROTOCOL, "AAAABBBBCCCC", PASSWORD, "x"), HOST)
    code = world.administration.invite("ines")
    with pytest.raises(Busy) as caught:
        gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), HOST)
    assert 0 < caught.value.retry_after <= 60
    assert gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), "192.0.2.8").login == "ines"


def test_guessing_waits_longer_and_longer_and_the_victim_signs_in_from_elsewhere(world: World, gate: Gate) -> None:
    """Attack A31: no lock-out of the victim, nor of their devices that are signed in."""
    session = join(world, gate)
    waits = []
    for _ in range(4):
        for _ in range(5):
            with pytest.raises(WrongPassword):
                login(gate, password="je devine", host="203.0.113.9")
        with pytest.raises(Busy) as caught:
            login(gate, host="203.0.113.9")
        waits.append(caught.value.retry_after)
        world.now += int(caught.value.retry_after * 1000) + 1
    assert waits == [60, 120, 240, 480]
    assert login(gate).login == "ines"
    assert gate.refresh(RefreshRequest(PROTOCOL, session.refresh)).login == "ines"


def test_many_accounts_from_one_host_are_slowed_too(world: World, gate: Gate) -> None:
    for number in range(30):
        with pytest.raises(WrongPassword):
            login(gate, f"personne{number}", "je devine")
    with pytest.raises(Busy):
        login(gate, "encore quelqu’un", "je devine")


def test_a_class_that_joins_at_once_behind_one_address_is_no_attack(world: World, gate: Gate) -> None:
    for number in range(30):
        world.administration.add_person(f"Personne {number}", f"p{number}")
        assert join(world, gate, f"p{number}").login == f"p{number}"


def test_a_token_ends_after_its_hour_and_a_refresh_gives_another(world: World, gate: Gate) -> None:
    session = join(world, gate)
    world.now += 3_600_000
    with pytest.raises(LoginExpired):
        gate.caller(session.token)
    renewed = gate.refresh(RefreshRequest(PROTOCOL, session.refresh))
    assert gate.caller(renewed.token).device == session.device
    assert renewed.refresh != session.refresh


def test_a_refresh_whose_answer_was_lost_serves_again_as_long_as_nothing_of_it_was_used(
    world: World, gate: Gate
) -> None:
    """Fault F13 for tokens."""
    session = join(world, gate)
    lost = gate.refresh(RefreshRequest(PROTOCOL, session.refresh))
    found = gate.refresh(RefreshRequest(PROTOCOL, session.refresh))
    assert gate.caller(found.token).device == session.device
    for dead in (lost.token, lost.refresh):
        with pytest.raises(LoginExpired):
            gate.caller(dead)
    with pytest.raises(LoginExpired):
        gate.refresh(RefreshRequest(PROTOCOL, lost.refresh))


@pytest.mark.parametrize("used", ["token", "refresh"])
def test_a_refresh_token_presented_twice_signs_the_device_out_everywhere(world: World, gate: Gate, used: str) -> None:
    """Attack A35: thief and owner are both stopped, and IT sees an incident."""
    session = join(world, gate)
    stolen = gate.refresh(RefreshRequest(PROTOCOL, session.refresh))
    if used == "token":
        gate.caller(stolen.token)
    else:
        stolen = gate.refresh(RefreshRequest(PROTOCOL, stolen.refresh))
    with pytest.raises(LoginExpired):
        gate.refresh(RefreshRequest(PROTOCOL, session.refresh))
    with pytest.raises(LoginExpired):
        gate.caller(stolen.token)
    with pytest.raises(LoginExpired):
        gate.refresh(RefreshRequest(PROTOCOL, stolen.refresh))
    with world.core.reading() as connection:
        assert connection.execute(select(incident.c.what)).scalars().all() == ["refresh token reused"]
    assert login(gate).login == "ines"


def test_after_signing_out_token_and_refresh_are_void_at_once(world: World, gate: Gate) -> None:
    """Attack A36."""
    session, other = join(world, gate), login(gate)
    gate.logout(gate.caller(session.token))
    for attempt in (
        lambda: gate.caller(session.token),
        lambda: gate.refresh(RefreshRequest(PROTOCOL, session.refresh)),
    ):
        with pytest.raises(LoginExpired):
            attempt()
    assert gate.caller(other.token).device == other.device


def test_a_lost_laptop_is_signed_out_by_command(world: World, gate: Gate) -> None:
    """Attack A38."""
    session = join(world, gate)
    world.administration.sign_out("ines")
    with pytest.raises(LoginExpired):
        gate.caller(session.token)


def test_a_new_password_ends_the_logins_made_with_the_old_one(world: World, gate: Gate) -> None:
    session = join(world, gate)
    join(world, gate, "ines", "un tout autre mot")
    with pytest.raises(LoginExpired):
        gate.caller(session.token)
    with pytest.raises(WrongPassword):
        login(gate)


def test_a_second_code_with_the_same_password_leaves_the_first_laptop_signed_in(world: World, gate: Gate) -> None:
    session = join(world, gate)
    second = join(world, gate)
    assert second.device != session.device
    assert gate.caller(session.token).device == session.device


@pytest.mark.parametrize("nothing", ["", "x", "é" * 500, "Bearer", "\udc80"])
def test_a_token_that_is_none_names_nobody(world: World, gate: Gate, nothing: str) -> None:
    with pytest.raises(LoginExpired):
        gate.caller(nothing)
    with pytest.raises(LoginExpired):
        gate.refresh(RefreshRequest(PROTOCOL, nothing))


def test_nothing_secret_is_in_the_database_in_clear(world: World, gate: Gate) -> None:
    """Codes, tokens and passwords are kept as hashes; the server's own keys are not in the database at all."""
    code = world.administration.invite("ines")
    session = gate.join(JoinRequest(PROTOCOL, code, PASSWORD, "x"), HOST)
    with world.core.reading() as connection:
        for table in (invitation, token, person):
            assert connection.execute(select(table)).first() is not None
    world.core.close()
    stored = b"".join(path.read_bytes() for path in world.data.glob("server.db*"))
    secrets = world.core.secrets
    clear = [code, code.replace("-", ""), PASSWORD, session.token, session.refresh]
    for each in [*(text.encode() for text in clear), secrets.seal, secrets.publish]:
        assert each not in stored
    world.reopen()
