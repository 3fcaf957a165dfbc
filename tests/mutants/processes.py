"""What several processes on one PostgreSQL database must not do to each other."""

from tests.mutants.mutant import Change, Mutant

_TEST = "tests/integration/server/test_processes.py -k "

PROCESSES = (
    Mutant(
        "space_not_taken",
        (
            Change(
                "sync/server/storage/spaces.py",
                "_TAKEN + dialect_of(connection).taking",
                "_TAKEN",
            ),
        ),
        _TEST + "give_each_seq_once",
    ),
    Mutant(
        "person_not_held_by_a_push",
        (
            Change(
                "sync/server/storage/postgres_dialect.py",
                "SELECT 1 FROM person WHERE no = ? FOR SHARE",
                "SELECT 1 FROM person WHERE no = ?",
            ),
        ),
        _TEST + "waits_for_the_push",
    ),
    Mutant(
        "seats_taken_without_waiting",
        (
            Change(
                "sync/server/storage/spaces.py",
                "connection.execute(held.with_for_update(key_share=True)).all()",
                "connection.execute(held).all()",
            ),
        ),
        _TEST + "waits_for_the_push",
    ),
    Mutant(
        "seats_read_with_the_lock",
        (
            Change(
                "sync/server/storage/spaces.py",
                "    dialect_of(connection).hold(connection, person_no)\n"
                "    return frozenset(Role(role) for (role,) in rows_of(connection, _ROLES, (person_no, space_id)))",
                "    found = rows_of(connection, _ROLES, (person_no, space_id))\n"
                "    dialect_of(connection).hold(connection, person_no)\n"
                "    return frozenset(Role(role) for (role,) in found)",
            ),
        ),
        _TEST + "being_taken_is_refused",
    ),
    Mutant(
        "graded_side_by_side",
        (
            Change(
                "sync/server/storage/postgres.py",
                'text("SELECT pg_advisory_lock(:key)")',
                'text("SELECT :key")',
            ),
        ),
        _TEST + "count_an_attempt_once",
    ),
    Mutant(
        "writer_made_twice",
        (
            Change(
                "sync/server/storage/applied.py",
                ".values(id=key, device_no=device_no).on_conflict_do_nothing()",
                ".values(id=key, device_no=device_no)",
            ),
        ),
        _TEST + "into_two_spaces_at_once",
    ),
    Mutant(
        "deadlock_not_done_again",
        (
            Change(
                "sync/server/storage/pooled.py",
                "(errors.DeadlockDetected, errors.SerializationFailure)",
                "(errors.SerializationFailure,)",
            ),
        ),
        _TEST + "in_each_others_way",
    ),
    Mutant(
        "guesses_counted_apart",
        (
            Change(
                "sync/server/accounts/tries.py",
                "if core.database.is_shared else _InMemory",
                "if core is None else _InMemory",
            ),
        ),
        _TEST + "guesses_are_counted",
    ),
    Mutant(
        "several_processes_on_sqlite",
        (
            Change(
                "sync/server/serving.py",
                "if asked.processes > 1 and not database.is_shared:",
                "if asked.processes > 99:",
            ),
        ),
        "tests/integration/server/test_postgres_server.py -k several_processes_on_sqlite",
    ),
    Mutant(
        "restore_without_asking_who_serves",
        (
            Change(
                "sync/server/storage/postgres.py",
                'self._advisory("pg_try_advisory_lock"):',
                'self._advisory("pg_try_advisory_lock_shared"):',
            ),
        ),
        "tests/integration/server/test_postgres_server.py -k moves_to_postgresql",
    ),
    Mutant(
        "a_database_that_is_away_is_a_fault",
        (
            Change(
                "sync/server/storage/passing.py",
                "        raise Busy(COME_BACK_S) from error\n",
                "        raise\n",
            ),
        ),
        _TEST + "is_away",
    ),
    Mutant(
        "old_connections_are_believed",
        (
            Change(
                "sync/server/storage/postgres.py",
                '    event.listen(engine, "checkout", look_at)\n',
                "",
            ),
        ),
        _TEST + "started_again",
    ),
)
