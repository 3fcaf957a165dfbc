"""The one parser of `spoc-server`: its subjects in the order in which a new server needs them."""

import argparse
import sys
import textwrap
from collections.abc import Sequence

from sync.server.cli import carrying, cohorts, devices, incidents, keeping, keys, mail, people, quotas, rights, running
from sync.server.cli.desk import FOLDER, Commands, Output, Subject

SUBJECTS: tuple[Subject, ...] = (
    running.SUBJECT,
    people.SUBJECT,
    cohorts.SUBJECT,
    devices.SUBJECT,
    quotas.SUBJECT,
    carrying.SUBJECT,
    keeping.SUBJECT,
    mail.SUBJECT,
    incidents.SUBJECT,
    keys.SUBJECT,
    rights.SUBJECT,
)

_TROUBLES = {error: sentence for subject in SUBJECTS for error, sentence in subject.troubles.items()}

_WIDTH = 79

_ABOUT = f"""\
The central server of SPOC Desktop. Laptops work without it; it takes in what
they did, keeps it, and tells it to those who may read it.

A first server:
  spoc-server init --organisation "Example" --data /srv/spoc
  spoc-server serve --data /srv/spoc --port 8443 --certificate C --key K
  spoc-server person add "Ana Roy" ana@example.org --data /srv/spoc
  spoc-server invite ana@example.org --data /srv/spoc

Every command needs --data FOLDER (or the variable {FOLDER}) and has
--help and --json. Commands work while the server runs, unless they say not.
Exit codes: 0 done; 1 not done, or not all of it, and a sentence says why;
2 the command was not understood."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 1 when not, or not for all: then with a sentence that says what."""
    asked = _parser().parse_args(arguments)
    try:
        done: bool | None = asked.command(asked, Output(as_json=asked.json))
    except tuple(_TROUBLES) as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    return 1 if done is False else 0


def _sentence(error: Exception) -> str:
    known = next(type_ for type_ in type(error).__mro__ if type_ in _TROUBLES)
    return _TROUBLES[known].format(error)


def _line(name: str, help_: str) -> str:
    return textwrap.fill(f"{name:<12} {help_}", _WIDTH, initial_indent="  ", subsequent_indent=" " * 15)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spoc-server",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="spoc-server COMMAND [--data FOLDER] [--json] …",
    )
    parsers = parser.add_subparsers(prog="spoc-server", required=True, metavar="COMMAND", help=argparse.SUPPRESS)
    told = []
    for subject in SUBJECTS:
        commands = Commands(parsers, listed=False)
        subject.register(commands)
        lines = [_line(name, help_) for name, help_ in commands.lines]
        told.append("\n".join((f"{subject.title}:", *lines)))
    parser.epilog = "\n\n".join(told)
    return parser
