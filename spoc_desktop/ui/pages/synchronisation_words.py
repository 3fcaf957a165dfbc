"""The smaller words of the synchronisation page: its log, and what is said under "technical detail"."""

from spoc_desktop.i18n import moment, ngettext
from spoc_desktop.services.attention import AttentionItem
from spoc_desktop.services.syncing import LogLine


def mark_of(item: AttentionItem) -> str:
    """Tells the buttons of one item from those of another, in every language."""
    if item.aside:
        return item.aside[0].id.hex()
    return "_".join(f"{part:x}" for part in item.name or (item.at,))


def technical(item: AttentionItem) -> str:
    """What IT may ask for: the cause, the name of the change, when it was written."""
    writer, n = item.name or (0, 0)
    return f"{item.cause.name.lower()} {writer:x}/{n} {moment(item.at).isoformat(timespec='seconds')}"


def uncovered_words(count: int) -> str:
    """For IT: what was let go of for want of room before a backup of the server had it (protocol rule 1)."""
    words = ngettext(
        "Technical detail: the server has {count} change of which no copy is kept here any more, before its backup.",
        "Technical detail: the server has {count} changes of which no copy is kept here any more, before its backup.",
        count,
    )
    return words.format(count=count)


def log_words(line: LogLine) -> str:
    """What an exchange did, or why it did not."""
    if line.trouble is not None:
        return line.trouble.failed
    parts = []
    if line.sent:
        parts.append(ngettext("{count} change sent", "{count} changes sent", line.sent).format(count=line.sent))
    if line.received:
        received = ngettext("{count} received", "{count} received", line.received)
        parts.append(received.format(count=line.received))
    return ", ".join(parts)
