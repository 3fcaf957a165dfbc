"""Files on their way, and changes that are held, undone or typed."""

from tests.mutants.mutant import Change, Mutant, Seed

ENGINE = "sync/client/engine.py"
STEPS = "sync/client/memory_steps.py"
HTTP = "sync/client/http_connection.py"
FILING = "sync/server/sync/filing.py"
BLOBS = "sync/client/blobs.py"
OFFERING = "sync/client/offering.py"

FILES_AND_UNDO = (
    Mutant(
        "download_seen_before_its_hash",
        (
            Change(
                "sync/client/downloading.py",
                "            elif new_hash(content).digest() != file.sha256:\n",
                "            elif len(content) == 1:\n",
            ),
        ),
        Seed(0),
    ),
    Mutant(
        "record_before_its_file",
        (
            Change(ENGINE, "        while waiting and self._blobs is not None:\n", "        while False:\n"),
            Change(BLOBS, "any(sent[file] < TRIES for", "any(sent[file] < 0 for"),  # else it is tried for ever
        ),
        "tests/unit/client/test_blobs.py -k before_the_record",
    ),
    Mutant(
        "lost_file_refuses_its_record",
        (Change(BLOBS, "                again.add(entry.n)\n", ""),),
        "tests/unit/client/test_blobs.py -k lost_a_file",
    ),
    Mutant(
        "a_file_that_fails_stops_records",
        (Change(ENGINE, "except (SyncError, Stopped) as error:", "except Stopped as error:"),),
        "tests/unit/client/test_blobs.py -k stops_no_record",
    ),
    Mutant(
        "lost_space_keeps_its_files",
        (
            Change(
                STEPS,
                "for name, content in files.here.items() if name in named",
                "for name, content in files.here.items()",
            ),
        ),
        Seed(5),
    ),
    Mutant(
        "confirmed_change_forgets_its_file",
        (
            Change(
                STEPS,
                "for each in self.entries.values() for file",
                "for each in self.entries.values() if each.state is not State.CONFIRMED or not each.pulled for file",
            ),
        ),
        Seed(71),
    ),
    Mutant(
        "offered_entry_is_changed",
        (Change(OFFERING, "max([self._highest, *own])", "max([self._highest, *own[:-1]])"),),
        Seed(0),
    ),
    Mutant(
        "held_entry_leaves_early",
        (
            Change(
                OFFERING,
                "            return {name for hold in self._holds.values() for name in hold.names}",
                "            return set()",
            ),
        ),
        Seed(1),
    ),
    Mutant(
        "what_joins_loses_the_older_words",
        (Change(OFFERING, "changes={**older.changes, **newer.changes}", "changes=newer.changes"),),
        Seed(2),
    ),
)

FILES_AND_REVIEWS = (
    Mutant(
        "any_bytes_under_a_name",
        (Change(FILING, "    if incoming.settle() != sha256:\n", "    if not incoming.settle():\n"),),
        "tests/integration/server/test_files.py -k not_those_of_the_name",
    ),
    Mutant(
        "slow_uploads_take_every_place",
        (Change("sync/server/web/files.py", "if self._sending[person_no] >= _AT_ONCE:", "if self._sending[0] < 0:"),),
        "tests/security/server/test_files_route.py -k slow_uploads",
    ),
    Mutant(
        "endless_files_stop_the_others",
        (
            Change(
                HTTP,
                "            if left < 0:\n                raise FileDamaged",
                "            if left < 0:\n                raise AnswerCut",
            ),
        ),
        "tests/unit/client/test_http.py -k file_without_end",
    ),
    Mutant(
        "small_files_are_free",
        (
            Change(
                "sync/server/sync/room.py",
                "func.sum(case((size < _LEAST_ROOM, _LEAST_ROOM), else_=size))",
                "func.sum(size)",
            ),
        ),
        "tests/integration/server/test_files.py -k smallest_file",
    ),
    Mutant(
        "naming_a_file_gives_the_right_to_it",
        (
            Change(
                FILING,
                "        stored = readable(connection, person_no, attachment.sha256)\n",
                "        known = select(file.c.sha256, file.c.size).where(file.c.sha256 == attachment.sha256)\n"
                "        stored = connection.execute(known).one_or_none()\n",
            ),
        ),
        "tests/integration/server/test_files.py -k gives_no_right",
    ),
    Mutant(
        "files_for_who_knows_their_name",
        (
            Change(
                FILING,
                "        stored = readable(connection, person_no, sha256)\n    if stored",
                "        known = select(file.c.sha256, file.c.size).where(file.c.sha256 == sha256)\n"
                "        row = connection.execute(known).one_or_none()\n"
                "        stored = None if row is None else Stored(*row)\n"
                "    if stored",
            ),
        ),
        "tests/security/server/test_permission_matrix.py -k a_file_is_read_by",
    ),
    Mutant(
        "drafts_are_returned",
        (Change("sync/server/sync/returning.py", "review.verdict is not Verdict.NONE and ", ""),),
        "tests/integration/server/test_returning.py -k a_draft_stays",
    ),
    Mutant(
        "backups_without_files",
        (
            Change(
                "sync/server/storage/backups.py",
                "            if not self._is_there(sha256, size):\n",
                "            if not size:\n",
            ),
        ),
        "tests/integration/server/test_files.py -k damaged_or_missing",
    ),
    Mutant(
        "files_stay_readable_after_an_edit",
        (
            Change(
                "sync/server/storage/namings.py",
                '"DELETE FROM naming WHERE space_no = ? AND record {among}", (space_no,), older)',
                '"DELETE FROM naming WHERE space_no = ? AND record {among}", (-1,), older)',
            ),
        ),
        "tests/integration/server/test_files.py -k no_record_names_any_more",
    ),
)
