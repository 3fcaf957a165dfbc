"""Joining with an invitation, signing in again, renewing and ending a login."""

from sqlalchemy import Connection

from sync.protocol.errors import Forbidden, InvitationUnknown, LoginExpired, WrongPassword
from sync.protocol.limits import MAX_PASSWORD
from sync.protocol.messages import JoinRequest, LoginRequest, RefreshRequest, Session
from sync.server.accounts import invitations, passwords, people, tokens
from sync.server.accounts.rates import Rate
from sync.server.accounts.tokens import Lives
from sync.server.accounts.tries import tries
from sync.server.core import Core
from sync.server.issuing.keys import issuer
from sync.server.storage.schema import device, person
from sync.server.sync.accept import Caller

A_MINUTE = 5
"""Tries at one account from one host, or at invitation codes from one host (attacks A31, A34)."""
A_HOST = 30
"""Tries at any account from one host."""


class Gate:
    """Lets people in. Guessing is slowed by account and host together: nobody can lock another person out."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lives = Lives(core.settings.access_ms, core.settings.refresh_ms)
        self._codes = tries(core, "code", A_MINUTE)
        self._accounts = tries(core, "account", A_MINUTE)
        self._hosts = tries(core, "host", A_HOST)
        self._requests = Rate(core.settings.requests_a_minute)

    def join(self, request: JoinRequest, host: str) -> Session:
        """First contact: the code names the person, the password is theirs from now on."""
        self._codes.check(host)
        core = self._core
        with core.reading() as connection:
            try:
                invited = invitations.look_up(connection, request.code, core.now())
            except InvitationUnknown:
                self._codes.failed(host)
                raise
            standing = people.get(connection, invited.login)
        passwords.check(request.password, invited.name, invited.login)
        is_same = standing.password is not None and passwords.is_right(standing.password, request.password)
        kept = standing.password if is_same and standing.password else passwords.hashed(request.password)

        def let_in(connection: Connection) -> Session:
            invitations.use(connection, request.code)
            if not is_same:
                tokens.sign_out_everywhere(connection, invited.person_no)
                people.set_password(connection, invited.person_no, kept)
            return self._open(connection, people.get(connection, invited.login), request.device)

        return core.writer.run(let_in)

    def login(self, request: LoginRequest, host: str) -> Session:
        """A further device of somebody who has joined. WrongPassword does not say which of the two is wrong."""
        key = (people.folded(request.login)[:MAX_PASSWORD], host)
        self._accounts.check(key)
        self._hosts.check(host)
        with self._core.reading() as connection:
            found = people.find(connection, request.login)
        if not passwords.is_right(None if found is None else found.password, request.password) or found is None:
            self._accounts.failed(key)
            self._hosts.failed(host)
            raise WrongPassword
        who = found
        return self._core.writer.run(
            lambda connection: self._open(connection, people.get(connection, who.login), request.device)
        )

    def refresh(self, request: RefreshRequest) -> Session:
        """Another hour for a device. LoginExpired when the token is over, or was stolen."""
        core, lives = self._core, self._lives

        def renew(connection: Connection) -> Session | None:
            bearer = tokens.renew(connection, request.refresh, core.now(), lives, core.chance)
            return None if bearer is None else self._session(connection, bearer.device_no, bearer.given)

        session = core.writer.run(renew)
        if session is None:
            raise LoginExpired
        return session

    def logout(self, caller: Caller) -> None:
        """End the login of a device at once."""
        self._core.writer.run(lambda connection: tokens.sign_out(connection, caller.device_no))

    def caller(self, token: str) -> Caller:
        """Who a token names. LoginExpired when nobody, Busy when they ask too often."""
        core = self._core
        with core.reading() as connection:
            known = tokens.known(connection, token, core.now())
        if known.fresh:
            core.writer.soon(lambda connection: tokens.mark_seen(connection, known.token_no))
        self._requests.check(str(known.caller.person_no))
        return known.caller

    def _open(self, connection: Connection, who: people.Person, device_name: str) -> Session:
        core = self._core
        if who.blocked:
            raise Forbidden
        made = people.add_device(connection, who.no, device_name, core.now(), core.chance(10))
        given = tokens.give(connection, made, core.now(), self._lives, core.chance)
        return self._session(connection, made, given)

    def _session(self, connection: Connection, device_no: int, given: tokens.Given) -> Session:
        core = self._core
        joined = device.join(person, person.c.no == device.c.person_no)
        wanted = joined.select().with_only_columns(
            device.c.id.label("device"), person.c.id, person.c.name, person.c.login
        )
        row = connection.execute(wanted.where(device.c.no == device_no)).one()
        return Session(
            server=core.server,
            person=row.id,
            device=row.device,
            name=row.name,
            token=given.access,
            refresh=given.refresh,
            expires=given.expires,
            organisation=core.organisation_name,
            recovery_key=core.secrets.recovery,
            login=row.login,
            issuer_key=issuer(core.settings.data).public_key().public_bytes_raw(),
        )
