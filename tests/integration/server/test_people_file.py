"""IT brings people in by a CSV: each row done whole or not at all, with a report; hostile files stop nothing."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.server.accounts import people_file
from sync.server.accounts.people_file import Bad, Role, Unreadable, Wanted
from sync.server.cli import main
from tests.integration.server.wire import PASSWORD
from tests.server_fixture import COURSE, CommandFailed, RunningServer, new_server, running_server

HEAD = "e-mail;nom;rôle;session\n"


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    made = new_server(tmp_path)
    made.add_cohort("Novembre")
    return made


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def codes_in(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))


def bring_in(
    server: RunningServer, path: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, dict[str, Any]]:
    code = main(["import", str(path), "--data", str(server.data), "--json", *options])
    out, _ = capsys.readouterr()
    return code, json.loads(out)


def test_people_come_in_with_their_places_and_their_codes_let_them_join(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + "ines@example.org;Inès B;apprenante;Novembre\nsophie@example.org;Sophie;Formatrice;Novembre\n"
    text += "paul;Paul;auteur;Novembre\n"
    code, said = bring_in(server, written(tmp_path, text), capsys)
    assert (code, said["counts"]) == (0, {"created": 3, "added": 0, "already there": 0, "refused": 0})
    codes = codes_in(Path(said["codes"]))
    assert [row["login"] for row in codes] == ["ines@example.org", "sophie@example.org", "paul"]
    assert len({row["code"] for row in codes}) == 3
    assert stat.S_IMODE(Path(said["codes"]).stat().st_mode) == 0o600


def test_the_same_file_again_changes_nothing_and_makes_no_code(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEAD + "ines@example.org;Inès;apprenant;Novembre\n")
    bring_in(server, path, capsys)
    Path(path.with_suffix(".codes.csv")).unlink()
    code, said = bring_in(server, path, capsys)
    assert (code, said["counts"]["already there"], said["codes"]) == (0, 1, "")
    assert not path.with_suffix(".codes.csv").exists()


def test_codes_of_before_are_not_overwritten_and_then_nothing_is_done(server: RunningServer, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "ines@example.org;Inès;apprenant;Novembre\n")
    path.with_suffix(".codes.csv").write_text("mine")
    with pytest.raises(CommandFailed, match="was not overwritten"):
        server.cli("import", str(path))
    with pytest.raises(CommandFailed, match="Nobody has the login"):
        server.invite("ines@example.org")


def test_a_refused_row_is_named_with_its_line_and_leaves_nothing_and_the_others_are_done(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.add_cohort("Double")
    server.add_cohort("Double")
    rows = [
        "a@example.org;A;learner;Novembre",
        "b@example.org;B;chef;Novembre",
        "c@example.org;;learner;Novembre",
        ";D;learner;Novembre",
        "e@example.org;E;learner;Mars",
        "f@example.org;F;learner;Double",
        "g@example.org;G;learner;",
        "a@example.org;A;trainer;Novembre",
        "h h;H;learner;Novembre",
        f"{'ß' * 150};I;learner;Novembre",
        "z@example.org;Z;learner;Novembre",
    ]
    code, said = bring_in(server, written(tmp_path, HEAD + "\n".join(rows)), capsys)
    assert code == 1
    assert [(row["line"], row["what"]) for row in said["rows"] if row["what"] != "refused"] == [
        (2, "created"),
        (12, "created"),
    ]
    reasons = {row["line"]: row["reason"] for row in said["rows"] if row["what"] == "refused"}
    assert list(reasons) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(reasons.values())
    assert "no such cohort" in reasons[6]
    assert "give the id" in reasons[7]
    assert "other part" in reasons[9]
    for login in ("b", "c", "e", "f", "g"):
        with pytest.raises(CommandFailed, match="Nobody has the login"):
            server.invite(f"{login}@example.org")


def test_a_person_who_is_known_gets_the_new_place_and_no_second_code(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.add_person("Inès", "ines@example.org")
    server.add_cohort("Mars")
    text = HEAD + "INES@example.org;Autre nom;learner;Novembre\nines@example.org;Inès;learner;Mars\n"
    code, said = bring_in(server, written(tmp_path, text), capsys)
    assert (code, said["counts"]["added"], said["codes"]) == (0, 2, "")


def test_a_dry_run_says_the_same_and_does_nothing(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEAD + "ines@example.org;Inès;learner;Novembre\nx;X;chef;Novembre\n")
    tried = bring_in(server, path, capsys, "--dry-run")
    assert (tried[0], tried[1]["codes"], tried[1]["counts"]["created"]) == (1, "", 1)
    done = bring_in(server, path, capsys)
    assert done[1]["rows"] == tried[1]["rows"]


def test_rows_that_name_no_cohort_take_the_one_of_the_command(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "login,name,role\nines,Inès,learner\n")
    assert bring_in(server, path, capsys, "--dry-run")[0] == 1
    assert bring_in(server, path, capsys, "--cohort", "Novembre")[0] == 0


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_usual_forms_of_a_csv_are_read_alike(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    lines = ["Prénom|NOM|Adresse e-mail|Rôle|Session|Service", "Inès|Bé|i@example.org|Apprenante|Nov|RH", "||||||", ""]
    path = written(tmp_path, end.join(lines).replace("|", separator), encoding)
    assert people_file.read(path) == [Wanted(2, "i@example.org", "Inès Bé", Role.LEARNER, "Nov")]


def test_a_quoted_cell_keeps_its_separator_and_a_name_over_two_lines_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, 'login;name;role\na;"B; C";trainer\nd;"E\nF";trainer\n')
    assert people_file.read(path) == [
        Wanted(2, "a", "B; C", Role.TRAINER, ""),
        Bad(4, "d", "a name has up to 200 letters, on one line"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "does not name the column"),
        (b"a;b;c\n1;2;3\n", "does not name the column"),
        (b"login;name;role\n", "no row"),
        (b"login;nom;role;mail\na;b;learner;c\n", "say the same"),
        ("login;name;role\nInès;I;learner\n".encode("cp1252"), "not UTF-8"),
        ("login;name;role\na;b;learner\n".encode("utf-16"), "not UTF-8"),
        (b'login;name;role\na;"b;learner\n', "line 2"),
        (b'login;name;role\na;"b"x;learner\n', "line 2"),
        (b"login;name;role\n" + b"a" * 200_000 + b";b;learner\n", "field larger"),
        (b"login;name;role\n" + b"a;b;learner\n" * 100_001, "more than 100000 rows"),
        (b"login;name;role\n" + b";" * (33 * 1024 * 1024), "larger than 32 MiB"),
    ],
    ids=["empty", "foreign", "bare", "twice", "cp1252", "utf16", "open", "quote", "field", "rows", "bytes"],
)
def test_a_file_that_is_no_list_of_people_is_refused_whole_with_a_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        people_file.read(path)


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e", "\u200b"])
def test_signs_that_nobody_sees_are_in_no_login_and_no_name(tmp_path: Path, sign: str) -> None:
    path = written(tmp_path, f"login;name;role\na{sign}b;C;learner\nd;E{sign}F;learner\n")
    first, second = people_file.read(path)
    assert isinstance(first, Bad)
    assert isinstance(second, Bad)
    assert sign not in first.login


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(
    server: RunningServer, tmp_path: Path, cell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Attack A20."""
    path = written(tmp_path, HEAD + f"{cell};{cell};learner;Novembre\n")
    _, said = bring_in(server, path, capsys)
    (row,) = codes_in(Path(said["codes"]))
    assert (row["login"], row["name"]) == (f"'{cell.casefold()}", f"'{cell}")


