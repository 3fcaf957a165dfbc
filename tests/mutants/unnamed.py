"""Files without a name: kept for ever, or taken from somebody who still needs them."""

from tests.mutants.mutant import Change, Mutant

_UNNAMED = "sync/server/sync/unnamed.py"
_TESTS = "tests/integration/server/test_unnamed.py -k "


def _bug(name: str, before: str, after: str, caught_by: str, path: str = _UNNAMED) -> Mutant:
    return Mutant(name, (Change(path, before, after),), _TESTS + caught_by)


UNNAMED = (
    _bug(
        "replaced_snapshots_stay_for_ever",
        "where(unnamed.c.since <= now - KEPT_MS)",
        "where(unnamed.c.since < 0)",
        "newer_one_replaced",
    ),
    _bug(
        "named_files_are_forgotten",
        "exists().where(naming.c.sha256 == sha256)",
        "exists().where(naming.c.sha256 == sha256, naming.c.space_no < 0)",
        "named_again",
    ),
    _bug(
        "bytes_go_while_a_backup_copies_them",
        "depot.touch(name, now / 1000)",
        "depot.remove(name)",
        "backup_that_was_begun",
    ),
    _bug(
        "bytes_are_as_old_as_they_look",
        "        depot.touch(name, now / 1000)\n",
        "        depot.touch(name, 0)\n",
        "backup_that_was_begun",
    ),
    _bug(
        "named_at_the_last_moment_stays_unknown",
        "elif each.sha256 in named and depot.is_sound(*stored):",
        "elif not each.sha256:",
        "very_moment",
    ),
    _bug(
        "sent_again_is_as_old_as_before",
        "    connection.execute(delete(unnamed).where(unnamed.c.sha256 == stored.sha256))\n",
        "",
        "named_again",
        "sync/server/sync/filing.py",
    ),
    _bug(
        "bytes_that_come_at_the_moment_are_removed",
        "if aside.stat().st_mtime < before:",
        "if before:",
        "left_no_trace",
        "sync/server/storage/depot.py",
    ),
)
