"""What the rows of docs/faults.md are protected by, where no other subject has it."""

from tests.mutants.mutant import Change, Mutant

ACCEPT = "sync/server/sync/accept.py"

FAULTS = (
    Mutant(
        "two_programs_on_one_folder",
        (Change("spoc_desktop/storage/instance.py", "fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_SH | fcntl.LOCK_NB"),),
        "tests/unit/storage/test_instance.py -k finds_the_first",
    ),
    Mutant(
        "another_key_is_believed",
        (
            Change(
                "spoc_desktop/storage/keychain.py",
                "        if key is None or not content.is_key(key):\n",
                "        if key is None:\n",
            ),
        ),
        "tests/unit/storage/test_keys.py -k not_believed",
    ),
    Mutant(
        "refused_work_is_not_listed",
        (Change("spoc_desktop/storage/listing.py", "o.state IN (0, 2, 3) ORDER", "o.state IN (0, 3) ORDER"),),
        "tests/contract/test_local_store.py -k stays_listed",
    ),
    Mutant(
        "one_refusal_stops_the_others",
        (
            Change(
                ACCEPT,
                "        return Judged(entry.n, Verdict.REFUSED, 0, refused.refusal)\n",
                "        raise Damaged(refused.refusal.name) from refused\n",
            ),
        ),
        "tests/integration/server/test_push.py -k said_of_it_alone",
    ),
    Mutant(
        "one_broken_entry_stops_the_others",
        (Change(ACCEPT, "        return Judged(entry.n, Verdict.REFUSED, 0, Refusal.BROKEN)\n", "        raise\n"),),
        "tests/integration/server/test_push.py -k breaks_its_handler",
    ),
    Mutant(
        "an_attempt_moves_to_the_newest_edition",
        (
            Change(
                "spoc_desktop/services/quizzes.py",
                "            edition_id=start.edition,\n",
                "            edition_id=place_of(enrolled, start.activity)[1].edition,\n",
            ),
        ),
        "tests/faults/test_running_attempt.py",
    ),
)
