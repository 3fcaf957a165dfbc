"""What both ends know of all spaces at once: kept too long, worked out of too little, or of too much."""

from tests.mutants.mutant import Change, Mutant

_STANDINGS = "spoc_desktop/storage/standings.py"
_STORE = "tests/unit/storage/test_standings.py"
_READABLE = "sync/server/storage/readable.py"
_PULL = "tests/integration/server/test_pull.py"

STANDING = (
    Mutant(
        "standings_kept_through_commits",
        (Change(_STANDINGS, " and kept[0] == moment:", ":"),),
        f"{_STORE} -k arbitrary",
    ),
    Mutant(
        "standings_in_memory_kept_by_what_others_commit",
        (Change("spoc_desktop/storage/engine.py", "        if self._readers is None:\n            return None\n", ""),),
        "tests/contract/test_local_store.py -k what_each_step_left",
    ),
    Mutant(
        "standings_compared_by_their_cursors",
        (Change(_STANDINGS, "state if row == old else", "state if row[:5] == old[:5] else"),),
        f"{_STORE} -k arbitrary",
    ),
    Mutant(
        "standings_of_as_many_spaces_taken_for_the_same",
        (Change(_STANDINGS, "        if rows != before:", "        if len(rows) != len(before):"),),
        f"{_STORE} -k arbitrary",
    ),
    Mutant(
        "digest_of_lost_spaces_too",
        (
            Change(
                "sync/client/known.py",
                "return view_digest((state.space, state.standing) for state in self if not state.lost)",
                "return view_digest((state.space, state.standing) for state in self)",
            ),
        ),
        "tests/contract/test_memory_store.py -k what_each_step_left",
    ),
    Mutant(
        "two_parts_in_a_space_digested_twice",
        (
            Change(
                _READABLE,
                "FROM space WHERE no IN (SELECT space_no FROM seat WHERE person_no = ?)",
                "FROM space JOIN seat ON space_no = no WHERE person_no = ?",
            ),
        ),
        f"{_PULL} -k sits_in_a_space_twice",
    ),
    Mutant(
        "digest_of_all_spaces_of_the_server",
        (Change(_READABLE, "WHERE no IN (SELECT space_no FROM seat WHERE person_no = ?)", "WHERE ? IS NOT NULL"),),
        f"{_PULL} -k looked_up_for_a_request",
    ),
    Mutant(
        "wait_for_spaces_of_nobody",
        (Change("sync/server/sync/exchange.py", "readable.numbers() if request.wait > 0 else ()", "()"),),
        "tests/integration/server/test_live.py -k told_when_another_writes",
    ),
)
