"""Making a server and running it."""

import argparse
from functools import partial
from pathlib import Path

from sync.server import administration
from sync.server.cli.desk import Commands, Output, Subject
from sync.server.core import WrongSecrets
from sync.server.lock import AlreadyServing
from sync.server.logs import Format, configure
from sync.server.processes import CannotBegin, OneProcess
from sync.server.serving import Address, CannotListen, Serving, serve
from sync.server.settings import RECOVERY, AlreadyInitialised, NotInitialised, Settings, TooOpen, read_private
from sync.server.storage.database import Unreachable
from sync.server.storage.migrate import TooNew

DATABASE_HELP = (
    "an empty PostgreSQL database, postgresql://user:password@host/name; without it, a file in the folder "
    "(the variable SPOC_DATABASE may name it instead)"
)

_PORTS = 65_536
NUMBERS = (
    ("--processes", 1, "processes that share the work; PostgreSQL only"),
    ("--in-flight", 200, "requests at work; beyond, laptops come back later"),
    ("--waiting", 10_000, "laptops that wait for news; more are not held"),
    ("--quota-mib", 10_240, "MiB of files that one person may send in all"),
    ("--records-mib", 2_048, "MiB of records that one person may store"),
    ("--entries-a-day", 500_000, "changes that one person may send a day"),
    ("--requests-a-minute", 30_000, "of one person, and of one address"),
    ("--joins-a-minute", 120, "sign-ins that one address may try"),
    ("--token-seconds", 3600, "how long an access token lasts"),
)
"""What `serve` bounds: the option, what holds without it, what it means."""


def _init(asked: argparse.Namespace, out: Output) -> None:
    server = administration.initialise(asked.data, asked.organisation, asked.database)
    key = asked.data / RECOVERY
    out.say(
        f"Server made in {asked.data}. Move {key} to a safe place away from this computer: with it the organisation "
        "opens a laptop's data whose password is lost.",
        server=server.hex(),
        recovery_key=str(key),
    )


def _serve(asked: argparse.Namespace, out: Output) -> None:
    settings = Settings(
        asked.data,
        access_ms=asked.token_seconds * 1000,
        in_flight=asked.in_flight,
        waiting=asked.waiting,
        quota=asked.quota_mib * 1024**2,
        entries_a_day=asked.entries_a_day,
        record_bytes=asked.records_mib * 1024**2,
        requests_a_minute=asked.requests_a_minute,
        joins_a_minute=asked.joins_a_minute,
        metrics_token="" if asked.metrics_token_file is None else read_private(asked.metrics_token_file),
        metrics_open=asked.metrics_open,
    )
    address = Address(asked.host, asked.port, asked.certificate, asked.key, asked.proxy)
    serving = Serving(settings, address, asked.request_log, partial(configure, asked.log_format), asked.processes)
    serve(serving, lambda url: out.say(f"Serving on {url}", url=url))


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < _PORTS):
        raise argparse.ArgumentTypeError(f"{text} is no port: a number below {_PORTS}")
    return int(text)


def _register(commands: Commands) -> None:
    making = commands.command("init", _init, "make a new server")
    making.add_argument("--organisation", required=True)
    making.add_argument("--database", help=DATABASE_HELP)
    serving = commands.command("serve", _serve, "answer laptops, until told to stop")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    serving.add_argument("--port", type=_port, default=0, help="0 takes a free port and prints it")
    serving.add_argument("--certificate", type=Path, help="speak https with this certificate")
    serving.add_argument("--key", type=Path, help="the certificate's private key")
    serving.add_argument("--proxy", default="", help="the reverse proxy to believe about visitors' addresses")
    for option, usual, words in NUMBERS:
        serving.add_argument(option, type=int, default=usual, metavar="N", help=f"{words} ({usual})")
    serving.add_argument("--log-format", type=Format, choices=list(Format), default=Format.TEXT, help="text or json")
    serving.add_argument("--metrics-token-file", type=Path, help="who sends this token may read /metrics from afar")
    serving.add_argument("--metrics-open", action="store_true", help="everybody may read /metrics")
    serving.add_argument("--request-log", type=Path, help="write a line of JSON a request, without personal data")


SUBJECT = Subject(
    "The server",
    _register,
    {
        NotInitialised: "No server here: {}. Run `init` first.",
        AlreadyInitialised: "There is a server here already: {}. Nothing was changed.",
        TooOpen: "Other accounts of this computer can read a secret. Nothing was done. Take their right away: {}",
        TooNew: "The database was written by a newer program (revision {}): update the program. The file was not "
        "touched.",
        WrongSecrets: "The database in {} belongs to another server than the secrets beside it.",
        Unreachable: "The database cannot be used, nothing was done: {}",
        OneProcess: "The server's database is a SQLite file, which one process serves: start without --processes, or "
        "move to PostgreSQL (`backup FILE`, then `restore FILE --database postgresql://…`).",
        CannotListen: "Nothing is served: {}.",
        CannotBegin: "The server could not start: {}. Nothing is served.",
        AlreadyServing: "A server runs on this folder already: {}.",
        FileNotFoundError: "There is no such file: {}",
        PermissionError: "This account may not read or write it: {}",
        FileExistsError: "There is a file of that name already, it was not overwritten: {}",
    },
)
