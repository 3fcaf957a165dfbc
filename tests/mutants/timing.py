"""Time, proof and erasure: a clock that is believed, a chain that proves nothing, remains of who was erased."""

from tests.mutants.mutant import Change, Mutant

_TIMING = "sync/domain/timing.py"
_CLOCKS = "tests/unit/domain/test_timing.py"
_PROOF = "sync/reports/evidence.py"
_CHAIN = "tests/integration/server/test_chain.py"
_ERASING = "sync/server/accounts/erasing.py"
_ERASED = "tests/integration/server/test_erasing.py"

TIMING = (
    Mutant(
        "the_clock_of_a_laptop_is_believed",
        (
            Change(
                _TIMING,
                "    return Doubt.NONE if abs(since - seen.span) <= slack else Doubt.JUMPED\n",
                "    return Doubt.NONE\n",
            ),
        ),
        f"{_CLOCKS} -k set_back",
    ),
    Mutant(
        "an_erasure_done_again_knows_no_files",
        (Change(_ERASING, "            _make_files_theirs(connection, no, space_no, id_, core.now())\n", ""),),
        f"{_ERASED} -k erased_before",
    ),
    Mutant(
        "a_restart_hides_that_a_clock_was_set_back",
        (Change(_TIMING, "        jump = max(0, track.device - start)\n", "        jump = 0\n"),),
        f"{_CLOCKS} -k hidden_by_a_restart",
    ),
    Mutant(
        "a_laptop_is_believed_after_any_time_offline",
        (
            Change(
                _TIMING,
                "received - seen.contact > MOST_OFFLINE_MS:",
                "received - seen.contact > 100 * MOST_OFFLINE_MS:",
            ),
        ),
        f"{_CLOCKS} -k fourteen_days",
    ),
    Mutant(
        "the_traveller_is_late",
        (Change(_TIMING, "self.doubt is Doubt.NONE else self.received\n", "False else self.received\n"),),
        f"{_CLOCKS} -k traveller",
    ),
    Mutant(
        "a_wrong_clock_is_not_corrected",
        (Change(_TIMING, "min(max(0, device + seen.ahead), _LAST_MS)", "min(max(0, device), _LAST_MS)"),),
        f"{_CLOCKS} -k left_alone",
    ),
    Mutant(
        "receipt_only_is_not_heard",
        (Change(_TIMING, "Doubt.POLICY if receipt_only else ", ""),),
        f"{_CLOCKS} -k receipt_only",
    ),
    Mutant(
        "the_chain_is_not_walked",
        (Change(_PROOF, " or not _holds(space, rows, heads)", ""),),
        f"{_CHAIN} -k changed_in_the_file",
    ),
    Mutant(
        "the_signature_of_a_head_is_not_checked",
        (
            Change(
                _PROOF,
                "    except InvalidSignature:\n        return False\n",
                "    except InvalidSignature:\n        pass\n",
            ),
        ),
        f"{_CHAIN} -k somebody_else_signed",
    ),
    Mutant(
        "the_words_beside_a_row_may_lie",
        (Change(_PROOF, "if not signed or not faithful or", "if not signed or"),),
        f"{_CHAIN} -k changed_in_the_file",
    ),
    Mutant(
        "what_leaves_the_log_leaves_no_trace",
        (Change("sync/server/storage/links.py", "    forget(connection, head.no, gone, seq)\n", ""),),
        f"{_CHAIN} -k edited_since",
    ),
    Mutant(
        "a_restore_breaks_the_chain_silently",
        (
            Change(
                "sync/server/storage/links.py",
                "    if link.epoch == head.epoch and not begins:\n",
                "    if not begins:\n",
            ),
        ),
        f"{_CHAIN} -k after_a_restore",
    ),
    Mutant(
        "what_a_trainer_noted_about_the_erased_stays",
        (
            Change(
                _ERASING,
                "{SpaceType.OWN, SpaceType.PERSONAL, SpaceType.STAFF} and",
                "{SpaceType.OWN, SpaceType.PERSONAL} and",
            ),
        ),
        f"{_ERASED} -k canary",
    ),
    Mutant(
        "remains_in_free_pages",
        (Change(_ERASING, "    if not core.database.scrub():\n        return False\n", ""),),
        f"{_ERASED} -k canary",
    ),
    Mutant(
        "a_restore_brings_the_erased_back",
        (
            Change(
                "sync/server/administration.py",
                "    if erasures.read(data).people:\n",
                "    if False and erasures.read(data).people:\n",
            ),
        ),
        f"{_ERASED} -k restored_backup",
    ),
    Mutant(
        "the_erased_keep_their_spaces",
        (
            Change(_ERASING, "    spaces.seat_person(connection, no, [])\n", ""),
            Change(_ERASING, "_SUMMED_UP = {person.name,", '_SUMMED_UP = {"seat", person.name,'),
        ),
        f"{_ERASED} -k their_own_laptop",
    ),
    Mutant(
        "a_laptop_keeps_what_lay_aside_of_the_erased",
        (Change("spoc_desktop/storage/wiping.py", '("incident", "trash", "stage")', '("trash", "stage")'),),
        "tests/unit/storage/test_wiping.py",
    ),
    Mutant(
        "the_log_of_a_laptop_keeps_the_erased",
        (Change("spoc_desktop/storage/wiping.py", "    transaction.wiped = True\n", ""),),
        "tests/unit/storage/test_wiping.py",
    ),
    Mutant(
        "a_laptop_keeps_what_was_sent_about_the_erased",
        (Change("spoc_desktop/storage/wiping.py", "AND id = ? AND seq > 0", "AND id = ? AND seq > 9999"),),
        "tests/unit/storage/test_wiping.py",
    ),
)
