"""E-mail: how it leaves, what waits, who wants none."""

import argparse
from pathlib import Path

from sync.server.cli.desk import Commands, Output, Subject, administration_of, core_of
from sync.server.cli.telling import moment
from sync.server.core import Core
from sync.server.mailing import queue, settings
from sync.server.mailing.postman import CANNOT_CONNECT
from sync.server.mailing.relay import Relay, Result, Unsafe, contact_of
from sync.server.mailing.settings import PASSWORD, BadMailSettings, MailSettings, Security
from sync.server.mailing.words import Occasion, letter
from sync.server.settings import read_secrets


class NotSetUp(Exception):
    """No relay is known."""


class NotSent(Exception):
    """The message to try did not go out."""


def _set_up(asked: argparse.Namespace, out: Output) -> None:
    read_secrets(asked.data)
    made = MailSettings(
        host=asked.host,
        port=asked.port,
        sender=asked.sender,
        security=Security(asked.security),
        user=asked.user,
        password_file="" if asked.password_file is None else str(asked.password_file.absolute()),
        authority="" if asked.authority is None else str(asked.authority.absolute()),
        contact=asked.contact,
        address=asked.address,
        language=asked.language,
    )
    settings.password_of(made)
    settings.write(asked.data, made)
    out.say(
        f"Mail goes out through {asked.host}:{asked.port} as {asked.sender}, from now on. Try it: mail test ADDRESS",
        host=asked.host,
        port=asked.port,
    )


def _state(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        counts, oldest = queue.counts(connection), queue.oldest_waiting(connection)
    lines = [f"{line.occasion}: {line.messages} {line.state.name.lower().replace('_', ' ')}" for line in counts]
    if oldest:
        lines.append(f"The oldest that waits was queued {moment(oldest)}.")
    if settings.read(asked.data) is None:
        lines.append("No relay is set up: nothing is sent. See `mail set-up --help`.")
    told = [{"occasion": line.occasion, "state": line.state.name.lower(), "messages": line.messages} for line in counts]
    out.say("\n".join(lines) or "Nothing was queued yet.", queue=told, oldest_waiting=oldest)


def _test(asked: argparse.Namespace, out: Output) -> None:
    found = settings.read(asked.data)
    if found is None:
        raise NotSetUp
    with core_of(asked) as core:
        result = _try(core, found, asked.address)
    if result is not Result.SENT:
        raise NotSent("the relay took no message" if result is Result.LATER else "the relay refused the message")
    out.say(f"The relay took a message for {asked.address}.", sent=asked.address)


def _try(core: Core, found: MailSettings, address: str) -> Result:
    facts = {"name": address, "organisation": core.organisation_name, "contact": contact_of(found)}
    try:
        relay = Relay(found)
    except Unsafe as unsafe:
        raise NotSent("the relay offers no STARTTLS, and nothing is sent in clear") from unsafe
    except CANNOT_CONNECT as error:
        raise NotSent(f"the relay {found.host}:{found.port} cannot be used ({error})") from error
    try:
        return relay.send(address, letter(Occasion.TEST, found.language, facts))
    finally:
        relay.close()


def _choice(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.want_mail(asked.login, wanted=asked.what == "all")
    what = "reminders and digests" if asked.what == "all" else "invitations only"
    out.say(f"{asked.login} gets {what}.", login=asked.login, mail=asked.what)


def _register(commands: Commands) -> None:
    mail = commands.group("mail", "set up the relay, try it, see the queue, who wants none")
    setting = mail.command("set-up", _set_up, "say through which relay mail leaves", _ABOUT)
    setting.add_argument("--host", required=True, help="the relay")
    setting.add_argument("--port", type=int, default=587, help="587 for STARTTLS, 465 for TLS")
    setting.add_argument("--security", choices=[str(each) for each in Security], default=str(Security.STARTTLS))
    setting.add_argument("--sender", required=True, help="the address that messages come from")
    setting.add_argument("--user", default="", help="the name to sign in with at the relay")
    setting.add_argument("--password-file", type=Path, help=f"a file of mode 0600 (else the variable {PASSWORD})")
    setting.add_argument("--authority", type=Path, help="certificates to believe beside those of this computer")
    setting.add_argument("--contact", default="", help="whom people write to who want no more messages")
    setting.add_argument("--address", default="", help="where laptops find the server, for invitations")
    setting.add_argument("--language", choices=["fr", "en"], default="fr", help="of people who chose none")
    mail.command("state", _state, "show how many messages wait, were sent, were given up")
    mail.command("test", _test, "send a message now, to see that it works").add_argument("address")
    choice = mail.command("choice", _choice, "note that somebody wants no reminders and digests, or does")
    choice.add_argument("login")
    choice.add_argument("what", choices=["all", "none"])


_ABOUT = (
    "The server writes to people when IT asks (invite --mail, import --mail), when a trainer's review came back, and "
    "once a week: to learners whose laptop was silent for a week, and to trainers for whom somebody waits. The relay's "
    "certificate is verified; without TLS only a relay on this computer is used."
)

SUBJECT = Subject(
    "E-mail",
    _register,
    {
        BadMailSettings: "Nothing was changed: {}.",
        NotSetUp: "No relay is set up. See `mail set-up --help`.",
        NotSent: "Nothing was sent: {}.",
    },
)
