"""`spoc`: the laptop program on the command line, for authors, scripts and the demo. Alone it opens the window.

Exit codes: 0 done; 1 the material has to be mended first; 2 wrong use; 3 not sent, trying again later is safe; 4 nobody
could be signed in or no store opened. `verify` has its own: 0 verified, 1 altered or forged, 2 unreadable, 3 signed by
an unknown key. Secrets are asked for on the terminal or read from a file descriptor.
"""

import argparse
import locale
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from spoc_desktop import app, i18n, paths
from spoc_desktop.i18n import _, day_and_time, moment, ngettext
from spoc_desktop.services.errors import NotAnAuthor, ServiceError
from spoc_desktop.services.sentences import sentence
from spoc_desktop.settings import LANGUAGE, Settings
from spoc_desktop.storage.errors import KeyringUnusable, StoreError
from sync.protocol.errors import NotReady, SyncError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from spoc_desktop.interchange.course_folder import CourseText
    from spoc_desktop.interchange.problems import Problem
    from spoc_desktop.interchange.summary import Summary
    from spoc_desktop.services.accounts import Accounts, Entered
    from spoc_desktop.services.workplace import Workplace

_VERIFY = "verify"
DONE, MEND, NOT_SENT, NOT_IN = 0, 1, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not words or words[0] not in _COMMANDS:
        return app.main(words, tuple(_COMMANDS))
    given = _parser().parse_args(words)
    if given.home:
        os.environ[paths.HOME_VARIABLE] = str(given.home)
    i18n.use(given.language or Settings(paths.settings_file()).value(LANGUAGE) or _system_language())
    if given.command == _VERIFY:
        return _verify(given)
    command: Callable[[argparse.Namespace], int] = _COMMANDS[given.command]
    from spoc_desktop.storage.instance import InstanceLock

    try:
        with InstanceLock(paths.lock_file()):
            return command(given)
    except SyncError as error:
        _say_error(error)
        return NOT_SENT
    except (ServiceError, StoreError) as error:
        _say_error(error)
        return NOT_IN


def _join(given: argparse.Namespace) -> int:
    """Accept an invitation and make the person's store on this computer."""
    password = _secret(given.password_fd, _("Choose a password: "))
    accounts = _accounts()
    return _enter(
        given, lambda phrase: accounts.join(given.server, given.code, password, device=given.device, passphrase=phrase)
    )


def _login(given: argparse.Namespace) -> int:
    """Sign in with name and password, on a further computer or again on this one."""
    password = _secret(given.password_fd, _("Password: "))
    accounts = _accounts()
    return _enter(
        given,
        lambda phrase: accounts.login(given.server, given.login, password, device=given.device, passphrase=phrase),
    )


def _enter(given: argparse.Namespace, enter: "Callable[[str | None], Entered]") -> int:
    passphrase = _secret(given.passphrase_fd, "") if given.passphrase_fd is not None else None
    try:
        entered = enter(passphrase)
    except KeyringUnusable as error:
        if passphrase is not None or not sys.stdin.isatty():
            raise
        _say_error(error)
        entered = enter(getpass(_("Choose a passphrase: ")))
    except SyncError as error:
        _say_error(error)
        return NOT_IN
    return _welcome(entered.workplace, entered.recovery_code)


def _welcome(workplace: "Workplace", recovery_code: str | None) -> int:
    with closing(workplace):
        print(_("{name} is signed in on this computer.").format(name=workplace.name))
        if recovery_code is not None:
            print(_("Recovery code, shown only this once: {code}").format(code=recovery_code))
            print(_("Write it down: it opens your work if this computer loses the key."))
        error = workplace.syncing.sync_now()
        if error is not None:
            _say_error(error)
            return NOT_SENT
    return DONE


def _sync(given: argparse.Namespace) -> int:
    """Send what waits and fetch what is new."""
    with _opened(given) as workplace:
        error = workplace.syncing.sync_now()
        for line in workplace.syncing.log():
            if line.trouble is None:
                print(_("{sent} sent, {received} received").format(sent=line.sent, received=line.received))
        _say_standing(workplace)
        if error is not None:
            _say_error(error)
            return NOT_SENT
    return DONE


def _status(given: argparse.Namespace) -> int:
    """Say what waits and what needs the person, without asking the server."""
    with _opened(given) as workplace:
        print(f"{workplace.name} · {workplace.profile.organisation} · {workplace.profile.address}")
        _say_standing(workplace)
    return DONE