def test_what_is_printed_holds_no_code(
    server: RunningServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, HEAD + "ines@example.org;Inès;learner;Novembre\nx;X;chef;Novembre\n")
    assert main(["import", str(path), "--data", str(server.data)]) == 1
    out, err = capsys.readouterr()
    (row,) = codes_in(path.with_suffix(".codes.csv"))
    assert row["code"] not in out + err
    assert "line 2: created: ines@example.org" in out
    assert "line 3: refused: x: the role is none of" in out


def test_people_who_come_in_while_the_server_runs_join_at_once(tmp_path: Path) -> None:
    with running_server(tmp_path) as running:
        running.cli("cohort", "add", "Mai", "--course", COURSE.hex(), "--starts", "2026-05-04", "--ends", "2026-07-01")
        path = written(tmp_path, HEAD + "ines@example.org;Inès;apprenante;Mai\n")
        code = codes_in(Path(running.cli("import", str(path))["codes"]))[0]["code"]
        connection = HttpConnection(running.address)
        try:
            assert HttpServer(connection).join(code, PASSWORD, "portable").name == "Inès"
        finally:
            connection.close()


def test_a_cohort_ends_after_it_begins(server: RunningServer) -> None:
    with pytest.raises(CommandFailed, match="ends after it begins"):
        server.cli("cohort", "add", "X", "--course", COURSE.hex(), "--starts", "2026-05-04", "--ends", "2026-05-04")
