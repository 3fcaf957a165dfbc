"""Keeping what people did: backup, restore, check."""

import argparse
from contextlib import closing
from pathlib import Path

from sync.protocol.errors import Busy
from sync.server import administration
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of
from sync.server.core import open_database
from sync.server.files_setting import open_depot
from sync.server.storage import backups
from sync.server.storage.bucket import BadFilesAddress
from sync.server.storage.database import Unsound
from sync.server.sync import compaction

FILES_HELP = (
    "s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME, its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
    "(they are kept in server.files, for this account alone); or: folder"
)


def _backup(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as desk:
        number = desk.back_up(asked.file)
    out.say(f"Backup {number} written to {asked.file} and verified; its files lie in the folder beside.", number=number)


def _restore(asked: argparse.Namespace, out: Output) -> None:
    rows = administration.restore(asked.data, asked.file, asked.database)
    out.say(f"{rows} rows restored. Laptops will offer what the backup does not have.", rows=rows)


def _check(asked: argparse.Namespace, out: Output) -> None:
    files = open_depot(asked.data)
    if asked.file is not None:
        covered = backups.verify(asked.file, files if files.is_remote else None, deep=asked.deep)
    else:
        with closing(open_database(asked.data)) as database:
            covered = backups.verify_database(database, files, deep=asked.deep)
    counts = {"spaces": len(covered.heads), "rows": covered.rows, "files": covered.files}
    out.say(f"Sound: {counts['spaces']} spaces, {counts['rows']} rows, {counts['files']} files.", **counts)


def _files(asked: argparse.Namespace, out: Output) -> None:
    count = administration.move_files(asked.data, asked.to)
    out.say(f"{count} files are in {asked.to}, and are kept there from now on.", files=count, to=asked.to)


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
    checking.add_argument("--deep", action="store_true", help="read every file, also those in a store elsewhere")
    moving = commands.command("files", _files, "copy the files to another place and keep them there; server stopped")
    moving.add_argument("to", help=FILES_HELP)
    commands.command("compact", _compact, "drop what records left that are gone for 400 days; a server does it daily")


SUBJECT = Subject(
    "Keeping",
    _register,
    {
        Unsound: "Not sound, it does not count as a backup: {}",
        BadFilesAddress: "Nothing was changed: {}.",
        Busy: "The store of files does not answer as it should, nothing was changed: {}",
    },
)
