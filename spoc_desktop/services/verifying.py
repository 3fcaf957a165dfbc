"""Verifying a certificate on this computer, without a network or an account: which keys are known, what is said."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from spoc_desktop.i18n import _, day_with_year, duration, ngettext, percent
from spoc_desktop.services.profiles import Profile
from sync.domain.certificates import NO_SCORE, Statement
from sync.reports.checking import Checked, Finding
from sync.reports.words import day_of

EXIT_CODES = {
    Finding.VERIFIED: 0,
    Finding.FORGED: 1,
    Finding.CHANGED: 1,
    Finding.UNREADABLE: 2,
    Finding.UNKNOWN_KEY: 3,
}
_KEY_BYTES = 32
_HEX = re.compile(r"[0-9a-fA-F]{64}")


class NotAKey(ValueError):
    """What was given as an issuer's key is none."""


def key_from(given: str) -> Ed25519PublicKey:
    """A key as IT hands it out: 64 hexadecimal digits, or a file with them or with a PEM public key. NotAKey."""
    if _HEX.fullmatch(given.strip()):
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(given.strip()))
    try:
        content = Path(given).read_bytes()
        if b"-----BEGIN" in content:
            key = load_pem_public_key(content)
            if isinstance(key, Ed25519PublicKey):
                return key
        text = content.decode("ascii").strip()
    except (OSError, ValueError) as error:
        raise NotAKey(given) from error
    if not _HEX.fullmatch(text):
        raise NotAKey(given)
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def keys_of(people: Iterable[Profile]) -> list[Ed25519PublicKey]:
    """The keys of the servers that people of this computer have signed in to."""
    return [
        Ed25519PublicKey.from_public_bytes(key)
        for key in sorted({one.issuer_key for one in people})
        if len(key) == _KEY_BYTES
    ]


def told(checked: Checked) -> tuple[str, ...]:
    """What to tell the person who asked, line by line: the finding first, then who, what, when."""
    statement = checked.statement
    if statement is None:
        return (_without_statement(checked.finding),)
    first = _FINDINGS[checked.finding]().format(fingerprint=statement.key.hex(), issuer=_plain(statement.issuer))
    return (first, *_facts(statement))


def _facts(statement: Statement) -> tuple[str, ...]:
    lines = [
        _("Name: {name}").format(name=_plain(statement.name)),
        _("Course: {course}").format(course=_plain(statement.course)),
        _("Held from {first} to {last}").format(
            first=_day(statement.starts, statement), last=_day(statement.ends - 1, statement)
        ),
        _("Awarded on {date}").format(date=_day(statement.awarded_at, statement)),
        _("Number: {number}").format(number=_plain(statement.number)),
        _("Issued by: {issuer}").format(issuer=_plain(statement.issuer)),
        _("Work: {done} done of {planned} planned").format(
            done=duration(statement.minutes_done), planned=duration(statement.minutes_planned)
        ),
    ]
    if statement.score_percent != NO_SCORE:
        lines.append(_("Assessments: {percent}").format(percent=percent(statement.score_percent / 100)))
    if statement.exercises_accepted:
        count = statement.exercises_accepted
        lines.append(ngettext("{count} exercise accepted", "{count} exercises accepted", count).format(count=count))
    return tuple(lines)


def _day(at: int, statement: Statement) -> str:
    try:
        return day_with_year(day_of(at, statement.timezone))
    except OverflowError:
        return _("an impossible date")


def _plain(text: str) -> str:
    """A text of a stranger's file, harmless on a terminal: no control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


_FINDINGS: Mapping[Finding, Callable[[], str]] = {
    Finding.VERIFIED: lambda: _("Genuine and unaltered: issued by {issuer}, key {fingerprint}."),
    Finding.CHANGED: lambda: _("Altered: this file was changed after {issuer} issued it. What {issuer} signed says:"),
    Finding.FORGED: lambda: _("Forged: the key {fingerprint} of {issuer} did not sign this. It claims:"),
    Finding.UNKNOWN_KEY: lambda: _(
        "Signed by an unknown key (fingerprint {fingerprint}). Ask the organisation for its public key, and give it "
        "with --key. Not verified, it claims:"
    ),
}


def _without_statement(finding: Finding) -> str:
    if finding is Finding.FORGED:
        return _("Altered: the file bears a seal, but the certificate was taken out of it.")
    return _("No certificate can be read in it.")
