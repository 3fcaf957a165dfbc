"""What long runs found: names of files that stay, or that an update forgets."""

from tests.mutants.mutant import Change, Mutant

_INDEX = "spoc_desktop/storage/file_index.py"
_CONTRACT = "tests/contract/test_local_store.py -k set_aside_keeps_its_files"

NIGHTS = (
    Mutant(
        "what_was_set_aside_asks_for_its_files",
        (
            Change(
                _INDEX,
                "           AND EXISTS (SELECT 1 FROM file_record r WHERE r.sha256 = f.sha256) ORDER BY",
                "           ORDER BY",
            ),
        ),
        _CONTRACT,
    ),
    Mutant(
        "files_of_before_stay_named",
        (
            Change(
                _INDEX,
                '    for table in ("file_record", "file_aside"):\n        if',
                '    for table in ("file_aside",):\n        if',
            ),
        ),
        _CONTRACT,
    ),
    Mutant(
        "an_update_forgets_files_of_what_was_set_aside",
        (Change(_INDEX, "        self._tell_aside(transaction, transaction.rows(_ASIDE))\n", ""),),
        "tests/unit/storage/test_steps.py -k names_of_files_out_anew",
    ),
)
