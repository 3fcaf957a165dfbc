"""What IT does with a server: people, cohorts, invitations, backups. Each command is one short transaction."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, insert

from sync.domain.cohorts import Cohort, Part
from sync.domain.ids import CohortId, CourseId, uuid7
from sync.server.accounts import enrolling, erasing, invitations, overview, people, tokens
from sync.server.core import Core, open_database, opened, system_clock
from sync.server.files_setting import open_depot, write_files_setting
from sync.server.issuing.keys import issuer
from sync.server.mailing import occasions
from sync.server.settings import (
    SECRETS,
    AlreadyInitialised,
    Settings,
    write_address,
    write_secrets,
)
from sync.server.storage import backups, erasures, usage
from sync.server.storage.depot import depot_beside
from sync.server.storage.schema import incident, organisation, space
from sync.server.sync.claims import RESTORED

Done = TypeVar("Done")


class UnknownDevice(LookupError):
    """No laptop that is signed in has this id."""


def initialise(data: Path, name: str, address: str | None = None) -> bytes:
    """Make a new server in a folder, at an empty database's address or in a file of the folder; its id.

    AlreadyInitialised where there is one. Unreachable: nothing was made.
    """
    with closing(open_database(data, address)) as database:
        if (data / SECRETS).exists() or database.is_there():
            raise AlreadyInitialised(str(data))
        secrets = write_secrets(data)
        issuer(data)
        if address is not None:
            write_address(data, address)
        database.make()
        database.upgrade()
        with database.writing.begin() as connection:
            id_ = uuid7(system_clock(), os.urandom(10))
            connection.execute(insert(organisation).values(id=id_, name=name, server=secrets.server))
    return secrets.server


@dataclass(frozen=True, slots=True)
class Administration:
    """The commands over one core, which may be that of a server that runs."""

    core: Core

    def add_person(self, name: str, login: str) -> people.Person:
        """Add a person. LoginTaken or BadName."""
        core = self.core

        def job(connection: Connection) -> people.Person:
            made = people.add(connection, core.organisation, name, login, now=core.now(), entropy=core.chance(18))
            enrolling.reseat(core, connection, [made.no])
            return made

        return core.writer.run(job)

    def add_cohort(self, title: str, course: CourseId, starts: int, ends: int) -> CohortId:
        """Add a cohort from an instant to another, in milliseconds."""
        core = self.core
        id_ = CohortId(uuid7(core.now(), core.chance(10)))
        body = Cohort(title=title, course=course, starts=starts, ends=ends)
        core.writer.run(lambda connection: enrolling.add_cohort(core, connection, id_, body))
        return id_

    def rename(self, login: str, name: str) -> None:
        """Give somebody another name. UnknownLogin or BadName."""
        self._for(login, lambda connection, who: enrolling.rename(self.core, connection, who, name))

    def change_login(self, login: str, new: str) -> people.Person:
        """Give somebody another login. UnknownLogin, BadName or LoginTaken. Their laptops stay signed in."""
        return self._for(login, lambda connection, who: people.change_login(connection, who, new))

    def block(self, login: str) -> None:
        """Sign somebody's laptops out at once and let nobody in under this name."""

        def job(connection: Connection, who: people.Person) -> None:
            people.set_blocked(connection, who.no, blocked=True)
            tokens.sign_out_everywhere(connection, who.no)

        self._for(login, job)

    def unblock(self, login: str) -> None:
        """Let somebody sign in again."""
        self._for(login, lambda connection, who: people.set_blocked(connection, who.no, blocked=False))

    def want_mail(self, login: str, *, wanted: bool) -> None:
        """Whether somebody gets reminders and digests by e-mail."""
        self._for(login, lambda connection, who: people.set_mail(connection, who.no, wanted=wanted))

    def allow(self, login: str, allowed: dict[str, int | None]) -> None:
        """Allow one person more or less than everybody: `entries`, `bytes`, `files`. None: as everybody."""
        self._for(login, lambda connection, who: usage.allow(connection, who.no, allowed))

    def remove_device(self, device: bytes) -> overview.DeviceLine:
        """Sign one laptop out at once. UnknownDevice when none that is signed in has this id (attacks A36, A38)."""

        def job(connection: Connection) -> overview.DeviceLine:
            found = next((line for line in overview.devices(connection) if line.id == device), None)
            if found is None:
                raise UnknownDevice(device.hex())
            tokens.sign_out_device(connection, device)
            return found

        return self.core.writer.run(job)

    def close_cohort(self, cohort: CohortId) -> None:
        """Let a cohort end now. UnknownCohort."""
        self.core.writer.run(lambda connection: enrolling.close(self.core, connection, cohort))

    def enrol(self, cohort: CohortId, login: str, part: Part) -> None:
        """Give somebody a place in a cohort. UnknownLogin, UnknownCohort or BothParts."""
        self._for(login, lambda connection, who: enrolling.enrol(self.core, connection, cohort, who, part))

    def unenrol(self, cohort: CohortId, login: str) -> None:
        """End somebody's place in a cohort."""
        self._for(login, lambda connection, who: enrolling.unenrol(self.core, connection, cohort, who))

    def make_author(self, course: CourseId, login: str) -> None:
        """Let somebody write a course."""
        self._for(login, lambda connection, who: enrolling.make_author(self.core, connection, course, who))

    def end_author(self, course: CourseId, login: str) -> None:
        """Let somebody write a course no longer; what they wrote stays."""
        self._for(login, lambda connection, who: enrolling.end_author(self.core, connection, course, who))

    def invite(self, login: str, *, mail: bool = False) -> str:
        """A code with which somebody joins, shown this once; `mail` queues it to them as well."""
        core = self.core
        until, entropy = core.now() + core.settings.invitation_ms, core.chance(8)

        def job(connection: Connection, who: people.Person) -> str:
            code = invitations.invite(connection, who.no, until, entropy)
            if mail:
                occasions.invited(core, connection, who.no, code)
            return code

        return self._for(login, job)

    def sign_out(self, login: str) -> None:
        """End all logins of somebody: a laptop was lost."""
        self._for(login, lambda connection, who: tokens.sign_out_everywhere(connection, who.no))

    def back_up(self, target: Path) -> int:
        """Write a backup, its files in a folder beside it, verify it, and only then number it; its number.

        Files in a store elsewhere stay there: the backup names them, and each is asked for.
        """
        files = self.core.files
        backups.export(self.core.database, files, target)
        covered = backups.verify(target, files if files.is_remote else None)
        return self.core.writer.run(lambda connection: backups.record(connection, covered, self.core.now()))

    def _for(self, login: str, job: Callable[[Connection, people.Person], Done]) -> Done:
        return self.core.writer.run(lambda connection: job(connection, people.get(connection, login)))


