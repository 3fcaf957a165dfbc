"""Keeping what people did: backup, restore, check."""

import argparse
from contextlib import closing
from pathlib import Path

from sync.protocol.errors import Busy
from sync.server import administration
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of
from sync.server.core import open_database
from sync.server.files_setting import open_depot, try_out
from sync.server.issuing.keys import ISSUER
from sync.server.settings import SECRETS, NotInitialised, read_secrets
from sync.server.storage import backups, rotation
from sync.server.storage.backups import Covered
from sync.server.storage.bucket import BadFilesAddress
from sync.server.storage.database import Unsound
from sync.server.storage.depot import FILES
from sync.server.sync import compaction

FILES_HELP = (
    "s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME, its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
    "(they are kept in server.files, for this account alone); or: folder"
)


class NoFolder(ValueError):
    """Old backups are kept and dropped in a folder only."""


class NoSecrets(ValueError):
    """A backup is to be put where its server's secrets are not."""


class OtherServer(ValueError):
    """A backup is to be put where another server's secrets are."""


def _backup(asked: argparse.Namespace, out: Output) -> None:
    if asked.keep is not None and not asked.file.is_dir():
        raise NoFolder(str(asked.file))
    with administration_of(asked) as desk:
        target = rotation.next_in(asked.file, desk.core.now()) if asked.file.is_dir() else asked.file
        number = desk.back_up(target)
    gone = 0 if asked.keep is None else rotation.drop_old(asked.file, asked.keep)
    where = "where they were, named in it" if open_depot(asked.data).is_remote else f"in {target.parent / FILES}"
    dropped = f" Older ones removed: {gone}." if gone else ""
    out.say(
        f"Backup {number} written to {target} and verified; the files that people sent are {where}.{dropped}",
        number=number,
        file=str(target),
        removed=gone,
    )


def _restore(asked: argparse.Namespace, out: Output) -> None:
    if asked.check_only:
        covered = _verified(asked)
        out.say(
            f"Sound: {covered.rows} rows in {len(covered.heads)} spaces, {covered.files} files. Nothing was done; "
            "the same command without --check-only, with the server stopped, puts them in place.",
            rows=covered.rows,
            files=covered.files,
            restored=False,
        )
        return
    _is_ours(asked)
    rows = administration.restore(asked.data, asked.file, asked.database)
    with closing(open_database(asked.data)) as database:
        found = backups.verify_database(database, open_depot(asked.data))
    out.say(
        f"{rows} rows restored, {found.rows} read again and sound, {found.files} files. Laptops will offer what the "
        "backup does not have; what stood here before was set aside.",
        rows=rows,
        verified=found.rows,
        files=found.files,
        restored=True,
    )
    if not (asked.data / ISSUER).exists():
        out.warn(f"{ISSUER} is not in {asked.data}: put it there before you serve, or a new key signs from now on.")


def _is_ours(asked: argparse.Namespace) -> None:
    """A backup holds no secret: without those of its server laptops would not know it again. NoSecrets, OtherServer."""
    try:
        secrets = read_secrets(asked.data)
    except NotInitialised as error:
        raise NoSecrets(str(asked.data)) from error
    if backups.server_of(asked.file) != secrets.server:
        raise OtherServer(str(asked.data))


def _verified(asked: argparse.Namespace) -> Covered:
    """A backup that is sound. Unsound."""
    files = open_depot(asked.data)
    return backups.verify(asked.file, files if files.is_remote else None)


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
    try_out(open_depot(asked.data, asked.to))
    count = administration.move_files(asked.data, asked.to)
    out.say(f"{count} files are in {asked.to}, and are kept there from now on.", files=count, to=asked.to)


def _compact(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core:
        done = compaction.compact(core)
    said = f"Remains of {done.tombstones} deleted records dropped, in {done.spaces} spaces."
    out.say(said if done.tombstones else "Nothing was deleted long enough ago.", **done._asdict())


def _register(commands: Commands) -> None:
    kept = "Into a folder it is named by its moment; with --keep the oldest there go, once the new one is verified."
    backing = commands.command("backup", _backup, "write and verify a backup", kept)
    backing.add_argument("file", type=Path, help="a file that is not there yet, or a folder")
    backing.add_argument("--keep", type=int, metavar="N", help="keep the last N of the folder")
    restoring = commands.command("restore", _restore, "put a backup in place; the server must be stopped")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--check-only", action="store_true", help="only read the backup and say what it holds")
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
        NoFolder: "--keep needs a folder of backups, and {} is none. Nothing was done.",
        NoSecrets: f"Nothing was done: a backup holds no secrets, and its server's are not in {{}}. Put {SECRETS} and "
        f"{ISSUER} there first, from where you keep them (not `init`, which makes another server).",
        OtherServer: f"Nothing was done: {SECRETS} in {{}} belongs to another server than this backup.",
        Unsound: "Not sound, it does not count as a backup: {}",
        BadFilesAddress: "Nothing was changed: {}.",
        Busy: "The store of files does not answer as it should, nothing was changed: {}",
    },
)
