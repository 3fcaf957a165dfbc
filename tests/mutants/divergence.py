"""Rows that differ at the two ends, tombstones that were dropped, a store of an older program, a mass deletion."""

from tests.mutants.mutant import Change, Mutant

_SCHEMA = "tests/migrations/laptop/test_laptop_schema.py"
_MIGRATING = "spoc_desktop/storage/migrating.py"
_NARROWED = "tests/integration/server/test_narrowing.py"
_COMPACTED = "tests/integration/server/test_compaction.py"
_MEMORY = "sync/client/memory_steps.py"
_TRASH = "spoc_desktop/storage/trash.py"
_TRASHED = "tests/unit/storage/test_trash.py"
_LOCAL = "tests/contract/test_local_store.py"

DIVERGENCE = (
    Mutant(
        "migrated_without_a_copy",
        (
            Change(
                _MIGRATING,
                "    if copies is not None:\n",
                "    if copies is None:\n        return False\n    if not copies:\n",
            ),
        ),
        f"{_SCHEMA} -k copy_of_the_store_as_it_was",
    ),
    Mutant(
        "migrated_in_two_transactions",
        (
            Change(
                _MIGRATING,
                '        transaction.run(f"PRAGMA user_version = {schema.VERSION}")\n',
                "    with database.writing() as connection:\n"
                '        Transaction(connection).run(f"PRAGMA user_version = {schema.VERSION}")\n',
            ),
        ),
        f"{_SCHEMA} -k ended_at_any_step",
    ),
    Mutant(
        "everything_told_for_one_bad_row",
        (
            Change(
                "sync/client/narrowing.py",
                "        return [Mend(asked.space, answer.told, answer.rows)]\n",
                "        return [Compare(asked.space)]\n",
            ),
        ),
        f"{_NARROWED} -k one_bad_row",
    ),
    Mutant(
        "what_the_server_lacks_is_dropped_unseen",
        (
            Change(
                _MEMORY,
                "                space.incidents.append(row)\n                self._wait_again",
                "                self._wait_again",
            ),
        ),
        f"{_NARROWED} -k doubled",
    ),
    Mutant(
        "own_work_that_the_server_lost_is_not_offered",
        (
            Change(
                "spoc_desktop/storage/performing.py",
                "            outbox.wait_again(transaction, space, row[_KIND], row[_ID], seq)\n",
                "            pass\n",
            ),
        ),
        f"{_LOCAL} -k persons_own_work",
    ),
    Mutant(
        "stretches_of_another_moment_compared",
        (
            Change(
                "sync/server/sync/narrowing.py",
                "        if head is None or here != (",
                "        if head is None or not here or here < (",
            ),
        ),
        f"{_NARROWED} -k answers_only_where",
    ),
    Mutant(
        "stretches_of_a_space_that_one_may_not_read",
        (
            Change(
                "sync/server/storage/readable.py",
                "WHERE EXISTS (SELECT 1 FROM seat WHERE person_no = ? AND space_no = space.no) AND",
                "WHERE ? IS NOT NULL AND",
            ),
        ),
        f"{_NARROWED} -k answers_only_where",
    ),
    Mutant(
        "disk_never_counted",
        (
            Change(
                "spoc_desktop/storage/store.py",
                "            if found != before.checksum:\n",
                "            if not found:\n",
            ),
        ),
        "tests/unit/storage/test_counting.py",
    ),
    Mutant(
        "old_cursor_goes_on_below_the_floor",
        (
            Change(
                "sync/server/sync/tell.py",
                "        if cursor is None or is_new or claims.is_below_floor(head, cursor):\n",
                "        if cursor is None or is_new:\n",
            ),
        ),
        f"{_COMPACTED} -k year_offline",
    ),
    Mutant(
        "deleted_long_ago_is_an_incident",
        (Change(_MEMORY, "            if row.seq > step.floor or ", "            if step.floor >= 0 or "),),
        f"{_COMPACTED} -k year_offline",
    ),
    Mutant(
        "names_forgotten_with_the_tombstones",
        (
            Change(
                "sync/server/sync/compaction.py",
                "    checksum = joined(head.checksum",
                "    from sync.server.storage.schema import applied\n\n"
                "    connection.execute(delete(applied).where(applied.c.seq <= floor))\n"
                "    checksum = joined(head.checksum",
            ),
        ),
        f"{_COMPACTED} -k resurrects_nothing",
    ),
    Mutant(
        "tombstones_dropped_too_early",
        (
            Change(
                "sync/server/sync/compaction.py",
                "    old = mark.c.at <= now - KEEP_TOMBSTONES_MS\n",
                "    old = mark.c.at <= now\n",
            ),
        ),
        f"{_COMPACTED} -k and_not_before",
    ),
    Mutant(
        "mass_deletion_passes_unseen",
        (Change(_TRASH, "    if noticed or count > MOST or ", "    if noticed or "),),
        f"{_TRASHED} -k more_than_fifty",
    ),
    Mutant(
        "deletions_one_by_one_pass_unseen",
        (Change(_TRASH, "    since = now - WINDOW_MS\n", "    since = now - 1\n"),),
        f"{_TRASHED} -k one_by_one",
    ),
    Mutant(
        "erasure_fills_the_trash",
        (Change(_TRASH, "    return bool(gone[_BODY] == DELETED and was", "    return bool(was"),),
        f"{_TRASHED} -k takes_away",
    ),
    Mutant(
        "own_deletions_are_noticed",
        (Change(_TRASH, "        if (gone[_KIND], gone[_ID]) not in mine\n", "        if mine is not None\n"),),
        f"{_TRASHED} -k on_this_laptop",
    ),
    Mutant(
        "trash_of_a_lost_space_stays",
        (Change("spoc_desktop/storage/performing.py", "        trash.drop(self._transaction, space)\n", ""),),
        f"{_TRASHED} -k lost_space",
    ),
    Mutant(
        "trash_of_who_was_erased_stays",
        (
            Change(
                _TRASH,
                "    erased = {bytes(gone[_AUTHOR]) for gone, _ in pairs if gone[_BODY] == ERASED}\n",
                "    erased = set[bytes]()\n",
            ),
        ),
        f"{_TRASHED} -k erased_from_the_trash",
    ),
    Mutant(
        "answers_leave_the_discussion_that_comes_back",
        (Change("spoc_desktop/services/trash.py", "kind.decode(_renamed(one.body, names))", "kind.decode(one.body)"),),
        "tests/ui/pages/test_trash.py -k one_click",
    ),
)
