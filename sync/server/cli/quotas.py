"""What a person may store, and what they have stored."""

import argparse
from typing import Any

from sync.server.accounts import people
from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of
from sync.server.cli.telling import size
from sync.server.storage import usage

_MIB = 1024**2
_FIELDS = {"entries_a_day": ("entries", 1), "records_mib": ("bytes", _MIB), "files_mib": ("files", _MIB)}


class NothingAsked(ValueError):
    """`quota set` without anything to set."""


class BelowZero(ValueError):
    """A limit below 0."""


def _show(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        who = people.get(connection, asked.login)
        used = usage.used_by(connection, who.no, core.now())
        files = usage.files_of(connection, who.no)
        own = usage.exceptions(connection).get(who.no)
    facts: dict[str, Any] = {"login": who.login, "entries_today": used.entries, "records": used.bytes, "files": files}
    facts["own"] = None if own is None else {name: count for name, count in own._asdict().items() if count >= 0}
    out.say(
        f"{who.login} has stored {size(used.bytes)} of records and {size(files)} of files, and sent {used.entries} "
        f"changes today. {_allowed(facts['own'])}",
        **facts,
    )


def _allowed(own: dict[str, int] | None) -> str:
    if not own:
        return "The limits are those of everybody: see `serve --help`."
    words = {"entries": "{} changes a day", "bytes": "{} of records", "files": "{} of files"}
    told = [words[name].format(count if name == "entries" else size(count)) for name, count in own.items()]
    return f"Allowed to this person: {', '.join(told)} (0: no bound)."


def _set(asked: argparse.Namespace, out: Output) -> None:
    given = {
        field: getattr(asked, option) * unit for option, (field, unit) in _FIELDS.items() if _is_given(asked, option)
    }
    allowed: dict[str, int | None] = dict.fromkeys(usage.FIELDS) if asked.as_everybody else {}
    allowed.update(given)
    if not allowed:
        raise NothingAsked
    if any(count < 0 for count in given.values()):
        raise BelowZero
    with administration_of(asked) as administration:
        administration.allow(asked.login, allowed)
    out.say(f"Done. It holds from what {asked.login} sends next.", login=asked.login, allowed=allowed)


def _is_given(asked: argparse.Namespace, option: str) -> bool:
    return getattr(asked, option) is not None


def _register(commands: Commands) -> None:
    quota = commands.group("quota", "show or set what one person may store")
    quota.command("show", _show, "show what a person has stored and may store").add_argument("login")
    beyond = (
        "0 is no bound. Beyond, records stay on the laptop, listed with the reason; beyond a day's entries the laptop "
        "waits and sends them by itself."
    )
    setting = quota.command("set", _set, "allow one person more or less than everybody", beyond)
    setting.add_argument("login")
    setting.add_argument("--entries-a-day", type=int, metavar="N", help="changes sent a day")
    setting.add_argument("--records-mib", type=int, metavar="MIB", help="what they write")
    setting.add_argument("--files-mib", type=int, metavar="MIB", help="the files that they attach")
    setting.add_argument("--as-everybody", action="store_true", help="forget what was set for this person before")


SUBJECT = Subject(
    "Limits",
    _register,
    {
        NothingAsked: "Say what to set: --entries-a-day, --records-mib, --files-mib or --as-everybody. "
        "Nothing was done.",
        BelowZero: "No limit is below 0, and 0 is no bound. Nothing was done.",
    },
)
