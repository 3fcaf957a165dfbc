"""People: one by one or from a list, invitations, what they may write, signing out."""

import argparse
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from sync.domain.cohorts import Part
from sync.domain.ids import CourseId
from sync.server.accounts import importing, overview, people_file
from sync.server.accounts.importing import CodeSheet, Invited, What
from sync.server.accounts.people import BadName, LoginTaken, Person, UnknownLogin
from sync.server.accounts.people import get as person_of
from sync.server.accounts.people_file import Unreadable
from sync.server.cli.desk import Commands, Output, Subject, administration_of, cohort_named, core_of, identifier
from sync.server.cli.mail import NotSetUp
from sync.server.cli.telling import moment, table
from sync.server.core import Core
from sync.server.mailing import occasions, settings


class NoAddress(ValueError):
    """A login to which no e-mail can be sent."""


def _add(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        made = administration.add_person(asked.name, asked.login)
    out.say(f"{made.name} added.", person=made.id.hex(), login=made.login)


def _list(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        cohort = cohort_named(core, asked.cohort) if asked.cohort else b""
        found = overview.people(connection, asked.word, cohort)
    lines = [(line.login, line.name, _state(line), str(line.devices), moment(line.seen)) for line in found]
    heads = ("login", "name", "state", "laptops", "last contact")
    out.say(table(heads, lines, "Nobody."), people=[line._asdict() for line in found])


def _state(line: overview.PersonLine) -> str:
    if line.blocked:
        return "blocked"
    return "joined" if line.joined else "invited"


def _show(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        who = person_of(connection, asked.login)
        places, devices = overview.places(connection, who), overview.devices(connection, who)
        courses, invited = overview.courses(connection, who), overview.invited_until(connection, who, core.now())
    state = "blocked" if who.blocked else "has joined" if who.password else "has not joined yet"
    lines = [f"{who.name} ({who.login}): {state}."]
    if invited:
        lines.append(f"An invitation is good until {moment(invited)}.")
    for place in places:
        was = ", ended" if place.ended else ""
        lines.append(f"{Part(place.part).name.lower()} of {place.title}{was} ({UUID(bytes=place.cohort)})")
    lines += [f"author of the course {UUID(bytes=course)}" for course in courses]
    lines += [f"laptop {UUID(bytes=each.id)} {each.name}, last contact {moment(each.seen)}" for each in devices]
    out.say(
        "\n".join(lines),
        person=who.id.hex(),
        login=who.login,
        name=who.name,
        joined=who.password is not None,
        blocked=who.blocked,
        invited_until=invited,
        places=[
            {"cohort": each.cohort.hex(), "title": each.title, "as": Part(each.part).name.lower(), "ended": each.ended}
            for each in places
        ],
        author_of=[course.hex() for course in courses],
        devices=[{"device": each.id.hex(), "name": each.name, "seen": each.seen} for each in devices],
    )


def _rename(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.rename(asked.login, asked.name)
    out.say(
        f"{asked.login} is called {asked.name} now. Certificates that were given keep the old name.", name=asked.name
    )


def _change_login(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        made = administration.change_login(asked.login, asked.new)
    out.say(f"{made.name} signs in as {made.login} from now on; laptops stay signed in.", login=made.login)


def _block(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.block(asked.login)
    out.say(f"{asked.login} is signed out everywhere and cannot sign in. Nothing was erased.", blocked=asked.login)


def _unblock(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.unblock(asked.login)
    out.say(f"{asked.login} may sign in again, with the same password.", unblocked=asked.login)


def _import(asked: argparse.Namespace, out: Output) -> bool:
    """False when a row was refused."""
    rows, mail = people_file.read(asked.file), _mail(asked)
    with core_of(asked) as core:
        if asked.dry_run:
            sheet, report = None, importing.try_out(core, rows, asked.cohort)
        else:
            sheet = CodeSheet(asked.codes or asked.file.with_suffix(".codes.csv"))
            report = importing.bring_in(core, rows, asked.cohort, sheet, _sender(core) if mail else None)
    counts = {each.value: sum(row.what is each for row in report) for each in What}
    lines = [f"line {row.line}: {row.what.value}: {': '.join(filter(None, (row.login, row.reason)))}" for row in report]
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


def _sender(core: Core) -> Invited:
    """Sends codes to those whose login is an address."""

    def send(connection: Connection, who: Person, code: str) -> None:
        if "@" in who.login:
            occasions.invited(core, connection, who.no, code)

    return send


def _mail(asked: argparse.Namespace) -> bool:
    """Whether invitations are to be sent. NotSetUp when they cannot be."""
    if asked.mail and settings.read(asked.data) is None:
        raise NotSetUp
    return bool(asked.mail)


def _author(asked: argparse.Namespace, out: Output) -> None:
    may = "may no longer" if asked.end else "may"
    with administration_of(asked) as administration:
        change = administration.end_author if asked.end else administration.make_author
        change(CourseId(asked.course), asked.login)
    out.say(f"{asked.login} {may} write the course {UUID(bytes=asked.course)}.", author=asked.login, may=not asked.end)


def _invite(asked: argparse.Namespace, out: Output) -> None:
    mail = _mail(asked)
    if mail and "@" not in asked.login:
        raise NoAddress(asked.login)
    with administration_of(asked) as administration:
        code = administration.invite(asked.login, mail=mail)
    sent = ". It is sent to them as well." if mail else ""
    out.say(f"Invitation for {asked.login}, good once and for 14 days: {code}{sent}", code=code, mail=mail)


def _sign_out(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.sign_out(asked.login)
    out.say(f"Every laptop of {asked.login} is signed out.", signed_out=asked.login)


def _register(commands: Commands) -> None:
    person = commands.group("person", "add, list, show, rename, login, block, unblock a person")
    adding = person.command("add", _add, "add a person")
    adding.add_argument("name")
    adding.add_argument("login", help="an e-mail or a name that IT gives")
    listing = person.command("list", _list, "list people, with their laptops and last contact")
    listing.add_argument("word", nargs="?", default="", help="only names and logins that have this in them")
    listing.add_argument("--cohort", help="only those who are in this cohort now")
    person.command("show", _show, "show one person: places, laptops, invitation").add_argument("login")
    renaming = person.command("rename", _rename, "give a person another name")
    renaming.add_argument("login")
    renaming.add_argument("name")
    changing = person.command("login", _change_login, "give a person another login or e-mail")
    changing.add_argument("login")
    changing.add_argument("new", help="what they sign in with from now on")
    keeps_out = "Every laptop is signed out at once; what the person did stays. `person unblock` lets them in again."
    person.command("block", _block, "keep a person out", keeps_out).add_argument("login")
    person.command("unblock", _unblock, "let a person in again").add_argument("login")
    _register_import(commands)
    invite = commands.command("invite", _invite, "make an invitation code")
    invite.add_argument("login")
    invite.add_argument("--mail", action="store_true", help="send it by e-mail, too: see `mail set-up`")
    author = commands.command("author", _author, "let somebody write a course, or no longer")
    author.add_argument("course", type=identifier, help="its id, at the head of its course.md")
    author.add_argument("login")
    author.add_argument("--end", action="store_true", help="no longer; what they wrote stays")
    commands.command("sign-out", _sign_out, "end all logins of somebody whose laptop is lost").add_argument("login")


def _register_import(commands: Commands) -> None:
    bringing = commands.command("import", _import, "bring in people, their places and invitations from a CSV")
    bringing.add_argument("file", type=Path, help="columns: e-mail or login, name, role, cohort (id or title)")
    bringing.add_argument("--cohort", default="", help="the id or title of the cohort of rows that name none")
    bringing.add_argument("--codes", type=Path, help="where to write the invitation codes (PEOPLE.codes.csv)")
    bringing.add_argument("--mail", action="store_true", help="send the codes by e-mail, too: see `mail set-up`")
    bringing.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")


SUBJECT = Subject(
    "People",
    _register,
    {
        UnknownLogin: "Nobody has the login {}.",
        NoAddress: "The login {} is no e-mail address: leave --mail out and give the person their code.",
        LoginTaken: "Somebody has the login {} already.",
        BadName: "A name and a login have 1 to 200 characters: {}",
        Unreadable: "Nothing was done. The list of people cannot be read: {}.",
    },
)
