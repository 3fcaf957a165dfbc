"""Ballots: one each, counted once, shown in fives, with no name on them."""

from tests.mutants.mutant import Change, Mutant

BALLOTING = "sync/server/sync/balloting.py"
BALLOTS_TEST = "tests/integration/server/test_ballots.py"

BALLOTS = (
    Mutant(
        "ballots_counted_twice",
        (Change(BALLOTING, "    if connection.execute(spent).first() is not None:\n", "    if spent is None:\n"),),
        f"{BALLOTS_TEST} -k counted_once",
    ),
    Mutant(
        "key_of_a_call_outlives_a_kill",
        (
            Change(
                BALLOTING,
                "for call in kept & (closed | {each.id for each in over}):",
                "for call in {each.id for each in over}:",
            ),
        ),
        f"{BALLOTS_TEST} -k left_behind",
    ),
    Mutant(
        "unanswered_calls_stay_open",
        (Change(BALLOTING, "calls = kept | set(", "calls = set("),),
        f"{BALLOTS_TEST} -k nobody_answered",
    ),
    Mutant(
        "ballots_without_a_signature",
        (
            Change(
                BALLOTING,
                "if not blind.is_signed(blind.public_key(found.result.key), ballot.token, ballot.signature):",
                "if not blind.public_key(found.result.key):",
            ),
        ),
        f"{BALLOTS_TEST} -k no_ballot_of_the_call",
    ),
    Mutant(
        "as_many_ballots_as_one_asks_for",
        (Change(BALLOTING, "elif bytes(before) != blinded:", "elif not before:"),),
        f"{BALLOTS_TEST} -k given_one_ballot",
    ),
    Mutant(
        "trainers_vote",
        (Change(BALLOTING, "or Role.MEMBER not in roles or", "or"),),
        f"{BALLOTS_TEST} -k only_learners",
    ),
    Mutant(
        "a_result_a_ballot",
        (
            Change(BALLOTING, "    if len(complete) > 1:\n", "    if batch:\n"),
            Change(BALLOTING, "[each for each in complete if each < batch]", "counting.pending(connection, found.id)"),
        ),
        f"{BALLOTS_TEST} -k one_batch_behind",
    ),
    Mutant(
        "four_ballots_shown_at_the_end",
        (Change(BALLOTING, "pending if together >= LEAST else []", "pending"),),
        f"{BALLOTS_TEST} -k never_shown",
    ),
    Mutant(
        "remarks_in_their_order",
        (
            Change(
                BALLOTING, "lambda: core.chance(_MARK_BYTES)", "lambda: core.now().to_bytes(8, 'big') + core.chance(2)"
            ),
        ),
        f"{BALLOTS_TEST} -k whose_a_ballot_is",
    ),
    Mutant(
        "ballots_stand_in_the_request_log",
        (
            Change(
                "sync/server/web/ballots.py",
                "        found, _ = await answered(self._replies, request, MOST, answer)\n",
                "        found, packed = await answered(self._replies, request, MOST, answer)\n"
                "        moved = Moved(len(packed), len(found.body))\n"
                "        self._replies.write_line(request, found, moved, time.perf_counter())\n",
            ),
        ),
        "tests/security/server/test_ballot_routes.py -k leaves_no_line",
    ),
    Mutant(
        "ballots_leave_when_they_are_answered",
        (
            Change(
                "spoc_desktop/services/ballots.py",
                "until = min(self._desk.true_now() + drawn, max(self._desk.true_now(), seen.body.closes - _LATER_MS))",
                "until = self._desk.true_now() + 0 * drawn",
            ),
        ),
        "tests/integration/server/test_ballot_service.py -k do_not_leave_at_the_moment",
    ),
    Mutant(
        "a_retry_asks_for_another_ballot",
        (
            Change(
                "spoc_desktop/services/ballots.py",
                "            self._keep(self._kept() | {view.id: kept})  # before",
                "            # before",
            ),
        ),
        "tests/integration/server/test_ballot_service.py -k asked_for_the_very_same",
    ),
    Mutant(
        "signatures_not_checked_by_who_asked",
        (
            Change(
                "sync/protocol/blind.py",
                "    if not is_signed(key, message, signature):\n        raise",
                "    if not signature:\n        raise",
            ),
        ),
        "tests/unit/protocol/test_blind.py -k something_else",
    ),
)