def _import(given: argparse.Namespace) -> int:
    """Bring a course into its authoring space and publish it; nothing of it while anything has to be mended."""
    from tempfile import TemporaryDirectory

    from spoc_desktop.interchange.course_folder import Refused
    from spoc_desktop.interchange.package import read_course

    with TemporaryDirectory() as aside:
        read = read_course(given.folder, Path(aside))
        _say_problems(read.warnings, _("To know:"))
        if isinstance(read, Refused):
            _say_problems(read.problems, _("To mend:"))
            count = len(read.problems)
            said = ngettext("{count} problem. Nothing was saved.", "{count} problems. Nothing was saved.", count)
            print(said.format(count=count))
            return MEND
        _say_summary(read.summary)
        with _opened(given) as workplace:
            return _keep_course(workplace, read.text, given)


def _keep_course(workplace: "Workplace", text: "CourseText", given: argparse.Namespace) -> int:
    from spoc_desktop.interchange.copying import as_copy
    from spoc_desktop.services.authoring_errors import FileChanged, TakenElsewhere

    workplace.syncing.sync_or_raise()
    try:
        if given.copy_into is not None:
            text = as_copy(text, workplace.authoring.find(given.copy_into))
        written = workplace.authoring.write(text)
    except (NotAnAuthor, FileChanged, TakenElsewhere) as error:
        _say_error(error)
        return MEND
    _say_titles(_("New: {title}"), written.created)
    _say_titles(_("Changed: {title}"), written.edited)
    print(_("Unchanged: {count}").format(count=written.unchanged))
    workplace.syncing.sync_or_raise()
    refused = [item for item in workplace.syncing.attention_list() if not item.aside]
    for item in refused:
        print(f"{item.what}: {item.said}")
    if refused:
        return MEND
    return DONE if given.draft else _publish(workplace, text.course_id)


def _export(given: argparse.Namespace) -> int:
    """Write a course of this person as a course folder, without asking the server."""
    from spoc_desktop.interchange.summary import summary_of

    with _opened(given) as workplace:
        text = workplace.authoring.export(workplace.authoring.find(given.course), given.folder)
        print(_("Written: {folder}").format(folder=given.folder))
        _say_summary(summary_of(text.drafts))
    return DONE


def _carry(given: argparse.Namespace) -> int:
    """Write a published course of this laptop onto a USB stick, without asking the server."""
    with _opened(given) as workplace:
        courses = [one for one in workplace.carrying.courses() if given.course in ("", one.title, one.course_id.hex())]
        if len(courses) != 1:
            for one in workplace.carrying.courses():
                print(f"{one.title}  {one.course_id.hex()}")
            print(_("Say which course with --course."), file=sys.stderr)
            return MEND
        place = workplace.carrying.write(courses[0].course_id, given.folder, lambda _done, _whole: True)
        print(_("Written: {folder}").format(folder=place))
    return DONE


def _bring(given: argparse.Namespace) -> int:
    """Take a course from a USB stick, without a network: all that is lacking here, or nothing."""
    from spoc_desktop.services.carrying import StickRefused
    from spoc_desktop.services.stick_words import brought_words

    with _opened(given) as workplace:
        try:
            stick = workplace.carrying.look(given.folder)
            print(brought_words(workplace.carrying.bring(stick, lambda _done, _whole: True)))
        except StickRefused as error:
            _say_error(error)
            return MEND
    return DONE


def _say_summary(summary: "Summary") -> None:
    """What the course holds, one line a kind; what it holds none of is not named."""
    from spoc_desktop.services.counted import counted

    print(f"{summary.title}: {', '.join(counted(summary))}")


def _verify(given: argparse.Namespace) -> int:
    """Verify a certificate or an evidence file without a network, an account, or the window having to be closed."""
    from spoc_desktop.services import verifying
    from sync.reports import checking

    try:
        keys = [verifying.key_from(key) for key in given.key] + verifying.keys_of(_accounts().known())
        content = b"" if given.code else given.file.read_bytes()
        if content.lstrip()[:1] == b"{":
            return _verify_evidence(content, keys)
        checked = checking.check_code(given.code, keys) if given.code else checking.check_file(content, keys)
    except (OSError, verifying.NotAKey) as error:
        print(_("It cannot be read: {what}").format(what=error), file=sys.stderr)
        return verifying.EXIT_CODES[checking.Finding.UNREADABLE]
    for line in verifying.told(checked):
        print(line)
    return verifying.EXIT_CODES[checked.finding]


