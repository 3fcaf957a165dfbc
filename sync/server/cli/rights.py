"""What the law and the cohort's rules ask for: erasure, whose clock counts, signing what was handed in."""

import argparse

from sync.server.accounts import enrolling, erasing
from sync.server.cli.desk import WHICH_COHORT, Commands, Output, Subject, cohort_named, core_of
from sync.server.storage.sqlite import SET_ASIDE
from sync.server.sync import chain

WORD = "ERASE"


class NotConfirmed(ValueError):
    """The word that confirms an erasure was not given."""


def _erase(asked: argparse.Namespace, out: Output) -> bool:
    """False when remains are still in the database's files."""
    confirmed = asked.confirm or ("" if asked.json else _typed())
    if confirmed != WORD:
        raise NotConfirmed(asked.login)
    with core_of(asked) as core:
        done = erasing.erase(core, asked.login)
        left = sorted(each.name for each in core.settings.data.glob(f"*{SET_ASIDE}*"))
    out.say(
        f"{asked.login} is erased: {done.records} records and {done.files} files are gone, {done.kept} stay under no "
        "name because the law or the others' work holds them. Laptops let go of the rest at their next sync. Backups "
        "made before still hold it until you delete them.",
        person=done.person.hex(),
        records=done.records,
        files=done.files,
        kept=done.kept,
        clean=done.clean,
        set_aside=left,
    )
    for name in left:
        out.warn(f"Set aside before a restore, it still holds what was erased; delete it when you can: {name}")
    if not done.clean:
        out.warn("Remains are left in the database's files: somebody was reading. They go when the server next starts.")
    return done.clean


def _typed() -> str:
    """What the administrator answers; nothing where nobody sits at the keyboard."""
    try:
        return input(f"This cannot be undone. Type {WORD} to go on: ")
    except EOFError:
        return ""


def _receipt(asked: argparse.Namespace, out: Output) -> None:
    only = asked.answer == "on"
    with core_of(asked) as core:
        cohort = cohort_named(core, asked.cohort)
        core.writer.run(lambda connection: enrolling.set_receipt_only(core, connection, cohort, receipt_only=only))
    what = "only the time of receipt counts" if only else "a laptop's own time counts where its clock is confirmed"
    out.say(f"Cohort {asked.cohort}: {what}.", cohort=cohort.hex(), receipt_only=only)


def _sign(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core:
        spaces = chain.sign_all(core)
    out.say(f"{spaces} learners' spaces signed.", spaces=spaces)


def _register(commands: Commands) -> None:
    erase = commands.command(
        "erase",
        _erase,
        "erase a person for good",
        f"Needs --confirm {WORD}, or the word typed. Their notes, drafts and settings go, and what trainers noted\n"
        "about them; hand-ins, reviews and posts stay under no name as long as the law holds them; certificates stay.",
    )
    erase.add_argument("login")
    erase.add_argument("--confirm", default="", metavar=WORD, help=f"the word {WORD}, in a script")
    receipt = commands.command("receipt-only", _receipt, "say whose clock decides what is late in a cohort")
    receipt.add_argument("cohort", help=WHICH_COHORT)
    receipt.add_argument("answer", choices=["on", "off"], help="on: only the time of receipt counts")
    commands.command("sign", _sign, "sign now what learners' spaces hold; else each day by itself")


SUBJECT = Subject(
    "Rights and rules",
    _register,
    {NotConfirmed: f"Nothing was done. To erase {{}} give --confirm {WORD}."},
)
