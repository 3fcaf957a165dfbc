"""Keeping what people did: backup, restore, check."""

import argparse
from contextlib import closing
from pathlib import Path

from sync.server import administration
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of, settings_of
from sync.server.core import open_database
from sync.server.storage import backups
from sync.server.storage.database import Unsound
from sync.server.storage.depot import depot_beside
from sync.server.sync import compaction


def _backup(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as desk:
        number = desk.back_up(asked.file)
    out.say(f"Backup {number} written to {asked.file} and verified; its files lie in the folder beside.", number=number)


def _restore(asked: argparse.Namespace, out: Output) -> None:
    rows = administration.restore(asked.data, asked.file, asked.database)
    out.say(f"{rows} rows restored. Laptops will offer what the backup does not have.", rows=rows)


def _check(asked: argparse.Namespace, out: Output) -> None:
    if asked.file is not None:
        covered = backups.verify(asked.file)
    else:
        with closing(open_database(asked.data)) as database:
            covered = backups.verify_database(database, depot_beside(settings_of(asked).database))
    counts = {"spaces": len(covered.heads), "rows": covered.rows, "files": covered.files}
    out.say(f"Sound: {counts['spaces']} spaces, {counts['rows']} rows, {counts['files']} files.", **counts)


def _compact(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core:
        done = compaction.compact(core)
    out.say(f"{done.tombstones} tombstones dropped in {done.spaces} spaces.", **done._asdict())


def _register(commands: Commands) -> None:
    commands.command("backup", _backup, "write and verify a backup").add_argument("file", type=Path)
    restoring = commands.command("restore", _restore, "put a backup in place; the server must be stopped")
    restoring.add_argument("file", type=Path)
    restoring.add_argument(
        "--database", help="put it there, and serve from there from now on: postgresql://…, or sqlite"
    )
    checking = commands.command("check", _check, "verify the server's database and files, or a backup's")
    checking.add_argument("file", type=Path, nargs="?")
    commands.command("compact", _compact, "drop what records left that are gone for 400 days; a server does it daily")


SUBJECT = Subject(
    "Keeping",
    _register,
    {Unsound: "Not sound, it does not count as a backup: {}"},
)
