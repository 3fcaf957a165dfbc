"""Sends what is due: one thread a process, which takes the settings anew each round."""

import logging
import smtplib
import ssl
import threading

from sqlalchemy import Connection, select

from sync.domain import spaces as names
from sync.domain.ids import PersonId
from sync.domain.people import SETTINGS
from sync.server.core import Core
from sync.server.mailing import occasions, queue, settings
from sync.server.mailing.queue import Queued
from sync.server.mailing.relay import Relay, Result, Unsafe, contact_of
from sync.server.mailing.settings import BadMailSettings, MailSettings
from sync.server.mailing.words import Letter, Occasion, letter
from sync.server.settings import TooOpen
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds
from sync.server.storage.schema import person

_ROUND_S = 20.0
_LONGEST_END_S = 3.0
_log = logging.getLogger(__name__)
CANNOT_CONNECT = (OSError, smtplib.SMTPException, ssl.SSLError, Unsafe)
"""What it looks like when the relay is not there, or is not to be trusted."""


class Postman:
    """The thread, and what it does in a round."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="spoc-mail", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; a message that a slow relay is just taking may be sent again after the next start."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(_LONGEST_END_S)

    def round(self) -> int:
        """Queue what the week asks for, send what is due; how many were sent."""
        core = self._core
        found = settings.read(core.settings.data)
        if found is None:
            return 0
        occasions.weekly(core)
        mine = core.writer.run(lambda connection: queue.claim(core, connection))
        return self._send(found, mine) if mine else 0

    def _work(self) -> None:
        while not self._ended.wait(_ROUND_S):
            try:
                self.round()
            except (TooOpen, BadMailSettings) as error:
                _log.error("no mail is sent: %s", error)
            except Exception as error:  # noqa: BLE001  # the next round tries again; nobody's name gets into the log
                _log.error("a round of mail failed: %s", type(error).__name__)

    def _send(self, found: MailSettings, mine: list[Queued]) -> int:
        try:
            relay = Relay(found)
        except CANNOT_CONNECT as error:
            _log.warning("the mail relay cannot be used: %s", type(error).__name__)
            for queued in mine:
                self._later(queued)
            return 0
        try:
            return sum(self._send_one(relay, found, queued) for queued in mine)
        finally:
            relay.close()

    def _send_one(self, relay: Relay, found: MailSettings, queued: Queued) -> bool:
        core = self._core
        result = self._tried(relay, found, queued)
        if result is Result.SENT:
            core.writer.run(lambda connection: queue.sent(connection, queued))
        elif result is Result.NEVER:
            core.writer.run(lambda connection: queue.give_up(core, connection, queued))
        else:
            self._later(queued)
        return result is Result.SENT

    def _tried(self, relay: Relay, found: MailSettings, queued: Queued) -> Result:
        """What became of a message; one that cannot even be written never holds up those behind it."""
        try:
            with self._core.reading() as connection:
                addressed = _addressed(self._core, connection, found, queued)
            return Result.NEVER if addressed is None else relay.send(*addressed)
        except (ValueError, LookupError, TypeError) as error:
            _log.error("a message cannot be written: %s", type(error).__name__)  # whose it is stays out of the log
            return Result.NEVER

    def _later(self, queued: Queued) -> None:
        core = self._core
        core.writer.run(lambda connection: queue.later(core, connection, queued))


def _addressed(core: Core, connection: Connection, found: MailSettings, queued: Queued) -> tuple[str, Letter] | None:
    """To whom, and what; None when there is nobody to write to any more, or nothing can be said."""
    columns = (person.c.id, person.c.name, person.c.login, person.c.blocked, person.c.mail)
    who = connection.execute(select(*columns).where(person.c.no == queued.person_no)).one_or_none()
    if who is None or who.blocked or "@" not in who.login or not queued.facts:
        return None
    if not who.mail and queued.occasion is not Occasion.INVITATION:
        return None
    language = _language(connection, PersonId(who.id)) or found.language
    facts = {
        "name": who.name,
        "organisation": core.organisation_name,
        "contact": contact_of(found),
        "address": found.address,
        **queued.facts,
    }
    return who.login, letter(queued.occasion, language, facts)


def _language(connection: Connection, who: PersonId) -> str:
    """The language that the person chose, empty for none: read for a message to that person alone."""
    own = spaces.find(connection, names.own(who))
    for kept in [] if own is None else read_kinds(connection, own.no, (SETTINGS.number,)):
        try:
            return str(SETTINGS.decode(kept.body).language)
        except ValueError:
            continue
    return ""
