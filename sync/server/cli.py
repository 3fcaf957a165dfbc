"""IT's command line: `python -m sync.server COMMAND`. With `--json` each prints one line of JSON for scripts."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sync.domain.cohorts import WEEK_MS, Part
from sync.domain.ids import CohortId, CourseId
from sync.reports.codes import fingerprint
from sync.server import administration
from sync.server.accounts import importing, people_file
from sync.server.accounts.enrolling import BothParts, UnknownCohort
from sync.server.accounts.importing import CodeSheet, What
from sync.server.accounts.people import BadName, LoginTaken, UnknownLogin
from sync.server.accounts.people_file import Unreadable
from sync.server.administration import Administration
from sync.server.core import WrongSecrets, opened
from sync.server.issuing.keys import WrongKey, issuer
from sync.server.lock import AlreadyServing
from sync.server.serving import Address, serve
from sync.server.settings import RECOVERY, AlreadyInitialised, NotInitialised, Settings, TooOpen, read_secrets
from sync.server.storage import backups
from sync.server.storage.backups import Unsound
from sync.server.storage.migrate import TooNew


class BadSpan(ValueError):
    """A cohort that would end before it begins."""


_PARTS = {"learner": Part.LEARNER, "trainer": Part.TRAINER}

_TROUBLES: dict[type[Exception], str] = {
    NotInitialised: "No server here: {}. Run `init` first.",
    AlreadyInitialised: "There is a server here already: {}. Nothing was changed.",
    TooOpen: "Other accounts of this computer can read the server's secrets. Nothing was started. Do: {}",
    TooNew: "The database was written by a newer program (revision {}): update the program. The file was not touched.",
    WrongKey: "The file of the issuer's key holds no such key: {}. Put IT's copy of it back.",
    WrongSecrets: "The database in {} belongs to another server than the secrets beside it.",
    AlreadyServing: "A server runs on this folder already: {}.",
    UnknownLogin: "Nobody has the login {}.",
    LoginTaken: "Somebody has the login {} already.",
    BadName: "A name and a login have 1 to 200 characters: {}",
    UnknownCohort: "No such cohort: {}.",
    BothParts: "{} is in this cohort already, in the other part.",
    Unsound: "Not sound, it does not count as a backup: {}",
    Unreadable: "Nothing was done. The list of people cannot be read: {}.",
    FileNotFoundError: "There is no such file: {}",
    PermissionError: "This account may not read or write it: {}",
    BadSpan: "A cohort ends after it begins: say --weeks, or --ends with a later day than --starts. Nothing was done.",
    FileExistsError: "There is a file of that name already, it was not overwritten: {}",
}


class _Output:
    """Prints results: one sentence, or one line of JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def say(self, sentence: str, **facts: Any) -> None:
        print(json.dumps(facts) if self._as_json else sentence, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 1 when not, or not for all: then with a sentence that says what."""
    asked = _parser().parse_args(arguments)
    try:
        done: bool | None = asked.command(asked, _Output(as_json=asked.json))
    except tuple(_TROUBLES) as error:
        print(_TROUBLES[type(error)].format(error), file=sys.stderr)
        return 1
    return 1 if done is False else 0


def _init(asked: argparse.Namespace, out: _Output) -> None:
    server = administration.initialise(asked.data, asked.organisation)
    key = asked.data / RECOVERY
    out.say(
        f"Server made in {asked.data}. Move {key} to a safe place away from this computer: with it the organisation "
        "opens a laptop's data whose password is lost.",
        server=server.hex(),
        recovery_key=str(key),
    )


def _serve(asked: argparse.Namespace, out: _Output) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("sync.server").setLevel(logging.INFO)
    settings = Settings(asked.data, access_ms=asked.token_seconds * 1000, quota=asked.quota_mib * 1024**2)
    address = Address(asked.host, asked.port, asked.certificate, asked.key, asked.proxy)
    serve(settings, address, asked.request_log, lambda url: out.say(f"Serving on {url}", url=url))


def _person_add(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        made = Administration(core).add_person(asked.name, asked.login)
    out.say(f"{made.name} added.", person=made.id.hex(), login=made.login)


def _cohort_add(asked: argparse.Namespace, out: _Output) -> None:
    starts = int(asked.starts.timestamp() * 1000)
    ends = starts + asked.weeks * WEEK_MS if asked.ends is None else int(asked.ends.timestamp() * 1000)
    if ends <= starts:
        raise BadSpan
    with opened(Settings(asked.data)) as core:
        made = Administration(core).add_cohort(asked.title, CourseId(asked.course), starts, ends)
    out.say(f"Cohort {asked.title}: {UUID(bytes=made)}", cohort=made.hex())


def _import(asked: argparse.Namespace, out: _Output) -> bool:
    """False when a row was refused."""
    rows = people_file.read(asked.file)
    with opened(Settings(asked.data)) as core:
        if asked.dry_run:
            sheet, report = None, importing.try_out(core, rows, asked.cohort)
        else:
            sheet = CodeSheet(asked.codes or asked.file.with_suffix(".codes.csv"))
            report = importing.bring_in(core, rows, asked.cohort, sheet.add)
    counts = {each.value: sum(row.what is each for row in report) for each in What}
    lines = [f"line {row.line}: {row.what.value}: {row.login} {row.reason}".rstrip() for row in report]
    lines.append(", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
    if sheet is None:
        lines.append("This was a dry run: nothing was done.")
    elif sheet.codes:
        lines.append(
            f"{sheet.codes} invitation codes, good once: {sheet.path}. Give each person theirs, then erase it."
        )
    told = [{"line": row.line, "login": row.login, "what": row.what.value, "reason": row.reason} for row in report]
    codes = str(sheet.path) if sheet is not None and sheet.codes else ""
    out.say("\n".join(lines), rows=told, counts=counts, codes=codes, dry_run=asked.dry_run)
    return not counts[What.REFUSED.value]


def _enrol(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        Administration(core).enrol(CohortId(asked.cohort), asked.login, _PARTS[asked.part])
    out.say(f"{asked.login} enrolled as {asked.part}.", enrolled=asked.login)


def _unenrol(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        Administration(core).unenrol(CohortId(asked.cohort), asked.login)
    out.say(f"{asked.login} is no longer enrolled.", unenrolled=asked.login)


def _author(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        Administration(core).make_author(CourseId(asked.course), asked.login)
    out.say(f"{asked.login} may write the course {UUID(bytes=asked.course)}.", author=asked.login)


def _invite(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        code = Administration(core).invite(asked.login)
    out.say(f"Invitation for {asked.login}, good once and for 14 days: {code}", code=code)


def _sign_out(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        Administration(core).sign_out(asked.login)
    out.say(f"Every laptop of {asked.login} is signed out.", signed_out=asked.login)


def _backup(asked: argparse.Namespace, out: _Output) -> None:
    with opened(Settings(asked.data)) as core:
        number = Administration(core).back_up(asked.file)
    out.say(f"Backup {number} written to {asked.file} and verified; its files lie in the folder beside.", number=number)


def _restore(asked: argparse.Namespace, out: _Output) -> None:
    rows = administration.restore(asked.data, asked.file)
    out.say(f"{rows} rows restored. Laptops will offer what the backup does not have.", rows=rows)


def _check(asked: argparse.Namespace, out: _Output) -> None:
    covered = backups.verify(asked.file or Settings(asked.data).database)
    counts = {"spaces": len(covered.heads), "rows": covered.rows, "files": covered.files}
    out.say(f"Sound: {counts['spaces']} spaces, {counts['rows']} rows, {counts['files']} files.", **counts)


def _issuer(asked: argparse.Namespace, out: _Output) -> None:
    read_secrets(asked.data)
    key = issuer(asked.data).public_key()
    public, named = key.public_bytes_raw().hex(), fingerprint(key).hex()
    out.say(
        f"Public key {public} (fingerprint {named}). Anybody verifies certificates with it: spoc verify FILE --key KEY",
        key=public,
        fingerprint=named,
    )


def _uuid(text: str) -> bytes:
    return UUID(text).bytes


def _instant(text: str) -> datetime:
    """A day or an instant; without an offset it is this computer's local time."""
    return datetime.fromisoformat(text).astimezone()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spoc-server", description="The central server of SPOC Desktop.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, _Output], bool | None], help_: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_, description=help_)
        made.add_argument("--data", type=Path, required=True, help="the server's folder")
        made.add_argument("--json", action="store_true", help="print one line of JSON")
        made.set_defaults(command=run)
        return made

    command("init", _init, "make a new server").add_argument("--organisation", required=True)
    _serve_options(command("serve", _serve, "answer laptops"))
    person = command("person", _person_add, "add a person")
    person.add_argument("what", choices=["add"])
    person.add_argument("name")
    person.add_argument("login", help="an e-mail or a name that IT gives")
    cohort = command("cohort", _cohort_add, "add a cohort")
    cohort.add_argument("what", choices=["add"])
    cohort.add_argument("title")
    cohort.add_argument("--course", type=_uuid, required=True)
    cohort.add_argument("--starts", type=_instant, required=True, help="2026-11-30, or with a time")
    span = cohort.add_mutually_exclusive_group(required=True)
    span.add_argument("--weeks", type=int, default=0)
    span.add_argument("--ends", type=_instant, help="the day or instant at which it ends")
    _import_options(command("import", _import, "bring in people, their places and invitations from a CSV"))
    enrol = command("enrol", _enrol, "give somebody a place in a cohort")
    enrol.add_argument("cohort", type=_uuid)
    enrol.add_argument("login")
    enrol.add_argument("--as", dest="part", choices=sorted(_PARTS), required=True)
    unenrol = command("unenrol", _unenrol, "end somebody's place in a cohort")
    unenrol.add_argument("cohort", type=_uuid)
    unenrol.add_argument("login")
    author = command("author", _author, "let somebody write a course")
    author.add_argument("course", type=_uuid)
    author.add_argument("login")
    command("invite", _invite, "make an invitation code").add_argument("login")
    command("issuer", _issuer, "print the public key with which certificates are verified")
    command("sign-out", _sign_out, "end all logins of somebody whose laptop is lost").add_argument("login")
    command("backup", _backup, "write and verify a backup, also while the server runs").add_argument("file", type=Path)
    command("restore", _restore, "put a backup in place; the server must be stopped").add_argument("file", type=Path)
    command("check", _check, "verify the database, or a backup").add_argument("file", type=Path, nargs="?")
    return parser


def _import_options(bringing: argparse.ArgumentParser) -> None:
    bringing.add_argument("file", type=Path, help="columns: e-mail or login, name, role, cohort (id or title)")
    bringing.add_argument("--cohort", default="", help="the id or title of the cohort of rows that name none")
    bringing.add_argument("--codes", type=Path, help="where to write the invitation codes (PEOPLE.codes.csv)")
    bringing.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")


def _serve_options(serving: argparse.ArgumentParser) -> None:
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=0, help="0 takes a free port and prints it")
    serving.add_argument("--certificate", type=Path, help="speak https with this certificate")
    serving.add_argument("--key", type=Path, help="the certificate's private key")
    serving.add_argument("--proxy", default="", help="the reverse proxy to believe about visitors' addresses")
    serving.add_argument("--quota-mib", type=int, default=10_240, help="MiB of files that one person may send in all")
    serving.add_argument("--request-log", type=Path, help="write a line of JSON a request, without personal data")
    serving.add_argument("--token-seconds", type=int, default=3600, help="how long an access token lasts")
