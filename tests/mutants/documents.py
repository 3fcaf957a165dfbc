"""Shared documents: whose updates, in which order, what is folded; and released messages."""

from tests.mutants.mutant import Change, Mutant

UPDATING = "sync/server/sync/updating.py"
FOLDING = "sync/server/sync/folding.py"
DOCUMENTS_TEST = "tests/integration/server/test_documents.py"
FOLDING_TEST = "tests/integration/server/test_folding.py"

DOCUMENTS = (
    Mutant(
        "updates_under_anybodys_client_id",
        (Change(UPDATING, "or not is_theirs(content.inserted[0].client)", "or content.inserted[0].end < 0"),),
        f"{DOCUMENTS_TEST} -k hostile_updates",
    ),
    Mutant(
        "clocks_of_updates_not_looked_at",
        (Change(UPDATING, "if inserted.start != (clock or 0):", "if inserted.start < 0:"),),
        f"{DOCUMENTS_TEST} -k hostile_updates",
    ),
    Mutant(
        "updates_of_anything_reach_the_library",
        (Change("sync/domain/updates.py", "if content not in {_DELETED, _WORDS}:", "if content > 99:"),),
        "tests/unit/domain/test_updates.py -k no_update_of_a_plain_text",
    ),
    Mutant(
        "folded_before_what_it_waits_for",
        (Change(FOLDING, " or text.holds(written.content)]", " or written.content]"),),
        f"{FOLDING_TEST} -k waits_for_one",
    ),
    Mutant(
        "one_that_waits_holds_up_the_others",
        (
            Change(
                FOLDING,
                "        taken = standing  # what",
                "        waits = next(at for at, each in enumerate(taken) if each not in standing)\n"
                "        taken = taken[:waits]  # what",
            ),
        ),
        f"{FOLDING_TEST} -k origin_never_comes",
    ),
    Mutant(
        "folded_upon_a_part_of_what_waits",
        (
            Change(
                FOLDING,
                "        if len(standing) == len(taken):\n            break\n        taken = standing",
                "        if len(standing) == len(taken) or len(taken) < len(olds):\n            break\n"
                "        taken = standing",
            ),
        ),
        f"{FOLDING_TEST} -k stands_on_a_part",
    ),
    Mutant(
        "updates_that_wait_fill_the_page",
        (
            Change(
                FOLDING,
                "worth[each]) for each in worth)\n\n\ndef folded",
                "worth[each]) for each in worth)\n        return done\n\n\ndef folded",
            ),
        ),
        f"{FOLDING_TEST} -k origin_never_comes",
    ),
    Mutant(
        "younger_versions_folded_too",
        (Change(FOLDING, "core.now() - KEPT_MS, after)", "core.now(), after)"),),
        f"{FOLDING_TEST} -k younger_versions_stay",
    ),
    Mutant(
        "a_folded_update_offered_again_is_refused",
        (Change("sync/server/sync/entries.py", "if same and there.body == FOLDED:", "if same and not there.body:"),),
        f"{FOLDING_TEST} -k offered_again_after_a_restore",
    ),
    Mutant(
        "typing_changes_what_has_left",
        (
            Change(
                "spoc_desktop/storage/writing.py",
                "            if isinstance(change, Edited) and change.kind.merge is Merge.APPEND:\n"
                "                raise errors.HasLeft\n",
                "",
            ),
        ),
        f"{DOCUMENTS_TEST} -k what_left_is_never_changed",
    ),
    Mutant(
        "changes_at_the_place_of_an_older_text",
        (
            Change(
                "spoc_desktop/services/documents.py",
                "text.change(moved(splices(before, after), before, text.text))",
                "text.change(splices(text.text, after))",
            ),
        ),
        f"{DOCUMENTS_TEST} -k came_while_a_person_typed",
    ),
)

VERSIONS = (
    Mutant(
        "an_edit_cuts_the_tail",
        (
            Change(
                "sync/domain/merge.py",
                "for value in values])\n    kind.decode",
                "for value in values[: len(kind.fields)]])\n    kind.decode",
            ),
        ),
        "tests/golden/test_golden.py -k keeps_the_tail",
    ),
    Mutant(
        "a_released_field_changes_its_place",
        (
            Change(
                "sync/protocol/messages.py",
                "    server: bytes\n    number: int\n    rows: int\n",
                "    number: int\n    server: bytes\n    rows: int\n",
            ),
        ),
        "tests/golden/test_golden.py -k keeps_its_place",
    ),
    Mutant(
        "json_edits_what_others_wrote",
        (
            Change(
                "sync/server/sync/foreign.py",
                "if kind is None or kind.merge is not Merge.APPEND:",
                "if kind is None:",
            ),
        ),
        "tests/security/server/test_foreign_push.py -k does_not_come_this_way",
    ),
    Mutant(
        "json_bombs_unpacked",
        (
            Change(
                "sync/server/sync/foreign.py", "unpacker.decompress(packed, most + 1)", "unpacker.decompress(packed)"
            ),
            Change("sync/server/sync/foreign.py", "if len(raw) > most or not unpacker.eof", "if not unpacker.eof"),
        ),
        "tests/security/server/test_foreign_push.py -k bomb",
    ),
)
