"""The steps of signing in: each a short form with one main action. What is typed goes to the page at each letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services import care
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.field import Field, LineEdit
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text
from sync.protocol.limits import MIN_PASSWORD

if TYPE_CHECKING:
    from spoc_desktop.services.accounts import Entered
    from spoc_desktop.services.profiles import Profile

GOOD_LENGTH = 15


class Step(Enum):
    """Where in signing in the person is."""

    PEOPLE = auto()
    INVITATION = auto()
    PASSWORD = auto()
    LOGIN = auto()
    PASSPHRASE = auto()
    UNLOCK = auto()
    RECOVER = auto()
    NOTE_CODE = auto()
    RESTORED = auto()


class Typing(Protocol):
    """What was typed, by the names of fields."""

    values: dict[str, str]

    def get(self, name: str) -> str:
        """The text of a field."""
        ...


class Policy(Protocol):
    """What IT decided."""

    @property
    def server(self) -> str:
        """The server's address, "" when it is the person's to give."""
        ...


class SignIn(Protocol):
    """What a step asks of its page."""

    known: tuple[Profile, ...]
    profile: Profile | None
    entered: Entered | None

    @property
    def typed(self) -> Typing:
        """What was typed so far."""
        ...

    @property
    def policy(self) -> Policy:
        """What IT decided."""
        ...

    @property
    def address(self) -> str:
        """The server's address as far as it is known."""
        ...


class StepForm(QWidget):
    """`submitted`: the main action. `went`: to another step. `chosen`: a known person, by place."""

    submitted = Signal()
    went = Signal(object)
    chosen = Signal(int)

    def __init__(self, page: SignIn, title: str, said: str, action: str) -> None:
        super().__init__()
        self.page = page
        self.title = title
        self.fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._column.addWidget(Text(title, "title", wrap=True))
        self._column.addWidget(Text(said, "lesson", "muted", wrap=True))
        self._column.addSpacing(8)
        self.build()
        if action:
            button = Button(action, "primary", size="large").fill_width()
            button.setObjectName("primary")
            button.clicked.connect(self.submitted)
            self._column.addWidget(button)
        for text, step in self.ways():
            link = LinkButton(text)
            link.setObjectName(f"way_{step.name.lower()}")
            link.clicked.connect(lambda _checked=False, step=step: self.went.emit(step))
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    # -- what steps write

    def build(self) -> None:
        """Add the fields."""

    def ways(self) -> tuple[tuple[str, Step], ...]:
        """Quiet ways to other steps."""
        return ()

    def check(self) -> tuple[str, str] | None:
        """Name of the first field that is not filled in well, and how to mend it."""
        for name, field in self.fields.items():
            if not self.page.typed.get(name).strip():
                return name, _("Fill in “{field}” first.").format(field=field.label.text())
        return None

    # -- what steps and the page use

    def add(self, widget: QWidget) -> None:
        """One more part, from top to bottom."""
        self._column.addWidget(widget)

    def add_field(
        self, name: str, label: str, hint: str = "", *, secret: bool = False, mono: bool = False, value: str = ""
    ) -> Field:
        """A field whose text the page keeps under `name`."""
        edit = LineEdit(mono=mono, large=True)
        edit.setObjectName(name)
        if secret:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        if value and not self.page.typed.get(name):
            self.page.typed.values[name] = value
        edit.setText(self.page.typed.get(name))
        edit.textChanged.connect(lambda text: self._typed(name, text))
        made = Field(label, edit, hint)
        self.fields[name] = made
        self.add(made)
        return made

    def _typed(self, name: str, text: str) -> None:
        self.page.typed.values[name] = text
        if self.fields[name].error:
            self.fields[name].show_error("")

    def add_address(self, hint: str = "") -> None:
        """The server's address, where IT has not decided it."""
        if not self.page.policy.server:
            self.add_field("address", _("Address of the server"), hint, value=self.page.address)

    def show_error(self, name: str, message: str) -> None:
        """Say at a field what is wrong with it."""
        if name in self.fields:
            self.fields[name].show_error(message)

    def take_focus(self, name: str = "") -> None:
        """The keyboard goes to a field, the first empty one without a name."""
        empty = (each for each in self.fields if not self.page.typed.get(each))
        wanted = name if name in self.fields else next(empty, next(iter(self.fields), ""))
        target = self.fields[wanted].edit if wanted else self.findChild(Button) or self.findChild(Row)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)


