"""Why the server did not take one change of a person, and what to do about it; `sentences.py` says the rest."""

from collections.abc import Callable, Mapping

from spoc_desktop.i18n import _
from sync.protocol.errors import Refusal

REFUSALS: Mapping[Refusal, Callable[[], tuple[str, str]]] = {
    Refusal.UNKNOWN: lambda: (
        _("The server did not take it, for a reason that this version does not know."),
        _("Update the program."),
    ),
    Refusal.NOT_MEMBER: lambda: (
        _("You are no longer a member of this session."),
        _("It is sent by itself if you get access again; you can export it."),
    ),
    Refusal.NOT_ALLOWED: lambda: (
        _("You may not write this here."),
        _("Export it and send it to your trainer, or withdraw it."),
    ),
    Refusal.UNKNOWN_KIND: lambda: (
        _("The server does not know this kind of work yet."),
        _("Tell your IT department that the server needs an update."),
    ),
    Refusal.INVALID: lambda: (_("The server could not read it."), _("Export it and send it to your IT department.")),
    Refusal.TOO_LARGE: lambda: (_("It is larger than the server accepts."), _("Shorten it or make it a file.")),
    Refusal.EXISTS: lambda: (
        _("The server has it already, from another computer of yours."),
        _("Compare both, then withdraw this one."),
    ),
    Refusal.MISSING: lambda: (
        _("What it belongs to is not on the server."),
        _("Export it and send it to your trainer, or withdraw it."),
    ),
    Refusal.DELETED: lambda: (
        _("What you changed was deleted meanwhile."),
        _("Write it as something new, or withdraw it."),
    ),
    Refusal.CLOSED: lambda: (_("The session was closed when it arrived."), _("Export it and send it to your trainer.")),
    Refusal.BROKEN: lambda: (
        _("The server failed on this one; the others went on."),
        _("Export it and send it to your IT department."),
    ),
    Refusal.FILE_MISSING: lambda: (
        _("A file that belongs to it did not reach the server."),
        _("Attach the file again, then send it once more."),
    ),
    Refusal.BAD_WRITER: lambda: (
        _("The server did not recognise the computer that sent it."),
        _("Sign in again; it is then sent once more."),
    ),
    Refusal.OVER_QUOTA: lambda: (
        _("You have used up the room that you have on the server."),
        _("Ask your IT department for more; it is then sent by itself."),
    ),
}
