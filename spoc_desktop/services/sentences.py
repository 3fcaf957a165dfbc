"""Every way to fail, as three short sentences: what is safe, what failed, what to do next.

A page shows them as they are; the technical line is for a report to IT. A test walks every error and every refusal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spoc_desktop.i18n import _, clock, day_with_year, moment, ngettext
from spoc_desktop.interchange import problem_sentences, stick
from spoc_desktop.interchange.problems import Problem
from spoc_desktop.services import authoring_errors, stick_words
from spoc_desktop.services import errors as services
from spoc_desktop.services.refusals import REFUSALS
from spoc_desktop.storage import errors as storage
from sync.client.http_connection import BadAddress
from sync.client.http_interrupt import Interrupted
from sync.protocol import errors as sync


@dataclass(frozen=True, slots=True)
class Sentence:
    """What to tell a person, in their language. `safe` may be empty where nothing of theirs was at stake."""

    safe: str
    failed: str
    next: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.safe, self.failed, self.next) if part)


def sentence(error: BaseException) -> Sentence:
    """The words for an error; an unknown one gets the words of its nearest known base."""
    for known in type(error).__mro__:
        if known in _WORDS:
            return _WORDS[known](error)
    return Sentence(_work_safe(), _("Something went wrong in the program."), _report())


def of_a_sync(error: BaseException) -> Sentence:
    """The words for what stopped an exchange: nothing was on the screen to be saved."""
    if isinstance(error, storage.DiskFull):
        paused = _("The disk is full, so the synchronisation pauses.")
        return Sentence(_work_safe(), paused, _("Free 50 MB on this computer; it goes on by itself."))
    return sentence(error)


def refusal(code: sync.Refusal) -> Sentence:
    """Why the server did not take one change of the person."""
    failed, what_next = REFUSALS[code]()
    return Sentence(_("Your text is kept in this list."), failed, what_next)


def _why_refused(problems: tuple[Problem, ...]) -> str:
    if not problems:
        return _("A file of this kind does not fit here.")
    return " ".join(problem_sentences.sentence(problem) for problem in problems)


def _work_safe() -> str:
    return _("Your work is saved on this computer.")


def _nothing_saved() -> str:
    return _("Nothing was changed on this computer.")


def _file_safe() -> str:
    return _("The file with your work is untouched.")


def _by_itself() -> str:
    return _("You can go on working; the program tries again by itself.")


def _report() -> str:
    return _("Try again. If it happens again, send the technical detail to your IT department.")


def _login(failed: str, next_: str) -> Sentence:
    return Sentence(_nothing_saved(), failed, next_)


def _busy(error: Any) -> Sentence:
    seconds = max(1, round(error.retry_after))
    failed = _("The server has a lot to do just now.")
    next_ = ngettext(
        "The program tries again by itself in {seconds} second.",
        "The program tries again by itself in {seconds} seconds.",
        seconds,
    )
    return Sentence(_work_safe(), failed, next_.format(seconds=seconds))


def _not_open(error: Any) -> Sentence:
    opens = moment(error.opens)
    failed = _("This activity opens on {day} at {time}.").format(day=day_with_year(opens.date()), time=clock(opens))
    return Sentence("", failed, _("Until then you can read the weeks that are open."))


def _no_attempts(error: Any) -> Sentence:
    failed = ngettext(
        "This quiz allows {allowed} attempt and you have used it.",
        "This quiz allows {allowed} attempts and you have used them all.",
        error.allowed,
    )
    next_ = _("If something went wrong during an attempt, write to your trainer.")
    return Sentence(_("Your answers are kept."), failed.format(allowed=error.allowed), next_)


def _not_ready(error: Any) -> Sentence:
    failed = ngettext(
        "One thing is missing before the course can be published.",
        "{count} things are missing before the course can be published.",
        len(error.lacks),
    )
    next_ = _("Complete the course folder and import it again.")
    return Sentence(_("The draft is saved."), failed.format(count=len(error.lacks)), next_)


def _not_author(error: Any) -> Sentence:
    if not error.titles:
        failed = _("You are not the author of a course on this server.")
        return _login(failed, _("Ask the person who runs the server to make you an author."))
    failed = _("None of the courses that you may write has this title.")
    next_ = _("You may write: {titles}.").format(titles=" · ".join(error.titles))
    return _login(failed, next_)


def _newer_program(error: Any) -> Sentence:
    failed = _("It was written by a newer version of this program.")
    if error.program:
        failed = _("It was written by version {version} of this program.").format(version=error.program)
    return Sentence(_file_safe(), failed, _("Install the update or ask your IT department."))


_SYNC: Mapping[type, Callable[[Any], Sentence]] = {
    sync.SyncError: lambda _e: Sentence(_work_safe(), _("The exchange with the server failed."), _by_itself()),
    sync.Unreachable: lambda _e: Sentence(
        _work_safe(),
        _("The server does not answer."),
        _("You can go on without a network; the program tries again by itself. The first time, check the address."),
    ),
    sync.AnswerCut: lambda _e: Sentence(_work_safe(), _("The network cut the answer of the server."), _by_itself()),
    sync.TooSlow: lambda _e: Sentence(_work_safe(), _("The network is so slow that nothing moved."), _by_itself()),
    sync.FileDamaged: lambda _e: Sentence(_work_safe(), _("A file was damaged on the way."), _by_itself()),
    sync.FileMissing: lambda _e: Sentence(
        _work_safe(), _("The server does not have a file that your work names."), _by_itself()
    ),
    sync.FileTooLarge: lambda _e: Sentence(
        _work_safe(), _("A file is larger than the server takes."), _("Attach a smaller one.")
    ),
    sync.CaptivePortal: lambda _e: Sentence(
        _work_safe(),
        _("This network asks you to sign in before it lets anything through."),
        _("Open your web browser, sign in to the network, then synchronise again."),
    ),
    sync.NotOurServer: lambda _e: Sentence(
        _("Your work is saved on this computer and nothing of it was deleted."),
        _("The address answers, but it is not the server where you signed in."),
        _("Tell your IT department; until then you can go on without a network."),
    ),
    sync.UntrustedCertificate: lambda _e: Sentence(
        _("Your work is saved on this computer and nothing was sent."),
        _("This computer does not trust the certificate of the server."),
        _("Tell your IT department: the network may be intercepted, or the company’s certificate is missing here."),
    ),
    sync.LoginExpired: lambda _e: Sentence(
        _work_safe(),
        _("Your login has ended."),
        _("Sign in again to send what waits; until then you can go on without a network."),
    ),
    sync.UpdateNeeded: lambda _e: Sentence(
        _work_safe(),
        _("An update is needed: this program and the server no longer understand each other."),
        _("Install the update or ask your IT department; until then you can go on without a network."),
    ),
    sync.ServerOlder: lambda _e: Sentence(
        _work_safe(),
        _("Your organisation’s server is older than this program, and they do not understand each other yet."),
        _("There is nothing to install here. Tell your IT department: what waits goes out when the server is updated."),
    ),
    sync.Busy: _busy,
    sync.BadBatch: lambda _e: Sentence(
        _work_safe(), _("The server could not take what was sent all at once."), _by_itself()
    ),
    sync.InvitationUnknown: lambda _e: _login(
        _("No invitation has this code."),
        _("Check the code letter by letter, and the address of the server, in the message of your trainer."),
    ),
    sync.InvitationUsed: lambda _e: _login(
        _("This code has been used already."),
        _("If it was you, sign in with your name and password. If not, ask your trainer for a new code."),
    ),
    sync.InvitationExpired: lambda _e: _login(_("This code is too old."), _("Ask your trainer for a new code.")),
    sync.WrongPassword: lambda _e: _login(
        _("This name and this password do not go together."),
        _("Check both and try again. If you have forgotten the password, ask your trainer."),
    ),
    sync.WeakPassword: lambda _e: _login(
        _("This password is too short or too well known."),
        _("Choose another one, of at least 8 characters. Three or four words in a row do well."),
    ),
    sync.NotReady: _not_ready,
    BadAddress: lambda _e: Sentence(
        _work_safe(),
        _("The address of the server kept on this computer cannot be used."),
        _("Sign in again with the address in the message of your trainer."),
    ),
    sync.NotOffered: lambda _e: Sentence(
        _work_safe(),
        _("The server is older than this program and does not do this yet."),
        _("Tell your IT department."),
    ),
    Interrupted: lambda _e: Sentence(_work_safe(), _("The program stopped waiting for news by itself."), _by_itself()),
    sync.OverQuota: lambda _e: Sentence(
        _work_safe(),
        _("You have used up the room that you have on the server."),
        _("Ask your IT department for more; what waits is then sent by itself."),
    ),
    sync.BallotSpent: lambda _e: Sentence(
        "",
        _("This answer sheet was used already, or belongs to another survey."),
        _("If you have not answered yet, tell your IT department."),
    ),
    sync.Forbidden: lambda _e: Sentence(
        _work_safe(), _("You may not do this on this server."), _("Ask your trainer or your IT department.")
    ),
}

_STORAGE: Mapping[type, Callable[[Any], Sentence]] = {
    storage.StoreError: lambda _e: Sentence("", _("This computer could not read or save your data."), _report()),
    storage.DiskFull: lambda _e: Sentence(
        _("What you wrote is still on the screen."),
        _("The disk is full, so it is not saved."),
        _("Free 50 MB on this computer, then save again."),
    ),
    storage.StoreBusy: lambda _e: Sentence(
        _("What you wrote is still on the screen."),
        _("Another program holds the file with your work."),
        _("Wait a moment, then save again."),
    ),
    storage.StoreReadOnly: lambda _e: Sentence(
        _("What you wrote is still on the screen."),
        _("The folder with your work may not be written to."),
        _("Ask your IT department to give you the right to write to it."),
    ),
    storage.StoreDamaged: lambda _e: Sentence(
        _("What the server has received is safe there, and nothing on this computer was deleted."),
        _("A part of the file with your work is damaged."),
        _("Close the program and open it again: it brings your work back from its daily copy."),
    ),
    storage.StoreMissing: lambda _e: Sentence(
        _("What the server has received is safe there."),
        _("There is no file with your work on this computer."),
        _("Sign in to fetch your courses."),
    ),
    storage.StoreExists: lambda _e: Sentence(
        _file_safe(), _("You have signed in on this computer before."), _("Choose your name in the list.")
    ),
    storage.WrittenByNewerProgram: _newer_program,
    storage.WrongKey: lambda _e: Sentence(
        _file_safe(), _("The key of this computer does not open it."), _("Type your recovery code.")
    ),
    storage.Unstorable: lambda _e: Sentence(
        _work_safe(), _("The server sent something that this program cannot keep."), _report()
    ),
    storage.TooLargeToSave: lambda _e: Sentence(
        _("What you wrote is still on the screen."),
        _("It is too long to be saved as one text."),
        _("Shorten it, or put it into a file."),
    ),
    storage.FileTooLarge: lambda error: Sentence(
        _("What you wrote is still on the screen."),
        _("The file “{name}” is larger than 2 GB.").format(name=error.detail),
        _("Attach a smaller one, or several."),
    ),
    storage.NoSuchRecord: lambda _e: Sentence(
        _work_safe(), _("What you wanted to change is no longer there."), _("Open the page again to see how it stands.")
    ),
    storage.AlreadyThere: lambda _e: Sentence(
        _work_safe(), _("This is there already; nothing was written over it."), _("Open the page again to see it.")
    ),
    storage.TooLateToUndo: lambda _e: Sentence(
        _work_safe(), _("It is too late to undo this: it has been sent."), _("Change it again as you want it to be.")
    ),
    storage.AlreadyRunning: lambda _e: Sentence(
        _file_safe(), _("The program is open on it already."), _("Close its window first, or work there.")
    ),
    storage.KeyringUnusable: lambda _e: Sentence(
        "",
        _("This computer has no safe place for a key."),
        _("Choose a passphrase: it will open your work each time you start the program."),
    ),
    storage.KeyLost: lambda _e: Sentence(
        _file_safe(),
        _("The key that opens it is no longer on this computer."),
        _("Type your recovery code, or ask your IT department for the key of your organisation."),
    ),
    storage.WrongPassphrase: lambda _e: Sentence(
        _file_safe(), _("This passphrase does not open it."), _("Try again, or type your recovery code.")
    ),
    storage.WrongRecoveryCode: lambda _e: Sentence(
        _file_safe(),
        _("This recovery code does not open it."),
        _("Check that it is the code of this computer, or ask your IT department."),
    ),
    storage.MistypedRecoveryCode: lambda _e: Sentence(
        _file_safe(),
        _("A character of the recovery code is wrong or missing."),
        _("Compare it with your note and type it again."),
    ),
    storage.KeyFileDamaged: lambda _e: Sentence(
        _file_safe(),
        _("The file beside it that holds its keys cannot be read."),
        _("Ask your IT department; do not delete anything."),
    ),
}

_SERVICES: Mapping[type, Callable[[Any], Sentence]] = {
    services.ServiceError: lambda _e: Sentence(_work_safe(), _("This could not be done."), _report()),
    services.NotHereYet: lambda _e: Sentence(
        "", _("This has not come to this computer yet."), _("It arrives with the next synchronisation.")
    ),
    services.NotOpenYet: _not_open,
    services.NoAttemptsLeft: _no_attempts,
    services.AlreadySubmitted: lambda _e: Sentence(
        _("Your answers are kept."),
        _("This attempt has been handed in, here or on another computer of yours."),
        _("Open the quiz to see its result."),
    ),
    services.NoTriesLeft: lambda _e: Sentence(
        _("Your answers are kept."),
        _("The expected answer of this question is already shown."),
        _("Go on to the next question."),
    ),
    services.AlreadyAccepted: lambda _e: Sentence(
        _("Your versions are kept."),
        _("Your trainer has accepted this exercise: no further version is handed in."),
        _("Write to your trainer if you want to add something."),
    ),
    services.NothingToHandIn: lambda _e: Sentence(
        "", _("There is neither text nor a file to hand in."), _("Write your answer or attach a file first.")
    ),
    services.NothingNewToHandIn: lambda _e: Sentence(
        _("The text of the last version is kept."),
        _("This version says the same as the last one."),
        _("Change your text or your files, then hand it in."),
    ),
    services.TooManyFiles: lambda error: Sentence(
        _("Your text and the files that were there are kept."),
        _("A version takes {most} files and no more.").format(most=error.most),
        _("Put several files together into one document, or attach fewer."),
    ),
    services.FileUnreadable: lambda error: Sentence(
        _("Your text and the files that were there are kept."),
        _("The file “{name}” cannot be read.").format(name=error.name),
        _("Check that it is a file, that it is still there and that you may open it."),
    ),
    services.NotAnAuthor: _not_author,
    authoring_errors.FileChanged: lambda error: Sentence(
        _("Nothing was saved: your course stays as it was."),
        _("The file “{name}” changed while the course was read.").format(name=error.name),
        _("Import the course again."),
    ),
    authoring_errors.TakenElsewhere: lambda error: Sentence(
        _("Nothing was saved: your courses stay as they were."),
        _("“{title}” has the id of something in another course.").format(title=error.title),
        _("Import this course as a copy: everything in it gets an id of its own."),
    ),
    authoring_errors.FileRefused: lambda error: Sentence(
        _("Your text stays as it is."),
        _("“{name}” was not taken. {why}").format(name=error.name, why=_why_refused(error.problems)),
        _("Choose another file."),
    ),
    authoring_errors.ExportPlaceTaken: lambda _e: Sentence(
        "",
        _("This folder holds something already: nothing was written."),
        _("Give a new or an empty folder."),
    ),
    authoring_errors.ExportIncomplete: lambda error: Sentence(
        "",
        _("“{name}” has not come to this computer yet: nothing was written.").format(name=error.name),
        _("Synchronise, then export again."),
    ),
    services.IssuerUnknown: lambda _e: Sentence(*stick_words.issuer_unknown()),
    stick.StickRefused: lambda error: Sentence(*stick_words.of(error)),
    services.UnknownPerson: lambda _e: Sentence(
        "",
        _("Nobody has signed in on this computer under this name."),
        _("Join with an invitation code, or sign in with your name and password."),
    ),
    services.WrongAddress: lambda _e: _login(
        _("This is not the address of a server."),
        _("It begins with https:// and is in the message of your trainer."),
    ),
}

_WORDS: Mapping[type, Callable[[Any], Sentence]] = {**_SYNC, **_STORAGE, **_SERVICES}
