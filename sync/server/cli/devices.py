"""The laptops that are signed in."""

import argparse
from uuid import UUID

from sync.server.accounts import overview
from sync.server.accounts.people import get as person_of
from sync.server.administration import UnknownDevice
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of, identifier
from sync.server.cli.telling import moment, table


def _list(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        who = person_of(connection, asked.login) if asked.login else None
        found = overview.devices(connection, who)
    rows = [(str(UUID(bytes=line.id)), moment(line.seen), line.login, line.name) for line in found]
    told = [line._asdict() | {"id": line.id.hex()} for line in found]
    out.say(table(("laptop", "last contact", "login", "name"), rows, "No laptop is signed in."), devices=told)


def _remove(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        gone = administration.remove_device(asked.device)
    out.say(
        f"{gone.name} of {gone.login} is signed out. What it has not sent yet stays on it, encrypted, until its "
        "person signs in there again.",
        removed=gone.id.hex(),
        login=gone.login,
    )


def _register(commands: Commands) -> None:
    device = commands.group("device", "list the laptops that are signed in, remove one")
    seen = "The last contact is known to the hour: it is written down when a laptop renews its login."
    device.command("list", _list, "list laptops, of one person or of all", seen).add_argument("login", nargs="?")
    lost = "It is signed out at once, whatever it is doing. `sign-out LOGIN` does it for all laptops of a person."
    device.command("remove", _remove, "sign a laptop out", lost).add_argument(
        "device", type=identifier, help="its id: see `device list`"
    )


SUBJECT = Subject(
    "Laptops", _register, {UnknownDevice: "No laptop that is signed in has the id {}. See `device list`."}
)
