"""Files in parts: where to go on, what is believed, what others learn."""

from tests.mutants.mutant import Change, Mutant

ARRIVING = "sync/server/sync/arriving.py"
ARRIVALS = "sync/server/storage/arrivals.py"
DOWN = "sync/client/downloading.py"
UP = "sync/client/uploading.py"
SEALED = "spoc_desktop/storage/sealed.py"
FILES = "spoc_desktop/storage/files.py"
SERVER = "tests/integration/server/test_arriving.py"
LAPTOP = "tests/unit/client/test_blobs.py"

PARTS = (
    Mutant(
        "part_not_checked",
        (Change(ARRIVING, "    if new_hash(part.content).digest() != part.sum:\n", "    if not part.sum:\n"),),
        f"{SERVER} -k damaged_on_its_way",
    ),
    Mutant(
        "whole_of_parts_not_checked",
        (Change(ARRIVALS, "return found.digest() == sha256 and length == size", "return length == size"),),
        f"{SERVER} -k not_what_its_name_says",
    ),
    Mutant(
        "upload_goes_on_where_the_disk_ends",
        (
            Change(
                ARRIVING,
                "    return min(upload.offset, desk.core.arrivals.size(desk.person_no, part.sha256))\n",
                "    return desk.core.arrivals.size(desk.person_no, part.sha256)\n",
            ),
        ),
        f"{SERVER} -k beyond_what_was_acknowledged",
    ),
    Mutant(
        "upload_goes_on_where_the_database_says",
        (
            Change(
                ARRIVING,
                "    return min(upload.offset, desk.core.arrivals.size(desk.person_no, part.sha256))\n",
                "    return upload.offset\n",
            ),
        ),
        f"{SERVER} -k less_than_the_database_says",
    ),
    Mutant(
        "offset_of_other_peoples_upload",
        (
            Change(
                ARRIVING,
                "arriving.c.offset).where(arriving.c.person_no == person_no)",
                "arriving.c.offset).where(arriving.c.person_no > 0)",
            ),
            Change(
                ARRIVALS,
                "        return self._folder / str(person_no) / sha256.hex()\n",
                "        return self._folder / 'all' / sha256.hex()\n",
            ),
        ),
        f"{SERVER} -k others_have_or_are_sending",
    ),
    Mutant(
        "known_files_are_whole_for_everybody",
        (
            Change(
                ARRIVING,
                "(found := filing.readable(connection, person_no, name)) is not None]",
                "(found := filing.known(connection, name)) is not None]",
            ),
            Change(
                "sync/server/sync/filing.py",
                "def was_sent(",
                "def known(connection: Connection, sha256: bytes) -> Stored | None:\n"
                "    row = connection.execute(select(file.c.size).where(file.c.sha256 == sha256)).first()\n"
                "    return None if row is None else Stored(sha256, row.size)\n\n\n"
                "def was_sent(",
            ),
        ),
        f"{SERVER} -k others_have_or_are_sending",
    ),
    Mutant(
        "what_is_coming_takes_no_room",
        (
            Change(
                "sync/server/sync/room.py",
                "    return int(whole) + int(unfinished)\n",
                "    return int(whole)\n",
            ),
        ),
        f"{SERVER} -k still_coming_counts",
    ),
    Mutant(
        "a_million_crumbs",
        (Change(ARRIVING, "len(part.content) < LEAST_PART", "len(part.content) < 0"),),
        f"{SERVER} -k crumbs",
    ),
    Mutant(
        "ended_twice_leaves_a_row",
        (
            Change(
                ARRIVING, "        elif filing.was_sent(connection, desk.person_no, sha256):\n", "        elif False:\n"
            ),
        ),
        f"{SERVER} -k two_laptops_of_one_person",
    ),
    Mutant(
        "large_file_seen_before_its_hash",
        (
            Change(
                FILES,
                "        if found.digest() != digest:\n            _coming(path)",
                "        if not found.digest():\n            _coming(path)",
            ),
        ),
        "tests/faults/test_files_on_the_wire.py -k large_file_that_arrives_otherwise",
    ),
    Mutant(
        "download_begins_again",
        (Change(DOWN, "        offset = self._store.part_kept(file.sha256)\n", "        offset = 0\n"),),
        f"{LAPTOP} -k goes_on_there_another_time",
    ),
    Mutant(
        "large_file_holds_up_work",
        (Change(DOWN, "            if not is_last and self._store.waiting(1, 1):\n", "            if False:\n"),),
        f"{LAPTOP} -k before_its_next_part",
    ),
    Mutant(
        "a_request_for_each_small_file",
        (Change(UP, "            if size > room or len(parts) == MAX_PARTS:\n", "            if parts:\n"),),
        f"{LAPTOP} -k several_small_files",
    ),
    Mutant(
        "sealed_file_may_be_cut_short",
        (
            Change(
                SEALED,
                '    return digest + index.to_bytes(8, "big") + bytes([is_last])\n',
                '    return digest + index.to_bytes(8, "big")\n',
            ),
        ),
        "tests/unit/storage/test_sealed.py -k cut_off",
    ),
)
