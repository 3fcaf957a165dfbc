"""Speaking SMTP to the company's relay: verified TLS, or nothing is said."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import Enum, auto

from sync.server.mailing.settings import MailSettings, Security, password_of
from sync.server.mailing.words import Letter

SECONDS = 30
_FINAL = 500


class Result(Enum):
    """What became of a message. LATER: the relay cannot take it now. NEVER: it will not take this one."""

    SENT = auto()
    LATER = auto()
    NEVER = auto()


class Unsafe(Exception):
    """The relay offers no TLS where it must: nothing was sent, not even a name."""


class Relay:
    """One connection for the messages of a round."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._smtp = self._connect()

    def send(self, to: str, letter: Letter) -> Result:
        """Hand a message to the relay."""
        try:
            self._smtp.send_message(self._message(to, letter), self._settings.sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return Result.NEVER if codes and min(codes) >= _FINAL else Result.LATER
        except smtplib.SMTPResponseException as refused:
            return Result.NEVER if refused.smtp_code >= _FINAL else Result.LATER
        except (smtplib.SMTPException, OSError):
            return Result.LATER
        return Result.SENT

    def close(self) -> None:
        """Say goodbye; a line that is gone already is no matter."""
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.TLS:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=SECONDS, context=_context(settings)
            )
        else:
            smtp = smtplib.SMTP(settings.host, settings.port, timeout=SECONDS)
        try:
            if settings.security is Security.STARTTLS:
                _start_tls(smtp, settings)
            if settings.user:
                smtp.login(settings.user, password_of(settings))
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _message(self, to: str, letter: Letter) -> EmailMessage:
        settings = self._settings
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = settings.sender, to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=settings.sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<mailto:{contact_of(settings)}?subject=unsubscribe>"
        message.set_content(letter.text, cte="quoted-printable")
        return message


def contact_of(settings: MailSettings) -> str:
    """To whom a person writes about these messages."""
    return settings.contact or settings.sender


def _start_tls(smtp: smtplib.SMTP, settings: MailSettings) -> None:
    smtp.ehlo()
    if not smtp.has_extn("starttls"):
        raise Unsafe(settings.host)
    smtp.starttls(context=_context(settings))
    smtp.ehlo()


def _context(settings: MailSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.authority:
        context.load_verify_locations(settings.authority)
    return context
