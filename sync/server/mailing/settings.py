"""How e-mail leaves the server: a file beside the secrets, readable to its account alone. Without it none is sent."""

import os
import stat
import sys
from enum import StrEnum
from pathlib import Path
from secrets import token_hex

import msgspec

from sync.server.settings import TooOpen

MAIL = "mail.json"
PASSWORD = "SPOC_SMTP_PASSWORD"  # noqa: S105  # the name of a variable
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Security(StrEnum):
    """How the connection to the relay is protected. NONE is for a relay on this computer only."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class BadMailSettings(ValueError):
    """Settings with which no e-mail could or should be sent."""


class MailSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The relay, the sender, and what every message says.

    `address`: where laptops find the server. `contact`: to whom a person writes who wants no more messages.
    `password_file`: a file of mode 0600; else the variable SPOC_SMTP_PASSWORD. `authority`: a file of certificates
    that are believed beside those of the system.
    """

    host: str
    port: int
    sender: str
    security: Security = Security.STARTTLS
    user: str = ""
    password_file: str = ""
    authority: str = ""
    contact: str = ""
    address: str = ""
    language: str = "fr"


def read(data: Path) -> MailSettings | None:
    """The settings of a server's folder; None where no e-mail is sent. TooOpen, BadMailSettings."""
    path = data / MAIL
    if not path.exists():
        return None
    _check_mode(path)
    try:
        return msgspec.json.decode(path.read_bytes(), type=MailSettings)
    except msgspec.MsgspecError as error:
        raise BadMailSettings(f"{path} is not what `mail set-up` writes") from error


def write(data: Path, settings: MailSettings) -> None:
    """Keep settings, whole or not at all. BadMailSettings where they would show mail or a password to others."""
    if settings.security is Security.NONE and settings.host not in _LOOPBACK:
        raise BadMailSettings("without TLS only a relay on this computer is spoken to")
    if not settings.sender.isprintable() or "@" not in settings.sender:
        raise BadMailSettings("the sender is no e-mail address")
    passing = data / f"{MAIL}.{token_hex(8)}"
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(settings)))
        file.flush()
        os.fsync(file.fileno())
    passing.replace(data / MAIL)


def password_of(settings: MailSettings) -> str:
    """The password for the relay, empty for none. TooOpen when others may read its file."""
    if not settings.password_file:
        return os.environ.get(PASSWORD, "")
    path = Path(settings.password_file)
    _check_mode(path)
    return path.read_text("utf-8").strip()


def _check_mode(path: Path) -> None:
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise TooOpen(f"chmod go-rwx {path}")
