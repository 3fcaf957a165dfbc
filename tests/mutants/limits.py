"""Bounds that IT sets and figures that anybody may ask for."""

from tests.mutants.mutant import Change, Mutant

LIMITS = (
    Mutant(
        "a_limit_below_nothing_is_taken",
        (Change("sync/server/cli/quotas.py", "if any(count < 0", "if False and any(count < 0"),),
        "tests/integration/server/test_people_commands.py -k quota",
    ),
    Mutant(
        "what_had_no_room_is_not_counted",
        (Change("spoc_desktop/storage/outbox.py", "bare += not is_safe", "bare += 0"),),
        "tests/contract/test_local_store.py -k beyond_the_bound_the_oldest",
    ),
    Mutant(
        "what_had_no_room_counts_again_and_again",
        (
            Change(
                "sync/server/sync/uncovered.py",
                "        if _told_before(connection, device_no) >= told:\n            return\n",
                "        pass\n",
            ),
            Change("sync/server/sync/uncovered.py", "    if before >= told:\n        return\n", "    before = 0\n"),
        ),
        "tests/integration/server/test_watching.py -k no_room",
    ),
    Mutant(
        "monitoring_counts_every_record",
        (
            Change(
                "sync/server/web/health.py",
                "select(func.sum(space.c.records))",
                'select(text("count(*) FROM log"))',
            ),
            Change("sync/server/web/health.py", "import func, select\n", "import func, select, text\n"),
        ),
        "tests/integration/server/test_watching.py -k reads_no_record",
    ),
)
