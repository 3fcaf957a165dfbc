"""What this engine's own protections are for."""

from tests.mutants.mutant import Change, Mutant, Seed

PLANNER = "sync/client/planner.py"
ENGINE = "sync/client/engine.py"
STEPS = "sync/client/memory_steps.py"
GUARDS = "sync/client/guards.py"
ACCEPT = "sync/server/sync/accept.py"
HTTP = "sync/client/http_connection.py"

OURS = (
    Mutant(
        "staged_pages_shown_at_once",
        (Change(PLANNER, "state.visible and (space in staging or not last):", "state.visible and space in staging:"),),
        Seed(1),
    ),
    Mutant(
        "rows_before_offers_are_answered",
        (
            Change(
                PLANNER,
                "if state is not None and state.visible and state.cursor.epoch != epoch:",
                "if state is not None and state.visible and state.cursor.epoch > epoch:",
            ),
        ),
        "tests/unit/client/test_planner.py -k waits_until_what_it_offers_again",
    ),
    Mutant(
        "confirmed_leaves_the_view",
        (Change("sync/client/view.py", "state in {State.WAITING, State.CONFIRMED}", "state is State.WAITING"),),
        Seed(0),
    ),
    Mutant(
        "missing_never_offered_again",
        (Change(STEPS, "_OF_A_RECORD = {Refusal.MISSING, Refusal.DELETED}", "_OF_A_RECORD: set[Refusal] = set()"),),
        Seed(2),
    ),
    Mutant(
        "forgets_what_no_backup_has",
        (Change(STEPS, "is_done = is_safe and now", "is_done = now"),),
        Seed(7),
    ),
    Mutant(
        "never_forgets",
        (Change(ENGINE, "            run.changes |= self._forget()\n", "            pass\n"),),
        Seed(0),
    ),
    Mutant(
        "fork_keeps_its_answer",
        (
            Change(
                STEPS,
                "entry._replace(writer=step.writer, mutation=named, place=NOWHERE, pulled=False)",
                "entry._replace(writer=step.writer, mutation=named)",
            ),
        ),
        "tests/contract/test_memory_store.py -k no_answer_of_its_own",
    ),
    Mutant(
        "answers_of_a_lost_space_count",
        (
            Change(
                PLANNER,
                "if state is not None and state.lost and answer.space not in begun:",
                "if state is None and not known:",
            ),
        ),
        Seed(47),
    ),
    Mutant(
        "written_only_spaces_stay",
        (Change(PLANNER, "    if sent.whole and not reply.more:\n", "    if sent.whole and reply.more:\n"),),
        Seed(320),
    ),
    Mutant(
        "half_told_waits_for_ever",
        (Change(PLANNER, "    if not sent.whole or reply.more:\n", "    if sent.whole or reply.more:\n"),),
        "tests/unit/client/test_planner.py -k has_no_more_of_is_compared",
    ),
    Mutant(
        "newer_overtakes_older",
        (
            Change(
                "sync/client/memory_store.py",
                "is not State.WAITING or record in behind:\n",
                "is not State.WAITING or record in behind or (found and entry.writer != found[0].writer):\n",
            ),
        ),
        "tests/contract/test_memory_store.py",
    ),
    Mutant(
        "fork_stops_what_came_before",
        (
            Change(
                ACCEPT,
                "    forked = False\n",
                "    forked = any(entry.n in done and done[entry.n].hash != entry.hash for entry in entries)\n",
            ),
        ),
        "tests/integration/server/test_push.py -k before_a_fork",
    ),
    Mutant(
        "any_server_is_ours",
        (Change(GUARDS, "    if reply.server != server:\n", "    if not reply.server:\n"),),
        "tests/unit/client/test_engine.py -k another_server",
    ),
    Mutant(
        "any_page_is_an_answer",
        (Change(HTTP, "raise CaptivePortal(", "raise AnswerCut("),),
        "tests/unit/client/test_http.py",
    ),
    Mutant(
        "redirects_are_followed",
        (
            Change(
                HTTP,
                "return session.send(prepared, stream=True, allow_redirects=False",
                "return session.send(prepared, stream=True, allow_redirects=True",
            ),
        ),
        "tests/unit/client/test_http.py",
    ),
    Mutant(
        "messages_without_a_checksum",
        (Change("sync/protocol/wire.py", "write_checksum=True", "write_checksum=False"),),
        "tests/unit/protocol/test_wire.py -k flipped_bit",
    ),
    Mutant(
        "unknown_blocks_lose_the_lesson",
        (
            Change(
                "sync/domain/kind.py",
                "return self.decoder.decode(newer.with_unknown(self.body, body))",
                "return self.decoder.decode(body)",
            ),
        ),
        "tests/unit/domain/test_newer.py -k rest_is_read",
    ),
    Mutant(
        "unknown_blocks_are_sent_as_such",
        (
            Change(
                "sync/domain/kind.py", "return newer.restored(_ENCODER.encode(body))", "return _ENCODER.encode(body)"
            ),
        ),
        "tests/unit/domain/test_newer.py -k as_it_came",
    ),
    Mutant(
        "server_takes_what_it_cannot_read",
        (Change("sync/server/sync/entries.py", "return kind.decode_known(body)", "return kind.decode(body)"),),
        "tests/integration/server/test_push.py -k this_server_does_not_know",
    ),
    Mutant(
        "poison_stops_everything",
        (Change(ENGINE, "        if len(waiting) > 1:\n", "        if len(waiting) >= 1:\n"),),
        "tests/unit/client/test_engine.py -k poison",
    ),
)
