"""Bounds that IT sets and figures that anybody may ask for."""

from tests.mutants.mutant import Change, Mutant

LIMITS = (
    Mutant(
        "a_limit_below_nothing_is_taken",
        (Change("sync/server/cli/quotas.py", "if any(count < 0", "if False and any(count < 0"),),
        "tests/integration/server/test_people_commands.py -k quota",
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
