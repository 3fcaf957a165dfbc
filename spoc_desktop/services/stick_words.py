"""What a stick gave, or why nothing was taken from it: what is safe, what failed, what to do next."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.interchange.stick import Fault, StickRefused

if TYPE_CHECKING:
    from spoc_desktop.services.carrying import Brought


def of(error: StickRefused) -> tuple[str, str, str]:
    """The three parts of the sentence for a stick that was refused."""
    failed, what_next = _FAULTS[error.fault](error.count)
    return _("Nothing was taken from the stick: your courses stay as they were."), failed, what_next


def brought_words(brought: "Brought") -> str:
    """What a stick gave: "14 files brought, 2 were here already"."""
    came = ngettext("{count} file brought", "{count} files brought", brought.taken).format(count=brought.taken)
    there = ngettext("{count} was here already", "{count} were here already", brought.there)
    words = [f"{came}, {there.format(count=brought.there)}." if brought.there else f"{came}."]
    if not brought.known:
        words.append(_("The course is shown as soon as the server has told it to this computer."))
    return " ".join(words)


def issuer_unknown() -> tuple[str, str, str]:
    """For a laptop that cannot check any stick."""
    return (
        _("Your courses stay as they were."),
        _("This computer does not know the signature of your organisation yet."),
        _("Sign out and in again with a network, then bring the course."),
    )


def _again() -> str:
    return _("Copy the course onto the stick again, then bring it once more.")


def _altered(_count: int) -> tuple[str, str]:
    return _("Something on the stick is not what your organisation signed: it was altered or damaged."), _again()


def _incomplete(count: int) -> tuple[str, str]:
    text = ngettext(
        "{count} file is missing on the stick or was cut short.",
        "{count} files are missing on the stick or were cut short.",
        count,
    )
    return text.format(count=count), _again()


_FAULTS: Mapping[Fault, Callable[[int], tuple[str, str]]] = {
    Fault.NO_COURSE: lambda _count: (
        _("No course was found there."),
        _("Choose the folder that was copied onto the stick: it holds a file named course.spoc."),
    ),
    Fault.FORGED: lambda _count: (
        _("This course was not signed by your organisation."),
        _("Ask where the stick comes from. A course of another organisation cannot be brought here."),
    ),
    Fault.ALTERED: _altered,
    Fault.INCOMPLETE: _incomplete,
    Fault.TOO_LARGE: lambda _count: (
        _("The course on the stick is larger than this program takes."),
        _("Tell your IT department."),
    ),
    Fault.UNREADABLE: lambda _count: (
        _("The stick cannot be read, or holds a link where a file should be."),
        _("Take it out and put it in again; if that does not help, use another one."),
    ),
}
