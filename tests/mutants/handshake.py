"""Two versions that meet: which of them is the older one (fault F27)."""

from tests.mutants.mutant import Change, Mutant

_VERSIONS = "tests/faults/test_versions.py"

HANDSHAKE = (
    Mutant(
        "an_older_server_asks_for_an_update_of_the_laptop",
        (Change("sync/protocol/version.py", "    return 0 < highest < PROTOCOL or", "    return"),),
        f"{_VERSIONS} -k the_older_one",
    ),
    Mutant(
        "rules_that_the_server_knows_not_yet_pass",
        (Change("sync/server/sync/exchange.py", " or request.rules_min > RULES:", ":"),),
        f"{_VERSIONS} -k no_longer_decides",
    ),
    Mutant(
        "the_span_of_rules_is_not_told",
        (
            Change(
                "sync/server/web/failures.py",
                "retry_after, lowest, highest, lacks, *rules)",
                "retry_after, lowest, highest, lacks)",
            ),
        ),
        f"{_VERSIONS} -k no_longer_decides",
    ),
)