class PeopleStep(StepForm):
    """The persons of this computer."""

    def __init__(self, page: SignIn) -> None:
        said = _("Choose your name. Your work opens with or without a network.")
        super().__init__(page, _("Welcome back"), said, "")

    def build(self) -> None:
        for place, person in enumerate(self.page.known):
            row = Row(
                person.name, person.organisation, leading=Avatar(person.name), line=place < len(self.page.known) - 1
            )
            row.setObjectName(f"person_{place}")
            row.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self.add(row)

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return (
            (_("I have an invitation code"), Step.INVITATION),
            (_("Sign in with a name and a password"), Step.LOGIN),
        )


class InvitationStep(StepForm):
    """The code of the invitation, and where to."""

    def __init__(self, page: SignIn) -> None:
        said = _("Sign in once. After that your courses go with you, with or without a network.")
        super().__init__(page, _("Welcome"), said, _("Join"))

    def build(self) -> None:
        hint = _("Twelve letters and digits, in the message of your trainer.")
        self.add_field("code", _("Invitation code"), hint, mono=True)
        self.add_address(_("It stands in the message of your trainer."))

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return _with_people(self.page, ((_("I have joined already: sign in"), Step.LOGIN),))


class PasswordStep(StepForm):
    """The password of a person who joins, twice, with a sentence on its strength."""

    def __init__(self, page: SignIn) -> None:
        said = _("It signs you in on your next computer. Here you will not be asked for it again.")
        super().__init__(page, _("Choose a password"), said, _("Join"))

    def build(self) -> None:
        first = self.add_field("password", _("Password"), strength(self.page.typed.get("password")), secret=True)
        self.add_field("password_again", _("The same password again"), secret=True)
        hint = _("You will find this computer under this name in the list of your devices.")
        self.add_field("device", _("Name of this computer"), hint)
        if isinstance(first.edit, QLineEdit):
            first.edit.textChanged.connect(lambda text: first.say(_("Password"), strength(text)))

    def check(self) -> tuple[str, str] | None:
        get = self.page.typed.get
        if len(get("password")) < MIN_PASSWORD:
            return "password", strength(get("password"))
        if get("password") != get("password_again"):
            return "password_again", _("The two passwords are not the same. Type this one again.")
        return super().check()

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return ((_("Back to the code"), Step.INVITATION),)


class LoginStep(StepForm):
    """Name and password, for a further laptop."""

    def __init__(self, page: SignIn) -> None:
        said = _("Everything that you did on your other computer comes here.")
        super().__init__(page, _("Sign in"), said, _("Sign in"))

    def build(self) -> None:
        login = self.page.profile.login if self.page.profile else ""
        self.add_field(
            "login", _("Name for signing in"), _("The one that you were given when you joined."), value=login
        )
        self.add_field("password", _("Password"), secret=True)
        self.add_address()
        self.add_field("device", _("Name of this computer"))

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return _with_people(self.page, ((_("I have an invitation code"), Step.INVITATION),))


class PassphraseStep(StepForm):
    """A passphrase of one's own, where the computer has no keyring."""

    def __init__(self, page: SignIn) -> None:
        said = _("This computer has no safe place for a key. Your passphrase opens your work each time you start.")
        super().__init__(page, _("Choose a passphrase"), said, _("Go on"))

    def build(self) -> None:
        first = self.add_field("passphrase", _("Passphrase"), strength(self.page.typed.get("passphrase")), secret=True)
        self.add_field("passphrase_again", _("The same passphrase again"), secret=True)
        if isinstance(first.edit, QLineEdit):
            first.edit.textChanged.connect(lambda text: first.say(_("Passphrase"), strength(text)))

    def check(self) -> tuple[str, str] | None:
        get = self.page.typed.get
        if len(get("passphrase")) < MIN_PASSWORD:
            return "passphrase", strength(get("passphrase"))
        if get("passphrase") != get("passphrase_again"):
            return "passphrase_again", _("The two passphrases are not the same. Type this one again.")
        return None