def _verify_evidence(content: bytes, keys: "list[Ed25519PublicKey]") -> int:
    from spoc_desktop.services import evidence
    from sync.reports.evidence import check

    proved = check(content, keys)
    for line in evidence.told(proved, time.time_ns() // 1_000_000):
        print(line)
    return evidence.EXIT_CODES[proved.finding]


def _publish(workplace: "Workplace", course_id: bytes) -> int:
    from spoc_desktop.services.lacks import lack_sentence

    try:
        done = workplace.authoring.publish(course_id)
    except NotReady as error:
        _say_error(error)
        for code, title in error.lacks:
            print(f"  {lack_sentence(code, title)}")
        return MEND
    print(_("Published as edition {number}.").format(number=done.number))
    workplace.syncing.sync_or_raise()
    return DONE


def _system_language() -> str:
    """The language that the system speaks, where the program speaks it too, else French."""
    spoken = (locale.getlocale()[0] or os.environ.get("LANG", ""))[:2]
    return spoken if spoken in i18n.LANGUAGES else "fr"


def _accounts() -> "Accounts":
    from spoc_desktop.services.accounts import Accounts

    return Accounts()


def _opened(given: argparse.Namespace) -> "closing[Workplace]":
    """The store of the person asked for; the program must not be open on it in a window."""
    accounts = _accounts()
    profile = accounts.find(given.person)
    passphrase = None
    if given.passphrase_fd is not None or accounts.needs_passphrase(profile):
        passphrase = _secret(given.passphrase_fd, _("Passphrase: "))
    return closing(accounts.open(profile, passphrase))


def _secret(descriptor: int | None, question: str) -> str:
    """A secret from an inherited pipe, or asked for on the terminal; never from the command line."""
    from spoc_desktop.storage.key_source import passphrase_from

    return passphrase_from(descriptor) if descriptor is not None else getpass(question)


def _say_standing(workplace: "Workplace") -> None:
    status = workplace.syncing.status()
    if status.last is not None:
        now = moment(workplace.desk.now())
        print(_("Last synchronisation: {when}").format(when=day_and_time(moment(status.last), now.date())))
    for pending in workplace.syncing.waiting_list():
        print(_("Waiting: {what}").format(what=pending.what))
    for item in workplace.syncing.attention_list():
        print(_("Needs you: {what}. {said}").format(what=item.what, said=item.said))
    if not status.waiting and not status.attention:
        print(_("Nothing waits."))


def _say_problems(problems: "Sequence[Problem]", heading: str) -> None:
    from spoc_desktop.interchange import problem_sentences

    if problems:
        print(heading)
    for problem in problems:
        print(f"  {problem_sentences.place(problem)}  {problem_sentences.sentence(problem)}")


def _say_titles(words: str, titles: Sequence[str]) -> None:
    for title in titles:
        print(words.format(title=title))


def _say_error(error: Exception) -> None:
    said = sentence(error)
    for part in (said.safe, said.failed, said.next):
        if part:
            print(part, file=sys.stderr)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": _import,
    "export": _export,
    "carry": _carry,
    "bring": _bring,
    "sync": _sync,
    "status": _status,
    "join": _join,
    "login": _login,
    _VERIFY: _verify,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spoc", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, help_: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_, description=help_)
        made.add_argument("--home", type=Path, help="keep all files inside this folder")
        made.add_argument("--language", choices=sorted(i18n.LANGUAGES), default="", help="of what is printed")
        made.add_argument("--passphrase-fd", type=int, help="inherited pipe with the passphrase of the store")
        return made

    importing = command("import", "bring a course folder, or a .zip of one, into its authoring space and publish it")
    importing.add_argument("folder", type=Path)
    importing.add_argument("--draft", action="store_true", help="do not publish")
    importing.add_argument("--copy-into", metavar="COURSE", help="give everything new ids, as this course of yours")
    exporting = command("export", "write a course of yours as a course folder with its files")
    exporting.add_argument("folder", type=Path)
    exporting.add_argument("--course", default="", help="title or id; default: your only course")
    carrying = command("carry", "write a published course onto a USB stick, signed, for laptops without a network")
    carrying.add_argument("folder", type=Path)
    carrying.add_argument("--course", default="", help="title or id; default: your only course")
    bringing = command("bring", "take a course from a USB stick, without a network")
    bringing.add_argument("folder", type=Path)
    for made in (
        importing,
        exporting,
        carrying,
        bringing,
        command("sync", "send what waits and fetch what is new"),
        command("status", "say what waits, without a network"),
    ):
        made.add_argument("--person", default="", help="name, login, or hex of the id; default: who was here last")
    joining = command("join", "accept an invitation on this computer")
    joining.add_argument("--code", required=True, help="the invitation code")
    signing_in = command("login", "sign in on a further computer, or again on this one")
    signing_in.add_argument("--login", required=True, help="the name or e-mail to sign in with")
    for made in (joining, signing_in):
        made.add_argument("--server", required=True, help="the address of the server")
        made.add_argument("--device", default="", help="a name for this computer")
        made.add_argument("--password-fd", type=int, help="inherited pipe with the password; else it is asked for")
    verifying = command(_VERIFY, "verify a certificate (its PDF, or what a QR reader gives) or an evidence file")
    what = verifying.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", help="the PDF of the certificate, or the evidence file")
    what.add_argument("--code", default="", help="the text that the QR code holds")
    verifying.add_argument(
        "--key", action="append", default=[], help="the issuer's public key, in hexadecimal or a file with it"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
