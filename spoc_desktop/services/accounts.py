"""The people of this computer: joining, signing in and out, opening one's store, the recovery code shown once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spoc_desktop import paths
from spoc_desktop.services import care, profiles
from spoc_desktop.services.addresses import normalised
from spoc_desktop.services.errors import UnknownPerson
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.wire import device_name
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.errors import KeyLost, KeyringUnusable, StoreError, WrongPassphrase
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.domain.ids import ID_BYTES
from sync.protocol.errors import SyncError
from sync.protocol.messages import Session

if TYPE_CHECKING:
    from spoc_desktop.storage.key_source import KeySource
    from spoc_desktop.storage.keychain import Keychain

_PEOPLE = "people.json"
_LAST_SYNC = "last_sync.json"


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody is in. `recovery_code` is there when a store was made: show it once, it is kept nowhere."""

    workplace: Workplace
    recovery_code: str | None


class Accounts:
    """Every method may be called from any thread; `join`, `login` and `logout` need the network.

    `passphrases`, by the hex of a person's id, open stores without a question: handed down by who started the program.
    """

    def __init__(
        self, passphrases: Mapping[str, str] | None = None, *, checkpoint: Callable[[str], None] | None = None
    ) -> None:
        self._passphrases = dict(passphrases or {})
        self._people = paths.root() / _PEOPLE
        self._checkpoint = checkpoint
        self._sessions: dict[tuple[bytes, bytes], Session] = {}
        """Logins that are not in their store yet, because its key is still being asked for."""

    def known(self) -> tuple[Profile, ...]:
        """Who has signed in on this computer, the last one first."""
        return profiles.known(self._people)

    def find(self, who: str) -> Profile:
        """A known person by name, login or the hex of their id; empty: who was here last. UnknownPerson."""
        for one in self.known():
            if who in ("", one.name, one.login, one.person.hex()):
                return one
        raise UnknownPerson

    def join(
        self, address: str, code: str, password: str, *, device: str = "", passphrase: str | None = None
    ) -> Entered:
        """First contact with an invitation code. `passphrase`: for a computer without a keyring (KeyringUnusable).

        The keyring is tried before the code is used up. InvitationUnknown, InvitationUsed, InvitationExpired,
        WeakPassword.
        """
        return self._enter(address, lambda server: server.join(code, password, device_name(device)), passphrase)

    def login(
        self, address: str, login: str, password: str, *, device: str = "", passphrase: str | None = None
    ) -> Entered:
        """Sign in on a further laptop, or again on this one. WrongPassword."""
        return self._enter(address, lambda server: server.login(login, password, device_name(device)), passphrase)

    def open(self, profile: Profile, passphrase: str | None = None) -> Workplace:
        """Open a person's store, with or without a network. KeyLost, KeyringUnusable, WrongPassphrase, StoreMissing.

        A damaged store is set aside and restored: `Workplace.restored` says so.
        """
        key = self._keychain(profile, passphrase).open()
        return self._work(profile, key)

    def open_with_code(self, profile: Profile, code: str, passphrase: str | None = None) -> Entered:
        """Open a store whose key is lost by its recovery code; a new code takes the place of the one just used."""
        fresh = self._keychain(profile, passphrase).recover_with_code(code)
        return Entered(self._work(profile, fresh.key), fresh.recovery_code)

    def open_without_asking(self, who: str = "") -> Workplace | None:
        """The store of who was here last, when their key is at hand; None when a question has to be asked first."""
        try:
            profile = self.find(who)
            return self._work(profile, self._keychain(profile, None).open(), repairs=False)
        except (UnknownPerson, KeyringUnusable, KeyLost, WrongPassphrase):
            return None
        except StoreError:
            # Damaged, missing, or of a newer program: the sign-in page says so when the person is chosen there.
            return None

    def needs_passphrase(self, profile: Profile) -> bool:
        """Whether a passphrase opens this person's store, and none was handed down."""
        from spoc_desktop.storage import key_file

        kept = key_file.read(paths.key_file(profile.server, profile.person))
        return kept is not None and kept.passphrase is not None and profile.person.hex() not in self._passphrases

    def logout(self, workplace: Workplace) -> SyncError | None:
        """End the login on the server when it can be reached, on this computer in any case, and lock the store.

        The store stays, with what waits in it: signing in again sends it. Gives what kept the server from being told.
        """
        workplace.stop()
        try:
            workplace.wire.logout()
        except SyncError as error:
            return error
        else:
            return None
        finally:
            workplace.close()
            self._passphrases.pop(workplace.profile.person.hex(), None)

    def _enter(self, address: str, sign_in: Callable[[HttpServer], Session], passphrase: str | None) -> Entered:
        address = normalised(address)
        _check_place_for_key(_source(passphrase))
        connection = HttpConnection(address)
        try:
            session = sign_in(HttpServer(connection))
        finally:
            connection.close()
        profile = _profile(session, address)
        profiles.remember(self._people, profile)
        self._sessions[profile.server, profile.person] = session
        return self._store_of(profile, session, passphrase)

    def _store_of(self, profile: Profile, session: Session, passphrase: str | None) -> Entered:
        """Open the store that the person has here already, else make one."""
        from spoc_desktop.storage import keychain as keys
        from spoc_desktop.storage import restoring
        from spoc_desktop.storage.backup import Backups
        from spoc_desktop.storage.store import LocalStore

        keychain, place = self._keychain(profile, passphrase), paths.store_file(profile.server, profile.person)
        restoring.finish(place)
        if place.exists() or Backups(place).listed():
            return Entered(self._work(profile, keychain.open()), None)
        if paths.key_file(profile.server, profile.person).exists():
            # A key whose store was never finished opens nothing.
            keys.set_aside(paths.person(profile.server, profile.person))
        fresh = keychain.make(profile.server, profile.person, session.recovery_key)
        LocalStore.create(place, fresh.key, server=profile.server, person=profile.person).close()
        return Entered(self._work(profile, fresh.key), fresh.recovery_code)

    def _work(self, profile: Profile, key: bytes, *, repairs: bool = True) -> Workplace:
        from spoc_desktop.storage.restoring import Owner

        place = paths.store_file(profile.server, profile.person)
        store, restored = care.opened(place, key, Owner(profile.server, profile.person), repairs=repairs)
        session = self._sessions.pop((profile.server, profile.person), None)
        if session is not None:
            store.keep_login(session)
        profiles.remember(self._people, profile)
        last_sync = paths.person(profile.server, profile.person) / _LAST_SYNC
        return Workplace(profile, store, last_sync, checkpoint=self._checkpoint, restored=restored)

    def _keychain(self, profile: Profile, passphrase: str | None) -> "Keychain":
        from spoc_desktop.storage.keychain import Keychain

        word = passphrase if passphrase is not None else self._passphrases.get(profile.person.hex())
        return Keychain(paths.key_file(profile.server, profile.person), _source(word))


def _source(passphrase: str | None) -> "KeySource":
    from spoc_desktop.storage.key_source import KeyringSource, PassphraseSource

    return KeyringSource() if passphrase is None else PassphraseSource(passphrase)


def _check_place_for_key(source: "KeySource") -> None:
    """KeyringUnusable before an invitation is used up, not after."""
    from spoc_desktop.storage import key_file

    source.load(key_file.new(bytes(ID_BYTES), bytes(ID_BYTES), bytes(32)))


def _profile(session: Session, address: str) -> Profile:
    return Profile(
        server=session.server,
        person=session.person,
        device=session.device,
        name=session.name,
        login=session.login,
        organisation=session.organisation,
        address=address,
        issuer_key=session.issuer_key,
    )