def restore(data: Path, backup: Path, address: str | None = None) -> int:
    """Put a verified backup in the place of a server's database; the rows that it holds. The old content is set aside.

    Each space gets a new epoch, so that laptops offer what the backup does not have. The server must be stopped.
    At another address the backup goes into that database, which is the server's from then on.
    """
    with closing(open_database(data, address)) as database, database.replaced():
        files = open_depot(data)
        if files.is_remote:
            backups.fetch_files(backup, into=files, source=depot_beside(backup))
        covered = backups.verify(backup, files if files.is_remote else None)
        if not files.is_remote:
            backups.fetch_files(backup, into=files, source=depot_beside(backup))
        database.restore(backup, _renew_epochs)
        if address is not None:
            write_address(data, address)
    if erasures.read(data).people:
        with opened(Settings(data)) as core:
            erasing.apply_again(core)
    return covered.rows


def move_files(data: Path, address: str) -> int:
    """Copy a server's files to another place, "folder" or `s3://…`, and keep them there from then on; how many.

    The server must be stopped. What lies at the old place is left there. BadFilesAddress, Unsound, Busy.
    """
    with closing(open_database(data)) as database, database.replaced():
        source, target = open_depot(data), open_depot(data, address)
        count = backups.fetch_known(database.reading, into=target, source=source)
        write_files_setting(data, address)
    return count


def _renew_epochs(connection: Connection) -> None:
    connection.execute(space.update().values(epoch=space.c.epoch + 1))
    connection.execute(insert(incident).values(at=system_clock(), what=RESTORED, detail="by command"))
