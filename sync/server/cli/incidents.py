"""What happened that IT should know."""

import argparse

from sync.server.accounts import overview
from sync.server.cli.desk import Commands, Output, Subject, core_of
from sync.server.cli.telling import moment, table

_DAY_MS = 86_400_000


def _list(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        found = overview.incidents(connection, core.now() - asked.days * _DAY_MS)
    rows = [(moment(line.at), line.what, str(line.records or ""), line.detail) for line in found]
    none = f"Nothing in the last {asked.days} days."
    out.say(table(("when", "what", "records", "detail"), rows, none), incidents=[line._asdict() for line in found])


def _register(commands: Commands) -> None:
    listing = commands.command("incidents", _list, "list what happened: restores, damage, stolen tokens, mail given up")
    listing.add_argument("--days", type=int, default=30, help="of how many days (30)")


SUBJECT = Subject("Incidents", _register, {})
