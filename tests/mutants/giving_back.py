"""What a restored server lacks and no entry tells of any more; what turned over on the server's own disk."""

from tests.mutants.mutant import Change, Mutant

_OWED = "sync/client/giving_back.py"
_MEMORY = "sync/client/memory_steps.py"
_PERFORMING = "spoc_desktop/storage/performing.py"
_CONTRACT = "tests/contract/test_local_store.py tests/contract/test_memory_store.py"
_LOCAL = "tests/contract/test_local_store.py"
_DAMAGED = "tests/contract/server/test_damaged_rows.py"

GIVING_BACK = (
    Mutant(
        "forgotten_work_that_the_server_lost_is_not_offered",
        (
            Change(
                _PERFORMING,
                "        self._give_back(space, [(row, None) for row in untold",
                "        (space, [(row, None) for row in untold",
            ),
        ),
        f"{_LOCAL} -k restored_server_lacks_is_offered",
    ),
    Mutant(
        "a_row_lost_within_an_epoch_is_not_offered",
        (
            Change(
                _PERFORMING, "        self._give_back(space, lost, spaces.state", "        (space, lost, spaces.state"
            ),
        ),
        f"{_LOCAL} -k within_an_epoch_is_offered",
    ),
    Mutant(
        "an_older_state_takes_the_place_of_the_persons_own",
        (
            Change(
                _OWED,
                "    return Edit(0, held.id, held.epoch, held.seq, lacking) if lacking else None\n",
                "    return None\n",
            ),
        ),
        f"{_CONTRACT} -k as_it_was_before",
    ),
    Mutant(
        "work_of_others_is_offered_as_ones_own",
        (Change(_OWED, "or held.author != person or now in GONE", "or now in GONE"),),
        f"{_CONTRACT} -k restored_server_lacks_is_offered",
    ),
    Mutant(
        "what_was_deleted_long_ago_is_offered",
        (Change(_PERFORMING, "for row in untold if row[_SEQ] > floor], epoch)", "for row in untold], epoch)"),),
        f"{_LOCAL} -k is_not_brought_back",
    ),
    Mutant(
        "what_was_given_back_comes_after_what_was_written_on_it",
        (Change(_MEMORY, "        tables.entries = made | tables.entries ", "        tables.entries |= made "),),
        "tests/contract/test_memory_store.py -k comes_after_it",
    ),
    Mutant(
        "a_damaged_row_keeps_all_others_away",
        (
            Change(
                "sync/server/sync/tell.py",
                "    if not are_messages([row.body for row in rows]):\n",
                "    if rows and rows is None:\n",
            ),
        ),
        _DAMAGED,
    ),
    Mutant(
        "damage_on_the_servers_disk_passes_unseen",
        (Change("sync/server/sync/exchange.py", "    if done.reply.narrowed:\n", "    if done is None:\n"),),
        _DAMAGED,
    ),
    Mutant(
        "edits_and_posts_that_only_laptops_hold_are_gone_after_a_restore",
        (Change(_MEMORY, "        for row, now in sorted(lost,", "        for row, now in sorted(lost[:0],"),),
        "tests/contract/server/test_restored_server.py -k older_than_the_last",
    ),
)
