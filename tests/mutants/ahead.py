"""Files ahead of time, and a course on a stick."""

from tests.mutants.mutant import Change, Mutant

PLAN = "sync/client/ahead.py"
KEPT = "spoc_desktop/storage/file_ahead.py"
STICK = "spoc_desktop/interchange/stick.py"
CARRYING = "spoc_desktop/services/carrying.py"
PLANNED = "tests/unit/client/test_ahead.py"
AHEAD = "tests/unit/services/test_ahead.py"
CARRIED = "tests/unit/services/test_carrying.py"

FILES_AHEAD = (
    Mutant(
        "the_week_before_the_queue",
        (Change("spoc_desktop/services/ahead.py", "Place(Step.QUEUE, one.due)", "Place(Step.REST, one.due)"),),
        f"{AHEAD} -k queue_first",
    ),
    Mutant(
        "large_before_small",
        (
            Change(
                PLAN, "not one.here, one.file.size, one.file.sha256", "not one.here, -one.file.size, one.file.sha256"
            ),
        ),
        f"{PLANNED} -k small_before_large",
    ),
    Mutant(
        "the_limit_is_not_looked_at",
        (Change(PLAN, "fits = limit is None or used", "fits = limit is not None or used"),),
        f"{PLANNED} -k beyond_the_limit",
    ),
    Mutant(
        "what_is_asked_for_waits_for_room",
        (Change(PLAN, "elif fits or place(one).step is Step.ASKED:", "elif fits:"),),
        f"{AHEAD} -k asked_for_comes_first",
    ),
    Mutant(
        "this_week_is_let_go_of",
        (Change(PLAN, "and place(one).step is Step.PAST", "and place(one).step >= Step.THIS_WEEK"),),
        f"{PLANNED} -k never_of_this_one",
    ),
    Mutant(
        "dropped_for_what_has_not_come",
        (Change(PLAN, "if one.here) - limit", ") - limit"),),
        f"{PLANNED} -k has_not_come",
    ),
    Mutant(
        "a_waiting_change_loses_its_file",
        (
            Change(
                KEPT,
                """f.sent = 1 AND NOT EXISTS (
               SELECT 1 FROM file_entry e JOIN outbox o ON o.place = e.place
               WHERE e.sha256 = f.sha256 AND o.state <> 4)\"\"\"""",
                'f.sent = 1"""',
            ),
        ),
        f"{AHEAD} -k waiting_change_names",
    ),
    Mutant(
        "a_wish_ends_with_the_program",
        (Change(KEPT, '"DELETE FROM file_wish WHERE at < ?"', '"DELETE FROM file_wish WHERE at < ? OR 1"'),),
        f"{AHEAD} -k over_a_restart",
    ),
    Mutant(
        "carried_files_are_swept",
        (
            Change(
                "spoc_desktop/storage/sync_store.py",
                "files.sweep([*file_index.named(transaction), *wished(transaction)])",
                "files.sweep([*file_index.named(transaction)])",
            ),
        ),
        f"{CARRIED} -k wait_for_it_over_a_restart",
    ),
    Mutant(
        "any_key_signs_a_stick",
        (
            Change(
                "sync/reports/manifests.py",
                "        except InvalidSignature:\n            continue\n",
                "        except InvalidSignature:\n            pass\n",
            ),
        ),
        f"{CARRIED} -k sign_as_a_stranger",
    ),
    Mutant(
        "the_list_is_not_the_one_that_was_signed",
        (Change(STICK, "if carried.listing.digest != statement.digest:", "if not carried.listing.digest:"),),
        f"{CARRIED} -k list_one_more",
    ),
    Mutant(
        "half_a_stick_is_kept",
        (Change(CARRYING, "            self._desk.store.ahead.give_back(taken)\n", ""),),
        f"{CARRIED} -k alter_a_byte",
    ),
    Mutant(
        "links_of_a_stick_are_followed",
        (
            Change(STICK, "stat.S_ISREG(found.st_mode) and found.st_size == size", "path.stat().st_size == size"),
            Change("spoc_desktop/interchange/folder_files.py", 'getattr(os, "O_NOFOLLOW", 0)', "0"),
        ),
        f"{CARRIED} -k link_a_file",
    ),
    Mutant(
        "editions_are_not_signed",
        (
            Change(
                "sync/server/sync/publish.py",
                "(*made.course, manifest_row(core, course, made.course)) if is_new else made.course",
                "made.course",
            ),
        ),
        "tests/integration/server/test_manifests.py -k told_with_a_manifest",
    ),
)
