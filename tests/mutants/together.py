"""What several people edit at the same time, and what waits to be sent."""

from tests.mutants.mutant import Change, Mutant

TOGETHER = (
    Mutant(
        "revisions_not_shown",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "    return person in (revision.author, revision.by) and",
                "    return person not in (revision.author, revision.by) and",
            ),
        ),
        "tests/unit/services/test_revisions.py -k both_sides",
    ),
    Mutant(
        "overtaken_unseen_by_author",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "    return person in (revision.author, revision.by) and",
                "    return person == revision.by and",
            ),
        ),
        "tests/unit/services/test_revisions.py -k nobody_else",
    ),
    Mutant(
        "settling_one_hides_another",
        (
            Change(
                "spoc_desktop/services/revisions.py",
                "for seen in found if seen.id not in mine)",
                "for seen in found if not mine)",
            ),
        ),
        "tests/unit/services/test_revisions.py -k leaves_another",
    ),
    Mutant(
        "unsent_text_goes_with_the_program",
        (
            Change(
                "spoc_desktop/services/unsent.py",
                "    return desk.store.write([_unsent_change(desk, wanted)])\n\n\ndef emptied",
                "    return NOTHING\n\n\ndef emptied",
            ),
        ),
        "tests/unit/services/test_forum.py -k killed",
    ),
)
