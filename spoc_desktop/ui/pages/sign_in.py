"""Signing in: a person of this computer, an invitation, a name and password; a passphrase and a recovery code.

Whatever was typed stays while steps change, errors come and the language is switched. Nothing of it is kept after.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton

from spoc_desktop import managed
from spoc_desktop.i18n import _
from spoc_desktop.services.errors import WrongAddress
from spoc_desktop.services.sentences import sentence
from spoc_desktop.storage.errors import (
    KeyLost,
    KeyringUnusable,
    MistypedRecoveryCode,
    StoreMissing,
    WrongKey,
    WrongPassphrase,
    WrongRecoveryCode,
)
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Frame, Page, Place
from spoc_desktop.ui.pages.loaded import ENTER, trouble
from spoc_desktop.ui.pages.sign_in_around import add_appearance, add_covers, fill_margin
from spoc_desktop.ui.pages.sign_in_steps import STEPS, Step, StepForm
from sync.protocol.errors import (
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    Unreachable,
    WeakPassword,
    WrongPassword,
)

if TYPE_CHECKING:
    from spoc_desktop.services.accounts import Accounts, Entered
    from spoc_desktop.services.profiles import Profile
    from spoc_desktop.services.workplace import Workplace


class Way(Enum):
    """How the person is coming in: what a passphrase or a retry belongs to."""

    JOIN = auto()
    LOGIN = auto()
    OPEN = auto()
    RECOVER = auto()


_FIELD_OF: dict[type[Exception], tuple[Step | None, str]] = {
    InvitationUnknown: (Step.INVITATION, "code"),
    InvitationUsed: (Step.INVITATION, "code"),
    InvitationExpired: (Step.INVITATION, "code"),
    WeakPassword: (Step.PASSWORD, "password"),
    WrongPassword: (Step.LOGIN, "password"),
    WrongAddress: (None, "address"),
    Unreachable: (None, "address"),
    WrongPassphrase: (Step.UNLOCK, "passphrase"),
    WrongRecoveryCode: (Step.RECOVER, "recovery"),
    MistypedRecoveryCode: (Step.RECOVER, "recovery"),
}
"""Which field an error belongs to, and the step that holds it (None: the first step of the way taken)."""


@dataclass
class Typed:
    """What the person has typed so far, by the names of the fields."""

    values: dict[str, str] = field(default_factory=lambda: {"device": platform.node()})

    def get(self, name: str) -> str:
        """The text of a field, "" before it was typed."""
        return self.values.get(name, "")


class SignInPage(Page):
    """One step at a time; each has one main action, which Enter does."""

    bare: ClassVar[bool] = True
    centred: ClassVar[bool] = True
    margin_width: ClassVar[int] = 400
    measure: ClassVar[int] = 440

    def __init__(self, frame: Frame, accounts: Accounts, signed_in: Callable[[Workplace], None]) -> None:
        super().__init__(frame)
        self._accounts = accounts
        self._signed_in = signed_in
        self.policy = managed.read(managed.place())
        self.typed = Typed()
        self.step = Step.INVITATION
        self.form: StepForm | None = None
        self.known: tuple[Profile, ...] = ()
        self.profile: Profile | None = None
        self.entered: Entered | None = None
        self.error: Exception | None = None
        self._way = Way.JOIN
        self._busy = False
        self._wrong: tuple[str, str] = ("", "")
        self._settings_open = False

    def opened(self, **params: object) -> None:
        self.known = self._accounts.known()
        self.go(Step.PEOPLE if self.known else Step.INVITATION)

    # -- drawing

    def fill(self) -> None:
        add_covers(self.main)
        if self.error is not None:
            self.main.add(trouble(self.error), 24)
        self.form = STEPS[self.step](self)
        self.form.setEnabled(not self._busy)
        self.form.submitted.connect(self.go_on)
        self.form.went.connect(self.go)
        self.form.chosen.connect(self._choose)
        self.main.add(self.form, 24)
        add_appearance(self, is_open=self._settings_open, turn=self._turn_settings)
        fill_margin(self.margin, self.policy.server, self.known)
        if self._wrong[0]:
            self.form.show_error(*self._wrong)

    def go(self, step: Step) -> None:
        """Show another step, with the focus in its first field."""
        self.step = step
        self.error, self._wrong = None, ("", "")
        self.redraw()
        if self.form is not None:
            self.form.take_focus()
            announce(self, self.form.title)

    def retranslate(self) -> None:
        name, _message = self._wrong
        if name and self.error is None:
            self._wrong = ("", "")
        super().retranslate()

    def _turn_settings(self) -> None:
        self._settings_open = not self._settings_open
        self.redraw()

    @property
    def address(self) -> str:
        """The server's address: IT's, else what was typed, else the one used here last."""
        last = self.known[0].address if self.known else ""
        return self.policy.server or self.typed.get("address") or last

    # -- going on

    def _choose(self, place: int) -> None:
        self.profile = self.known[place]
        self._way = Way.OPEN
        self._enter()

    def go_on(self) -> None:
        """The main action of the step in view."""
        form = self.form
        if form is None or self._busy:
            return
        wrong = form.check()
        self._wrong = wrong or ("", "")
        if wrong:
            form.show_error(*wrong)
            return
        follow: dict[Step, Callable[[], None]] = {
            Step.INVITATION: lambda: self.go(Step.PASSWORD),
            Step.PASSWORD: lambda: self._start(Way.JOIN),
            Step.LOGIN: lambda: self._start(Way.LOGIN),
            Step.PASSPHRASE: self._enter,
            Step.UNLOCK: self._enter,
            Step.RECOVER: lambda: self._start(Way.RECOVER),
            Step.NOTE_CODE: self._tell_or_leave,
            Step.RESTORED: self._leave,
        }
        follow[self.step]()

    def _start(self, way: Way) -> None:
        self._way = way
        self._enter()

    def _enter(self) -> None:
        """Do what the way asks for, off the main thread."""
        work = self._work()
        self._busy = True
        self.error = None
        if self.form is not None:
            self.form.setEnabled(False)
        run = self.frame.workers.run if self._way in (Way.OPEN, Way.RECOVER) else self.frame.workers.fetch
        run(work, self._came_in, self._refused, owner=self)
        announce(self, _("One moment"))

    def _work(self) -> Callable[[], Entered | Workplace]:
        accounts, get, address = self._accounts, self.typed.get, self.address
        phrase = get("passphrase") or None
        profile, way = self.profile, self._way
        if way is Way.OPEN and profile is not None:
            return lambda: accounts.open(profile, phrase)
        if way is Way.RECOVER and profile is not None:
            return lambda: accounts.open_with_code(profile, get("recovery"), phrase)
        device = get("device")
        if way is Way.JOIN:
            return lambda: accounts.join(address, get("code"), get("password"), device=device, passphrase=phrase)
        return lambda: accounts.login(address, get("login"), get("password"), device=device, passphrase=phrase)

    def _came_in(self, came: Entered | Workplace) -> None:
        from spoc_desktop.services.accounts import Entered

        self._busy = False
        self.entered = came if isinstance(came, Entered) else Entered(came, None)
        if self.entered.recovery_code:
            self.go(Step.NOTE_CODE)
        else:
            self._tell_or_leave()

    def _tell_or_leave(self) -> None:
        """A store that was damaged and is restored is told of before it opens."""
        if self.entered is not None and self.entered.workplace.restored is not None:
            self.go(Step.RESTORED)
        else:
            self._leave()

    def _leave(self) -> None:
        entered = self.entered
        self.typed = Typed()
        if entered is not None:
            self.entered = None
            self._signed_in(entered.workplace)

    # -- what went wrong

    def _refused(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, KeyringUnusable):
            self._ask_passphrase()
            return
        if isinstance(error, KeyLost | WrongKey):
            self.profile = self.profile or next(iter(self._accounts.known()), None)
            self._say(Step.RECOVER, error, "")
            return
        if isinstance(error, StoreMissing):
            self._say(Step.LOGIN, error, "")
            return
        step, name = next((place for kind, place in _FIELD_OF.items() if isinstance(error, kind)), (None, ""))
        if name == "password" and self._way is Way.JOIN and step is Step.LOGIN:
            step = Step.PASSWORD
        if name == "passphrase" and self.step is Step.PASSPHRASE:
            step = Step.PASSPHRASE
        self._say(step or self._first_step(name), error, name)

    def _ask_passphrase(self) -> None:
        """No keyring: a known store is opened by its passphrase, a new one gets one."""
        is_known = self._way is Way.OPEN
        self.go(Step.UNLOCK if is_known else Step.PASSPHRASE)

    def _first_step(self, name: str) -> Step:
        if name != "address":
            return self.step
        return Step.LOGIN if self._way is Way.LOGIN else Step.INVITATION

    def _say(self, step: Step, error: Exception, name: str) -> None:
        """Show an error at its field, or above the step where it belongs to none."""
        words = sentence(error)
        self.step = step
        shows_field = bool(name) and not (name == "address" and self.policy.server)
        in_field = shows_field and not isinstance(error, Unreachable)
        self.error = None if in_field else error
        self._wrong = (name, f"{words.failed} {words.next}") if in_field else ("", "")
        self.redraw()
        if self.form is not None and not in_field:
            self.form.take_focus(name)
            announce(self, str(words), urgent=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the main action; a button that has the focus keeps its own Enter."""
        focused = QApplication.focusWidget()
        if event.key() in ENTER:
            if isinstance(focused, QPushButton) and self.isAncestorOf(focused):
                focused.click()
            else:
                self.go_on()
            return
        super().keyPressEvent(event)

    def submit(self) -> None:
        """Ctrl+Enter."""
        self.go_on()


def places(accounts: Accounts, signed_in: Callable[[Workplace], None]) -> tuple[Place, ...]:
    """The one page before anybody is signed in."""
    return (Place("sign_in", lambda frame: SignInPage(frame, accounts, signed_in), lambda: _("Sign in")),)
