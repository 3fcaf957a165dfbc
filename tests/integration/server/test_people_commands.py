"""What IT does with people, laptops and cohorts on the command line, and what they notice of it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest

from sync.domain.people import CARD
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Forbidden, LoginExpired
from sync.protocol.messages import JoinRequest, LoginRequest, Session
from sync.protocol.version import PROTOCOL
from sync.server.accounts.signing_in import Gate
from sync.server.cli import main
from tests.integration.server.world import COURSE, World
from tests.server_fixture import CommandFailed, RunningServer, command, new_server, sample_cohort

PASSWORD = "un mot de passe bien long"


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    return new_server(tmp_path)


def joined(world: World, gate: Gate, login: str = "ines") -> Session:
    """Somebody on a laptop of theirs."""
    code = world.administration.invite(login)
    return gate.join(JoinRequest(PROTOCOL, code, PASSWORD, f"laptop of {login}"), "host")


def test_a_list_of_people_says_who_joined_and_fits_the_terminal(
    server: RunningServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    sample = sample_cohort(server)
    server.add_person("Anne-Françoise de la Tour du Pin-Chambly", f"{'x' * 60}@a-very-long-name.example.org")
    found = server.cli("person", "list")["people"]
    assert [one["login"] for one in found][-1] == sample.sophie
    assert not any(one["joined"] for one in found)
    learners = server.cli("person", "list", "--cohort", str(UUID(bytes=sample.id)))["people"]
    assert {one["login"] for one in learners} == {sample.ines, sample.karim, sample.sophie}
    assert [one["name"] for one in server.cli("person", "list", "karim")["people"]] == ["Karim"]
    assert main(["person", "list", "--data", str(server.data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("login")


def test_an_id_is_never_cut_for_the_next_command_is_given_it(
    server: RunningServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    cohort = server.add_cohort("Une promotion dont le titre est bien plus long que ce qui tient sur une ligne")
    assert main(["cohort", "list", "--data", str(server.data)]) == 0
    _, line = capsys.readouterr().out.splitlines()
    assert line.startswith(str(UUID(bytes=cohort)))
    assert len(line) <= 80
    monkeypatch.delenv("COLUMNS")
    assert main(["cohort", "list", "--data", str(server.data)]) == 0
    assert "tient sur une ligne" in capsys.readouterr().out, "whole where a program reads it"


def test_one_person_is_shown_with_places_and_what_they_may_write(server: RunningServer) -> None:
    sample = sample_cohort(server)
    shown = server.cli("person", "show", sample.ines)
    assert shown["places"] == [
        {"cohort": sample.id.hex(), "title": "Promotion de novembre", "as": "learner", "ended": False}
    ]
    assert server.cli("person", "show", sample.paul)["author_of"] == [sample.course.hex()]
    server.invite(sample.ines)
    assert server.cli("person", "show", sample.ines)["invited_until"] > 0


def test_a_new_name_reaches_the_laptops_of_the_others(world: World) -> None:
    karim = world.laptop("karim")
    karim.pull()
    world.administration.rename("ines", "Inès Martin")
    karim.pull()
    cards = karim.rows[world.space(SpaceType.ORG)]
    assert CARD.decode(bytes(cards[world.id_of("ines")].body)).name == "Inès Martin"
    members = karim.rows[world.space(SpaceType.COHORT)].values()
    assert any(b"In\xc3\xa8s Martin" in bytes(row.body) for row in members)


def test_a_new_login_takes_nobody_elses(server: RunningServer) -> None:
    sample = sample_cohort(server)
    with pytest.raises(CommandFailed, match="Somebody has the login KARIM@"):
        server.cli("person", "login", sample.ines, "KARIM@example.org")
    assert server.cli("person", "login", sample.ines, "ines.martin@example.org")["login"] == "ines.martin@example.org"
    with pytest.raises(CommandFailed, match="Nobody has the login"):
        server.invite(sample.ines)


def test_who_is_blocked_is_out_at_once_and_comes_in_again_when_unblocked(world: World) -> None:
    gate = Gate(world.core)
    session = joined(world, gate)
    assert gate.caller(session.token).person == world.id_of("ines")
    world.administration.block("ines")
    with pytest.raises(LoginExpired):
        gate.caller(session.token)
    with pytest.raises(Forbidden):
        gate.login(LoginRequest(PROTOCOL, "ines", PASSWORD, "another"), "host")
    with pytest.raises(Forbidden):
        joined(world, gate)
    world.administration.unblock("ines")
    assert gate.login(LoginRequest(PROTOCOL, "ines", PASSWORD, "another"), "host").login == "ines"


def test_a_laptop_that_is_removed_is_signed_out_at_once_and_the_other_is_not(world: World) -> None:
    """Attacks A36 and A38."""
    gate = Gate(world.core)
    lost, kept = joined(world, gate), gate.login(LoginRequest(PROTOCOL, "ines", PASSWORD, "second"), "host")
    listed = command(world.data, "device", "list", "ines")["devices"]
    assert {one["name"] for one in listed} == {"laptop of ines", "second"}
    assert {one["seen"] for one in listed} == {world.now}
    said = command(world.data, "device", "remove", str(UUID(bytes=lost.device)))
    assert said == {"removed": lost.device.hex(), "login": "ines"}
    with pytest.raises(LoginExpired):
        gate.caller(lost.token)
    assert gate.caller(kept.token).device == kept.device
    with pytest.raises(CommandFailed, match="No laptop that is signed in has the id"):
        command(world.data, "device", "remove", lost.device.hex())


def test_who_is_no_longer_an_author_reads_the_drafts_no_more(world: World) -> None:
    paul, drafts = world.laptop("paul"), world.space(SpaceType.AUTHORING)
    paul.pull()
    assert drafts in paul.rows
    command(world.data, "author", COURSE.hex(), "paul", "--end")
    paul.pull()
    assert drafts not in paul.rows


def test_a_cohort_that_is_closed_ends_now_and_is_read_on(world: World) -> None:
    ines = world.laptop("ines")
    world.now += 1_000
    world.administration.close_cohort(world.cohort)
    ines.pull()
    listed = command(world.data, "cohort", "list")["cohorts"]
    assert [(one["ends"], one["learners"], one["trainers"]) for one in listed] == [(world.now, 2, 1)]
    here = world.space(SpaceType.COHORT)
    assert here in ines.rows
    assert ines.push(here, ines.post("écrit hors ligne")).runs[0].seq > 0, "work done before still arrives"


def test_a_cohort_is_named_by_its_title_where_only_one_has_it_and_by_its_id_always(server: RunningServer) -> None:
    sample = sample_cohort(server)
    titled = "Promotion de novembre"
    server.add_person("Neu", "neu@example.org")
    server.cli("enrol", titled, "neu@example.org", "--as", "learner")
    server.cli("unenrol", titled, "neu@example.org")
    server.cli("receipt-only", titled, "on")
    assert server.cli("receipt-only", titled, "off")["cohort"] == sample.id.hex()
    assert len(server.cli("person", "list", "--cohort", titled)["people"]) == 3
    assert server.cli("cohort", "close", titled)["closed"] == sample.id.hex()
    second = server.add_cohort(titled)
    twice: tuple[tuple[str, ...], ...] = (
        ("cohort", "close", titled),
        ("enrol", titled, "neu@example.org", "--as", "learner"),
        ("receipt-only", titled, "on"),
        ("person", "list", "--cohort", titled),
    )
    for words in twice:
        with pytest.raises(CommandFailed, match=f"Several cohorts are called {titled}: give the id"):
            server.cli(*words)
    with pytest.raises(CommandFailed, match="No such cohort: Mars"):
        server.cli("enrol", "Mars", "neu@example.org", "--as", "learner")
    server.enrol(second, "neu@example.org", "learner")


def test_a_quota_is_shown_set_and_forgotten(server: RunningServer) -> None:
    sample = sample_cohort(server)
    with pytest.raises(CommandFailed, match="Say what to set"):
        server.cli("quota", "set", sample.ines)
    with pytest.raises(CommandFailed, match="below 0"):
        server.cli("quota", "set", sample.ines, "--entries-a-day", "-5")
    assert server.cli("quota", "show", sample.ines)["own"] is None
    server.cli("quota", "set", sample.ines, "--records-mib", "10", "--files-mib", "0")
    assert server.cli("quota", "show", sample.ines)["own"] == {"bytes": 10 * 1024**2, "files": 0}
    server.cli("quota", "set", sample.ines, "--as-everybody")
    assert server.cli("quota", "show", sample.ines)["own"] is None


def test_incidents_are_listed_the_newest_first(server: RunningServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert server.cli("incidents")["incidents"] == []
    backup = server.data.parent / "one.db"
    server.cli("backup", str(backup))
    server.cli("restore", str(backup))
    assert [one["what"] for one in server.cli("incidents")["incidents"]] == ["restored"]
    assert main(["incidents", "--data", str(server.data)]) == 0
    assert "by command" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--help"], ["person", "--help"], ["quota", "set", "--help"], ["serve", "--help"]])
def test_every_help_fits_the_terminal(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("erase", "ines"), "Nothing was done. To erase ines give --confirm ERASE."),
        (("cohort", "close", "Automne"), "No such cohort: Automne. See `cohort list`."),
        (("device", "remove", "portable"), "portable is no id"),
        (("cohort", "add", "x", "--course", str(UUID(int=1)), "--starts", "30/11/2026", "--weeks", "1"), "is no day"),
        (("serve", "--port", "70000"), "70000 is no port"),
        (("serve", "--host", "192.0.2.1", "--port", "1"), "Nothing is served: 192.0.2.1, port 1: "),
    ],
)
def test_what_was_typed_wrong_is_said_in_a_sentence(
    server: RunningServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    """Never as a trace of the program; nobody sits at the keyboard here to be asked."""
    monkeypatch.setattr("sys.stdin", StringIO(""))
    try:
        code: object = main([*words, "--data", str(server.data)])
    except SystemExit as ended:  # as argparse says that it did not understand
        code = ended.code
    assert code in {1, 2}
    assert said in " ".join(capsys.readouterr().err.split())
