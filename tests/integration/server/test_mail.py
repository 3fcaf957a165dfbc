"""E-mail against a real relay: what is sent, to whom, how often, and what happens when the relay does not take it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from sqlalchemy import Connection, select

from sync.domain.cohorts import WEEK_MS
from sync.domain.exercises import HAND_IN, Verdict
from sync.domain.people import SETTINGS, Settings
from sync.domain.spaces import SpaceType
from sync.protocol.messages import JoinRequest
from sync.protocol.version import PROTOCOL
from sync.server.accounts import overview
from sync.server.accounts.signing_in import Gate
from sync.server.mailing import queue, settings
from sync.server.mailing import relay as sending
from sync.server.mailing.postman import Postman
from sync.server.mailing.queue import State
from sync.server.mailing.settings import BadMailSettings, MailSettings, Security
from sync.server.mailing.words import Occasion, letter
from sync.server.settings import TooOpen
from sync.server.storage.schema import mail
from tests.integration.server.relays import Relay, authority_file, relay
from tests.integration.server.reviews import handed, review
from tests.integration.server.world import POSTGRESQL, Laptop, World
from tests.server_fixture import CommandFailed, command

MINUTE = 60_000
A_MONDAY_MS = 12 * 86_400_000
"""From the world's first moment to a Monday in the cohort's second week."""
INES, SOPHIE = "ines@example.org", "sophie@example.org"


@pytest.fixture
def here(world: World) -> World:
    """The world, with people who have addresses."""
    world.administration.change_login("ines", INES)
    world.administration.change_login("sophie", SOPHIE)
    return world


@pytest.fixture
def taking(here: World) -> Iterator[Relay]:
    """A relay on this computer, to which the server of this world sends."""
    with relay() as made:
        set_up(here, made.port)
        yield made


def set_up(world: World, port: int, security: Security = Security.NONE, authority: str = "") -> None:
    made = MailSettings(
        host="localhost",
        port=port,
        sender="formation@example.org",
        security=security,
        authority=authority,
        contact="accueil@example.org",
        address="https://spoc.example.org",
    )
    settings.write(world.data, made)


def states(world: World) -> dict[str, State]:
    with world.core.reading() as connection:
        return {line.occasion: line.state for line in queue.counts(connection)}


def incidents(world: World) -> list[str]:
    with world.core.reading() as connection:
        return [line.what for line in overview.incidents(connection)]


def test_an_invitation_arrives_with_a_code_that_lets_in(here: World, taking: Relay) -> None:
    here.administration.invite(INES, mail=True)
    assert Postman(here.core).round() == 1
    (letter,) = taking.taken
    assert letter.to == [INES]
    assert "Bonjour Ines," in letter.text
    assert "Serveur\u00a0: https://spoc.example.org" in letter.text
    assert "écrivez à accueil@example.org" in letter.text
    code = next(line for line in letter.text.splitlines() if "Code" in line).split()[-1]
    session = Gate(here.core).join(JoinRequest(PROTOCOL, code, "un mot de passe bien long", "laptop"), "host")
    assert session.login == INES
    assert Postman(here.core).round() == 0, "once"


def test_no_code_stands_in_the_database_while_it_waits_or_afterwards(here: World, taking: Relay) -> None:
    """Attack A34: a copy of the database invites nobody."""
    code = here.administration.invite(INES, mail=True)

    def contents() -> list[bytes]:
        with here.core.reading() as connection:
            return [bytes(content) for content in connection.execute(select(mail.c.content)).scalars()]

    (waiting,) = contents()
    assert waiting
    assert code.encode() not in waiting
    Postman(here.core).round()
    assert contents() == [b""]
    assert len(taking.taken) == 1


def test_work_that_came_back_is_said_once_in_the_language_of_its_person(here: World, taking: Relay) -> None:
    ines, sophie = here.laptop(INES), here.laptop(SOPHIE)
    ines.push(here.space(SpaceType.OWN, INES), ines.create(SETTINGS, Settings(language="en")))
    made = review(sophie, hand_in_of(ines), Verdict.RETURNED, 5)
    sophie.push(here.space(SpaceType.STAFF, INES), made)
    sophie.push(here.space(SpaceType.STAFF, INES), made)
    Postman(here.core).round()
    Postman(here.core).round()
    (letter,) = taking.taken
    assert letter.message["Subject"] == "Novembre: your work came back"
    assert letter.message["List-Unsubscribe"] == "<mailto:accueil@example.org?subject=unsubscribe>"
    assert "Hello Ines," in letter.text
    assert "Presque" not in letter.text, "what a trainer wrote stays in the program"


def hand_in_of(laptop: Laptop) -> bytes:
    made = laptop.create(HAND_IN, handed())
    laptop.push(laptop.world.space(SpaceType.PERSONAL, INES), made)
    return made.id


def test_who_wants_no_mail_gets_invitations_only(here: World, taking: Relay) -> None:
    command(here.data, "mail", "choice", INES, "none")
    sophie = here.laptop(SOPHIE)
    sophie.push(here.space(SpaceType.STAFF, INES), review(sophie, hand_in_of(here.laptop(INES)), Verdict.RETURNED, 5))
    here.administration.invite(INES, mail=True)
    Postman(here.core).round()
    assert [letter.message["Subject"] for letter in taking.taken] == ["Votre invitation à la formation"]


def test_the_silent_are_reminded_once_a_week_and_their_trainer_hears_who_waits(here: World, taking: Relay) -> None:
    hand_in_of(here.laptop(INES))
    here.now += A_MONDAY_MS
    postman = Postman(here.core)
    postman.round()
    postman.round()
    told = {letter.to[0]: letter.text for letter in taking.taken}
    assert set(told) == {INES, SOPHIE}
    assert len(taking.taken) == 2
    assert "La semaine 2 de la session «\u00a0Novembre\u00a0» est ouverte" in told[INES]
    assert "1 personne attend une relecture\u00a0: Ines." in told[SOPHIE]
    assert "2 personnes n’ont pas donné de nouvelles depuis une semaine\u00a0: Ines, Karim." in told[SOPHIE]
    here.now += WEEK_MS
    postman.round()
    assert len(taking.taken) == 4


@pytest.mark.allows_warnings
def test_while_the_relay_is_down_messages_wait_and_go_when_it_is_back(here: World) -> None:
    with socket.socket() as closed:
        closed.bind(("localhost", 0))
        set_up(here, closed.getsockname()[1])
    here.administration.invite(INES, mail=True)
    postman = Postman(here.core)
    assert postman.round() == 0
    assert states(here) == {"invitation": State.WAITING}
    with relay() as back:
        set_up(here, back.port)
        assert postman.round() == 0, "not before its wait is over"
        here.now += 6 * MINUTE
        assert postman.round() == 1
    assert states(here) == {"invitation": State.SENT}


def test_a_passing_refusal_is_tried_again_for_three_days_and_a_final_one_is_not(here: World, taking: Relay) -> None:
    postman = Postman(here.core)
    here.administration.invite(INES, mail=True)
    taking.answer = "451 later"
    for _ in range(30):
        postman.round()
        here.now += 4 * 60 * MINUTE
    assert states(here) == {"invitation": State.GIVEN_UP}
    assert incidents(here) == [queue.GIVEN_UP]
    here.administration.invite(SOPHIE, mail=True)
    taking.answer = "550 nobody"
    postman.round()
    assert incidents(here) == [queue.GIVEN_UP, queue.GIVEN_UP]
    taking.answer = ""
    assert postman.round() == 0
    assert taking.taken == []


def test_thirty_days_later_nothing_says_whom_was_written_to_but_what_waits_still_waits(
    here: World, taking: Relay
) -> None:
    postman, days = Postman(here.core), queue.KEPT_MS - 2 * queue.CLAIM_MS
    here.administration.invite(INES, mail=True)
    postman.round()
    here.administration.invite(SOPHIE, mail=True)
    taking.answer = "550 nobody"
    postman.round()
    here.administration.invite(INES, mail=True)
    here.now += days
    queue.sweep(here.core)
    assert messages(here) == [State.SENT, State.GIVEN_UP, State.WAITING]
    here.now += 4 * queue.CLAIM_MS
    queue.sweep(here.core)
    assert messages(here) == [State.WAITING]
    assert incidents(here) == [queue.GIVEN_UP], "that something was not sent is still listed"


def messages(world: World) -> list[State]:
    with world.core.reading() as connection:
        return [State(state) for state in connection.execute(select(mail.c.state).order_by(mail.c.no)).scalars()]


def test_a_message_that_a_killed_process_had_taken_is_sent_by_another_after_a_while(here: World, taking: Relay) -> None:
    here.administration.invite(INES, mail=True)
    here.core.writer.run(lambda connection: queue.claim(here.core, connection))
    assert Postman(here.core).round() == 0, "it is another's"
    here.now += queue.CLAIM_MS
    assert Postman(here.core).round() == 1
    assert len(taking.taken) == 1


@pytest.mark.allows_warnings
def test_a_message_that_cannot_be_written_holds_up_no_other(here: World, taking: Relay) -> None:
    hostile = "zoe@example.org\nbcc: karim@example.org"
    here.administration.add_person("Zoé", hostile)
    for login in (hostile, INES):
        here.administration.invite(login, mail=True)
    assert Postman(here.core).round() == 1
    assert [letter.to for letter in taking.taken] == [[INES]]
    assert incidents(here) == [queue.GIVEN_UP]


def test_what_one_process_is_taking_another_leaves(here: World, database: str) -> None:
    """On SQLite the one writer sees to it; on PostgreSQL rows that another holds are passed over."""
    core = here.core
    for login in (INES, SOPHIE):
        here.administration.invite(login, mail=True)

    def taken(connection: Connection) -> tuple[int, int]:
        mine, others = queue.claim(core, connection), []
        if database == POSTGRESQL:
            with core.database.writing.begin() as another:
                others = queue.claim(core, another)
        return len(mine), len(others)

    assert core.writer.run(taken) == (2, 0)
    assert core.writer.run(lambda connection: queue.claim(core, connection)) == []


@pytest.mark.allows_warnings
def test_without_starttls_nothing_is_said_where_it_is_asked_for(here: World) -> None:
    with relay() as plain:
        set_up(here, plain.port, Security.STARTTLS)
        here.administration.invite(INES, mail=True)
        assert Postman(here.core).round() == 0
        assert plain.taken == []
        with pytest.raises(CommandFailed, match="the relay offers no STARTTLS"):
            command(here.data, "mail", "test", INES)
    assert states(here) == {"invitation": State.WAITING}


@pytest.mark.allows_warnings
def test_a_relay_is_believed_only_with_a_certificate_that_is_vouched_for(here: World, tmp_path: Path) -> None:
    """Attack A39."""
    authority, stranger = trustme.CA(), trustme.CA()
    here.administration.invite(INES, mail=True)
    with relay(authority) as made:
        set_up(here, made.port, Security.STARTTLS, str(authority_file(stranger, tmp_path)))
        assert Postman(here.core).round() == 0
        here.now += 6 * MINUTE
        set_up(here, made.port, Security.STARTTLS, str(authority_file(authority, tmp_path)))
        assert Postman(here.core).round() == 1
    assert [letter.tls for letter in made.taken] == [True]


def test_settings_that_would_show_mail_or_a_password_are_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadMailSettings, match="only a relay on this computer"):
        settings.write(
            world.data, MailSettings(host="relay.example.org", port=25, sender="a@b", security=Security.NONE)
        )
    secret = tmp_path / "password"
    secret.write_text("secret")
    secret.chmod(0o644)
    words = ("mail", "set-up", "--host", "relay.example.org", "--sender", "a@b.fr", "--password-file", str(secret))
    with pytest.raises(CommandFailed, match="chmod go-rwx"):
        command(world.data, *words)
    secret.chmod(0o600)
    command(world.data, *words)
    (world.data / settings.MAIL).chmod(0o644)
    with pytest.raises(TooOpen):
        settings.read(world.data)


def test_a_list_of_people_is_invited_by_mail(here: World, taking: Relay, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "e-mail;name;role;cohort\nzoe@example.org;Zoé;learner;Novembre\nyan;Yan;learner;Novembre\n", "utf-8"
    )
    command(here.data, "import", str(path), "--mail")
    here.now += 30 * 86_400_000  # the command goes by the real clock
    assert Postman(here.core).round() == 1
    assert [letter.to for letter in taking.taken] == [["zoe@example.org"]]
    told = command(here.data, "mail", "state")
    assert told["queue"] == [{"occasion": "invitation", "state": "sent", "messages": 1}]


def test_an_invitation_by_mail_needs_a_relay_and_an_address(here: World) -> None:
    with pytest.raises(CommandFailed, match="No relay is set up"):
        command(here.data, "invite", INES, "--mail")
    set_up(here, 25)
    with pytest.raises(CommandFailed, match="is no e-mail address"):
        command(here.data, "invite", "karim", "--mail")


FACTS = {
    "name": "Inès",
    "organisation": "Organisme Exemple",
    "contact": "accueil@example.org",
    "address": "",
    "code": "ABCD-EFGH-IJKL",
    "days": 14,
    "cohort": "Novembre",
    "week": 3,
    "seen": 0,
    "waiting": ["Inès\nBcc: karim@example.org"],
    "silent": [],
}


@pytest.mark.parametrize("language", ["fr", "en", "de"])
@pytest.mark.parametrize("occasion", Occasion)
def test_every_message_is_whole_typeset_and_fits_a_screen(occasion: Occasion, language: str) -> None:
    subject, text = letter(occasion, language, FACTS)
    assert "{" not in subject + text
    assert "\n" not in subject
    assert max(map(len, text.splitlines())) <= 80
    assert "accueil@example.org" in text
    assert "Bcc: karim@example.org\n" not in text, "a name takes no line of its own"
    if language == "fr":
        assert not re.search(r" [:;!?»]|« | '|\w'\w", subject + text)


def test_a_claim_outlasts_a_relay_that_takes_its_whole_time_for_each_message() -> None:
    assert queue.BATCH * sending.SECONDS * 1_000 < queue.CLAIM_MS