class UnlockStep(StepForm):
    """The passphrase of a known person."""

    def __init__(self, page: SignIn) -> None:
        name = page.profile.name if page.profile else ""
        title = _("Hello {name}").format(name=name.split(" ")[0])
        super().__init__(page, title, _("Your passphrase opens your work on this computer."), _("Open"))

    def build(self) -> None:
        self.add_field("passphrase", _("Passphrase"), secret=True)

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return _with_people(self.page, ((_("I no longer know it: use the recovery code"), Step.RECOVER),))


class RecoverStep(StepForm):
    """The recovery code, when the key of this computer is lost."""

    def __init__(self, page: SignIn) -> None:
        said = _("Type the recovery code that you noted when you joined. Your work is on this computer, untouched.")
        super().__init__(page, _("Find your work again"), said, _("Open my work"))

    def build(self) -> None:
        self.page.typed.values.pop("passphrase", None)
        self.add_field("recovery", _("Recovery code"), _("Spaces and dashes do not matter."), mono=True)

    def ways(self) -> tuple[tuple[str, Step], ...]:
        return _with_people(self.page, ())


class NoteCodeStep(StepForm):
    """The recovery code, shown this one time."""

    def __init__(self, page: SignIn) -> None:
        said = _("If this computer ever loses its key, this code opens your work again. It is shown only now.")
        super().__init__(page, _("Note this code"), said, _("I have noted this code"))

    def build(self) -> None:
        code = self.page.entered.recovery_code if self.page.entered else None
        shown = Text(code or "", "mono", wrap=True)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        shown.setAccessibleName(_("Recovery code: {code}").format(code=" ".join(code or "")))
        shown.setObjectName("code_to_note")
        self.add(shown)
        self.add(Callout("info", _("Keep it away from this computer"), _("On paper, or in your password manager.")))


class RestoredStep(StepForm):
    """The file with the person's work was damaged and is restored: what is safe, what happened, what is next."""

    def __init__(self, page: SignIn) -> None:
        restored = page.entered.workplace.restored if page.entered else None
        self._said = None if restored is None else care.words(restored)
        super().__init__(page, _("Your work is back"), self._said.safe if self._said else "", _("Go on"))

    def build(self) -> None:
        if self._said is not None:
            self.add(Callout("info", self._said.failed, self._said.next))


def strength(password: str) -> str:
    """What to say about a password while it is typed."""
    if len(password) < MIN_PASSWORD:
        return _("At least {count} characters; three or four words in a row do well.").format(count=MIN_PASSWORD)
    if len(password) < GOOD_LENGTH:
        return _("It will do. With {count} characters it is strong.").format(count=GOOD_LENGTH)
    return _("A strong one.")


def _with_people(page: SignIn, ways: tuple[tuple[str, Step], ...]) -> tuple[tuple[str, Step], ...]:
    people = ((_("Back to the list of names"), Step.PEOPLE),) if page.known else ()
    return (*ways, *people)


STEPS: Mapping[Step, Callable[[SignIn], StepForm]] = {
    Step.PEOPLE: PeopleStep,
    Step.INVITATION: InvitationStep,
    Step.PASSWORD: PasswordStep,
    Step.LOGIN: LoginStep,
    Step.PASSPHRASE: PassphraseStep,
    Step.UNLOCK: UnlockStep,
    Step.RECOVER: RecoverStep,
    Step.NOTE_CODE: NoteCodeStep,
    Step.RESTORED: RestoredStep,
}
