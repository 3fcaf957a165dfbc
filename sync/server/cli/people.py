"""People: one by one or from a list, invitations, what they may write, signing out."""

import argparse
from pathlib import Path
from uuid import UUID

from sync.domain.ids import CourseId
from sync.server.accounts import importing, people_file
from sync.server.accounts.importing import CodeSheet, What
from sync.server.accounts.people import BadName, LoginTaken, UnknownLogin
from sync.server.accounts.people_file import Unreadable
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of, identifier


def _add(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        made = administration.add_person(asked.name, asked.login)
    out.say(f"{made.name} added.", person=made.id.hex(), login=made.login)


def _import(asked: argparse.Namespace, out: Output) -> bool:
    """False when a row was refused."""
    rows = people_file.read(asked.file)
    with core_of(asked) as core:
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


def _author(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.make_author(CourseId(asked.course), asked.login)
    out.say(f"{asked.login} may write the course {UUID(bytes=asked.course)}.", author=asked.login)


def _invite(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        code = administration.invite(asked.login)
    out.say(f"Invitation for {asked.login}, good once and for 14 days: {code}", code=code)


def _sign_out(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.sign_out(asked.login)
    out.say(f"Every laptop of {asked.login} is signed out.", signed_out=asked.login)


def _register(commands: Commands) -> None:
    person = commands.group("person", "add people")
    adding = person.command("add", _add, "add a person")
    adding.add_argument("name")
    adding.add_argument("login", help="an e-mail or a name that IT gives")
    bringing = commands.command("import", _import, "bring in people, their places and invitations from a CSV")
    bringing.add_argument("file", type=Path, help="columns: e-mail or login, name, role, cohort (id or title)")
    bringing.add_argument("--cohort", default="", help="the id or title of the cohort of rows that name none")
    bringing.add_argument("--codes", type=Path, help="where to write the invitation codes (PEOPLE.codes.csv)")
    bringing.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    commands.command("invite", _invite, "make an invitation code").add_argument("login")
    author = commands.command("author", _author, "let somebody write a course")
    author.add_argument("course", type=identifier)
    author.add_argument("login")
    commands.command("sign-out", _sign_out, "end all logins of somebody whose laptop is lost").add_argument("login")


SUBJECT = Subject(
    "People",
    _register,
    {
        UnknownLogin: "Nobody has the login {}.",
        LoginTaken: "Somebody has the login {} already.",
        BadName: "A name and a login have 1 to 200 characters: {}",
        Unreadable: "Nothing was done. The list of people cannot be read: {}.",
    },
)
