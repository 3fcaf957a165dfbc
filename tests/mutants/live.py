"""Live pull, and hundreds of laptops at once: who waits, who is woken, what they are told."""

from tests.mutants.mutant import Change, Mutant

WAKING = "sync/server/sync/waking.py"
LIVE = "sync/server/web/live.py"
ROUTES = "sync/server/web/routes.py"
SYNCING = "spoc_desktop/services/syncing.py"
ON_THE_WIRE = "tests/integration/server/test_live.py"
HUB = "tests/integration/server/test_waking.py"
NEWS = "tests/unit/services/test_news.py"

LIVE_PULL = (
    Mutant(
        "a_wait_trusts_the_login_it_began_with",
        (
            Change(LIVE, '"_replies", "_token")', '"_replies", "_token", "_caller")'),
            Change(
                LIVE,
                "caller = self._gate.caller(self._token)\n",
                'caller = self._caller = getattr(self, "_caller", None) or self._gate.caller(self._token)\n',
            ),
        ),
        f"{ON_THE_WIRE} -k told_nothing",
    ),
    Mutant(
        "rows_wake_nobody",
        (Change("sync/server/storage/log.py", "        self._noted.spaces.add(no)\n", ""),),
        f"{ON_THE_WIRE} -k told_when_another_writes",
    ),
    Mutant(
        "other_seats_wake_nobody",
        (Change("sync/server/storage/spaces.py", "    noted(connection).people.add(person_no)\n", ""),),
        f"{ON_THE_WIRE} -k process_of_its_own",
    ),
    Mutant(
        "a_wait_takes_a_place_among_those_at_work",
        (
            Change(
                ROUTES,
                "        found = await pull.hold(request, packed, found)\n",
                "        with self._replies.at_work():\n            found = await pull.hold(request, packed, found)\n",
            ),
        ),
        f"{ON_THE_WIRE} -k no_place",
    ),
    Mutant(
        "an_unknown_backup_keeps_from_waiting",
        (
            Change(
                LIVE,
                "len(packed) <= _HELD and is_empty(reply)",
                "request.backup == reply.backup and len(packed) <= _HELD and is_empty(reply)",
            ),
        ),
        f"{ON_THE_WIRE} -k no_news",
    ),
    Mutant(
        "a_change_before_the_wait_is_missed",
        (Change(WAKING, "        if self._has_changed(waits):\n            return Woken.CHANGED\n", ""),),
        f"{HUB} -k not_missed",
    ),
    Mutant(
        "a_crowd_comes_back_at_once",
        (Change(WAKING, "if len(places) <= CROWD:", "if len(places) <= CROWD * CROWD:"),),
        f"{HUB} -k spread",
    ),
    Mutant(
        "who_hangs_up_keeps_the_place",
        (Change(WAKING, "        gone.add_done_callback(place.hang_up)\n", ""),),
        f"{ON_THE_WIRE} -k hangs_up",
    ),
    Mutant(
        "a_server_that_does_not_hold_is_hammered",
        (Change(SYNCING, "took >= min(SOON_MS, milliseconds // 2)", "took >= 0"),),
        f"{NEWS} -k by_turns",
    ),
    Mutant(
        "a_cut_wait_is_told_as_a_failure",
        (Change(SYNCING, "        except _CUT:\n", "        except NotImplementedError:\n"),),
        f"{NEWS} -k no_failure",
    ),
    Mutant(
        "a_change_waits_for_the_wait",
        (
            Change(
                "spoc_desktop/services/sync_loop.py",
                "        self._wake.set()\n        self._syncing.interrupt()\n",
                "        self._wake.set()\n",
            ),
        ),
        f"{NEWS} -k ends_the_wait_and_leaves",
    ),
    Mutant(
        "a_call_before_the_wait_is_forgotten",
        (
            Change(
                "sync/client/http_interrupt.py",
                "            if self._is_called:\n                raise Interrupted\n",
                "",
            ),
        ),
        "tests/unit/client/test_interrupt.py -k called_just_before",
    ),
    Mutant(
        "one_failed_job_stays_in_the_commit_of_others",
        (Change("sync/server/storage/writer.py", '            cursor.execute("ROLLBACK TO job")\n', ""),),
        "tests/integration/server/test_writer.py -k no_trace",
    ),
    Mutant(
        "too_many_at_once_are_a_fault",
        (Change("sync/server/web/replies.py", "raise Busy(_COME_BACK_S)", "raise RuntimeError"),),
        "tests/faults/test_reconnect_storm.py -k too_much",
    ),
)
