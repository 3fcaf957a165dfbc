"""The evidence file of a learner: what their personal space holds, with the server's proof of it (protocol rule 11)."""

from collections.abc import Callable, Mapping
from pathlib import Path

from spoc_desktop.i18n import _, day_and_time, moment, ngettext
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain import spaces
from sync.domain.ids import PersonId
from sync.reports import evidence
from sync.reports.evidence import Finding, Proved

EXIT_CODES = {
    Finding.SOUND: 0,
    Finding.ALTERED: 1,
    Finding.UNREADABLE: 2,
    Finding.UNKNOWN_KEY: 3,
    Finding.UNSIGNED: 3,
}


class EvidenceFiles:
    """Reads the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, cohorts: Cohorts, organisation: str) -> None:
        self._desk = desk
        self._cohorts = cohorts
        self._organisation = organisation

    def export(self, cohort_id: bytes, learner: bytes, target: Path) -> None:
        """Write what one learner handed in and received, as the server accepted it. NotHereYet, OSError."""
        taught = self._cohorts.find(cohort_id)
        members = {one.person: one.name for one in self._cohorts.members(taught.cohort_id)}
        if learner not in members:
            raise NotHereYet
        login = self._desk.store.login()
        space = spaces.personal(taught.cohort_id, PersonId(learner))
        content = evidence.write(
            space,
            self._desk.store.told(space),
            organisation=self._organisation,
            cohort=taught.cohort.title,
            learner=members[learner],
            people=members,
            exported_at=self._desk.now(),
            key=login.issuer_key if login else b"",
        )
        target.write_bytes(content)


def told(proved: Proved, now: int) -> tuple[str, ...]:
    """What to tell the person who asked, line by line: the finding first. `now` in milliseconds."""
    if proved.evidence is None:
        return (_("No evidence file can be read in it."),)
    lines = [_FINDINGS[proved.finding]().format(fingerprint=proved.key.hex())]
    lines += [
        _("Learner: {name}").format(name=_plain(proved.evidence.learner)),
        _("Group: {title}").format(title=_plain(proved.evidence.cohort)),
    ]
    if proved.finding is Finding.SOUND:
        lines += _counts(proved, now)
    return tuple(lines)


def _counts(proved: Proved, now: int) -> list[str]:
    signed = day_and_time(moment(proved.signed_at), moment(now).date())
    lines = [
        ngettext("{count} entry, signed {when}.", "{count} entries, signed {when}.", proved.proven).format(
            count=proved.proven, when=signed
        )
    ]
    if proved.later:
        words = ngettext(
            "{count} later entry is not signed yet.", "{count} later entries are not signed yet.", proved.later
        )
        lines.append(words.format(count=proved.later))
    if proved.older:
        words = ngettext(
            "{count} entry is older than the proof and not covered by it.",
            "{count} entries are older than the proof and not covered by it.",
            proved.older,
        )
        lines.append(words.format(count=proved.older))
    if proved.gone:
        words = ngettext(
            "The content of {count} entry was changed or erased since; its trace is there.",
            "The content of {count} entries was changed or erased since; their traces are there.",
            proved.gone,
        )
        lines.append(words.format(count=proved.gone))
    if proved.restored:
        words = ngettext(
            "The server was restored from a backup {count} time.",
            "The server was restored from a backup {count} times.",
            proved.restored,
        )
        lines.append(words.format(count=proved.restored))
    return lines


def _plain(text: str) -> str:
    """A text of a stranger's file, harmless on a terminal: no control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


_FINDINGS: Mapping[Finding, Callable[[], str]] = {
    Finding.SOUND: lambda: _("Sound: everything is as the server accepted it, key {fingerprint}."),
    Finding.ALTERED: lambda: _("Altered: something in this file is not as the server accepted it."),
    Finding.UNSIGNED: lambda: _("Not signed yet: the server signs once a day. Export the file again tomorrow."),
    Finding.UNKNOWN_KEY: lambda: _(
        "Signed by an unknown key (fingerprint {fingerprint}). Ask the organisation for its public key, and give it "
        "with --key."
    ),
}
